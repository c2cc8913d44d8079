"""What of this app waits: outcomes of referrals and what meetings decided, and for the office what grows stale."""

from collections.abc import Sequence
from uuid import UUID

from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.desk import Desk, Waiting
from clients.file_context import FileContext
from clients.models import DueItem
from clients.worklist import Group, Reader, file_line
from partners.choices import ReferralState
from partners.file_rows import referrals_of
from partners.models import Decision, Organisation
from ui.due import DueLine


def compose(items: Sequence[DueItem], reader: Reader) -> list[DueLine]:
    """The lines of this app's items; no partner is named."""
    return [_outcome(item, reader) for item in items]


def _outcome(item: DueItem, reader: Reader) -> DueLine:
    sentences = {
        ReferralState.RECOMMENDED: _("Referral recommended: has anything come of it?"),
        ReferralState.APPOINTMENT: _("Referral: was the appointment with the partner kept?"),
        ReferralState.WAITING: _("Referral on the waiting list: is there a place by now?"),
    }
    return file_line(
        item,
        reader.today,
        group=Group.PLANS,
        when=item.due_on,
        icon="handover",
        text=sentences[ReferralState(item.step)],
        action_label=_("Record outcome"),
        action_url=_step(item.client.uuid, item.object),
    )


def open_referrals(file: FileContext, back: str) -> list[DueLine]:
    """Referrals whose outcome is missing, for the page that closes the file."""
    return [
        DueLine(
            group=Group.PLANS,
            kind="referral",
            today=file.today,
            title=row.partner,
            text=row.get_state_display(),
            icon="handover",
            action_label=_("Record outcome"),
            action_url=_step(file.client.uuid, row.uuid, back),
        )
        for row in referrals_of(file)
        if row.is_open
    ]


def _step(file: UUID, referral: UUID, back: str = "") -> str:
    address = reverse("file_partners:referral_step", args=[file, referral])
    return f"{address}?{urlencode({'next': back})}" if back else address


def lines(reader: Reader) -> list[DueLine]:
    """Decisions of meetings for which the reader is responsible; one statement."""
    if not reader.is_own_day:
        return []
    return [
        DueLine(
            group=Group.DEADLINES,
            kind="decision",
            today=reader.today,
            title=row.meeting.title,
            url=row.meeting.get_absolute_url(),
            when=row.due_on,
            text=row.text,
            icon="users",
            action_label=_("Done"),
            action_url=reverse("network:decision_done", args=[row.uuid]),
            action_method="post",
        )
        for row in Decision.objects.waiting_for(reader.user)
    ]


DECISIONS_SHOWN = 8


def for_the_office(desk: Desk) -> list[Waiting]:
    """Decisions of meetings the officer answers for, and entries nobody has confirmed for a year; two statements."""
    found = [
        Waiting(
            kind="decision",
            title=row.meeting.title,
            url=row.meeting.get_absolute_url(),
            text=row.text,
            due=row.due_on,
            icon="users",
        )
        for row in Decision.objects.waiting_for(desk.user)[:DECISIONS_SHOWN]
    ]
    stale = Organisation.objects.current().stale(desk.today).count()
    if stale:
        found.append(
            Waiting(
                kind="stale",
                title=_("Network"),
                url=f"{reverse('network:list')}?stale=1",
                text=ngettext(
                    "%(count)s entry has not been confirmed for a year.",
                    "%(count)s entries have not been confirmed for a year.",
                    stale,
                )
                % {"count": stale},
                news=True,
                icon="users",
            )
        )
    return found
