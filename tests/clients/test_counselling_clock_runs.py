from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.calendar import add_months
from clients.rules.clock import (
    ClockLevel,
    ClockPolicy,
    Period,
    complete_months,
    months_complete_on,
    read_clock,
)

START = date(2018, 1, 22)
OPEN = [Period(date(2018, 1, 8))]


def test_the_fourteenth_month_of_thirty_six():
    reading = read_clock(START, OPEN, date(2019, 3, 14))
    assert (reading.month, reading.out_of, reading.level) == (14, 36, ClockLevel.RUNNING)
    assert reading.limit_on == date(2021, 1, 22)


def test_before_the_first_talk_the_clock_stands_still():
    assert read_clock(None, OPEN, date(2019, 3, 14)).level is ClockLevel.NOT_STARTED
    assert read_clock(START, OPEN, START - timedelta(days=1)).month == 0
    assert read_clock(START, OPEN, START).month == 1


def test_a_month_is_complete_on_its_day_and_not_the_day_before():
    assert complete_months(START, OPEN, date(2018, 2, 21)) == 0
    assert complete_months(START, OPEN, date(2018, 2, 22)) == 1


def test_a_start_on_the_31st_never_drifts():
    start = date(2018, 1, 31)
    assert months_complete_on(start, 1, OPEN) == date(2018, 2, 28)
    assert months_complete_on(start, 2, OPEN) == date(2018, 3, 31)


def test_warnings_start_on_the_day_their_months_are_complete():
    for months in (30, 34, 36):
        day = add_months(START, months)
        assert read_clock(START, OPEN, day).warning == months
        assert read_clock(START, OPEN, day - timedelta(days=1)).warning != months
    assert read_clock(START, OPEN, add_months(START, 30)).level is ClockLevel.WARNED


def test_thirty_six_complete_months_are_the_thirty_seventh_and_need_a_justification():
    reading = read_clock(START, OPEN, date(2021, 1, 22))
    assert (reading.month, reading.level, reading.justification_missing) == (37, ClockLevel.PAST_LIMIT, True)
    justified = read_clock(START, OPEN, date(2021, 1, 22), justified=True)
    assert (justified.out_of, justified.justification_missing) == (48, False)
    assert justified.limit_on == date(2022, 1, 22)


def test_past_forty_eight_months_nothing_extends():
    reading = read_clock(START, OPEN, date(2022, 1, 22), justified=True)
    assert reading.level is ClockLevel.PAST_HARD_LIMIT
    assert reading.month == 49


def test_days_between_closing_and_reopening_move_the_limits_back():
    periods = [Period(date(2018, 1, 8), date(2018, 12, 31)), Period(date(2019, 4, 1))]
    assert months_complete_on(START, 11, periods) == date(2018, 12, 22)
    assert months_complete_on(START, 36, periods) == date(2021, 1, 22) + timedelta(days=90)


def test_a_limit_reached_on_the_closing_day_is_not_moved():
    periods = [Period(date(2018, 1, 8), date(2018, 2, 22)), Period(date(2018, 6, 1))]
    assert months_complete_on(START, 1, periods) == date(2018, 2, 22)


def test_reopening_on_the_next_day_changes_nothing():
    periods = [Period(date(2018, 1, 8), date(2018, 2, 1)), Period(date(2018, 2, 2))]
    assert months_complete_on(START, 36, periods) == date(2021, 1, 22)


def test_the_clock_of_a_closed_file_stands():
    periods = [Period(date(2018, 1, 8), date(2018, 7, 1))]
    reading = read_clock(START, periods, date(2025, 1, 1))
    assert (reading.month, reading.limit_on, reading.stopped) == (6, None, True)


def test_a_period_before_the_first_talk_does_not_count():
    periods = [Period(date(2016, 1, 1), date(2016, 5, 1)), Period(date(2018, 1, 8))]
    assert months_complete_on(START, 36, periods) == date(2021, 1, 22)


def test_a_talk_held_while_the_file_was_closed_starts_the_clock_with_the_reopening():
    periods = [Period(date(2017, 1, 1), date(2017, 12, 1)), Period(date(2018, 3, 1))]
    assert months_complete_on(START, 36, periods) == date(2021, 1, 22) + timedelta(days=37)


def test_several_gaps_add_up_in_any_order():
    periods = [
        Period(date(2019, 2, 1)),
        Period(date(2018, 6, 11), date(2019, 1, 21)),
        Period(date(2018, 1, 8), date(2018, 5, 31)),
    ]
    assert months_complete_on(START, 36, periods) == date(2021, 1, 22) + timedelta(days=10 + 10)


def test_the_limits_are_policy():
    policy = ClockPolicy(limit=24, hard_limit=30, warnings=(20,))
    assert read_clock(START, OPEN, add_months(START, 24), policy=policy).level is ClockLevel.PAST_LIMIT
    assert read_clock(START, OPEN, add_months(START, 20), policy=policy).warning == 20


@given(
    st.dates(date(2015, 1, 1), date(2020, 12, 31)),
    st.integers(0, 3000),
    st.integers(0, 400),
    st.integers(1, 400),
)
def test_time_never_runs_backwards_and_a_gap_never_shortens_the_limit(start, until, run, gap):
    closed = start + timedelta(days=run)
    periods = [Period(start, closed), Period(closed + timedelta(days=gap))]
    today = start + timedelta(days=until)
    assert complete_months(start, periods, today) <= complete_months(
        start, periods, today + timedelta(days=1)
    )
    assert complete_months(start, periods, today) <= complete_months(start, [Period(start)], today)
    limit = months_complete_on(start, 36, periods)
    assert limit is not None
    assert limit >= add_months(start, 36)
    assert complete_months(start, periods, limit) >= 36
    assert complete_months(start, periods, limit - timedelta(days=1)) < 36
