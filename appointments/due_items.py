"""What waits in a file by its appointments, follow-ups and what colleagues left."""

import datetime
from collections.abc import Collection, Iterable, Iterator, Mapping
from enum import StrEnum

from accounts.file_loader import Table
from accounts.rules.calendar import local_date
from appointments.choices import AppointmentState, Excuse
from appointments.contact_facts import DropIn, contacts_of
from appointments.models import Appointment, FollowUp
from appointments.querysets import UNCONFIRMED
from clients.models import Client, DueItem
from clients.stored_facts import Columns, StoredFacts

ONE_DAY = datetime.timedelta(days=1)
AHEAD = datetime.timedelta(days=7)
DEADLINES_AHEAD = datetime.timedelta(days=30)
CALLED_OFF = frozenset(
    {AppointmentState.MOVED, AppointmentState.CANCELLED_CLIENT, AppointmentState.CANCELLED_US}
)
TABLES: Mapping[Table, Columns] = {
    Appointment: (),
    FollowUp: ("id", "uuid", "client", "due_on", "is_hard", "done_at"),
}


class AppointmentDue(StrEnum):
    """The kinds of this app."""

    APPOINTMENT = "appointment"
    INTERPRETER = "interpreter"
    FOLLOW_UP = "follow_up"
    DROP_IN = "drop_in"


def due_items(facts: StoredFacts) -> Iterator[DueItem]:
    """What waits in the attended files."""
    contacts, appointments, follow_ups = facts.once(contacts_of), facts.of(Appointment), facts.of(FollowUp)
    for file in facts.attended:
        own = contacts[file.pk]
        for row in appointments[file.pk]:
            yield from _appointment(file, row, own.logged)
        yield from _follow_ups(file, follow_ups[file.pk])
        yield from _drop_ins(file, own.drop_ins.values())


def _appointment(file: Client, row: Appointment, logged: Collection[str]) -> Iterator[DueItem]:
    """From the day before; from then on while it has no outcome; always while its excuse is open or nobody holds it."""
    if row.state in CALLED_OFF:
        return
    day, until = local_date(row.starts_at), None
    shows_on = day - ONE_DAY
    if row.state == AppointmentState.PLANNED:
        if row.manager_id is None:
            shows_on = min(shows_on, local_date(row.recorded_at))
    elif row.state == AppointmentState.HELD and str(row.pk) not in logged:
        until = day + DEADLINES_AHEAD
    elif not (row.state == AppointmentState.NO_SHOW and row.excuse == Excuse.UNDECIDED):
        until = day
    yield DueItem(
        client=file,
        kind=AppointmentDue.APPOINTMENT,
        object=row.uuid,
        shows_on=shows_on,
        shows_until=until,
        due_on=day,
    )
    if row.state == AppointmentState.PLANNED and row.interpreter in UNCONFIRMED:
        yield DueItem(
            client=file,
            kind=AppointmentDue.INTERPRETER,
            object=row.uuid,
            shows_on=day - AHEAD,
            shows_until=day,
            due_on=day,
        )


def _follow_ups(file: Client, rows: Iterable[FollowUp]) -> Iterator[DueItem]:
    for row in rows:
        if row.done_at is None:
            yield DueItem(
                client=file,
                kind=AppointmentDue.FOLLOW_UP,
                object=row.uuid,
                shows_on=row.due_on - (DEADLINES_AHEAD if row.is_hard else AHEAD),
                due_on=row.due_on,
                hard=row.is_hard,
            )


def _drop_ins(file: Client, rows: Iterable[DropIn]) -> Iterator[DueItem]:
    for row in rows:
        yield DueItem(
            client=file,
            kind=AppointmentDue.DROP_IN,
            object=row.uuid,
            shows_on=row.happened_on,
            due_on=row.happened_on if row.urgent else None,
        )
