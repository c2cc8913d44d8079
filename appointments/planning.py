"""What is to be known before a time is chosen: that day in the calendar, what speaks against it, and what is free."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Scope
from accounts.models import User
from accounts.rules.calendar import add_days, bounds, holiday_name, local_date
from appointments.busy import blocks_between, office_hours_between
from appointments.calendar import absences_between, hours_between, hours_text, span_text
from appointments.models import Appointment, OfficeHourSession, Place
from appointments.rules.place import spans_on
from appointments.rules.slots import LOOK_AHEAD, Concern, Span, concerns, free_slots
from clients.models import Client
from ui.dates import day_word, long_day, time_de


@dataclass(frozen=True, slots=True)
class Slot:
    """A free time that one tap takes over into the form."""

    span: Span
    label: str

    @property
    def value(self) -> str:
        """What its button sends: 2019-03-18T08:00/08:45."""
        begins, ends = (timezone.localtime(instant) for instant in self.span)
        return f"{begins:%Y-%m-%dT%H:%M}/{ends:%H:%M}"

    @property
    def fill(self) -> str:
        """Day and begin, in the order of the fields it fills: 2019-03-18 08:00."""
        return f"{timezone.localtime(self.span[0]):%Y-%m-%d %H:%M}"

    @staticmethod
    def read(text: str) -> dict[str, str]:
        """What a button sent, as the entries of a form; empty for nonsense."""
        begins, _slash, ends = text.partition("/")
        try:
            start, end = datetime.datetime.fromisoformat(begins), datetime.time.fromisoformat(ends)
        except ValueError:
            return {}
        return {"date": f"{start:%Y-%m-%d}", "begins": f"{start:%H:%M}", "ends": f"{end:%H:%M}"}


@dataclass(frozen=True, slots=True)
class Taken:
    """What takes time of that day: an appointment, an open office hour; otherwise only that the time is taken."""

    span: str
    client: Client | None = None
    is_office_hour: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What the planning form shows about the wanted day.

    Attributes:
        whose: the name of the manager, empty in one's own calendar.
        warnings: what speaks against the time typed; it can be planned all the same.
        has_hours: working hours are known.
    """

    day: datetime.date
    whose: str
    facts: Sequence[str]
    taken: Sequence[Taken]
    slots: Sequence[Slot]
    warnings: Sequence[str]
    has_hours: bool

    @property
    def title(self) -> str:
        """Montag, 18. März."""
        return long_day(self.day)


def rooms_for(client: Client) -> list[Place]:
    """The places in which somebody of this municipality can be met, with their hours."""
    rows = Place.objects.filter(municipality=client.municipality_id, is_active=True)
    return list(rows.prefetch_related("hours").order_by("name"))


class Planner:
    """Looks into one calendar.

    Args:
        user: who plans.
        scope: what she may see.
        holder: whose calendar it is; the caller has made sure that it is one of hers.
        now: the instant of the request.
        leave_out: an appointment that is being moved.
    """

    def __init__(
        self,
        user: User,
        scope: Scope,
        holder: User,
        now: datetime.datetime,
        leave_out: Appointment | None = None,
    ) -> None:
        self.user, self.scope, self.holder, self.now, self.leave_out = user, scope, holder, now, leave_out

    def look(
        self, day: datetime.date, span: Span | None, length: datetime.timedelta, room: Place | None = None
    ) -> Plan:
        """That day and the next free times; a handful of statements, however full the calendar is.

        Args:
            day: the wanted day.
            span: begin and end as typed, if they can be read.
            length: how long it takes.
            room: where, if it is a place of the service.
        """
        first = max(day, local_date(self.now))
        last = add_days(first, LOOK_AHEAD)
        hours = hours_between(self.holder.pk, min(day, first), last)
        absences = absences_between(frozenset({self.holder.pk}), min(day, first), last)
        away = [days for _key, _name, days in absences]
        # A day long ago is looked at alone.
        rows = [*(self._rows(day, day) if day < first else ()), *self._rows(first, last)]
        others = [
            (block.starts_at, block.ends_at)
            for block in blocks_between(int(self.holder.pk), *bounds(min(day, first), last))
        ]
        sessions = list(office_hours_between(self.holder, *bounds(min(day, first), last)))
        spans = sorted([*((row.starts_at, row.ends_at) for row in [*rows, *sessions]), *others])
        free = free_slots(first, length, hours=hours, taken=spans, away=away, now=self.now)
        is_away = any(days.first <= day <= days.last for days in away)
        worked = hours_text(day, hours)
        facts = [
            holiday_name(day),
            self._away_text() if is_away else "",
            _("Working hours %(spans)s") % {"spans": worked} if worked else "",
        ]
        found = concerns(span, hours=hours, away=away) if span else []
        return Plan(
            day=day,
            whose="" if self.holder == self.user else str(self.holder),
            facts=[fact for fact in facts if fact],
            taken=[
                Taken(span_text((row.starts_at, row.ends_at)), row.client if row.is_visible else None)
                for row in rows
                if local_date(row.starts_at) == day
            ]
            + [
                Taken(span_text((session.starts_at, session.ends_at)), is_office_hour=True)
                for session in sessions
                if session.day == day
            ]
            + [Taken(span_text(span)) for span in others if local_date(span[0]) == day],
            slots=[Slot(slot, self._label(slot)) for slot in free],
            warnings=[
                *self._warnings(found, day, worked),
                *office_hour_texts(sessions, span),
                *closed_texts(room, span),
            ],
            has_hours=bool(hours),
        )

    def _rows(self, first: datetime.date, last: datetime.date) -> list[Any]:
        everything = Appointment.objects.unscoped(
            reason="a calendar the planner may look at; names where visible"
        )
        visible = Appointment.objects.visible_to(self.user).filter(pk=OuterRef("pk"))
        rows = everything.blocking(self.holder.pk, *bounds(first, last)).annotate(is_visible=Exists(visible))
        if self.leave_out is not None:
            rows = rows.exclude(pk=self.leave_out.pk)
        return list(rows.select_related("client").order_by("starts_at"))

    def _label(self, slot: Span) -> str:
        words = {"day": day_word(slot[0], local_date(self.now)), "time": time_de(slot[0])}
        return _("%(day)s, %(time)s") % words

    def _away_text(self) -> str:
        if self.holder == self.user:
            return _("You are absent on this day")
        return _("%(name)s is absent") % {"name": self.holder}

    def _warnings(self, found: Sequence[Concern], day: datetime.date, worked: str) -> list[str]:
        said = {
            Concern.HOLIDAY: _("This day is a public holiday: %(name)s.") % {"name": holiday_name(day)},
            Concern.AWAY: f"{self._away_text()}.",
            Concern.OUTSIDE: _("This time lies outside working hours (%(spans)s).") % {"spans": worked}
            if worked
            else _("On this day there are no working hours."),
        }
        return [said[concern] for concern in found]


def office_hour_texts(sessions: Sequence[OfficeHourSession], span: Span | None) -> list[str]:
    """A sentence for every open office hour that a time overlaps."""
    if span is None:
        return []
    return [
        _("An open office hour takes place then (%(span)s, %(place)s).")
        % {"span": span_text((session.starts_at, session.ends_at)), "place": session.place}
        for session in sessions
        if session.starts_at < span[1] and session.ends_at > span[0]
    ]


def closed_texts(room: Place | None, span: Span | None) -> list[str]:
    """A sentence when a place is not open all through a time; a place without hours is never closed."""
    if room is None or span is None or not room.hours.all():
        return []
    begins, ends = (timezone.localtime(instant).time() for instant in span)
    opened = spans_on(room.hours.all(), local_date(span[0]))
    if any(opens <= begins and ends <= closes for opens, closes in opened):
        return []
    if not opened:
        return [_("%(place)s is closed on this day.") % {"place": room}]
    spans = ", ".join(f"{time_de(opens)}–{time_de(closes)}" for opens, closes in opened)
    return [_("%(place)s is open from %(spans)s on this day.") % {"place": room, "spans": spans}]
