"""What the file page shows of appointments and follow-ups, beside its timeline."""

from typing import Any

from appointments.choices import AppointmentState
from appointments.file_rows import APPOINTMENT_TABLES
from appointments.models import Appointment, FollowUp
from appointments.rules.appointment import is_undecided
from appointments.rules.slots import Span
from appointments.wording import outcome_text
from clients.file_context import FileContext
from clients.file_rows import rows_of
from clients.models import Client

SHOWN = 8
LAST = 5
"""How many past appointments show with what came of them; a rate or score of a person is never computed."""


def appointments(file: FileContext) -> dict[str, Any]:
    """Planned appointments of the file, the undecided ones first, and what came of the last ones."""
    rows = file.rows(APPOINTMENT_TABLES)[Appointment]
    undecided = [row for row in rows if is_undecided(row.state, row.excuse, row.starts_at, file.now)]
    upcoming = [row for row in rows if row.state == AppointmentState.PLANNED and row.starts_at > file.now]
    settled = [
        (row, outcome_text(row.state, row.excuse))
        for row in reversed(rows)
        if row.state not in (AppointmentState.PLANNED, AppointmentState.MOVED) and row not in undecided
    ]
    return {
        "undecided_appointments": undecided[:SHOWN],
        "next_appointments": upcoming[:SHOWN],
        "last_appointments": settled[:LAST],
    }


def planned_spans(client: Client) -> list[Span]:
    """When the appointments without an outcome begin and end, for the header of the file."""
    rows = rows_of(client, APPOINTMENT_TABLES)[Appointment]
    return [(row.starts_at, row.ends_at) for row in rows if row.state == AppointmentState.PLANNED]


def follow_ups(file: FileContext) -> dict[str, Any]:
    """Open follow-ups of the file."""
    rows = file.rows(APPOINTMENT_TABLES)[FollowUp]
    return {"follow_ups": sorted(rows, key=lambda row: (row.due_on, row.pk))[:SHOWN]}
