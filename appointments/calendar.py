"""What stands in calendars: appointments, working hours, absences and holidays, day by day."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import attrgetter

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from accounts.access import Scope
from accounts.models import Absence, User
from accounts.rules.calendar import add_days, bounds, holiday_name, local_date
from accounts.rules.days import Days
from appointments import due_office_hours
from appointments.busy import blocks_between, office_hours_between
from appointments.choices import AppointmentState, Channel
from appointments.due import calendar_lines
from appointments.models import Appointment, OfficeHourSession, WorkingHours
from appointments.rules.appointment import blocks
from appointments.rules.slots import Hours, Span, gaps, hours_of
from ui.dates import local_day, time_de
from ui.due import DueLine

Away = tuple[int, str, Days]
"""Who is away: key, name and days."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing in a column of the week: an appointment, an open office hour, or time free in working hours."""

    begins: datetime.datetime
    ends: datetime.datetime
    appointment: Appointment | None = None
    session: OfficeHourSession | None = None
    note: str = ""
    is_done: bool = False

    @property
    def span(self) -> str:
        """09:00–09:45."""
        return span_text((self.begins, self.ends))


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day: what stands in it, and what is to be known about it.

    Attributes:
        hours: the reader's working hours in words; empty when she works not at all or has said nothing.
        away: who is absent, each in a sentence.
        is_off: the reader is absent, or it is a holiday.
        taken: what else takes the reader's time, without saying what.
    """

    day: datetime.date
    entries: Sequence[Entry] = ()
    lines: Sequence[DueLine] = ()
    holiday: str = ""
    away: Sequence[str] = ()
    hours: str = ""
    is_off: bool = False
    is_today: bool = False
    taken: Sequence[Span] = ()

    @property
    def number(self) -> int:
        """How many appointments stand in it."""
        return sum(1 for entry in self.entries if entry.appointment) + sum(
            1 for line in self.lines if line.kind != due_office_hours.KIND
        )

    @property
    def facts(self) -> list[str]:
        """Holiday, absence, working hours and what else takes time, each in words."""
        hours = [_("Working hours %(spans)s") % {"spans": self.hours}] if self.hours else []
        taken = (
            [_("Taken %(spans)s") % {"spans": ", ".join(map(span_text, self.taken))}] if self.taken else []
        )
        return [*filter(None, [self.holiday]), *self.away, *hours, *taken]


def span_text(span: Span) -> str:
    """09:00–09:45."""
    return f"{time_de(span[0])}–{time_de(span[1])}"


def hours_text(day: datetime.date, hours: Sequence[Hours]) -> str:
    """08:00–12:00, 13:00–16:30; empty when nobody works then."""
    return ", ".join(span_text(span) for span in hours_of(day, hours))


def hours_between(user_id: int | None, first: datetime.date, last: datetime.date) -> list[Hours]:
    """The working hours of a user that hold on some day of a stretch."""
    rows = WorkingHours.objects.unscoped(reason="of a calendar the reader may look at")
    return [row.rule for row in rows.between(first, last).filter(user=user_id)]


def absences_between(user_ids: frozenset[int], first: datetime.date, last: datetime.date) -> list[Away]:
    """The days on which some users are away, with their names."""
    rows = Absence.objects.unscoped(reason="of calendars the reader may look at")
    rows = rows.filter(user__in=user_ids, since__lte=last, until__gte=first).select_related("user")
    return [(row.user_id, str(row.user), row.days) for row in rows if row.days.first <= row.days.last]


class Calendar:
    """The calendars a reader may look at: her own, and those of whom she stands in for.

    Args:
        user: the reader.
        scope: what she may see.
        today: the local date.
        now: the instant of the request.
    """

    def __init__(self, user: User, scope: Scope, today: datetime.date, now: datetime.datetime) -> None:
        self.user, self.scope, self.today, self.now = user, scope, today, now
        self.rows = Appointment.objects.visible_to(user).in_calendars(scope.caseloads)

    def days(self, first: datetime.date, number: int) -> list[CalendarDay]:
        """So many days without what stands in them; a statement each for hours, absences and what else takes time."""
        last = add_days(first, number - 1)
        hours = hours_between(self.user.pk, first, last)
        absences = absences_between(self.scope.caseloads, first, last)
        taken: dict[datetime.date, list[Span]] = defaultdict(list)
        for block in blocks_between(int(self.user.pk), *bounds(first, last)):
            taken[local_date(block.starts_at)].append((block.starts_at, block.ends_at))
        days = [
            self._day(day, hours, [found for found in absences if found[2].within(Days(day, day))])
            for day in (add_days(first, index) for index in range(number))
        ]
        return [replace(day, taken=taken[day.day]) for day in days]

    def _day(self, day: datetime.date, hours: Sequence[Hours], away: Sequence[Away]) -> CalendarDay:
        own = any(found[0] == self.user.pk for found in away)
        return CalendarDay(
            day,
            holiday=holiday_name(day),
            away=[
                pgettext("calendar", "You are absent")
                if key == self.user.pk
                else _("%(name)s is absent") % {"name": name}
                for key, name, _days in away
            ],
            hours=hours_text(day, hours),
            is_off=own or bool(holiday_name(day)),
            is_today=day == self.today,
        )

    def agenda(self, first: datetime.date, number: int, back: str) -> list[CalendarDay]:
        """Days with the rows of the day list; five statements, however many rows there are."""
        last = add_days(first, number - 1)
        rows = calendar_lines(self.rows.between(first, last), self.today, self.now, back=back)
        for session in office_hours_between(self.user, *bounds(first, last)).with_waiting():
            line = due_office_hours.line_of(session, self.today, self.now)
            rows.append(replace(line, when_text=time_de(session.starts_at)))
        by_day: dict[datetime.date, list[DueLine]] = defaultdict(list)
        for line in rows:
            if line.when is not None:
                by_day[local_day(line.when)].append(line)
        return [
            replace(day, lines=sorted(by_day[day.day], key=attrgetter("when")))
            for day in self.days(first, number)
        ]

    def week(self, first: datetime.date, number: int) -> list[CalendarDay]:
        """Days with their entries and what is free between them in one's own working hours."""
        last = add_days(first, number - 1)
        by_day: dict[datetime.date, list[Appointment]] = defaultdict(list)
        for row in self.rows.between(first, last).select_related("client", "manager"):
            by_day[local_date(row.starts_at)].append(row)
        sessions: dict[datetime.date, list[OfficeHourSession]] = defaultdict(list)
        for session in office_hours_between(self.user, *bounds(first, last)):
            sessions[session.day].append(session)
        hours = hours_between(self.user.pk, first, last)
        return [
            replace(day, entries=self._entries(day, by_day[day.day], sessions[day.day], hours))
            for day in self.days(first, number)
        ]

    def _entries(
        self,
        day: CalendarDay,
        rows: Sequence[Appointment],
        sessions: Sequence[OfficeHourSession],
        hours: Sequence[Hours],
    ) -> list[Entry]:
        entries = [
            Entry(
                row.starts_at,
                row.ends_at,
                row,
                note=self._note(row),
                is_done=row.state != AppointmentState.PLANNED,
            )
            for row in rows
        ]
        entries += [
            Entry(row.starts_at, row.ends_at, session=row, note=str(row.place), is_done=not row.is_open)
            for row in sessions
        ]
        if not day.is_off:
            taken = [
                (row.starts_at, row.ends_at)
                for row in rows
                if blocks(row.state) and row.manager_id == self.user.pk
            ]
            taken = sorted([*taken, *day.taken, *((row.starts_at, row.ends_at) for row in sessions)])
            entries += [Entry(*span) for span in gaps(hours_of(day.day, hours), taken) if span[1] > self.now]
        return sorted(entries, key=lambda entry: (entry.begins, entry.ends))

    def _note(self, row: Appointment) -> str:
        """Channel, and in whose calendar it stands when that is not one's own."""
        parts = [str(Channel(row.channel).label)]
        if row.state != AppointmentState.PLANNED:
            parts.append(str(AppointmentState(row.state).label))
        if row.manager is None:
            parts.append(_("nobody holds it"))
        elif row.manager_id != self.user.pk:
            parts.append(str(row.manager))
        return " · ".join(parts)
