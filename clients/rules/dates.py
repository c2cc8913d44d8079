"""Dates that are only partly known: birth and arrival of people whose papers name a year or a month."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.rules.calendar import full_years
from clients.choices import Precision

EARLIEST_YEAR = 1900
LATEST_YEAR = 2200
# Nobody in a caseload is older; a hint, not an error.
OLDEST_PLAUSIBLE_AGE = 110


class DateFault(StrEnum):
    """Why typed text is no date."""

    UNREADABLE = "unreadable"
    NO_SUCH_DAY = "no_such_day"
    SHORT_YEAR = "short_year"
    OUT_OF_RANGE = "out_of_range"


class DateInputError(ValueError):
    """Typed text cannot be read as a date; `fault` says why, the form turns it into a sentence."""

    def __init__(self, fault: DateFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class UncertainDate:
    """A date with the precision it is known to. `value` is the first day it can mean."""

    value: date
    precision: Precision = Precision.DAY

    @property
    def first(self) -> date:
        """The earliest day this date can mean."""
        if self.precision == Precision.YEAR:
            return date(self.value.year, 1, 1)
        if self.precision == Precision.MONTH:
            return self.value.replace(day=1)
        return self.value

    @property
    def last(self) -> date:
        """The latest day this date can mean."""
        if self.precision == Precision.YEAR:
            return date(self.value.year, 12, 31)
        if self.precision == Precision.MONTH:
            return self.value + relativedelta(day=31)
        return self.value

    @property
    def is_placeholder(self) -> bool:
        """1 January is what authorities write when they know the year only."""
        return self.precision == Precision.YEAR or (self.value.month == 1 and self.value.day == 1)

    def __str__(self) -> str:
        """14.03.1986, 03/1986 or 1986: the same text the parser reads back."""
        if self.precision == Precision.YEAR:
            return f"{self.value.year:04d}"
        if self.precision == Precision.MONTH:
            return f"{self.value.month:02d}/{self.value.year:04d}"
        return f"{self.value:%d.%m.}{self.value.year:04d}"


_GERMAN_DAY = re.compile(r"^([0-9]{1,2})\s*[./-]\s*([0-9]{1,2})\s*[./-]\s*([0-9]{2}|[0-9]{4})$")
_ISO_DAY = re.compile(r"^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})$")
_MONTH = re.compile(r"^([0-9]{1,2})\s*[./-]\s*([0-9]{4})$")
_ISO_MONTH = re.compile(r"^([0-9]{4})-([0-9]{1,2})$")
_YEAR = re.compile(r"^([0-9]{4})$")


def parse_uncertain(text: str) -> UncertainDate:
    """Read "14.03.1986", "1986-03-14", "3/1986" or "1979"; "00.00.1979" is a year, "00.03.1986" a month.

    Raises DateInputError: unreadable text, a day the calendar does not have (30.02.), a year of two digits
    (nobody should guess the century of a birth date), a year outside 1900–2200.
    """
    typed = text.strip()
    if match := _GERMAN_DAY.match(typed):
        if len(match[3]) == 2:
            raise DateInputError(DateFault.SHORT_YEAR)
        return _checked(int(match[3]), int(match[2]), int(match[1]))
    if match := _ISO_DAY.match(typed):
        return _checked(int(match[1]), int(match[2]), int(match[3]))
    if match := _MONTH.match(typed):
        return _checked(int(match[2]), int(match[1]), 0)
    if match := _ISO_MONTH.match(typed):
        return _checked(int(match[1]), int(match[2]), 0)
    if match := _YEAR.match(typed):
        return _checked(int(match[1]), 0, 0)
    raise DateInputError(DateFault.UNREADABLE)


def _checked(year: int, month: int, day: int) -> UncertainDate:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise DateInputError(DateFault.OUT_OF_RANGE)
    precision = Precision.DAY
    if month == 0:
        if day:
            raise DateInputError(DateFault.NO_SUCH_DAY)
        precision = Precision.YEAR
    elif day == 0:
        precision = Precision.MONTH
    try:
        return UncertainDate(date(year, month or 1, day or 1), precision)
    except ValueError as error:
        raise DateInputError(DateFault.NO_SUCH_DAY) from error


def age_on(born: UncertainDate, on: date) -> int:
    """The age rules decide with: an unknown day or month counts as the first possible one.

    In doubt a person is the older one, as an unknown birth date counts as adult.
    """
    return full_years(born.first, on)


def age_is_certain(born: UncertainDate, on: date) -> bool:
    """Whether the known part of the birth date is enough to tell the age on that day."""
    return full_years(born.first, on) == full_years(born.last, on)


def born_by(on: date, years: int) -> date:
    """The latest date of birth with `years` completed years on a day.

    On 29 February this is true for those born on 28 February and not for those born on 1 March. In a year without a
    29 February it is true from 1 March for those born on 29 February.
    """
    return on - relativedelta(years=years)


def is_at_least(born: UncertainDate | None, years: int, on: date) -> bool:
    """Whether a person has reached an age; an unknown birth date counts as adult."""
    return born is None or age_on(born, on) >= years


def age_text(born: UncertainDate | None, today: date) -> str:
    """ "34 Jahre", "9 Monate", "etwa 39 Jahre" when only the year is known, "" when nothing is."""
    if born is None or born.first > today:
        return ""
    years = age_on(born, today)
    if years < 2:
        months = (today.year - born.first.year) * 12 + today.month - born.first.month
        months -= today.day < born.first.day
        return ngettext("%(count)s month", "%(count)s months", months) % {"count": months}
    text = ngettext("%(count)s year", "%(count)s years", years) % {"count": years}
    return text if age_is_certain(born, today) else _("about %(age)s") % {"age": text}


class BirthDoubt(StrEnum):
    """What is odd about a birth date. The first two are errors, the rest hints."""

    IN_FUTURE = "in_future"
    BEFORE_1900 = "before_1900"
    VERY_OLD = "very_old"
    NOT_EXACT = "not_exact"
    PLACEHOLDER = "placeholder"

    @property
    def is_error(self) -> bool:
        return self in (BirthDoubt.IN_FUTURE, BirthDoubt.BEFORE_1900)


def birth_doubts(born: UncertainDate, today: date) -> tuple[BirthDoubt, ...]:
    """Everything odd about a birth date, errors first."""
    doubts: list[BirthDoubt] = []
    if born.first > today:
        doubts.append(BirthDoubt.IN_FUTURE)
    if born.first.year < EARLIEST_YEAR:
        doubts.append(BirthDoubt.BEFORE_1900)
    elif age_on(born, today) > OLDEST_PLAUSIBLE_AGE:
        doubts.append(BirthDoubt.VERY_OLD)
    if born.precision != Precision.DAY:
        doubts.append(BirthDoubt.NOT_EXACT)
    elif born.is_placeholder:
        doubts.append(BirthDoubt.PLACEHOLDER)
    return tuple(doubts)


def certainly_before(one: UncertainDate, other: UncertainDate) -> bool:
    """Whether the first date lies before the second for all values of their unknown parts."""
    return one.last < other.first


def days_between(earlier: date, later: date) -> int:
    """Whole days strictly between two days; 0 for the same or following day."""
    return max((later - earlier - timedelta(days=1)).days, 0)
