"""Working days of Baden-Württemberg and local dates (rules.md §10 "Dates").

`d + n WD` is the n-th working day strictly after d, and d need not be one. 24 and 31 December are working days.
Months clamp to the last day of the month. Dates are those of Europe/Berlin.
"""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays.countries.germany import Germany

BERLIN = ZoneInfo("Europe/Berlin")
SATURDAY = 5


@lru_cache(maxsize=256)
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of Baden-Württemberg in `year`."""
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


def add_days(day: date, count: int) -> date:
    """Calendar days; the result is not moved to a working day."""
    return day + timedelta(days=count)


def add_months(day: date, count: int) -> date:
    """`count` calendar months after `day`, clamped to the month's last day. Always add to the original date."""
    month_index = day.year * 12 + day.month - 1 + count
    year, month = divmod(month_index, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def full_years(born_on: date, day: date) -> int:
    """Completed years on `day`. Someone born on 29 February completes a year on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def local_date(instant: datetime) -> date:
    """The date in Stutensee at `instant`."""
    return instant.astimezone(BERLIN).date()


def start_of_day(day: date) -> datetime:
    """00:00 of `day` in Stutensee, in UTC so that instants compare by the clock of the world."""
    return datetime.combine(day, time.min, tzinfo=BERLIN).astimezone(UTC)


def end_of_day(day: date) -> datetime:
    """The last instant of `day`: where a contact without a time is placed."""
    return datetime.combine(day, time.max, tzinfo=BERLIN).astimezone(UTC)
