"""Figures about what is open to everybody: office hours (rules.md §9) and group events; never an arrival."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, IntegerField, OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce, TruncMonth

from accounts.rules.calendar import BERLIN, bounds
from appointments.choices import Channel, SessionState
from appointments.models import Contact, ContactParticipant, GroupEvent, OfficeHourSession
from clients.figures import FilesOverTime


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """What office hours came to.

    Attributes:
        sessions: those that took place and are closed; also if nobody came.
        visitors: whoever was talked with, with or without a file. Who left without a talk is not among them.
    """

    sessions: int
    visitors: int

    @property
    def per_session(self) -> float | None:
        """Visitors per session; None without a session."""
        return self.visitors / self.sessions if self.sessions else None


def office_hours_by_month(
    municipalities: Iterable[int], first: datetime.date, last: datetime.date
) -> dict[tuple[int, datetime.date], OfficeHours]:
    """Office hours by municipality and month, counted in the database (one query).

    Args:
        municipalities: keys of those asked for.
        first: first day, included.
        last: last day, included.

    Returns:
        By municipality and the first day of a month; months without a closed session are left out.
    """
    start, end = bounds(first, last)
    held = OfficeHourSession.objects.filter(
        state=SessionState.CLOSED,
        municipality__in=list(municipalities),
        starts_at__gte=start,
        starts_at__lt=end,
    )
    rows: Any = (
        held.order_by()
        .values("municipality_id", month=TruncMonth("starts_at", tzinfo=BERLIN))
        .annotate(sessions=Count("pk"), visitors=Sum(F("own") + F("drop_ins") + F("anonymous")))
    )
    return {
        (row["municipality_id"], row["month"].date()): OfficeHours(row["sessions"], row["visitors"])
        for row in rows
    }


def together(parts: Mapping[Any, OfficeHours]) -> OfficeHours:
    """Several months or municipalities in one."""
    return OfficeHours(
        sessions=sum(part.sessions for part in parts.values()),
        visitors=sum(part.visitors for part in parts.values()),
    )


@dataclass(frozen=True, slots=True)
class GroupEvents:
    """Group events with their attendees, whether they stand in a file or in none."""

    events: int
    attendees: int


def came_to() -> Coalesce:
    """How many came to a group event in a file: as many as were counted, or are named."""
    named = ContactParticipant.objects.unscoped(reason="figures").current_version()
    number = named.filter(contact=OuterRef("pk")).order_by().values("contact").annotate(number=Count("pk"))
    return Coalesce("attendees", Subquery(number.values("number"), output_field=IntegerField()), Value(0))


def group_events_by_month(
    files: FilesOverTime, municipalities: Iterable[int], first: datetime.date, last: datetime.date
) -> dict[tuple[int, datetime.date], GroupEvents]:
    """Group events from `first` to `last` by municipality and month (two queries; rules.md §10 "Group events").

    Args:
        files: the files asked for.
        municipalities: keys of those asked for.
        first: first day, included.
        last: last day, included.

    Returns:
        By municipality and the first day of a month; months without one are left out.
    """
    events = Contact.objects.unscoped(reason="figures").between(first, last).filter(channel=Channel.GROUP)
    in_files: Any = files.placed(events, "happened_on").order_by().annotate(came=came_to())
    months = in_files.values_list("belonged_to", TruncMonth("happened_on"))
    others: Any = GroupEvent.objects.filter(municipality__in=list(municipalities)).held_between(first, last)
    without = others.order_by().values_list("municipality_id", TruncMonth("held_on"))
    counted: dict[tuple[int, datetime.date], GroupEvents] = {}
    for rows, people in ((months, "came"), (without, "attendees")):
        for place, month, held, attendees in rows.annotate(held=Count("pk"), people=Sum(people)):
            before = counted.get((place, month), GroupEvents(0, 0))
            counted[place, month] = GroupEvents(before.events + held, before.attendees + (attendees or 0))
    return counted


def group_events(
    files: FilesOverTime, municipalities: Iterable[int], first: datetime.date, last: datetime.date
) -> GroupEvents:
    """Group events from `first` to `last` in one number (see `group_events_by_month`)."""
    parts = group_events_by_month(files, municipalities, first, last).values()
    return GroupEvents(sum(part.events for part in parts), sum(part.attendees for part in parts))
