"""What the inbox, enquiries and unfinished imports put into *Mein Tag*."""

import datetime
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.access import Scope
from clients.choices import EnquiryState, ImportState
from clients.models import Client, Enquiry, ImportBatch
from ui.due import DueLine

GROUP = "intake"


def lines(user: Any, scope: Scope, today: datetime.date, now: datetime.datetime) -> list[DueLine]:
    """Lines of the group "intake": who waits, what was taken and not settled, which list is unfinished.

    Args:
        user: a manager; for everybody else there is nothing.
        scope: what the user sees today.
        today: local date.
        now: the instant.
    """
    if not scope.caseloads:
        return []
    return [*_inbox(user, today), *_enquiries(user, today), *_imports(user, today)]


def _inbox(user: Any, today: datetime.date) -> list[DueLine]:
    found = []
    number, oldest = _number_and_oldest(Client.objects.in_inbox_of(user))
    if number:
        text = ngettext(
            "%(number)d person waits for a manager.", "%(number)d persons wait for a manager.", number
        )
        found.append(_waiting("inbox", text % {"number": number}, _("Persons in the inbox"), oldest, today))
    number, oldest = _number_and_oldest(Enquiry.objects.in_inbox_of(user))
    if number:
        text = ngettext(
            "%(number)d enquiry waits for a manager.", "%(number)d enquiries wait for a manager.", number
        )
        found.append(
            _waiting("enquiry", text % {"number": number}, _("Enquiries in the inbox"), oldest, today)
        )
    return found


def _number_and_oldest(rows: Any) -> tuple[int, Any]:
    found = rows.aggregate(number=Count("pk"), oldest=Min("registered_at"))
    return found["number"], found["oldest"]


def _waiting(kind: str, text: str, title: str, since: datetime.datetime, today: datetime.date) -> DueLine:
    return DueLine(
        group=GROUP,
        kind=kind,
        today=today,
        title=title,
        url=reverse("clients:inbox"),
        when=timezone.localdate(since),
        text=text,
        icon="inbox",
        action_label=_("Open the inbox"),
        action_url=reverse("clients:inbox"),
        news=True,
    )


def _enquiries(user: Any, today: datetime.date) -> list[DueLine]:
    rows = Enquiry.objects.editable_by(user).filter(taken_by=user).order_by("taken_at", "id")
    return [
        DueLine(
            group=GROUP,
            kind="enquiry_taken",
            today=today,
            title=row.display_name,
            case_no=row.number,
            url=reverse("enquiries:detail", args=[row.uuid]),
            when=timezone.localdate(row.taken_at) if row.taken_at else None,
            text=_("Enquiry taken: open a file, connect it, or close it."),
            icon="talk",
            action_label=_("Settle"),
            action_url=reverse("enquiries:detail", args=[row.uuid]),
        )
        for row in rows
        if row.state == EnquiryState.TAKEN
    ]


def _imports(user: Any, today: datetime.date) -> list[DueLine]:
    steps = {
        ImportState.MAPPING: _("The columns have to be assigned."),
        ImportState.CHECKING: _("The rows are being checked."),
        ImportState.READY: _("The rows have to be decided."),
    }
    return [
        DueLine(
            group=GROUP,
            kind="import",
            today=today,
            title=_("Import not finished"),
            url=reverse("clients:import", args=[batch.uuid]),
            when=timezone.localdate(batch.uploaded_at),
            text=f"{batch.filename}: {steps[ImportState(batch.state)]}",
            icon="list",
            action_label=_("Go on"),
            action_url=reverse("clients:import", args=[batch.uuid]),
            news=True,
        )
        for batch in ImportBatch.objects.visible_to(user).open().order_by("uploaded_at")
    ]
