"""What of appointments, follow-ups and colleagues' entries is settled before a file closes."""

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _

from appointments.choices import AppointmentState
from appointments.due import appointment_line, follow_up_line, outcome_url
from appointments.due_items import AppointmentDue
from appointments.file_rows import APPOINTMENT_TABLES
from appointments.models import Appointment, FollowUp
from appointments.rules.appointment import is_undecided
from clients.file_context import FileContext
from clients.worklist import Reader, lines_for
from ui.due import DueLine, Outcome


def open_appointments(file: FileContext, back: str) -> list[DueLine]:
    """Past ones without outcome and coming ones; a coming one is called off with one tap."""
    rows = file.rows(APPOINTMENT_TABLES)[Appointment]
    return [
        _line(row, file, back)
        for row in rows
        if is_undecided(row.state, row.excuse, row.starts_at, file.now)
        or (row.state == AppointmentState.PLANNED and row.starts_at > file.now)
    ]


def _line(row: Appointment, file: FileContext, back: str) -> DueLine:
    line = appointment_line(row, file.today, file.now, is_logged=True, back=back)
    if row.starts_at <= file.now:
        return line
    return replace(
        line,
        outcomes=(
            Outcome(_("Called off by us"), value=AppointmentState.CANCELLED_US.value),
            Outcome(_("Cancelled by client"), value=AppointmentState.CANCELLED_CLIENT.value),
        ),
        action_url=outcome_url(row, back),
    )


def open_follow_ups(file: FileContext, back: str) -> list[DueLine]:
    """All that are not done, however far away."""
    rows = FollowUp.objects.visible_to(file.user).of(file.client).open().select_related("owner")
    lines = []
    for row in rows.order_by("due_on", "pk"):
        row.client = file.client
        line = follow_up_line(row, file.actor.scope, file.today)
        lines.append(replace(line, action_fields={**line.action_fields, "next": back}))
    return lines


def unread_drop_ins(file: FileContext, back: str) -> Sequence[DueLine]:
    """What a colleague left is read first: afterwards it would stand in nobody's *Mein Tag*."""
    reader = Reader(file.user, file.actor.scope, file.today, file.now, file=file.client)
    return [line for line in lines_for(reader) if line.kind == AppointmentDue.DROP_IN]
