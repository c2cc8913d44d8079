"""What the inbox, enquiries and unfinished imports put into *Mein Tag*."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.file_loader import Part
from accounts.models import User
from clients.models import Client
from clients.querysets import ASSIGNED_LATELY
from clients.worklist import READER, Group, Reader
from intake import due_handovers
from intake.choices import EnquiryState, ImportState
from intake.models import Enquiry, ImportBatch
from ui.due import DueLine
from ui.links import reverse

READ = (Part(Enquiry, "taken_by", among=READER), Part(ImportBatch, "uploaded_by", among=READER))


def lines(reader: Reader) -> list[DueLine]:
    """Lines of the group "intake": who waits, what changes hands, what was taken, which list is unfinished.

    For everybody but managers there is nothing.
    """
    if not reader.scope.caseloads:
        return []
    return [
        *_counts(reader.user, reader.today, reader.now),
        *due_handovers.lines(reader),
        *(_enquiries(reader.rows[Enquiry], reader.today) if reader.is_own_day else []),
        *(_imports(reader.rows[ImportBatch], reader.today) if reader.is_own_day else []),
    ]


@dataclass(frozen=True, slots=True)
class Number:
    """How many, and since when the first of them."""

    rows: int
    since: datetime.datetime | None


NONE = Number(0, None)


def _numbers(user: User, now: datetime.datetime) -> dict[str, Number]:
    """What is only counted, by kind, in one statement."""
    counted = [
        _counted("assigned", Client.objects.own_of(user).open().assigned_since(now - ASSIGNED_LATELY, user)),
        _counted("inbox", Client.objects.in_inbox_of(user)),
        _counted("enquiry", Enquiry.objects.in_inbox_of(user)),
    ]
    first, *others = counted
    return {kind: Number(rows, since) for kind, rows, since in first.union(*others, all=True)}


def _counted(kind: str, rows: Any) -> Any:
    named = rows.order_by().annotate(kind=Value(kind)).values("kind")
    return named.annotate(number=Count("pk"), since=Min("registered_at")).values_list(
        "kind", "number", "since"
    )


def _counts(user: User, today: datetime.date, now: datetime.datetime) -> list[DueLine]:
    numbers = _numbers(user, now)
    found = []
    if number := numbers.get("assigned", NONE).rows:
        found.append(_assigned(number, today))
    inbox, enquiries = numbers.get("inbox", NONE), numbers.get("enquiry", NONE)
    if inbox.since:
        text = ngettext(
            "%(number)d person waits for a manager.", "%(number)d persons wait for a manager.", inbox.rows
        )
        title = _("Persons in the inbox")
        found.append(_waiting("inbox", text % {"number": inbox.rows}, title, inbox.since, today))
    if enquiries.since:
        text = ngettext(
            "%(number)d enquiry waits for a manager.",
            "%(number)d enquiries wait for a manager.",
            enquiries.rows,
        )
        title = _("Enquiries in the inbox")
        found.append(_waiting("enquiry", text % {"number": enquiries.rows}, title, enquiries.since, today))
    return found


def _assigned(number: int, today: datetime.date) -> DueLine:
    """Files that came without her doing, when a colleague left."""
    text = ngettext(
        "%(number)d file has been assigned to you.",
        "%(number)d files have been assigned to you.",
        number,
    )
    return DueLine(
        group=Group.INTAKE,
        kind="assigned",
        today=today,
        title=_("New in your caseload"),
        text=text % {"number": number},
        icon="handover",
        action_label=_("Show"),
        action_url=f"{reverse('clients:list')}?new=assigned",
        news=True,
    )


def _waiting(kind: str, text: str, title: str, since: datetime.datetime, today: datetime.date) -> DueLine:
    return DueLine(
        group=Group.INTAKE,
        kind=kind,
        today=today,
        title=title,
        url=reverse("intake:inbox"),
        when=timezone.localdate(since),
        text=text,
        icon="inbox",
        action_label=_("Open the inbox"),
        action_url=reverse("intake:inbox"),
        news=True,
    )


def _enquiries(taken: Iterable[Enquiry], today: datetime.date) -> list[DueLine]:
    """Enquiries the reader took and has not settled; no day is set for that, so none is missed."""
    rows = [row for row in taken if row.client_id is None and row.state == EnquiryState.TAKEN]
    rows.sort(key=lambda row: (row.taken_at is None, row.taken_at, row.pk))
    return [
        DueLine(
            group=Group.INTAKE,
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
            news=True,
        )
        for row in rows
    ]


def _imports(batches: Iterable[ImportBatch], today: datetime.date) -> list[DueLine]:
    steps = {
        ImportState.MAPPING: _("The columns have to be assigned."),
        ImportState.CHECKING: _("The rows are being checked."),
        ImportState.READY: _("The rows have to be decided."),
    }
    return [
        DueLine(
            group=Group.INTAKE,
            kind="import",
            today=today,
            title=_("Import not finished"),
            url=reverse("intake:import", args=[batch.uuid]),
            when=timezone.localdate(batch.uploaded_at),
            text=f"{batch.filename}: {steps[ImportState(batch.state)]}",
            icon="list",
            action_label=_("Go on"),
            action_url=reverse("intake:import", args=[batch.uuid]),
            news=True,
        )
        for batch in sorted(batches, key=lambda row: row.uploaded_at)
        if batch.state != ImportState.IMPORTED
    ]
