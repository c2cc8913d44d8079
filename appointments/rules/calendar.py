"""Local dates, instants and months (rules.md §10 "Dates"); the working days are those of `accounts.rules.calendar`.

Months clamp to the last day of the month. Dates are those of Europe/Berlin.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from accounts.rules.calendar import (
    add_working_days,
    is_working_day,
    next_working_day,
    subtract_working_days,
)

__all__ = [
    "BERLIN",
    "add_days",
    "add_months",
    "add_working_days",
    "end_of_day",
    "full_years",
    "is_working_day",
    "local_date",
    "next_working_day",
    "start_of_day",
    "subtract_working_days",
]

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


def end_of_day(day: date) -> datetime:
    """The last instant of `day`: where a contact without a time is placed."""
    return datetime.combine(day, time.max, tzinfo=BERLIN).astimezone(UTC)
