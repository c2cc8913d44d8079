"""What happened to households, written into each file concerned; and undoing a split on its day."""

import datetime
import uuid
from collections.abc import Iterable, Sequence

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from audit.recording import record
from clients import actions
from clients.choices import HouseholdEvent
from clients.models import Client, HouseholdChange, HouseholdMember, Relative
from clients.querysets import HouseholdMemberQuerySet
from clients.rules.stays import ONE_DAY
from clients.services.change import Change, change

REASON = "a step that concerned several files of the actor"
SPLIT = (HouseholdEvent.LEFT, HouseholdEvent.SHRANK)
ENDED = ("relative", "household", "relation", "since")
"""What of a stay is kept when it ends."""


def note_change(
    locked: Change,
    client: Client,
    what: HouseholdEvent,
    *,
    on: datetime.date,
    act: uuid.UUID,
    left: HouseholdMember | None = None,
) -> None:
    """Write into a file what happened to its household.

    Args:
        locked: the change this is part of; it says who acts, and when.
        client: the file.
        what: in words that name nobody.
        on: the day from which it holds.
        act: the same for all files of one step.
        left: the stay that ends.
    """
    ended = {} if left is None else {name: getattr(left, name) for name in ENDED}
    HouseholdChange.objects.create(
        client=client, what=what, on=on, act=act, at=locked.now, by=locked.actor.user, **ended
    )


def split_of_today(
    rows: Iterable[HouseholdChange], user: User | None, today: datetime.date
) -> HouseholdChange | None:
    """The last split of a file that its author may still undo.

    Args:
        rows: what happened to the household of the file, in order.
        user: who would undo it.
        today: the local day.
    """
    found = list(rows)
    undone = {row.act for row in found if row.what == HouseholdEvent.UNDONE}
    for row in reversed(found):
        is_hers = row.by_id == getattr(user, "pk", None) and timezone.localdate(row.at) == today
        if is_hers and row.act not in undone and row.what in SPLIT:
            return row
    return None


def undo_split(actor: Actor, split: HouseholdChange) -> None:
    """Let everybody live together again as before, on the day of the split and by its author.

    Args:
        actor: who split the household.
        split: one of the lines it left; the other files follow from it.

    Raises:
        ValidationError: it is another day, somebody else's split, or something happened since; nothing was written.
        FileLost: one of the files is not the actor's any more.
    """
    rows = HouseholdChange.objects.unscoped(reason=REASON).filter(act=split.act)
    files = list({row.client_id: row.client for row in rows.select_related("client")}.values())
    with change(actor, files, needs="client.household") as locked:
        stored = list(rows.select_related("client", "relative__client", "household").order_by("pk"))
        gone = [row for row in stored if row.since is not None]
        if split_of_today(stored, actor.user, locked.today) is None or not _stands(gone):
            raise ValidationError(_("This can no longer be undone: something was entered since."))
        _part_again(gone)
        for row in gone:
            _restore(row)
        for file in locked.lock(files):
            note_change(locked, file, HouseholdEvent.UNDONE, on=split.on, act=split.act)
            record(actor, actions.CHANGED, client=file, kind="household", fields=["household"])


def _members() -> HouseholdMemberQuerySet:
    return HouseholdMember.objects.unscoped(reason=REASON)


def _own(row: HouseholdChange) -> dict[str, Client | Relative | None]:
    """Whose stay it was: the person of the file, or a relative."""
    return {"client": None if row.relative_id else row.client, "relative": row.relative}


def _together_since(gone: Sequence[HouseholdChange]) -> list[HouseholdMember]:
    """Who lives in the household of those who left."""
    people = [row.client for row in gone if row.relative_id is None]
    home = _members().current().filter(client__in=people).order_by().values("household")
    return list(_members().filter(household__in=home).select_related("relative"))


def _stands(gone: Sequence[HouseholdChange]) -> bool:
    """Whether everything is as the split left it."""
    new = _together_since(gone)
    day = gone[0].on
    known = {row.relative_id for row in gone}
    copies = [member.relative for member in new if member.relative and member.relative_id not in known]
    ended = all(
        row.household is not None
        and _members().filter(household=row.household, **_own(row), until=day - ONE_DAY).exists()
        is (row.since is not None and row.since < day)
        for row in gone
    )
    has_own = len(gone) > 1 and any(row.relative_id is None for row in gone)
    return (
        ended
        and len(new) == (len(gone) if has_own else 0)
        and all(member.since == day and member.until is None for member in new)
        and all(copy.version == 1 and copy.became_id is None for copy in copies)
    )


def _part_again(gone: Sequence[HouseholdChange]) -> None:
    """Take back the household of those who left, with the entries it made in their files."""
    new = _together_since(gone)
    known = {row.relative_id for row in gone}
    Relative.objects.unscoped(reason=REASON).filter(
        pk__in=[
            member.relative_id for member in new if member.relative_id and member.relative_id not in known
        ]
    ).delete()
    for home in {member.household_id: member.household for member in new}.values():
        home.delete()


def _restore(row: HouseholdChange) -> None:
    """The stay goes on; one that was left on its first day is written anew."""
    if row.household is None or row.since is None:
        raise ValueError("only a stay that ended is restored")
    rows = _members().filter(household=row.household, until=row.on - ONE_DAY, **_own(row))
    if not rows.update(until=None):
        HouseholdMember.objects.create(
            household=row.household, relation=row.relation, since=row.since, **_own(row)
        )
