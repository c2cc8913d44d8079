"""The shares of a person are never more than her position, whatever day one looks at."""

import datetime
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.days import ONE_DAY, Days
from funding.rules.shares import Excess, Share, first_excess, sum_on

BEGIN = datetime.date(2026, 1, 1)


def share(first: int, last: int, hundredths: int) -> Share:
    return Share(Days(BEGIN + first * ONE_DAY, BEGIN + last * ONE_DAY), Decimal(hundredths) / 100)


@st.composite
def shares(draw):
    first = draw(st.integers(0, 40))
    return share(first, first + draw(st.integers(0, 20)), draw(st.integers(1, 100)))


def test_a_half_beside_a_half_fills_a_position():
    assert first_excess(share(0, 30, 50), [share(0, 30, 50)], [share(0, 99, 100)]) is None


def test_the_first_day_that_is_too_much_is_told_with_what_is_free():
    others = [share(10, 20, 75)]
    assert first_excess(share(0, 30, 50), others, [share(0, 99, 100)]) == Excess(
        BEGIN + 10 * ONE_DAY, Decimal("1.00"), Decimal("0.25")
    )


def test_a_position_that_ends_leaves_nothing():
    assert first_excess(share(0, 30, 50), [], [share(0, 9, 100)]) == Excess(
        BEGIN + 10 * ONE_DAY, Decimal(0), Decimal(0)
    )


def test_one_share_may_begin_the_day_after_another_ended():
    assert first_excess(share(11, 30, 100), [share(0, 10, 100)], [share(0, 99, 100)]) is None


@given(shares(), st.lists(shares(), max_size=6), st.lists(shares(), max_size=4))
def test_it_says_what_counting_day_by_day_says(wanted, others, held):
    length = (wanted.days.last - wanted.days.first).days + 1
    each_day = (wanted.days.first + number * ONE_DAY for number in range(length))
    counted = next(
        (day for day in each_day if sum_on([wanted, *others], day) > sum_on(held, day)),
        None,
    )
    found = first_excess(wanted, others, held)
    assert (found and found.day) == counted
    if found is not None:
        assert found.free == sum_on(held, found.day) - sum_on(others, found.day)
