"""What the file page shows of appointments and follow-ups, beside its timeline."""

from typing import Any

from appointments.choices import AppointmentState
from appointments.file_rows import APPOINTMENT_TABLES
from appointments.models import Appointment, FollowUp
from appointments.rules.appointment import is_undecided
from clients.file_rows import rows_of

SHOWN = 8


def appointments(view: Any) -> dict[str, Any]:
    """Planned appointments of the file, the undecided ones first."""
    rows = rows_of(view.client, APPOINTMENT_TABLES)[Appointment]
    undecided = [row for row in rows if is_undecided(row.state, row.excuse, row.starts_at, view.now)]
    upcoming = [row for row in rows if row.state == AppointmentState.PLANNED and row.starts_at > view.now]
    return {"undecided_appointments": undecided[:SHOWN], "next_appointments": upcoming[:SHOWN]}


def follow_ups(view: Any) -> dict[str, Any]:
    """Open follow-ups of the file."""
    rows = FollowUp.objects.visible_to(view.request.user).of(view.client).open().select_related("owner")
    return {"follow_ups": rows.order_by("due_on", "pk")[:SHOWN]}
