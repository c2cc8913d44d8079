"""Stretches of days, both ends included, and what remains of one without another."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.rules.calendar import is_working_day

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True, order=True)
class Days:
    """From a first to a last day, both included."""

    first: datetime.date
    last: datetime.date

    @property
    def working_days(self) -> int:
        """Number of working days, the first and the last day counted (rules.md §10)."""
        days = (self.last - self.first).days + 1
        return sum(1 for n in range(days) if is_working_day(self.first + n * ONE_DAY))

    def within(self, other: Days) -> Days | None:
        """The days both have in common."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Days(first, last) if first <= last else None

    def without(self, others: Iterable[Days]) -> list[Days]:
        """What is left of these days when others are taken out, in order."""
        left, first = [], self.first
        for taken in sorted(others):
            if taken.first > first:
                rest = Days(first, taken.first - ONE_DAY).within(self)
                left += [rest] if rest else []
            first = max(first, taken.last + ONE_DAY)
        return [*left, Days(first, self.last)] if first <= self.last else left


def chain_with(days: Days, others: Iterable[Days], *, apart: int) -> list[Days]:
    """These days and those others that lead up to them without a proper break.

    Args:
        days: the last link.
        others: days that begin no later.
        apart: between two links lie fewer working days than this.
    """
    chain = [days]
    first = days.first
    for other in sorted(others, key=lambda one: one.last, reverse=True):
        if Days(other.last + ONE_DAY, first - ONE_DAY).working_days >= apart:
            break
        chain.append(other)
        first = min(first, other.first)
    return chain


def working_days_of(stretches: Iterable[Days]) -> int:
    """Number of working days in these stretches together; a day in two of them counts once."""
    counted: list[Days] = []
    number = 0
    for days in stretches:
        number += sum(part.working_days for part in days.without(counted))
        counted.append(days)
    return number


def uncovered(days: Days, covered: Iterable[Days]) -> list[Days]:
    """What nobody stands in for; a weekend or holiday between two stand-ins is no gap."""
    return [gap for gap in days.without(covered) if gap.working_days]
