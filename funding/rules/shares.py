"""Shares of full positions over days: nobody is paid for more than she works (rules.md "Money")."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal

from accounts.rules.days import ONE_DAY, Days

FULL = Decimal("1.00")


@dataclass(frozen=True, slots=True)
class Share:
    """A share of a full position on some days, both ends included."""

    days: Days
    share: Decimal


@dataclass(frozen=True, slots=True)
class Excess:
    """The first day on which shares together are more than the position.

    Attributes:
        day: that day.
        held: how large her position is on it.
        free: what the other shares leave of it; below zero when they take too much by themselves.
    """

    day: datetime.date
    held: Decimal
    free: Decimal


def sum_on(shares: Iterable[Share], day: datetime.date) -> Decimal:
    """What some shares are together on a day."""
    return sum((one.share for one in shares if one.days.first <= day <= one.days.last), Decimal(0))


def first_excess(wanted: Share, others: Collection[Share], held: Collection[Share]) -> Excess | None:
    """The first day on which a share does not fit into a position; None when it always does.

    Args:
        wanted: what is to be entered.
        others: what is paid elsewhere of the same person.
        held: her position over time; a day without one counts as none.
    """
    for day in _days_of_change(wanted.days, [*others, *held]):
        position = sum_on(held, day)
        free = position - sum_on(others, day)
        if wanted.share > free:
            return Excess(day, position, free)
    return None


def _days_of_change(within: Days, shares: Iterable[Share]) -> list[datetime.date]:
    """The first day, and those on which one of the shares begins or has ended: between them nothing changes."""
    found = {within.first}
    for one in shares:
        found |= {one.days.first, one.days.last + ONE_DAY}
    return sorted(day for day in found if within.first <= day <= within.last)
