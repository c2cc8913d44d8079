"""The one calendar: working days, local dates, instants and months (rules.md §10).

Working days are Monday to Friday without the public holidays of Baden-Württemberg. `d + n WD` is the n-th working day
strictly after d, and d need not be one. 24 and 31 December are working days. Dates are those of Europe/Berlin.
"""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

if TYPE_CHECKING:
    from holidays import HolidayBase

remembered = lru_cache(maxsize=10_000)


@cache
def public_holidays() -> HolidayBase:
    """The public holidays of Baden-Württemberg."""
    # Here, because importing them takes a moment, which every start and every command would wait for.
    import holidays

    # In place of a package that would read the calendars of all countries, ten MiB of them.
    package = ModuleType("holidays.countries")
    package.__path__ = [str(Path(holidays.__file__).with_name("countries"))]
    sys.modules.setdefault(package.__name__, package)
    from holidays.countries.germany import Germany

    # The years of this service beforehand: of two threads that ask for a new year at once, one would find it half
    # filled.
    return Germany(subdiv="BW", years=range(2015, 2051), language="de")


@remembered
def is_working_day(day: date) -> bool:
    """Monday to Friday and not a public holiday of Baden-Württemberg."""
    return public_holidays().is_working_day(day)


@remembered
def holiday_name(day: date) -> str:
    """The German name of the public holiday of Baden-Württemberg on a day; empty when it is none."""
    return str(public_holidays().get(day, ""))


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
