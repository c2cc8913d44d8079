"""Dates as offices write them, read by one decision per column that is shown with examples before it counts.

``parse`` is pure: text in, a date or a fault out, ``today`` passed in. What is certain in every column (a time behind
the day, a month by name, digits of other scripts, "00.00.1986") is always read; what could be meant otherwise (years
of two digits, serial numbers, which of two numbers is the month, years of another calendar) only as the column says.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.rules.dates import DateFault, DateInputError, Precision, UncertainDate, parse_uncertain
from intake.importing.values import plain


class DateReading(models.TextChoices):
    """How the dates of a column are read."""

    DAY_FIRST = "day_first", _("day before month")
    MONTH_FIRST = "month_first", _("month before day")
    IRANIAN = "iranian", _("Iranian calendar where the year is one")
    SINCE_1904 = "since_1904", _("day before month; numbers count the days since 1904")
    STRICT = "strict", _("only complete dates; the others are asked row by row")


MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januar|jan|jaenner|january",
            "februar|feb|feber|february",
            "maerz|marz|mrz|maer|mar|march",
            "april|apr",
            "mai|may",
            "juni|jun|june|juno",
            "juli|jul|july|julei",
            "august|aug",
            "september|sep|sept",
            "oktober|okt|october|oct",
            "november|nov",
            "dezember|dez|december|dec",
        ),
        start=1,
    )
    for name in names.split("|")
}
_NOT_KNOWN = frozenset(
    {
        *("unbekannt", "unbek", "unknown", "nicht bekannt", "n b", "nb", "fehlt", "offen", "liegt nicht vor"),
        *("k a", "ka", "keine angabe", "keine angaben", "o a", "ohne angabe", "n a", "na", "nicht angegeben"),
        *("keine", "kein", "entfaellt", ""),
    }
)
# What a cell of dates holds where the number behind it is 0.
_NOTHING = re.compile(r"0+(?:[.:/ -]0+)*")
_DAY_ONE, _DAY_ONE_OF_1904 = date(1899, 12, 30), date(1904, 1, 1)
# Different values of one column that are looked at to see how it is written.
_LOOKED_AT = 500
_FIRST_SERIAL, _LAST_SERIAL = 10_000, 73_050
_IRANIAN_YEARS = range(1280, 1431)
_TIME = re.compile(
    r"[T ,]\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(?:([ap])\.?m\.?)?\s*(z|[+-]\d{2}:?\d{2})?\s*(?:uhr)?$",
    re.IGNORECASE,
)
_BEFORE = re.compile(
    r"^(?:(?:geb(?:oren)?|am|bis(?: zum)?|seit|ab|vom|von|gültig|befristet|jg|jahrgang|ca|circa|etwa|ungefähr|um|vor)\b"
    r"\.?|[*~≈:]|(?:mo|di|mi|do|fr|sa|so)[a-z]*\.?,)\s*",
    re.IGNORECASE,
)
_GUESSED = re.compile(
    r"gesch(?:ä|ae)tzt|\bca\b|circa|etwa|ungef(?:ä|ae)hr|fiktiv|estimated|approx|[~≈?]", re.IGNORECASE
)
_BRACKETS = re.compile(r"\([^)]*\)|\[[^\]]*\]")
_UNKNOWN_PART = re.compile(r"(?<![^\W\d_])(?:xx?|\?\??|__?|--)(?=[./-])", re.IGNORECASE)
_UNKNOWN_END = re.compile(r"(?<=[./-])(?:xx|\?\?|__|--)(?=$|[./-])", re.IGNORECASE)
_THREE = re.compile(r"^(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})$")
_ROMAN_MONTH = re.compile(r"(?<=\d)[./ -](i{1,3}|iv|vi{0,3}|ix|xi{0,2})[./ -]'?(?=\d)", re.IGNORECASE)
_ROMAN = {
    name: str(number)
    for number, name in enumerate("i|ii|iii|iv|v|vi|vii|viii|ix|x|xi|xii".split("|"), start=1)  # noqa: SIM905
}
_DAY_MONTH_NAME = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th)?[.\s/-]*(?:of )?([^\W\d_]+)[.,\s/-]*('?\d{2}|\d{4})$"
)
_MONTH_NAME_DAY = re.compile(r"^([^\W\d_]+)\.?\s*(\d{1,2})(?:st|nd|rd|th)?\s*,?\s*(\d{4})$")
_MONTH_NAME_YEAR = re.compile(r"^([^\W\d_]+)\.?\s*(\d{4})$")


def _ascii_digits(text: str) -> str:
    """Persian, Arabic and other digits as ours, Arabic separators as points."""
    marks = text.translate(str.maketrans("٫٬،؍／．‐‑–—·∙•", "..,/" + "/." + "----" + "..."))
    return "".join(
        str(unicodedata.digit(sign)) if sign > "\x7f" and sign.isdecimal() else sign for sign in marks
    )


def parse(
    text: str, reading: str = DateReading.STRICT, *, today: date, ahead: bool = False
) -> UncertainDate | None:
    """Read a date; None where the list says that it is not known.

    Args:
        text: the cell.
        reading: what was decided about its column.
        today: the day of the import: a birth of year "86" was the last one that ended so.
        ahead: days of this column lie ahead, so that "27" is 2027.

    Raises:
        DateInputError: unreadable, no such day, a year of two digits nobody decided about, or out of range.
    """
    typed = _ascii_digits(text).strip().strip("\"'").strip()
    if _NOTHING.fullmatch(typed) or (plain(typed) in _NOT_KNOWN and not any(map(str.isdigit, typed))):
        return None
    is_guessed = bool(_GUESSED.search(typed))
    typed = _without_extras(_in_german_time(typed))
    found = _read(typed, DateReading(reading), today, ahead)
    if is_guessed and found.precision == Precision.DAY and found.is_placeholder:
        return UncertainDate(found.value, Precision.YEAR)
    return found


def _in_german_time(typed: str) -> str:
    """The day without its time; an instant in another time zone is the day it was here."""
    match = _TIME.search(typed)
    if match is None:
        return typed
    day = typed[: match.start()].strip(" ,")
    if not match[5] or not re.fullmatch(r"\d{4}-\d{2}-\d{2}", day):
        return day
    zone = UTC if match[5] in "zZ" else datetime.strptime(match[5].replace(":", ""), "%z").tzinfo
    try:
        instant = datetime.fromisoformat(day).replace(hour=int(match[1]), minute=int(match[2]), tzinfo=zone)
    except ValueError:
        return day
    return timezone.localtime(instant).date().isoformat()


def _without_extras(typed: str) -> str:
    text = _BRACKETS.sub(" ", typed).strip()
    while match := _BEFORE.match(text):
        text = text[match.end() :].strip()
    text = _UNKNOWN_END.sub("00", _UNKNOWN_PART.sub("00", text))
    text = re.sub(r"\s*([./,-])\s*", r"\1", text).rstrip(".,?!; ")
    text = _ROMAN_MONTH.sub(lambda month: f".{_ROMAN[month[1].lower()]}.", text)
    text = re.sub(r"(?<=[./-])'(?=\d\d$)", "", text)
    if re.fullmatch(r"\d{1,2}[., ]\d{1,2}[., ]\d{2,4}", text):
        text = re.sub(r"[, ]", ".", text)
    return text


def _read(text: str, reading: DateReading, today: date, ahead: bool) -> UncertainDate:
    if match := _THREE.match(text):
        return _three_numbers(match, reading, today, ahead)
    if match := _DAY_MONTH_NAME.match(text):
        return _named(match[2], int(match[1]), match[3].lstrip("'"), reading, today, ahead)
    if match := _MONTH_NAME_DAY.match(text):
        return _named(match[1], int(match[2]), match[3], reading, today, ahead)
    if match := _MONTH_NAME_YEAR.match(text):
        return _named(match[1], 0, match[2], reading, today, ahead)
    if re.fullmatch(r"\d{8}", text):
        # A month above 12 tells the two orders apart.
        year_first = text[:2] in ("19", "20") and int(text[4:6]) <= 12
        parts = (text[:4], text[4:6], text[6:]) if year_first else (text[4:], text[2:4], text[:2])
        return _day(int(parts[0]), int(parts[1]), int(parts[2]))
    if match := re.fullmatch(r"(\d{5})(?:[.,]\d+)?", text):
        serial = int(match[1])
        if reading is DateReading.STRICT:
            raise DateInputError(DateFault.UNREADABLE)
        if not _FIRST_SERIAL <= serial <= _LAST_SERIAL:
            raise DateInputError(DateFault.OUT_OF_RANGE)
        first = _DAY_ONE_OF_1904 if reading is DateReading.SINCE_1904 else _DAY_ONE
        return UncertainDate(first + timedelta(days=serial))
    if reading is DateReading.IRANIAN and re.fullmatch(r"\d{4}", text) and int(text) in _IRANIAN_YEARS:
        return UncertainDate(date(int(text) + 621, 1, 1), Precision.YEAR)
    return parse_uncertain(text)


def _three_numbers(match: re.Match[str], reading: DateReading, today: date, ahead: bool) -> UncertainDate:
    first, second, third = match[1], match[3], match[4]
    if len(first) > 2:
        year, month, day = first, int(second), int(third)
        if len(third) > 2:
            raise DateInputError(DateFault.UNREADABLE)
    else:
        year, month, day = third, int(second), int(first)
        if reading is DateReading.MONTH_FIRST:
            month, day = day, month
    return _day(_year(year, reading, today, ahead, (month, day)), month, day, reading)


def _named(name: str, day: int, year: str, reading: DateReading, today: date, ahead: bool) -> UncertainDate:
    month = MONTHS.get(plain(name))
    if month is None:
        raise DateInputError(DateFault.UNREADABLE)
    return _day(_year(year, reading, today, ahead, (month, day)), month, day)


def _year(text: str, reading: DateReading, today: date, ahead: bool, day: tuple[int, int]) -> int:
    if len(text) == 4:
        return int(text)
    if len(text) != 2:
        raise DateInputError(DateFault.UNREADABLE)
    if reading is DateReading.STRICT:
        raise DateInputError(DateFault.SHORT_YEAR)
    year = 2000 + int(text)
    # What lies behind us has the last year that ends so and was reached.
    return year - 100 if not ahead and (year, *day) > (today.year, today.month, today.day) else year


def _day(year: int, month: int, day: int, reading: DateReading = DateReading.STRICT) -> UncertainDate:
    if reading is DateReading.IRANIAN and year in _IRANIAN_YEARS:
        return _from_iranian(year, month, day)
    if month == 0 and day:
        raise DateInputError(DateFault.NO_SUCH_DAY)
    return parse_uncertain(f"{day:02d}.{month:02d}.{year:04d}")


def _from_iranian(year: int, month: int, day: int) -> UncertainDate:
    """The day in our calendar; the length of months is that of the Iranian one."""
    if month == 0:
        return UncertainDate(date(year + 621, 1, 1), Precision.YEAR)
    longest = (
        31
        if month < 7
        else 30
        if month < 12 or _new_year(year + 1) - _new_year(year) > timedelta(365)
        else 29
    )
    if month > 12 or day > longest:
        raise DateInputError(DateFault.NO_SUCH_DAY)
    before = (month - 1) * 31 if month < 8 else 186 + (month - 7) * 30
    found = _new_year(year) + timedelta(days=before + max(day, 1) - 1)
    return UncertainDate(found, Precision.DAY if day else Precision.MONTH)


def _new_year(year: int) -> date:
    """The first of Farvardin, by the cycle of 33 years that holds from 1799 to 2256."""
    since = year - 1280
    leaps = sum(1 for passed in range(1280, year) if passed % 33 in (1, 5, 9, 13, 17, 22, 26, 30))
    return date(1901, 3, 21) + timedelta(days=365 * since + leaps)


def proposed_reading(cells: Iterable[str], *, since_1904: bool = False) -> DateReading:
    """What the numbers of a column say about their order and calendar; day before month where they say nothing.

    Args:
        since_1904: the workbook counts its days so.
    """
    day_first = month_first = iranian = other = 0
    for cell in list(dict.fromkeys(cells))[:_LOOKED_AT]:
        match = _THREE.match(_without_extras(_in_german_time(_ascii_digits(cell).strip())))
        if match is None:
            continue
        year = match[1] if len(match[1]) == 4 else match[4]
        if len(year) == 4:
            iranian += int(year) in _IRANIAN_YEARS
            other += int(year) not in _IRANIAN_YEARS
        if len(match[1]) <= 2:
            day_first += int(match[1]) > 12
            month_first += int(match[3]) > 12
    if iranian:
        return DateReading.IRANIAN
    if month_first > day_first:
        return DateReading.MONTH_FIRST
    return DateReading.SINCE_1904 if since_1904 else DateReading.DAY_FIRST


def looks_like_dates(cells: Sequence[str], today: date = date(2099, 12, 31)) -> bool:
    """Whether nearly all values of a column can be read as dates and not only as years or numbers."""
    filled = [cell for cell in cells if cell]
    read = [
        cell
        for cell in filled
        if _form(cell) not in ("9999", "99999") and _outcome(cell, "day_first", today, False)
    ]
    return bool(read) and len(read) * 5 >= len(filled) * 4


def readings_offered(
    cells: Sequence[str], today: date, *, ahead: bool, since_1904: bool = False
) -> list[tuple[DateReading, list[str]]]:
    """The readings that differ for a column, the proposed one first, each with up to three examples.

    Args:
        ahead: days of this column lie ahead.
        since_1904: the workbook counts its days so; else nobody does, and it is not offered.
    """
    distinct = list(dict.fromkeys(cell for cell in cells if cell))[:_LOOKED_AT]
    proposed = proposed_reading(distinct, since_1904=since_1904)
    # With points between the numbers nobody puts the month first.
    american = any(re.match(r"\d{1,2}[/-]\d{1,2}[/-]", cell) for cell in distinct)
    outcomes = {
        reading: [_outcome(cell, reading, today, ahead) for cell in distinct]
        for reading in (proposed, *(reading for reading in DateReading if reading is not proposed))
    }
    if not since_1904:
        del outcomes[DateReading.SINCE_1904]
    told: dict[DateReading, list[str]] = {}
    for reading, outcome in outcomes.items():
        worse = (
            reading is not DateReading.STRICT
            and sum(map(bool, outcome)) < sum(map(bool, outcomes[proposed])) / 2
        )
        odd = reading is DateReading.MONTH_FIRST and not american and reading is not proposed
        if outcome not in told.values() and not worse and not odd:
            told[reading] = outcome
    return [(reading, _examples(distinct, outcome, told)) for reading, outcome in told.items()]


def _outcome(cell: str, reading: str, today: date, ahead: bool) -> str:
    try:
        found = parse(cell, reading, today=today, ahead=ahead)
    except DateInputError:
        return ""
    return str(found) if found is not None else "–"


def _examples(
    cells: Sequence[str], outcome: Sequence[str], outcomes: dict[DateReading, list[str]]
) -> list[str]:
    """Three values and what they become: first those about which the readings differ, each form once."""
    differ = [len({read[number] for read in outcomes.values()}) > 1 for number in range(len(cells))]
    order = sorted(range(len(cells)), key=lambda number: not differ[number])
    chosen: dict[str, int] = {}
    for number in order:
        chosen.setdefault(_form(cells[number]), number)
    picked = [*chosen.values(), *(number for number in order if number not in chosen.values())][:3]
    return [f"{cells[number]} → {outcome[number] or '?'}" for number in picked]


def _form(cell: str) -> str:
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d", "9", cell))
