"""What a calendar programme is told: case numbers, times, rooms of the service, office hours; no name, no address."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.utils import translation
from django.utils.translation import gettext as _

from accounts.access import is_manager, scope_of
from accounts.actor import Actor
from accounts.models import User
from accounts.rules.calendar import add_days, bounds, local_date
from appointments.busy import office_hours_between
from appointments.choices import AppointmentState, Channel
from appointments.models import Appointment, CalendarFeed, OfficeHourSession, Place
from appointments.rules.appointment import NOT_BLOCKING

if TYPE_CHECKING:
    from icalendar import Event

BEHIND, AHEAD = 30, 365
"""Days before and after today that a feed tells of."""


def reader_of(token: str) -> User | None:
    """Whose feed has this token; None for nobody's, and of an account that works with no files any more."""
    rows = CalendarFeed.objects.unscoped(reason="found by its token alone").select_related("user")
    feed = rows.with_token(token).first()
    return feed.user if feed is not None and is_manager(feed.user) else None


def told_appointments(user: User, today: datetime.date) -> list[Appointment]:
    """One's own appointments, and those of whom one stands in for until the last day of that.

    Args:
        user: whose feed it is.
        today: the local date.
    """
    rows = (
        Appointment.objects.visible_to(user)
        .between(add_days(today, -BEHIND), add_days(today, AHEAD))
        .exclude(state__in=NOT_BLOCKING)
        .filter(manager_id__in=scope_of(user, today).caseloads)
        .select_related("client", "room")
        .order_by("starts_at", "pk")
    )
    stand_ins = scope_of(user, today).stand_ins

    def is_covered(row: Appointment) -> bool:
        day = local_date(row.starts_at)
        held = (one.days for one in stand_ins if one.absent_id == row.manager_id)
        return any(days.first <= day <= days.last for days in held)

    return [row for row in rows if row.manager_id == user.pk or is_covered(row)]


def told_office_hours(user: User, today: datetime.date) -> list[OfficeHourSession]:
    """The open office hours at which one sits, of the same days."""
    return list(office_hours_between(user, *bounds(add_days(today, -BEHIND), add_days(today, AHEAD))))


def feed_of(actor: Actor, appointments: list[Appointment], office_hours: list[OfficeHourSession]) -> bytes:
    """The feed as iCalendar (RFC 5545); instants are in UTC, so that no change of the clock can move them.

    Args:
        actor: whose feed it is, and when it is read.
        appointments: what it tells of.
        office_hours: the open office hours beside them.
    """
    # Here, because few requests ask for a feed and every worker would keep it.
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("prodid", "-//Stutensee//Integrationsmanagement//DE")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    with translation.override(actor.user.language):
        calendar.add("x-wr-calname", _("Appointments"))
        for event in _events(actor, appointments, office_hours):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _events(
    actor: Actor, appointments: list[Appointment], office_hours: list[OfficeHourSession]
) -> Iterator[Event]:
    for row in appointments:
        room = row.room if row.channel != Channel.HOME_VISIT else None
        event = _event(row, row.recorded_at, _summary(actor, row), room)
        event.add("status", "CONFIRMED" if row.state == AppointmentState.PLANNED else "TENTATIVE")
        yield event
    for session in office_hours:
        event = _event(session, actor.now, _("Open office hour"), session.place)
        event.add("status", "CONFIRMED")
        yield event


def _event(
    row: Appointment | OfficeHourSession, stamp: datetime.datetime, summary: str, room: Place | None
) -> Event:
    from icalendar import Event

    event = Event()
    event.add("uid", f"{row.uuid}@integrationsmanagement")
    event.add("dtstamp", stamp.astimezone(datetime.UTC))
    event.add("sequence", row.version)
    event.add("dtstart", row.starts_at.astimezone(datetime.UTC))
    event.add("dtend", row.ends_at.astimezone(datetime.UTC))
    event.add("summary", summary)
    if room is not None:
        event.add("location", ", ".join(filter(None, [room.name, room.address])))
    event.add("class", "PRIVATE")
    return event


def _summary(actor: Actor, appointment: Appointment) -> str:
    words = {
        "case_no": appointment.client.case_no,
        "channel": Channel(appointment.channel).label,
    }
    if appointment.manager_id != actor.pk:
        return _("Appointment %(case_no)s, %(channel)s (standing in)") % words
    return _("Appointment %(case_no)s, %(channel)s") % words
