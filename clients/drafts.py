"""Drafts on the server: what was typed survives a closed tab, a dead server and an expired log-in.

Every write form carries a signed key naming user, form, object and path. The key is what lets an expired
post be parked: whoever holds it got it from us while logged in as that user, and it can do nothing but fill
that user's own draft (house.md §3, "Expired log-in loses nothing").
"""

import datetime
from dataclasses import asdict, dataclass
from typing import Any

from django.core import signing
from django.http import QueryDict
from django.utils import timezone

from clients.models import Draft

SALT = "clients.drafts"
KEPT = datetime.timedelta(days=30)
LARGEST = 300_000
NOT_KEPT = frozenset({"csrfmiddlewaretoken", "draft_key"})


@dataclass(frozen=True, slots=True)
class DraftKey:
    """Whose form it is, which one, about what, and where to find it again."""

    user: int
    form: str
    object_key: str
    path: str
    title: str
    case_no: str


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
    """Store what was typed as its author's draft; the newest text wins.

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
    draft, _created = Draft.objects.update_or_create(
        author_id=key.user,
        form=key.form,
        object_key=key.object_key,
        defaults={
            "path": key.path[:300],
            "title": key.title[:160],
            "case_no": key.case_no[:20],
            "data": fields,
            "saved_at": now,
        },
    )
    return draft


def kept(user: Any, now: datetime.datetime) -> Any:
    """The author's drafts that are not older than 30 days, whether or not the old ones are deleted yet."""
    return Draft.objects.visible_to(user).filter(saved_at__gte=now - KEPT)


def stored(user: Any, form: str, object_key: str) -> Draft | None:
    """The author's draft of a form, if there is one."""
    found: Draft | None = kept(user, timezone.now()).filter(form=form, object_key=object_key).first()
    return found


def as_querydict(draft: Draft) -> QueryDict:
    """The draft's fields as a form expects them."""
    data = QueryDict(mutable=True)
    for name, values in draft.data.items():
        data.setlist(name, values)
    return data


def discard(user: Any, form: str, object_key: str) -> None:
    """Remove the author's draft of a form after it was sent."""
    Draft.objects.visible_to(user).filter(form=form, object_key=object_key).delete()


def forgotten(now: datetime.datetime) -> Any:
    """Drafts of anybody not touched for 30 days."""
    return Draft.objects.unscoped(reason="retention of drafts").filter(saved_at__lt=now - KEPT)


def forget_old(now: datetime.datetime) -> int:
    """Delete drafts not touched for 30 days; returns how many."""
    deleted, _per_model = forgotten(now).delete()
    return deleted


def texts(draft: Draft) -> list[str]:
    """What was typed in sentences, in the order of the form; choices, keys and tokens are left out."""
    values = (value.strip() for values in draft.data.values() for value in values)
    return [value for value in values if " " in value or "\n" in value]
