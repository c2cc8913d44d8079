"""Where a period fits among others of its kind: one holds at a time, and a new one ends the former (rules.md §12)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Span:
    """A period; both days belong to it. ``until`` is None while it holds; ``key`` tells the caller which one it is."""

    since: date
    until: date | None = None
    key: Any = None

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def touches(self, later: "Span") -> bool:
        """Whether the later one begins the day after this one ends."""
        return self.until is not None and self.until + ONE_DAY == later.since


class Clash(StrEnum):
    """Why a period does not fit."""

    REVERSED = "reversed"
    SAME_DAY = "same_day"
    STILL_HOLDS = "still_holds"
    LIES_WITHIN = "lies_within"
    RUNS_INTO = "runs_into"


class PeriodClash(ValueError):
    """A period does not fit; the form says so at the field of the wrong day.

    Attributes:
        clash: why.
        at: "since" or "until".
        other: the period it clashes with, None where it contradicts itself.
    """

    def __init__(self, clash: Clash, at: str, other: Span | None = None) -> None:
        super().__init__(clash.value)
        self.clash, self.at, self.other = clash, at, other


@dataclass(frozen=True, slots=True)
class Fit:
    """How a period fits: itself, and the neighbours whose ends it moves."""

    span: Span
    moved: tuple[Span, ...] = ()


def add(new: Span, others: Sequence[Span], today: date) -> Fit:
    """Fit in a new period.

    It ends the one that holds when it begins. One that is recorded late, or stands before a planned change, ends the
    day before the next one begins.

    Args:
        new: the period as it was entered.
        others: the recorded ones, which do not overlap.
        today: a period that is over cannot end one that still holds.

    Raises:
        PeriodClash: it overlaps in a way that nobody can have meant.
    """
    before, after = _neighbours(new, others)
    if before is not None and before.covers(new.since):
        if before.until is not None and not (after and before.touches(after)):
            raise PeriodClash(Clash.STILL_HOLDS, "since", before)
        return Fit(_instead_of(before, new, after, today), (replace(before, until=new.since - ONE_DAY),))
    if after is not None and new.until is None:
        return Fit(replace(new, until=after.since - ONE_DAY))
    _refuse_running_into(new, after)
    return Fit(new)


def _instead_of(before: Span, new: Span, after: Span | None, today: date) -> Span:
    """The new period from its first day on in place of the one that held until then."""
    if new.until is None:
        return replace(new, until=before.until)
    _refuse_running_into(new, after)
    if before.until is None and new.until >= today:
        return new
    if new.until != before.until:
        raise PeriodClash(Clash.LIES_WITHIN, "until", before)
    return new


def correct(old: Span, new: Span, others: Sequence[Span]) -> Fit:
    """Correct the days of a period; a former one that ended with its beginning goes on ending with it.

    Args:
        old: as it is recorded.
        new: as it should be.
        others: the other recorded ones.

    Raises:
        PeriodClash: it would overlap with another one.
    """
    before, after = _neighbours(new, others)
    _refuse_running_into(new, after)
    if before is None:
        return Fit(new)
    ended_with_it = before.touches(old)
    if ended_with_it:
        if before.until == new.since - ONE_DAY:
            return Fit(new)
        return Fit(new, (replace(before, until=new.since - ONE_DAY),))
    if before.covers(new.since):
        raise PeriodClash(Clash.STILL_HOLDS, "since", before)
    return Fit(new)


def _neighbours(new: Span, others: Sequence[Span]) -> tuple[Span | None, Span | None]:
    """The last one that begins before and the first one that begins after."""
    if new.until is not None and new.until < new.since:
        raise PeriodClash(Clash.REVERSED, "until")
    same = next((span for span in others if span.since == new.since), None)
    if same is not None:
        raise PeriodClash(Clash.SAME_DAY, "since", same)
    before = [span for span in others if span.since < new.since]
    after = [span for span in others if span.since > new.since]
    return (
        max(before, key=lambda span: span.since, default=None),
        min(after, key=lambda span: span.since, default=None),
    )


def _refuse_running_into(new: Span, after: Span | None) -> None:
    if after is not None and (new.until is None or new.until >= after.since):
        raise PeriodClash(Clash.RUNS_INTO, "until", after)
