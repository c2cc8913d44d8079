"""When office hours take place, how long people wait, and what a session counts when it closes (rules.md §9)."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Protocol

from dateutil import rrule

from accounts.rules.calendar import public_holidays
from appointments.choices import ArrivalOutcome


class Series(Protocol):
    """A weekday (0 is Monday), every so many weeks, from a day on and, if an end is known, until a day."""

    weekday: int
    every_weeks: int
    valid_from: datetime.date
    valid_until: datetime.date | None


class Arrival(Protocol):
    """Somebody who came, as values: no name, only when and what became of it."""

    arrived_at: datetime.datetime
    called_at: datetime.datetime | None
    outcome: str
    language_id: int | None
    topic_id: int | None


def session_days(series: Series, first: datetime.date, last: datetime.date) -> list[datetime.date]:
    """The days of a series from `first` to `last`, both included.

    The weeks are counted from its first session, so a holiday leaves one out and shifts nothing.

    Args:
        series: its rhythm.
        first: no day before it, however long ago the series began.
        last: no day after it.
    """
    end = min(last, series.valid_until or last)
    weekday = rrule.weekday(series.weekday)
    begins = rrule.rrule(rrule.DAILY, byweekday=weekday, dtstart=series.valid_from, count=1)[0]
    rhythm = rrule.rrule(rrule.WEEKLY, interval=series.every_weeks, dtstart=begins, until=end)
    days = (moment.date() for moment in rhythm)
    return [day for day in days if day >= first and day not in public_holidays()]


def minutes_between(start: datetime.datetime, end: datetime.datetime) -> int:
    """Whole minutes from one instant to another, never less than 0."""
    return max(0, int((end - start).total_seconds() // 60))


def usual_wait(arrivals: Iterable[Arrival]) -> int | None:
    """The median of the minutes until people were called; None while nobody was."""
    waits = _waits(arrivals)
    return int(median(waits)) if waits else None


def _waits(arrivals: Iterable[Arrival]) -> list[int]:
    return [minutes_between(row.arrived_at, row.called_at) for row in arrivals if row.called_at is not None]


@dataclass(frozen=True, slots=True)
class Tally:
    """What stays of a session.

    Attributes:
        own: talks logged with own clients.
        drop_ins: talks left for colleagues.
        anonymous: people without a file.
        left: those who left without a talk; they are no visitors.
        average_wait: minutes until somebody was called, rounded; None when nobody was.
        languages: visitors by language; None is "not asked".
        topics: people without a file by topic; None is left out.
    """

    own: int
    drop_ins: int
    anonymous: int
    left: int
    average_wait: int | None
    languages: Mapping[int | None, int]
    topics: Mapping[int, int]


def tally(arrivals: Iterable[Arrival]) -> Tally:
    """Count a session as it closes.

    Who still waits then has left without a talk. Who is at a desk without an outcome was there for a talk; nothing is
    known of a file, so it counts as one without.
    """
    rows = [(row, _outcome_at_the_end(row)) for row in arrivals]
    outcomes = Counter(outcome for _row, outcome in rows)
    visitors = [(row, outcome) for row, outcome in rows if outcome != ArrivalOutcome.LEFT]
    waits = _waits(row for row, _outcome in visitors)
    return Tally(
        own=outcomes[ArrivalOutcome.OWN],
        drop_ins=outcomes[ArrivalOutcome.DROP_IN],
        anonymous=outcomes[ArrivalOutcome.ANONYMOUS],
        left=outcomes[ArrivalOutcome.LEFT],
        average_wait=round(sum(waits) / len(waits)) if waits else None,
        languages=Counter(row.language_id for row, _outcome in visitors),
        topics=Counter(
            row.topic_id
            for row, outcome in visitors
            if outcome == ArrivalOutcome.ANONYMOUS and row.topic_id is not None
        ),
    )


def _outcome_at_the_end(row: Arrival) -> str:
    if row.outcome:
        return row.outcome
    return ArrivalOutcome.LEFT if row.called_at is None else ArrivalOutcome.ANONYMOUS
