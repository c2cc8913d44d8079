"""The one calendar of working days: Monday to Friday without the public holidays of Baden-Württemberg (rules.md §10).

`d + n WD` is the n-th working day strictly after d, and d need not be one. 24 and 31 December are working days.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from holidays import HolidayBase

remembered = lru_cache(maxsize=10_000)


@cache
def public_holidays() -> HolidayBase:
    """The public holidays of Baden-Württemberg."""
    # Here, because importing it takes a tenth of a second, which every start and every command would wait for.
    from holidays.countries.germany import Germany

    # The years of this service beforehand: of two threads that ask for a new year at once, one would find it half
    # filled.
    return Germany(subdiv="BW", years=range(2015, 2051))


@remembered
def is_working_day(day: date) -> bool:
    """Monday to Friday and not a public holiday of Baden-Württemberg."""
    return public_holidays().is_working_day(day)


@remembered
def next_working_day(day: date) -> date:
    """`day` itself if it is a working day, else the first one after it. Only due dates are moved this way."""
    return public_holidays().get_nth_working_day(day, 0)


@remembered
def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day strictly after `day`; with 0 `day` itself, unmoved."""
    return public_holidays().get_nth_working_day(day, count) if count else day


@remembered
def subtract_working_days(day: date, count: int) -> date:
    """The latest working day x with x + `count` WD ≤ `day`, for a working day `day`."""
    return public_holidays().get_nth_working_day(day, -count) if count else day
