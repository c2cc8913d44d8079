"""Working hours, what is free between appointments, and what speaks against a time (rules.md §3).

Spans are begin and end as instants, half-open. Everything is compared in UTC, so that a day on which the clock changes
has the hours it has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from itertools import pairwise

from accounts.rules.calendar import BERLIN, add_days, holiday_name, local_date
from accounts.rules.days import Days

Span = tuple[datetime, datetime]
STEP = timedelta(minutes=15)
LOOK_AHEAD = 60
"""Days within which a free time is sought."""
PROPOSED, PROPOSED_A_DAY = 5, 3
MONDAY_TO_FRIDAY, SUNDAY = range(5), 6
USUAL = (time(8), time(16))
"""Within these hours times are proposed to somebody who has entered none of her own."""
ONE_SPAN = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?\s*(?:–|-|bis)\s*(\d{1,2})(?:[:.](\d{2}))?")


@dataclass(frozen=True, slots=True, order=True)
class Hours:
    """A span of a weekday (0 is Monday) on which somebody works, from a day on."""

    weekday: int
    begins: time
    ends: time
    valid_from: date = date.min
    valid_until: date | None = None

    def hold_on(self, day: date) -> bool:
        """Whether they are hours of this very day."""
        lasts = self.valid_until is None or day <= self.valid_until
        return day.weekday() == self.weekday and self.valid_from <= day and lasts


class Concern(Enum):
    """What speaks against a time; none of it forbids it."""

    HOLIDAY = "holiday"
    AWAY = "away"
    OUTSIDE = "outside"


def at(day: date, clock: time) -> datetime:
    """The instant at which the clock of Stutensee shows a time."""
    return datetime.combine(day, clock, tzinfo=BERLIN).astimezone(UTC)


def read_spans(text: str) -> list[tuple[time, time]]:
    """What somebody typed for a day: "8–12, 13:00-16.30"; empty means that she does not work then.

    Raises:
        ValueError: it cannot be read, ends before it begins, or overlaps.
    """
    spans = []
    for part in filter(None, (part.strip() for part in re.split(r"[,;]|\bund\b", text))):
        found = ONE_SPAN.fullmatch(part.removesuffix("Uhr").strip())
        if found is None:
            raise ValueError(part)
        hour, minute, last_hour, last_minute = (int(number or 0) for number in found.groups())
        spans.append((time(hour, minute), time(last_hour, last_minute)))
    spans.sort()
    if any(begins >= ends for begins, ends in spans) or any(
        one[1] > other[0] for one, other in pairwise(spans)
    ):
        raise ValueError(text)
    return spans


def hours_of(day: date, hours: Iterable[Hours]) -> list[Span]:
    """When somebody works on a day, in order."""
    return sorted((at(day, span.begins), at(day, span.ends)) for span in hours if span.hold_on(day))


def gaps(open_spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of some spans when others are taken out of them, in order."""
    left = []
    busy = sorted(taken)
    for start, end in sorted(open_spans):
        for begin, until in busy:
            if until <= start or begin >= end:
                continue
            if begin > start:
                left.append((start, begin))
            start = max(start, until)
        if start < end:
            left.append((start, end))
    return left


def free_slots(
    first: date,
    length: timedelta,
    *,
    hours: Sequence[Hours],
    taken: Sequence[Span],
    away: Sequence[Days],
    now: datetime,
) -> list[Span]:
    """The next free times: within working hours, without appointments, absences and public holidays.

    Args:
        first: the wanted day; nothing before it is proposed.
        length: how long it takes.
        hours: working hours; without any, Monday to Friday at usual hours.
        taken: what is in the calendar.
        away: days of absence.
        now: nothing before this instant is proposed.

    Returns:
        At most five, at most three of one day, each beginning on a quarter of an hour.
    """
    found: list[Span] = []
    known = hours or [Hours(weekday, *USUAL) for weekday in MONDAY_TO_FRIDAY]
    for day in (add_days(first, number) for number in range(LOOK_AHEAD)):
        if holiday_name(day) or any(days.first <= day <= days.last for days in away):
            continue
        of_day: list[Span] = []
        for start, end in gaps(hours_of(day, known), taken):
            begin = _quarter(max(start, now))
            while begin + length <= end:
                of_day.append((begin, begin + length))
                begin = _quarter(begin + length)
        found += of_day[:PROPOSED_A_DAY]
        if len(found) >= PROPOSED:
            break
    return found[:PROPOSED]


def concerns(span: Span, *, hours: Sequence[Hours], away: Sequence[Days]) -> list[Concern]:
    """What speaks against a time; who has entered no working hours is never told that it lies outside."""
    start, end = span
    day = local_date(start)
    found = []
    if holiday_name(day):
        found.append(Concern.HOLIDAY)
    if any(days.first <= day <= days.last for days in away):
        found.append(Concern.AWAY)
    if hours and gaps([(start, end)], hours_of(day, hours)):
        found.append(Concern.OUTSIDE)
    return found


def _quarter(instant: datetime) -> datetime:
    """The first quarter of an hour at or after an instant."""
    over = timedelta(minutes=instant.minute % 15, seconds=instant.second, microseconds=instant.microsecond)
    return instant + (STEP - over if over else timedelta())
