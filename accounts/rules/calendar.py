"""The one calendar of working days: Monday to Friday without the public holidays of Baden-Württemberg (rules.md §10).

`d + n WD` is the n-th working day strictly after d, and d need not be one. 24 and 31 December are working days.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from holidays.countries.germany import Germany

# The years of this service beforehand: of two threads that ask for a new year at once, one would find it half filled.
CALENDAR = Germany(subdiv="BW", years=range(2015, 2051))
remembered = lru_cache(maxsize=10_000)


@remembered
def is_working_day(day: date) -> bool:
    """Monday to Friday and not a public holiday of Baden-Württemberg."""
    return CALENDAR.is_working_day(day)


@remembered
def next_working_day(day: date) -> date:
    """`day` itself if it is a working day, else the first one after it. Only due dates are moved this way."""
    return CALENDAR.get_nth_working_day(day, 0)


@remembered
def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day strictly after `day`; with 0 `day` itself, unmoved."""
    return CALENDAR.get_nth_working_day(day, count) if count else day


@remembered
def subtract_working_days(day: date, count: int) -> date:
    """The latest working day x with x + `count` WD ≤ `day`, for a working day `day`."""
    return CALENDAR.get_nth_working_day(day, -count) if count else day
