"""The one calendar of working days: Monday to Friday without the public holidays of Baden-Württemberg (rules.md §10).

`d + n WD` is the n-th working day strictly after d, and d need not be one. 24 and 31 December are working days.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

SATURDAY = 5


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of Baden-Württemberg in `year`."""
    # Here, because importing it takes a tenth of a second, which every start and every command would wait for.
    from holidays.countries.germany import Germany

    return frozenset(Germany(subdiv="BW", years=year))


def is_working_day(day: date) -> bool:
    """Monday to Friday and not a public holiday of Baden-Württemberg."""
    return day.weekday() < SATURDAY and day not in public_holidays(day.year)


def next_working_day(day: date) -> date:
    """`day` itself if it is a working day, else the first one after it. Only due dates are moved this way."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day strictly after `day`; with 0 `day` itself, unmoved."""
    for _step in range(count):
        day = next_working_day(day + timedelta(days=1))
    return day


def subtract_working_days(day: date, count: int) -> date:
    """The latest working day x with x + `count` WD ≤ `day`, for a working day `day`."""
    for _step in range(count):
        day -= timedelta(days=1)
        while not is_working_day(day):
            day -= timedelta(days=1)
    return day
