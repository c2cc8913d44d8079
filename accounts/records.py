"""The abstract base of everything that has a URL or is edited."""

import uuid
from collections.abc import Iterable

from django.db import IntegrityError, models, transaction


class Record(models.Model):
    """A row with a public key, an edit counter and a one-time token.

    ``uuid`` is the key in URLs. ``version`` is checked and raised by every edit, so that of two people
    editing one record the second is told. ``form_token`` comes from the form that created the row: the same
    post twice finds the first row (security.md §0.7).
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    form_token = models.UUIDField(null=True, unique=True, editable=False)

    class Meta:
        abstract = True


def uuid_of(text: str) -> uuid.UUID | None:
    """The key or token somebody's browser sent; a garbled one is none."""
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def uuids_of(texts: Iterable[str]) -> list[uuid.UUID]:
    """The keys among what somebody's browser sent, in its order."""
    return [key for key in map(uuid_of, texts) if key is not None]


class StaleRecord(Exception):
    """Somebody else saved the record since this form was opened.

    Attributes:
        current: the record as it is stored now.
    """

    def __init__(self, current: models.Model) -> None:
        super().__init__("stale record")
        self.current = current


class AlreadyDone(Exception):
    """The same form was posted before.

    Attributes:
        record: the row the first post made.
    """

    def __init__(self, record: models.Model) -> None:
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
    # A transaction of the caller holds the row on both databases from here on.
    columns = {name: f.attname for f in model._meta.concrete_fields for name in (f.name, f.attname)}
    values = {columns[name]: getattr(record, columns[name]) for name in fields}
    changed = model._base_manager.filter(pk=record.pk, version=expected_version).update(
        version=expected_version + 1, **values
    )
    if not changed:
        raise StaleRecord(model._base_manager.get(pk=record.pk))
    record.version = expected_version + 1


def refuse_repetition(record: Record) -> None:
    """Tell that the record's form was posted before; call it ahead of checks its first post would fail.

    Raises:
        AlreadyDone: a row with this ``form_token`` exists; it is attached.
    """
    if record.form_token is None:
        return
    earlier = type(record)._base_manager.filter(form_token=record.form_token).first()
    if earlier is not None:
        raise AlreadyDone(earlier)


def create_once(record: Record) -> None:
    """Insert the record, or tell that its form was posted before.

    Raises:
        AlreadyDone: a row with this ``form_token`` exists; it is attached.
    """
    model = type(record)
    refuse_repetition(record)
    try:
        with transaction.atomic():
            record.save(force_insert=True)
    except IntegrityError:
        earlier = (
            model._base_manager.filter(form_token=record.form_token).first() if record.form_token else None
        )
        if earlier is None:
            raise
        raise AlreadyDone(earlier) from None
