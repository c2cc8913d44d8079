"""The one calendar: working days, local dates, instants and months (rules.md §10).

Working days are Monday to Friday without the public holidays of Baden-Württemberg. `d + n WD` is the n-th working day
strictly after d, and d need not be one. 24 and 31 December are working days. Dates are those of Europe/Berlin.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from dateutil.relativedelta import relativedelta

remembered = lru_cache(maxsize=10_000)

DAY = timedelta(days=1)
FIXED = ((1, 1), (1, 6), (5, 1), (10, 3), (11, 1), (12, 25), (12, 26))
FROM_EASTER = (-2, 1, 39, 50, 60)
"""Good Friday, Easter Monday, Ascension, Whit Monday and Corpus Christi, in days after Easter Sunday."""
EASTER_IS_KNOWN = range(1583, 4100)
REFORMATION_500 = date(2017, 10, 31)


@cache
def public_holidays(year: int) -> frozenset[date]:
    """The public holidays of Baden-Württemberg; a calendar of all countries would be a tenth of our memory."""
    movable = [easter(year) + days * DAY for days in FROM_EASTER] if year in EASTER_IS_KNOWN else []
    return frozenset((*(date(year, *day) for day in FIXED), *movable, REFORMATION_500))


@remembered
def is_working_day(day: date) -> bool:
    """Monday to Friday and not a public holiday of Baden-Württemberg."""
    return day.weekday() < 5 and day not in public_holidays(day.year)


@remembered
def next_working_day(day: date) -> date:
    """`day` itself if it is a working day, else the first one after it. Only due dates are moved this way."""
    return day if is_working_day(day) else add_working_days(day, 1)


@remembered
def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day strictly after `day`; with 0 `day` itself, unmoved."""
    return _walk(day, count, DAY)


@remembered
def subtract_working_days(day: date, count: int) -> date:
    """The latest working day x with x + `count` WD ≤ `day`, for a working day `day`."""
    return _walk(day, count, -DAY)


def _walk(day: date, count: int, step: timedelta) -> date:
    while count > 0:
        day += step
        count -= is_working_day(day)
    return day


BERLIN = ZoneInfo("Europe/Berlin")


def add_days(day: date, count: int) -> date:
    """Calendar days; the result is not moved to a working day."""
    return day + timedelta(days=count)


def add_months(day: date, count: int) -> date:
    """`count` calendar months after `day`, clamped to the month's last day. Always add to the original date."""
    return day + relativedelta(months=count)


def full_years(born_on: date, day: date) -> int:
    """Completed years on `day`. Someone born on 29 February completes a year on 1 March."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def local_date(instant: datetime) -> date:
    """The date in Stutensee at `instant`."""
    return instant.astimezone(BERLIN).date()


def start_of_day(day: date) -> datetime:
    """00:00 of `day` in Stutensee, in UTC so that instants compare by the clock of the world."""
    return datetime.combine(day, time.min, tzinfo=BERLIN).astimezone(UTC)


def bounds(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """The instants between which local days lie: from 00:00 of the first to 00:00 after the last, which is outside.

    Args:
        first: the first day.
        last: the last day, included; the first one if left out.
    """
    return start_of_day(first), start_of_day(add_days(last or first, 1))


def end_of_day(day: date) -> datetime:
    """The last instant of `day`: where a contact without a time is placed."""
    return datetime.combine(day, time.max, tzinfo=BERLIN).astimezone(UTC)
