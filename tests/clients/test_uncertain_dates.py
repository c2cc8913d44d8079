from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.calendar import add_months, full_years
from clients.choices import Precision
from clients.rules.dates import (
    BirthDoubt,
    DateFault,
    DateInputError,
    UncertainDate,
    age_is_certain,
    age_on,
    birth_doubts,
    born_by,
    certainly_before,
    days_between,
    is_at_least,
    parse_uncertain,
)

YEAR_1979 = UncertainDate(date(1979, 1, 1), Precision.YEAR)
days = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@pytest.mark.parametrize(
    ("typed", "value", "precision"),
    [
        ("14.03.1986", date(1986, 3, 14), Precision.DAY),
        ("14.3.1986", date(1986, 3, 14), Precision.DAY),
        (" 14. 03. 1986 ", date(1986, 3, 14), Precision.DAY),
        ("14/03/1986", date(1986, 3, 14), Precision.DAY),
        ("1986-03-14", date(1986, 3, 14), Precision.DAY),
        ("3/1986", date(1986, 3, 1), Precision.MONTH),
        ("03.1986", date(1986, 3, 1), Precision.MONTH),
        ("1986-03", date(1986, 3, 1), Precision.MONTH),
        ("00.03.1986", date(1986, 3, 1), Precision.MONTH),
        ("1979", date(1979, 1, 1), Precision.YEAR),
        ("00.00.1979", date(1979, 1, 1), Precision.YEAR),
    ],
)
def test_a_typed_date_is_read_with_its_precision(typed, value, precision):
    assert parse_uncertain(typed) == UncertainDate(value, precision)


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("30.02.2016", DateFault.NO_SUCH_DAY),
        ("29.02.2019", DateFault.NO_SUCH_DAY),
        ("13/1986", DateFault.NO_SUCH_DAY),
        ("14.00.1986", DateFault.NO_SUCH_DAY),
        ("14.03.86", DateFault.SHORT_YEAR),
        ("14.03.0001", DateFault.OUT_OF_RANGE),
        ("9999", DateFault.OUT_OF_RANGE),
        ("im März", DateFault.UNREADABLE),
        ("", DateFault.UNREADABLE),
        ("١٤.٠٣.١٩٨٦", DateFault.UNREADABLE),
    ],
)
def test_what_is_no_date_says_why(typed, fault):
    with pytest.raises(DateInputError) as caught:
        parse_uncertain(typed)
    assert caught.value.fault is fault


@given(days, st.sampled_from(Precision))
def test_a_shown_date_reads_back_as_the_same_span(value, precision):
    shown = UncertainDate(value, precision)
    read = parse_uncertain(str(shown))
    assert (read.first, read.last, read.precision) == (shown.first, shown.last, shown.precision)


@given(st.text(max_size=40))
def test_any_text_is_a_date_or_a_named_fault(text):
    try:
        read = parse_uncertain(text)
    except DateInputError:
        return
    assert read.first <= read.last


def test_somebody_born_on_29_february_completes_a_year_on_1_march():
    born = date(2000, 2, 29)
    assert full_years(born, date(2018, 2, 28)) == 17
    assert full_years(born, date(2018, 3, 1)) == 18
    assert full_years(born, date(2020, 2, 29)) == 20


@given(days.filter(lambda day: day.year > 2000), st.integers(0, 90), st.integers(-400, 400))
def test_who_was_born_by_a_day_has_completed_the_years(on, years, offset):
    born = born_by(on, years) + timedelta(days=offset)
    assert (full_years(born, on) >= years) == (offset <= 0)


def test_who_was_born_by_a_leap_day():
    assert born_by(date(2024, 2, 29), 18) == date(2006, 2, 28)
    assert born_by(date(2024, 2, 29), 20) == date(2004, 2, 29)
    assert born_by(date(2022, 2, 28), 18) == date(2004, 2, 28), "of 29.02.2004 only from 1 March"


def test_in_doubt_a_person_is_the_older_one():
    assert age_on(YEAR_1979, date(2018, 1, 1)) == 39
    assert not age_is_certain(YEAR_1979, date(2018, 6, 1))
    assert age_is_certain(UncertainDate(date(1979, 5, 1), Precision.MONTH), date(2018, 6, 1))
    assert is_at_least(None, 18, date(2018, 1, 1))
    assert is_at_least(UncertainDate(date(2002, 1, 1), Precision.YEAR), 16, date(2018, 1, 1))
    assert not is_at_least(UncertainDate(date(2002, 6, 1)), 16, date(2018, 5, 31))


def test_odd_birth_dates_are_named_errors_first():
    today = date(2018, 1, 29)
    assert birth_doubts(UncertainDate(date(2035, 12, 31)), today) == (BirthDoubt.IN_FUTURE,)
    assert birth_doubts(UncertainDate(date(1899, 5, 2)), today) == (BirthDoubt.BEFORE_1900,)
    assert birth_doubts(UncertainDate(date(1901, 5, 2)), today) == (BirthDoubt.VERY_OLD,)
    assert birth_doubts(YEAR_1979, today) == (BirthDoubt.NOT_EXACT,)
    assert birth_doubts(UncertainDate(date(1990, 1, 1)), today) == (BirthDoubt.PLACEHOLDER,)
    assert birth_doubts(UncertainDate(date(1986, 3, 14)), today) == ()
    assert birth_doubts(UncertainDate(today), today) == ()
    assert [doubt for doubt in BirthDoubt if doubt.is_error] == [BirthDoubt.IN_FUTURE, BirthDoubt.BEFORE_1900]


def test_a_year_is_before_a_day_only_when_it_is_over_by_then():
    year_2016 = UncertainDate(date(2016, 1, 1), Precision.YEAR)
    assert certainly_before(year_2016, UncertainDate(date(2017, 1, 1)))
    assert not certainly_before(year_2016, UncertainDate(date(2016, 12, 31)))


def test_months_clamp_to_the_last_day_from_the_original_date():
    assert add_months(date(2018, 1, 31), 1) == date(2018, 2, 28)
    assert add_months(date(2018, 1, 31), 2) == date(2018, 3, 31)
    assert add_months(date(2018, 12, 5), 1) == date(2019, 1, 5)
    assert add_months(date(2018, 3, 31), -1) == date(2018, 2, 28)


def test_only_days_strictly_between_count():
    assert days_between(date(2018, 1, 1), date(2018, 1, 1)) == 0
    assert days_between(date(2018, 1, 1), date(2018, 1, 2)) == 0
    assert days_between(date(2018, 1, 1), date(2018, 1, 5)) == 3
