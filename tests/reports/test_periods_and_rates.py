"""Whole months, quarters and years, and rates that are no number when there is nothing to divide by."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rules import periods, rates
from reports.rules.periods import Kind, NoSuchPeriod

days = st.dates(dt.date(2001, 1, 1), dt.date(2099, 12, 31))
kinds = st.sampled_from([Kind.MONTH, Kind.QUARTER, Kind.YEAR])


@pytest.mark.parametrize(
    ("code", "first", "last"),
    [
        ("2019-02", dt.date(2019, 2, 1), dt.date(2019, 2, 28)),
        ("2020-02", dt.date(2020, 2, 1), dt.date(2020, 2, 29)),
        ("2019-Q1", dt.date(2019, 1, 1), dt.date(2019, 3, 31)),
        ("2019-Q4", dt.date(2019, 10, 1), dt.date(2019, 12, 31)),
        ("2019", dt.date(2019, 1, 1), dt.date(2019, 12, 31)),
        ("2019-02_2019-04", dt.date(2019, 2, 1), dt.date(2019, 4, 30)),
    ],
)
def test_a_code_names_a_period(code, first, last):
    period = periods.parse(code)
    assert (period.first, period.last, period.code) == (first, last, code)


@pytest.mark.parametrize(
    "code",
    [
        "",
        "2019-13",
        "2019-Q5",
        "19",
        "2019-02-03_2019-02-20",
        "2019-13_2020-01",
        "2019-03_2019-02",
        "2019-02_2019",
        "1999",
        "9999",
        "٢٠١٩",
        "2019\n",
    ],
)
def test_anything_else_is_no_period(code):
    with pytest.raises(NoSuchPeriod):
        periods.parse(code)


@given(kinds, days)
def test_neighbouring_periods_leave_no_day_out(kind, day):
    period = periods.containing(kind, day)
    assert period.first <= day <= period.last
    assert periods.following(periods.previous(period)) == period
    assert periods.previous(period).last + dt.timedelta(days=1) == period.first
    assert periods.parse(period.code) == period


@given(days, st.integers(0, 40))
def test_the_period_before_some_months_is_as_many_months(day, more):
    first = periods.containing(Kind.MONTH, day)
    last = first
    for _month in range(more):
        last = periods.following(last)
    period = periods.months(first, last)
    before = periods.previous(period)
    assert periods.following(before) == period
    assert before.last + dt.timedelta(days=1) == period.first
    assert (before.first.day, (before.last + dt.timedelta(days=1)).day) == (1, 1)
    if period.last.year <= periods.LATEST_YEAR:
        assert periods.parse(period.code) == period


def test_half_years_end_in_june_and_december():
    ends = periods.half_year_ends(dt.date(2019, 3, 14))
    assert [next(ends) for _end in range(3)] == [
        dt.date(2019, 6, 30),
        dt.date(2018, 12, 31),
        dt.date(2018, 6, 30),
    ]
    assert periods.half_year_of(dt.date(2019, 6, 30)) == dt.date(2019, 1, 1)
    assert periods.half_year_of(dt.date(2019, 12, 31)) == dt.date(2019, 7, 1)


def test_a_period_is_complete_when_its_last_day_is_over():
    february = periods.parse("2019-02")
    assert not february.is_complete(dt.date(2019, 2, 28))
    assert february.is_complete(dt.date(2019, 3, 1))


def test_no_day_determines_from_to():
    with pytest.raises(NoSuchPeriod):
        periods.containing(Kind.MONTHS, dt.date(2019, 1, 1))


def test_the_trend_has_24_months_up_to_the_last():
    months = periods.trend_months(dt.date(2019, 2, 28))
    assert len(months) == 24
    assert (months[0].code, months[-1].code) == ("2017-03", "2019-02")


def test_the_picker_offers_from_now_back_to_the_beginning():
    offered = periods.month_choices(dt.date(2018, 12, 1), dt.date(2019, 3, 14))
    assert [period.code for period in offered] == ["2019-03", "2019-02", "2019-01", "2018-12"]
    assert len(periods.month_choices(dt.date(2019, 5, 1), dt.date(2019, 3, 14))) == 1


def test_a_rate_over_nothing_is_none():
    assert rates.no_show_rate(held=0, unexcused=0) is None
    assert rates.plan_coverage(with_valid_plan=0, active_files=0) is None
    assert rates.load_per_position(Decimal(10), Decimal(0)) is None


def test_rates_are_percent_with_one_decimal_rounded_half_up():
    assert rates.no_show_rate(held=71, unexcused=15) == Decimal("17.4")
    assert rates.percent(1, 16) == Decimal("6.3")
    assert rates.plan_coverage(with_valid_plan=142, active_files=175) == Decimal("81.1")
    assert rates.load_per_position(Decimal(78), Decimal("0.5")) == Decimal("156.0")


def test_more_than_all_is_refused():
    with pytest.raises(ValueError):
        rates.percent(3, 2)


@pytest.mark.parametrize(
    ("code", "day", "until"),
    [
        # The 18th day of December is compared with the 18th of November; a month that is over with all of it.
        ("2026-12", dt.date(2026, 12, 18), dt.date(2026, 11, 18)),
        ("2026-12", dt.date(2026, 12, 31), dt.date(2026, 11, 30)),
        # February has no 30th day.
        ("2026-03", dt.date(2026, 3, 30), dt.date(2026, 2, 28)),
        ("2026", dt.date(2026, 3, 1), dt.date(2025, 3, 1)),
    ],
)
def test_a_running_period_is_compared_with_as_many_days(code, day, until):
    period = periods.parse(code)
    assert periods.same_stretch(periods.previous(period), period, day) == until


def test_what_has_not_begun_is_compared_with_nothing():
    period = periods.parse("2027-03")
    with pytest.raises(ValueError, match="not begun"):
        periods.same_stretch(periods.previous(period), period, dt.date(2026, 11, 25))
