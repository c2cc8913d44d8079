"""Stretches of days: what they share, what is left of them, and which gaps matter."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.days import Days, chain_with, uncovered, working_days_of

MONDAY = datetime.date(2026, 12, 7)


def days(first: int, last: int | None = None) -> Days:
    """Days of December 2026; the 7th is a Monday."""
    return Days(datetime.date(2026, 12, first), datetime.date(2026, 12, first if last is None else last))


def test_what_is_left_in_front_between_and_behind():
    assert days(7, 18).without([days(9, 10), days(14)]) == [days(7, 8), days(11, 13), days(15, 18)]
    assert days(7, 18).without([]) == [days(7, 18)]


def test_what_reaches_beyond_or_overlaps_is_taken_once():
    assert days(7, 18).without([days(1, 8), days(8, 10), days(17, 30)]) == [days(11, 16)]
    assert days(7, 18).without([days(1, 31)]) == []
    assert days(7, 18).without([days(1, 5), days(20, 24)]) == [days(7, 18)]


def test_a_weekend_between_two_stand_ins_is_no_gap():
    assert uncovered(days(7, 18), [days(7, 11), days(14, 18)]) == []
    assert uncovered(days(7, 18), [days(7, 11), days(15, 18)]) == [days(12, 14)]


def test_a_holiday_between_two_stand_ins_is_no_gap():
    # Christmas Day is a Friday, and 6 January a Wednesday.
    assert uncovered(days(21, 31), [days(21, 24), days(28, 31)]) == []
    first, second = Days(datetime.date(2027, 1, 4), datetime.date(2027, 1, 5)), datetime.date(2027, 1, 7)
    assert uncovered(Days(first.first, second), [first, Days(second, second)]) == []


def test_working_days_are_counted_the_first_and_the_last_included():
    assert days(7, 11).working_days == 5
    assert days(7, 13).working_days == 5
    # 24 and 31 December are working days, Christmas Day and New Year's Day are none.
    assert days(21, 27).working_days == 4
    assert Days(datetime.date(2026, 12, 31), datetime.date(2027, 1, 1)).working_days == 1
    assert days(12, 13).working_days == 0
    assert Days(MONDAY, MONDAY - datetime.timedelta(days=3)).working_days == 0


def test_a_chain_ends_where_enough_working_days_lie_between():
    # The weekend of the 12th and 13th is no break; before the 9th lie five working days, or four.
    assert chain_with(days(14), [days(9, 11), days(1)], apart=5) == [days(14), days(9, 11)]
    assert chain_with(days(14), [days(9, 11), days(1, 2)], apart=5) == [days(14), days(9, 11), days(1, 2)]
    assert chain_with(days(14), [], apart=5) == [days(14)]


def test_a_long_one_bridges_what_lies_within_it():
    assert len(chain_with(days(28), [days(1, 18), days(7)], apart=6)) == 3


def test_a_day_in_two_stretches_counts_once():
    assert working_days_of([days(7, 11), days(9, 14), days(9)]) == 6
    assert working_days_of([]) == 0


stretches = st.builds(
    lambda first, length: Days(
        MONDAY + datetime.timedelta(days=first), MONDAY + datetime.timedelta(days=first + length)
    ),
    st.integers(-20, 20),
    st.integers(0, 12),
)


def single(stretch: Days) -> set[datetime.date]:
    length = (stretch.last - stretch.first).days + 1
    return {stretch.first + datetime.timedelta(days=n) for n in range(length)}


@given(stretches, st.lists(stretches, max_size=5))
def test_every_day_is_either_taken_or_left(whole, taken):
    left = whole.without(taken)
    assert set().union(*map(single, left)) == single(whole) - set().union(*map(single, taken))
    assert left == sorted(left)
    assert sum(len(single(rest)) for rest in left) == len(set().union(*map(single, left)))
