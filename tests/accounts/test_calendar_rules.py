"""Working days of Baden-Württemberg and local dates."""

from datetime import UTC, date, datetime

import pytest

from accounts.rules.calendar import (
    add_months,
    add_working_days,
    end_of_day,
    full_years,
    is_working_day,
    local_date,
    next_working_day,
    start_of_day,
    subtract_working_days,
)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 3, 14), True),
        (date(2019, 3, 16), False),
        (date(2019, 1, 6), False),
        (date(2020, 1, 6), False),
        (date(2019, 6, 20), False),
        (date(2019, 11, 1), False),
        (date(2018, 12, 24), True),
        (date(2018, 12, 31), True),
        (date(2017, 10, 31), False),
        (date(2018, 10, 31), True),
        (date(2019, 8, 15), True),
    ],
)
def test_working_days_are_those_of_baden_wuerttemberg(day, expected):
    assert is_working_day(day) is expected


@pytest.mark.parametrize(
    ("day", "count", "expected"),
    [
        (date(2019, 2, 21), 2, date(2019, 2, 25)),
        (date(2019, 2, 22), 5, date(2019, 3, 1)),
        (date(2019, 3, 16), 1, date(2019, 3, 18)),
        (date(2018, 12, 21), 1, date(2018, 12, 24)),
        (date(2018, 12, 24), 1, date(2018, 12, 27)),
        (date(2019, 4, 18), 1, date(2019, 4, 23)),
        (date(2019, 3, 16), 0, date(2019, 3, 16)),
    ],
)
def test_n_working_days_after_is_the_nth_strictly_after(day, count, expected):
    assert add_working_days(day, count) == expected


def test_a_due_date_moves_to_the_next_working_day_only_when_needed():
    assert next_working_day(date(2019, 4, 19)) == date(2019, 4, 23)
    assert next_working_day(date(2019, 4, 18)) == date(2019, 4, 18)


def test_the_latest_announcement_leaves_the_full_working_days():
    assert subtract_working_days(date(2019, 3, 18), 2) == date(2019, 3, 14)
    assert add_working_days(date(2019, 3, 14), 2) == date(2019, 3, 18)


def test_months_clamp_always_from_the_original_date():
    assert add_months(date(2019, 1, 31), 1) == date(2019, 2, 28)
    assert add_months(date(2019, 1, 31), 2) == date(2019, 3, 31)
    assert add_months(date(2018, 8, 31), 6) == date(2019, 2, 28)
    assert add_months(date(2019, 3, 15), -3) == date(2018, 12, 15)


def test_a_year_of_someone_born_on_29_february_is_complete_on_1_march():
    assert full_years(date(2004, 2, 29), date(2020, 2, 28)) == 15
    assert full_years(date(2004, 2, 29), date(2020, 2, 29)) == 16
    assert full_years(date(2003, 2, 28), date(2019, 2, 28)) == 16
    assert full_years(date(2004, 2, 29), date(2019, 2, 28)) == 14
    assert full_years(date(2004, 2, 29), date(2019, 3, 1)) == 15


def test_dates_are_those_of_berlin_in_winter_and_summer():
    assert local_date(datetime(2019, 3, 14, 23, 30, tzinfo=UTC)) == date(2019, 3, 15)
    assert local_date(datetime(2019, 7, 14, 22, 30, tzinfo=UTC)) == date(2019, 7, 15)
    assert start_of_day(date(2019, 7, 15)) == datetime(2019, 7, 14, 22, tzinfo=UTC)
    assert local_date(end_of_day(date(2019, 7, 15))) == date(2019, 7, 15)
