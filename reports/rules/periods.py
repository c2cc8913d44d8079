"""The periods figures are asked for: months, quarters, years, and from–to in whole months (rules.md §8).

There are no single days: who may ask for any two of them can ask for two that differ by one person. Months and
years are calendar (rules.md §10).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from dateutil.relativedelta import relativedelta


class Kind(StrEnum):
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    MONTHS = "months"


_MONTHS = {Kind.MONTH: 1, Kind.QUARTER: 3, Kind.YEAR: 12}
_MONTH_CODE = re.compile(r"(\d{4})-(0[1-9]|1[0-2])", re.ASCII)
_QUARTER_CODE = re.compile(r"(\d{4})-Q([1-4])", re.ASCII)
_YEAR_CODE = re.compile(r"(\d{4})", re.ASCII)
_MONTHS_CODE = re.compile(r"(\d{4}-\d{2})_(\d{4}-\d{2})", re.ASCII)
EARLIEST_YEAR = 2000
LATEST_YEAR = 2100


class NoSuchPeriod(ValueError):
    """The text names no period."""


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """First and last day, both included."""

    first: dt.date
    last: dt.date
    kind: Kind

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise NoSuchPeriod("A period does not end before it begins.")

    def is_complete(self, today: dt.date) -> bool:
        """Whether its last day is over, so that the stock on it can no longer grow."""
        return self.last < today

    @property
    def code(self) -> str:
        """The period as it stands in a URL: 2019-02, 2019-Q1, 2019 or 2019-02_2019-04."""
        match self.kind:
            case Kind.MONTH:
                return f"{self.first:%Y-%m}"
            case Kind.QUARTER:
                return f"{self.first:%Y}-Q{quarter_number(self.first)}"
            case Kind.YEAR:
                return f"{self.first:%Y}"
            case Kind.MONTHS:
                return f"{self.first:%Y-%m}_{self.last:%Y-%m}"


def quarter_number(day: dt.date) -> int:
    """1 to 4."""
    return (day.month - 1) // 3 + 1


def containing(kind: Kind, day: dt.date) -> Period:
    """The whole month, quarter or year a day lies in.

    Raises:
        NoSuchPeriod: for a from–to, which no day determines.
    """
    if kind is Kind.MONTHS:
        raise NoSuchPeriod("From–to has a first and a last month of its own.")
    months = _MONTHS[kind]
    first_month = (day.month - 1) // months * months + 1
    first = dt.date(day.year, first_month, 1)
    return Period(first, first + relativedelta(months=months, days=-1), kind)


def months(first: Period, last: Period) -> Period:
    """From one month to another, both included.

    Raises:
        NoSuchPeriod: the last one lies before the first.
    """
    return Period(first.first, last.last, Kind.MONTHS)


def previous(period: Period) -> Period:
    """The period before: the month, quarter or year before; for from–to as many months before it."""
    day_before = period.first - dt.timedelta(days=1)
    if period.kind is not Kind.MONTHS:
        return containing(period.kind, day_before)
    first = period.first - relativedelta(months=_length(period))
    return months(containing(Kind.MONTH, first), containing(Kind.MONTH, day_before))


def _length(period: Period) -> int:
    """How many months it has."""
    return (period.last.year - period.first.year) * 12 + period.last.month - period.first.month + 1


def same_stretch(before: Period, period: Period, day: dt.date) -> dt.date:
    """The last day of the period before that a running period is compared with: as many days of either.

    Args:
        before: the period before.
        period: the period itself.
        day: its last day, or today while it runs.

    Raises:
        ValueError: the period has not begun.
    """
    if day < period.first:
        raise ValueError("What has not begun is compared with nothing.")
    if day >= period.last:
        return before.last
    return min(before.last, before.first + (day - period.first))


def following(period: Period) -> Period:
    """The period after, built like `previous`."""
    day_after = period.last + dt.timedelta(days=1)
    if period.kind is not Kind.MONTHS:
        return containing(period.kind, day_after)
    last = period.last + relativedelta(months=_length(period))
    return months(containing(Kind.MONTH, day_after), containing(Kind.MONTH, last))


def trend_months(last_day: dt.date, count: int = 24) -> list[Period]:
    """The `count` months up to the one `last_day` lies in, oldest first."""
    months = [containing(Kind.MONTH, last_day)]
    while len(months) < count:
        months.append(previous(months[-1]))
    return months[::-1]


def half_year_of(day: dt.date) -> dt.date:
    """The first day of the half-year a day lies in."""
    return dt.date(day.year, 1 if day.month <= 6 else 7, 1)


def half_year_ends(day: dt.date) -> Iterator[dt.date]:
    """The ends of half-years, 30 June and 31 December, backwards from that of the half-year a day lies in."""
    year, month = day.year, 6 if day.month <= 6 else 12
    while True:
        yield dt.date(year, month, 30 if month == 6 else 31)
        year, month = (year - 1, 12) if month == 6 else (year, 6)


def month_choices(begin: dt.date, today: dt.date) -> list[Period]:
    """What a picker offers: the running month first, then back to the one `begin` lies in."""
    offered = [containing(Kind.MONTH, max(today, begin))]
    while offered[-1].first > begin:
        offered.append(previous(offered[-1]))
    return offered


def parse(code: str) -> Period:
    """The period a URL names (see `Period.code`).

    Raises:
        NoSuchPeriod: the text names none, or one outside 2000–2100.
    """
    period = _parsed(code)
    if not EARLIEST_YEAR <= period.first.year <= period.last.year <= LATEST_YEAR:
        raise NoSuchPeriod(f"Periods lie between {EARLIEST_YEAR} and {LATEST_YEAR}.")
    return period


def _parsed(code: str) -> Period:
    try:
        if match := _MONTH_CODE.fullmatch(code):
            return containing(Kind.MONTH, dt.date(int(match[1]), int(match[2]), 1))
        if match := _QUARTER_CODE.fullmatch(code):
            return containing(Kind.QUARTER, dt.date(int(match[1]), int(match[2]) * 3, 1))
        if match := _YEAR_CODE.fullmatch(code):
            return containing(Kind.YEAR, dt.date(int(match[1]), 1, 1))
        if match := _MONTHS_CODE.fullmatch(code):
            return months(_parsed(match[1]), _parsed(match[2]))
    except ValueError as error:
        raise NoSuchPeriod("No such month.") from error
    raise NoSuchPeriod("Not a month, quarter, year or from–to in months.")
