"""The abstract base of everything that has a URL or is edited."""

import functools
import json
import uuid
from collections.abc import Collection, Iterable, Mapping

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.crypto import salted_hmac

from accounts.file_loader import Part, load_together

NOT_SAID = frozenset({"csrfmiddlewaretoken", "draft_key", "form_token", "version"})


class Record(models.Model):
    """A row with a public key, an edit counter and a one-time token.

    ``uuid`` is the key in URLs. ``version`` is checked and raised by every edit, so that of two people
    editing one record the second is told. ``form_token`` comes from the form that created the row: the same
    post twice finds the first row (security.md "Concurrency and lost work"). ``form_digest`` tells whether it is
    the same: a second window may carry the token of the first and say something else.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    form_token = models.UUIDField(null=True, unique=True, editable=False)
    form_digest = models.CharField(max_length=32, blank=True, editable=False)

    class Meta:
        abstract = True


def uuid_of(text: str) -> uuid.UUID | None:
    """The key or token that a browser sent, None when it is garbled."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def uuids_of(texts: Iterable[str]) -> list[uuid.UUID]:
    """The valid keys that a browser sent, in its order."""
    return [key for key in map(uuid_of, texts) if key is not None]


def digest_of(form: str, data: Mapping[str, Iterable[str]]) -> str:
    """A keyed digest of a form's content: it tells only whether two posts say the same.

    Line ends, blanks at the edges and fields in ``NOT_SAID`` make no difference, and an empty field counts as missing.

    Args:
        form: which form it was and about what.
        data: the values by field name.
    """
    said = {}
    for name in sorted(set(data) - NOT_SAID):
        values = (value.replace("\r\n", "\n").replace("\x00", "").strip() for value in data[name])
        said[name] = [value for value in values if value]
    text = json.dumps([form, [item for item in said.items() if item[1]]])
    return salted_hmac("accounts.records.digest_of", text, algorithm="sha256").hexdigest()[:32]


def _by_token(tokens: Collection[uuid.UUID]) -> list[Record]:
    """Key, token and digest of the rows that these forms made, of any model; one statement."""
    if not tokens:
        return []
    return [row for rows in load_together(tokens, *_token_columns()).values() for row in rows]


@functools.cache
def _token_columns() -> list[Part]:
    kinds = [model for model in apps.get_models() if issubclass(model, Record) and not model._meta.proxy]
    return [Part(kind, "form_token", ("id", "form_token", "form_digest")) for kind in kinds]


def digests_by_token(tokens: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The tokens that are used up, each with the digest of its form's content."""
    return {row.form_token: row.form_digest for row in _by_token(tokens) if row.form_token is not None}


def made_with(token: uuid.UUID | None) -> Record | None:
    """The row the form with this token made; None while it is unused."""
    for made in _by_token([token] if token else []):
        found: Record | None = type(made)._base_manager.filter(pk=made.pk).first()
        return found
    return None


class StaleRecord(Exception):
    """The record was saved by another user since this form was opened.

    Attributes:
        current: the record as it is stored now.
    """

    def __init__(self, current: models.Model) -> None:
        super().__init__("stale record")
        self.current = current


class DuplicateSubmission(Exception):
    """The same form was posted before, with the same content or another.

    Attributes:
        record: the row the first post made.
    """

    def __init__(self, record: Record) -> None:
        super().__init__("already done")
        self.record = record


def save_edited(record: Record, expected_version: int, fields: list[str]) -> None:
    """Save the named fields if nobody saved the record since ``expected_version``.

    Args:
        record: the changed, validated instance.
        expected_version: the version the form was opened with.
        fields: names of the fields to write.

    Raises:
        StaleRecord: another save came first; nothing was written.
    """
    model = type(record)
    # On both databases this locks the row until the transaction of the caller ends.
    columns = {name: f.attname for f in model._meta.concrete_fields for name in (f.name, f.attname)}
    values = {columns[name]: getattr(record, columns[name]) for name in fields}
    changed = model._base_manager.filter(pk=record.pk, version=expected_version).update(
        version=expected_version + 1, **values
    )
    if not changed:
        raise StaleRecord(model._base_manager.get(pk=record.pk))
    record.version = expected_version + 1


def raise_if_submitted(record: Record) -> None:
    """Refuse a form that was posted before; call it before checks that its first post makes fail.

    Raises:
        DuplicateSubmission: a row with this ``form_token`` exists; it is attached.
    """
    if record.form_token is None:
        return
    earlier = type(record)._base_manager.filter(form_token=record.form_token).first()
    if earlier is not None:
        raise DuplicateSubmission(earlier)


def create_once(record: Record) -> None:
    """Insert the record, or refuse when its form was posted before.

    Raises:
        DuplicateSubmission: a row with this ``form_token`` exists; it is attached.
    """
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError:
        raise_if_submitted(record)
        raise
