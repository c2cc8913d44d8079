"""Outcomes of appointments and what they count for."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from appointments.choices import AppointmentState as State
from appointments.choices import Channel, Excuse
from appointments.rules.appointment import (
    blocks,
    is_miss,
    is_undecided,
    legal_outcomes,
    next_free,
    no_show_rate,
)

START = datetime(2019, 2, 21, 9, tzinfo=UTC)


def test_an_office_appointment_is_held_or_missed_and_a_home_visit_held_or_not_met():
    after = START + timedelta(hours=1)
    assert State.NO_SHOW in legal_outcomes(Channel.OFFICE, START, after)
    assert State.NOT_MET not in legal_outcomes(Channel.OFFICE, START, after)
    assert State.NOT_MET in legal_outcomes(Channel.HOME_VISIT, START, after)
    assert State.NO_SHOW not in legal_outcomes(Channel.HOME_VISIT, START, after)


def test_before_the_day_an_appointment_can_only_be_cancelled_or_moved():
    assert legal_outcomes(Channel.OFFICE, START, START - timedelta(days=1)) == {
        State.CANCELLED_CLIENT,
        State.CANCELLED_US,
        State.MOVED,
    }


def test_nobody_fails_to_come_before_the_planned_start():
    early = legal_outcomes(Channel.OFFICE, START, START - timedelta(minutes=10))
    assert State.NO_SHOW not in early
    assert State.HELD in early


def test_the_rate_takes_agreed_held_and_unexcused_only():
    rate = no_show_rate(
        [
            (State.HELD, "", True),
            (State.HELD, "", True),
            (State.HELD, "", False),
            (State.NO_SHOW, Excuse.UNEXCUSED, True),
            (State.NO_SHOW, Excuse.UNEXCUSED, False),
            (State.NO_SHOW, Excuse.UNDECIDED, True),
            (State.NO_SHOW, Excuse.EXCUSED, True),
            (State.NOT_MET, "", True),
            (State.CANCELLED_US, "", True),
            (State.PLANNED, "", True),
        ]
    )
    assert (rate.held, rate.unexcused, rate.value) == (2, 1, Fraction(1, 3))


def test_a_rate_of_nothing_has_no_value():
    assert no_show_rate([]).value is None


@pytest.mark.parametrize(
    ("state", "excuse", "expected"),
    [
        (State.PLANNED, Excuse.UNDECIDED, True),
        (State.NO_SHOW, Excuse.UNDECIDED, True),
        (State.NO_SHOW, Excuse.UNEXCUSED, False),
        (State.HELD, Excuse.UNDECIDED, False),
    ],
)
def test_a_past_appointment_without_outcome_or_excuse_is_undecided_work(state, excuse, expected):
    assert is_undecided(state, excuse, START, START + timedelta(hours=2)) is expected


def test_a_planned_appointment_of_tomorrow_is_not_undecided():
    assert not is_undecided(State.PLANNED, Excuse.UNDECIDED, START, START - timedelta(days=1))


def test_only_an_unexcused_or_undecided_no_show_is_a_miss():
    assert is_miss(State.NO_SHOW, Excuse.UNDECIDED)
    assert is_miss(State.NO_SHOW, Excuse.UNEXCUSED)
    assert not is_miss(State.NO_SHOW, Excuse.EXCUSED)
    assert not is_miss(State.NOT_MET, Excuse.UNDECIDED)


def test_the_next_free_time_is_the_first_gap_that_is_long_enough():
    hour = timedelta(hours=1)
    taken = [(START + 2.5 * hour, START + 4 * hour), (START, START + hour)]
    evening = START + 6 * hour
    assert next_free(START + hour / 2, hour, taken, evening) == START + hour
    assert next_free(START, 2 * hour, taken, evening) == START + 4 * hour
    assert next_free(START + hour, 1.5 * hour, taken, evening) == START + hour
    assert next_free(START, 3 * hour, taken, evening) is None


@pytest.mark.parametrize("state", [State.CANCELLED_CLIENT, State.CANCELLED_US, State.MOVED])
def test_cancelled_and_moved_appointments_do_not_block(state):
    assert not blocks(state)
    assert blocks(State.PLANNED)
