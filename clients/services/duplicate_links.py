"""Two files of one person are linked, and the link undone: nothing is merged and nothing lost (rules.md §8)."""

from collections.abc import Collection, Mapping

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.records import save_edited
from audit.actions import Action
from audit.recording import record
from clients import actions
from clients.choices import KEPT_TWICE, Phase
from clients.models import (
    Client,
    ClosingReason,
    CounsellingPeriod,
    DuplicateDismissal,
    DuplicateLink,
    PhaseChange,
)
from clients.services.change import change
from clients.services.files import close_counselling
from clients.services.protection import protected_among, share_protection

REASON = "links of files whose access is checked under their locks"


def leading_known(user: User, files: Collection[Client]) -> Mapping[int, Client]:
    """Of these files those kept twice, by key, with the file that leads, where the user knows both.

    One query, and none without closed files: linking closes a file, and it opens only once the link is undone.
    """
    closed = [file.pk for file in files if file.is_closed]
    if not closed:
        return {}
    links = DuplicateLink.objects.visible_to(user).holding().filter(client__in=closed)
    return {link.client_id: link.other for link in links.select_related("other")}


def links_about(client: Client, user: User) -> list[DuplicateLink]:
    """Links of this file, undone ones included, whose other file the user knows too; the last one first."""
    people = ("client", "other", "linked_by", "undone_by")
    rows = DuplicateLink.objects.visible_to(user).of(client).select_related(*people)
    return list(rows.order_by("-linked_at", "-id"))


def link_files(actor: Actor, doubled: Client, leading: Client) -> DuplicateLink:
    """Say that two files are about one person; linking them twice changes nothing.

    An open file that is kept twice is closed with that reason; one that was closed before stays as it is.

    Args:
        actor: who acts, and when; both files are hers.
        doubled: the file that is kept twice.
        leading: the file in which the counselling goes on.

    Raises:
        ValidationError: something in the file kept twice is open, it leads another file or is led by one, only the
            leading file is closed, or somebody told the two apart; nothing was written.
        FileLost: one of the files is not the actor's, or not any more.
    """
    with change(actor, [doubled, leading], needs="client.close", allow_closed=True) as locked:
        rows = _holding([doubled, leading])
        for row in rows:
            if (row.client_id, row.other_id) == (doubled.pk, leading.pk):
                return row
        _refuse(rows, locked.file(doubled), locked.file(leading))
        link = DuplicateLink(client=locked.file(doubled), other=locked.file(leading))
        link.linked_at, link.linked_by = locked.now, actor.user
        if not locked.file(doubled).is_closed:
            stored = locked.file(doubled)
            link.phase_before, link.phase_since_before = stored.phase, stored.phase_since
            reason = ClosingReason.objects.get(code=KEPT_TWICE)
            close_counselling(actor, stored, reason=reason, on=locked.today)
            closings = PhaseChange.objects.unscoped(reason=REASON).filter(client=doubled)
            link.closing = closings.latest("id")
        link.save()
        for one, other in ((doubled, leading), (leading, doubled)):
            if protected_among([one]):
                share_protection(locked.actor, one, [other])
        _record(actor, actions.LINKED, link)
    return link


def undo_link(actor: Actor, link: DuplicateLink) -> None:
    """Undo a link: both files are as they were before; undoing it twice changes nothing.

    Raises:
        FileLost: one of the files is not the actor's, or not any more.
    """
    files = [link.client, link.other]
    with change(actor, files, needs="client.close", allow_closed=True) as locked:
        row = next((row for row in _holding(files) if row.pk == link.pk), None)
        if row is None:
            return
        row.undone_at, row.undone_by = locked.now, actor.user
        closing, row.closing = row.closing, None
        row.save()
        if closing is not None:
            stored = locked.file(link.client)
            periods = CounsellingPeriod.objects.unscoped(reason=REASON).filter(client=stored)
            period = periods.latest("opened_on", "id")
            period.closed_on, period.closed_by, period.closing_reason = None, None, None
            period.save()
            closing.delete()
            stored.phase = row.phase_before
            stored.phase_since = row.phase_since_before or stored.phase_since
            save_edited(stored, stored.version, ["phase", "phase_since"])
        _record(actor, actions.UNLINKED, row)


def _holding(files: Collection[Client]) -> list[DuplicateLink]:
    """The links of some files, which are locked."""
    rows = DuplicateLink.objects.unscoped(reason=REASON).holding()
    found = rows.filter(Q(client__in=files) | Q(other__in=files))
    return list(found.select_related("client", "other", "closing").order_by("pk"))


def _refuse(rows: Collection[DuplicateLink], doubled: Client, leading: Client) -> None:
    for row in rows:
        # No chains: who leads is found in one step.
        if row.client_id in (doubled.pk, leading.pk) or row.other_id == doubled.pk:
            values = {"case_no": row.client.case_no, "other": row.other.case_no}
            text = _("%(case_no)s is linked with %(other)s already. Undo that link first.") % values
            raise ValidationError({"leading": text})
    if leading.phase == Phase.CLOSED != doubled.phase:
        text = _("%(case_no)s is closed. Re-open it first if the counselling is to go on there.")
        raise ValidationError({"leading": text % {"case_no": leading.case_no}})
    apart = DuplicateDismissal.objects.unscoped(reason=REASON).holding().of(doubled)
    if apart.filter(Q(client=leading) | Q(other=leading)).exists():
        text = _("These were told apart as two persons. Ask first whether they are one after all.")
        raise ValidationError({"leading": text})


def _record(actor: Actor, action: Action, link: DuplicateLink) -> None:
    for file in (link.client, link.other):
        record(actor, action, client=file, kind="client", fields=["linked"])
