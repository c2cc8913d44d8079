"""A manager is not there today: her appointments are cancelled by us at once, her promises taken back (rules.md §3)."""

import datetime
from collections.abc import Collection
from uuid import UUID

from accounts.actor import Actor
from accounts.models import Absence, User
from accounts.records import StaleRecord
from accounts.rules.calendar import end_of_day
from accounts.services.absences import enter_absence
from accounts.services.locking import lock
from appointments.busy import files_between, release
from appointments.choices import AppointmentState
from appointments.models import Appointment
from appointments.querysets import AppointmentQuerySet
from appointments.services.appointments import record_outcome
from clients.services.change import change


class DayChanged(Exception):
    """The appointments are not those that were shown; nothing was written."""


def still_ahead(user: User, holder: User, now: datetime.datetime, day: datetime.date) -> AppointmentQuerySet:
    """The planned appointments of a calendar that have not begun on a day, in files the user may write in."""
    rows: AppointmentQuerySet = Appointment.objects.editable_by(user)
    return rows.filter(manager=holder).upcoming(now).on(day).select_related("client")


def cancel_day(
    actor: Actor, holder: User, *, shown: Collection[UUID], absence: Absence | None = None
) -> list[Appointment]:
    """Cancel what still lies ahead today in one calendar, by us, in one go; whoever counts on her otherwise is told.

    Args:
        actor: who acts: the manager herself, or whoever stands in for her today.
        holder: whose calendar it is.
        shown: keys of the appointments that were shown before.
        absence: validated and unsaved, of the actor herself; it is entered along with it.

    Raises:
        DayChanged: others are planned now than were shown.
        ValidationError: by field, about the absence; nothing was written.
    """
    actor.require("appointment.edit")
    with change(actor) as locked:
        before = still_ahead(actor.user, holder, locked.now, locked.today)
        evening = end_of_day(locked.today)
        promised = files_between(holder.pk, locked.now, evening)
        locked.lock([*(row.client for row in before), *promised])
        lock(holder.pk)
        # Read again under the locks: what was planned meanwhile was not shown.
        rows = list(still_ahead(actor.user, holder, locked.now, locked.today))
        if {row.uuid for row in rows} != set(shown):
            raise DayChanged
        for row in rows:
            try:
                record_outcome(locked.actor, row, AppointmentState.CANCELLED_US, expected_version=row.version)
            except StaleRecord as stale:
                raise DayChanged from stale
        release(locked.actor, holder.pk, locked.now, evening)
        if absence is not None:
            enter_absence(locked.actor, absence)
    return rows
