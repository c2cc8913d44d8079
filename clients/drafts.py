"""Drafts on the server: entries survive a closed tab, a dead server and an expired log-in.

Every write form carries a signed key naming user, form, object and path. With the key a post
can be stored although the log-in has expired: the server gave it to that user while logged in, and it can only fill
that user's own draft (architecture.md "An expired log-in loses nothing").
"""

import datetime
import secrets
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.forms import BaseForm
from django.http import QueryDict
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.records import digest_of, digests_by_token, uuid_of
from clients.models import Client, Draft

SALT = "clients.drafts"
KEPT = datetime.timedelta(days=30)
UNDONE_WITHIN = datetime.timedelta(days=1)
LARGEST = 300_000
LONGEST_PATH = 300
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "draft_key"})
# Answers to "another person?" are about the files that were found, not about the person of the form.
VERDICTS = frozenset({"another_person", "seen", "shown"})
SHOWN = "draft_shown"


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Whose form it is, which one, about what, where to find it again, and in which window it stands.

    ``went_on_from``: the instant the draft was saved that this window was opened with, empty without one.
    ``shown``: marks of the sentences that stood in the form before anybody typed.
    """

    user: int
    form: str
    object_key: str
    path: str
    title: str
    case_no: str
    window: str = ""
    went_on_from: str = ""
    shown: Sequence[str] = ()


def window(posted: QueryDict, draft: Draft | None) -> dict[str, str]:
    """What a key says of its window: the form shown again after a post stands in the window it came from.

    Args:
        posted: the post the form is shown after, empty when it is opened.
        draft: what it is opened with.
    """
    key = read(posted.get("draft_key", ""))
    if key is not None:
        return {"window": key.window, "went_on_from": key.went_on_from}
    return {
        "window": secrets.token_hex(4),
        "went_on_from": draft.saved_at.isoformat() if draft is not None else "",
    }


def sign(key: DraftKey) -> str:
    """The hidden field's value."""
    return signing.dumps(asdict(key), salt=SALT, compress=True)


def read(value: str) -> DraftKey | None:
    """The key in a hidden field, None when it was not made here or is older than a draft may become."""
    try:
        return DraftKey(**signing.loads(value, salt=SALT, max_age=KEPT))
    except (signing.BadSignature, TypeError):
        return None


def snapshot(data: QueryDict) -> dict[str, list[str]] | None:
    """The fields of a post as JSON-safe lists; None when they are larger than any form of ours."""
    fields = {name: list(values) for name, values in data.lists() if name not in NOT_KEPT}
    if sum(len(value) for values in fields.values() for value in values) > LARGEST:
        return None
    return {
        name.replace("\x00", ""): [value.replace("\x00", "") for value in values]
        for name, values in fields.items()
    }


def save(key: DraftKey, data: QueryDict, now: datetime.datetime) -> Draft | None:
    """Store the entries as their author's draft; within one window the newest text wins.

    Args:
        key: a key read from a signed field.
        data: the post.
        now: the instant of saving.

    Returns:
        The draft, or None when the post is too large to keep.
    """
    fields = snapshot(data)
    if fields is None:
        return None
    fields[SHOWN] = list(key.shown)
    draft, _created = Draft.objects.update_or_create(
        author_id=key.user,
        form=key.form,
        object_key=key.object_key,
        window=key.window,
        defaults={**_where(key), "data": fields, "saved_at": now, "discarded_at": None},
    )
    for other in Draft.objects.filter(author_id=key.user, form=key.form, object_key=key.object_key):
        if other.pk != draft.pk and _went_on(key, other):
            _delete(other)
    return draft


def says_something(form: BaseForm, data: QueryDict) -> bool:
    """Whether anything in a post differs from the form as it was opened."""
    as_opened = {form.add_prefix(name) for name in form.fields} - set(map(form.add_prefix, form.changed_data))
    tokens = {name for name in data if name.endswith(("form_token", "version"))}
    said = data.keys() - as_opened - tokens - NOT_KEPT
    return any(value.strip() for name in said for value in data.getlist(name))


def _where(key: DraftKey) -> dict[str, str]:
    return {"path": key.path[:LONGEST_PATH], "title": key.title[:160], "case_no": key.case_no[:20]}


def keep_sent(key: DraftKey, data: QueryDict, now: datetime.datetime) -> None:
    """Keep what was just stored, out of sight, in case storing it is undone; one statement."""
    fields = snapshot(data)
    if fields is None:
        return
    row = Draft(
        author_id=key.user,
        form=key.form,
        object_key=key.object_key,
        window=key.window,
        data={**fields, SHOWN: list(key.shown)},
        saved_at=now,
        discarded_at=now,
        **_where(key),
    )
    Draft.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["author", "form", "object_key", "window"],
        update_fields=["path", "title", "case_no", "data", "saved_at", "discarded_at"],
    )


def bring_back(user: User, form: str, object_key: str, token: uuid.UUID | None) -> None:
    """The entries of a form whose record was taken back stand in it again.

    Args:
        token: that of the record.
    """
    rows = Draft.objects.visible_to(user).filter(form=form, object_key=object_key, discarded_at__isnull=False)
    for draft in rows:
        if token is None or _token(draft.data) != token:
            continue
        draft.discarded_at, draft.saved_at = None, timezone.now()
        draft.save(update_fields=["discarded_at", "saved_at"])


def _went_on(key: DraftKey, draft: Draft) -> bool:
    """Whether the window was opened with this draft as it is: another window may have saved more since."""
    return bool(key.went_on_from) and draft.saved_at <= datetime.datetime.fromisoformat(key.went_on_from)


def _delete(draft: Draft) -> None:
    """Remove a draft unless it was saved anew since it was read."""
    Draft.objects.filter(pk=draft.pk, saved_at=draft.saved_at).delete()


def kept(user: User, now: datetime.datetime) -> QuerySet[Draft]:
    """The author's drafts: not thrown away, and not older than 30 days, whether or not the old ones are deleted yet."""
    return Draft.objects.visible_to(user).filter(saved_at__gte=now - KEPT, discarded_at__isnull=True)


def stored(user: User, form: str, object_key: str) -> Draft | None:
    """The author's latest draft of a form, if there is one."""
    found: Draft | None = kept(user, timezone.now()).filter(form=form, object_key=object_key).first()
    return found


def at(user: User, path: str) -> Draft | None:
    """The author's draft of the form at an address."""
    found: Draft | None = kept(user, timezone.now()).filter(path=path[:LONGEST_PATH]).first()
    return found


def digest(form: str, object_key: str, data: Mapping[str, Iterable[str]]) -> str:
    """What a form says, as the row it makes keeps it."""
    said = {name: values for name, values in data.items() if name not in VERDICTS and name != SHOWN}
    return digest_of(f"{form} {object_key}", said)


def _token(data: Mapping[str, list[str]]) -> uuid.UUID | None:
    return uuid_of(next(iter(data.get("form_token", [])), ""))


def unsent(found: Sequence[Draft]) -> list[Draft]:
    """Those of the drafts whose content is stored nowhere.

    A draft whose form was sent already came late, from another window: it must not be sent again.
    """
    tokens = {draft.pk: token for draft in found if (token := _token(draft.data))}
    sent = digests_by_token(set(tokens.values()))
    stored = {key: sent[token] for key, token in tokens.items() if token in sent}
    return [
        draft for draft in found if stored.get(draft.pk) != digest(draft.form, draft.object_key, draft.data)
    ]


def was_sent(draft: Draft) -> bool:
    """Whether a draft was stored meanwhile and is gone now.

    One that says something else than what was stored with its token gets a new one.
    """
    token = _token(draft.data)
    digests = digests_by_token([token] if token else [])
    if not digests:
        return False
    if digest(draft.form, draft.object_key, draft.data) in digests.values():
        draft.delete()
        return True
    for name in draft.data:
        # Of the form and of the parts inside it.
        if name == "form_token" or name.endswith("-form_token"):
            draft.data[name] = [str(uuid.uuid4())]
    draft.save(update_fields=["data"])
    return False


def as_querydict(draft: Draft) -> QueryDict:
    """The draft's fields as a form expects them."""
    data = QueryDict(mutable=True)
    for name, values in draft.data.items():
        data.setlist(name, values)
    data.setdefault("form_token", str(uuid.uuid4()))
    return data


def discard(user: User, form: str, object_key: str, sent: QueryDict | None = None) -> None:
    """Remove the author's drafts of a form.

    Args:
        sent: the post that is done; what another window has saved and this one does not say stays.
    """
    key = read(sent.get("draft_key", "")) if sent is not None else None
    for draft in Draft.objects.visible_to(user).filter(form=form, object_key=object_key):
        is_own = key is not None and (draft.window == key.window or _went_on(key, draft))
        if (
            sent is None
            or is_own
            or digest(form, object_key, draft.data) == digest(form, object_key, dict(sent.lists()))
        ):
            _delete(draft)


def hand_over(draft: Draft, file: Client) -> Draft:
    """Give a text to the manager of the file it is about: whoever stood in cannot go on with it.

    Raises:
        ValidationError: nobody is responsible for the file now.
    """
    if file.manager_id is None:
        raise ValidationError(_("Nobody is responsible for this file at the moment."))
    return _pass_on(draft, file.manager_id)


def travel(file: Client, manager: User) -> None:
    """What somebody who left had begun in a file goes with it to the next manager."""
    rows = Draft.objects.unscoped(reason="texts of a leaver travel with the file")
    for draft in rows.filter(case_no=file.case_no, author__is_active=False, discarded_at__isnull=True):
        _pass_on(draft, manager.pk)


def _pass_on(draft: Draft, manager: int) -> Draft:
    draft.handed_over_by = draft.author
    draft.author_id = manager
    # The reader has windows of her own.
    draft.window = secrets.token_hex(4)
    draft.save(update_fields=["author", "handed_over_by", "window"])
    return draft


def forgotten(now: datetime.datetime) -> QuerySet[Draft]:
    """Drafts of anybody not touched for 30 days, or thrown away a day ago."""
    rows = Draft.objects.unscoped(reason="retention of drafts")
    return rows.filter(Q(saved_at__lt=now - KEPT) | Q(discarded_at__lt=now - UNDONE_WITHIN))


def forget_old(now: datetime.datetime) -> int:
    """Delete drafts not touched for 30 days or thrown away; returns how many."""
    deleted, _per_model = forgotten(now).delete()
    return deleted


def forget_about(object_key: str) -> None:
    """Delete everybody's drafts about something that is erased."""
    Draft.objects.unscoped(reason="what they are about is erased").filter(object_key=object_key).delete()


def texts(draft: Draft) -> list[str]:
    """The sentences the author typed, in the order of the form; choices, keys and tokens are left out.

    Texts that came from the file are left out, too: the author may no longer be allowed to read them.
    """
    values = (value.strip() for values in draft.data.values() for value in values)
    shown = draft.data.get(SHOWN, [])
    return [value for value in values if _is_sentence(value) and _mark(value) not in shown]


def marks_of(form: BaseForm) -> list[str]:
    """Marks of the sentences that a form took from the file; two marks can only be compared."""
    filled = (form.get_initial_for_field(field, name) for name, field in form.fields.items())
    return [_mark(text) for text in filled if isinstance(text, str) and _is_sentence(text.strip())]


def _is_sentence(text: str) -> bool:
    return " " in text or "\n" in text


def _mark(text: str) -> str:
    return salted_hmac("clients.drafts.shown", text.replace("\r\n", "\n").strip()).hexdigest()[:16]
