"""When office hours take place, how long people wait, and what a session counts (rules.md §9)."""

import datetime
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.calendar import public_holidays
from appointments.rules.office_hours import Tally, minutes_between, session_days, tally, usual_wait

TUESDAY = 1


def day(text):
    return datetime.date.fromisoformat(text)


def series(weekday=TUESDAY, every_weeks=1, since="2018-11-01", until=None):
    return SimpleNamespace(
        weekday=weekday,
        every_weeks=every_weeks,
        valid_from=day(since),
        valid_until=day(until) if until else None,
    )


def days_of(rhythm, first, last):
    return [found.isoformat() for found in session_days(rhythm, day(first), day(last))]


def test_a_weekly_series_meets_on_its_weekday_with_both_ends():
    assert days_of(series(), "2018-11-06", "2018-11-20") == ["2018-11-06", "2018-11-13", "2018-11-20"]


def test_holidays_of_the_state_have_no_office_hour_and_shift_nothing():
    fortnightly = series(every_weeks=2, since="2018-12-04")
    assert days_of(fortnightly, "2018-12-01", "2019-01-31") == [
        "2018-12-04",
        "2018-12-18",
        "2019-01-15",
        "2019-01-29",
    ]
    weekly = series()
    assert days_of(weekly, "2018-12-18", "2019-01-08") == ["2018-12-18", "2019-01-08"]


def test_every_two_weeks_counts_from_the_first_session_wherever_one_looks():
    from_thursday = series(every_weeks=2, since="2018-11-01")
    assert days_of(from_thursday, "2018-11-01", "2018-12-05") == ["2018-11-06", "2018-11-20", "2018-12-04"]
    assert days_of(from_thursday, "2018-11-13", "2018-12-05") == ["2018-11-20", "2018-12-04"]


def test_a_series_holds_from_its_first_to_its_last_day():
    ended = series(since="2018-11-13", until="2018-11-20")
    assert days_of(ended, "2018-01-01", "2019-12-31") == ["2018-11-13", "2018-11-20"]
    assert days_of(series(since="2018-11-21", until="2018-11-26"), "2018-01-01", "2019-12-31") == []


@given(
    st.integers(0, 6),
    st.sampled_from([1, 2]),
    st.dates(datetime.date(2017, 1, 1), datetime.date(2019, 1, 1)),
    st.integers(0, 200),
    st.integers(0, 60),
)
def test_looking_again_later_finds_the_same_days(weekday, every_weeks, since, later, ahead):
    rhythm = SimpleNamespace(weekday=weekday, every_weeks=every_weeks, valid_from=since, valid_until=None)
    first = since + datetime.timedelta(days=later)
    last = first + datetime.timedelta(days=ahead)
    found = session_days(rhythm, first, last)
    assert found == [one for one in session_days(rhythm, since, last) if one >= first]
    assert [one for one in found if one.weekday() != weekday] == []
    assert [one for one in found if one in public_holidays()] == []


NOON = datetime.datetime(2018, 12, 4, 12, tzinfo=datetime.UTC)


def arrival(waited=None, outcome="", language=None, topic=None):
    called = None if waited is None else NOON + datetime.timedelta(minutes=waited)
    return SimpleNamespace(
        arrived_at=NOON, called_at=called, outcome=outcome, language_id=language, topic_id=topic
    )


def test_waiting_is_told_in_whole_minutes_and_by_the_middle_one():
    assert minutes_between(NOON, NOON + datetime.timedelta(seconds=119)) == 1
    assert minutes_between(NOON, NOON - datetime.timedelta(seconds=60)) == 0
    assert usual_wait([arrival(), arrival(5), arrival(90), arrival(10)]) == 10
    assert usual_wait([arrival()]) is None


def test_a_session_counts_outcomes_languages_and_topics_apart():
    rows = [
        arrival(10, "own", language=1),
        arrival(20, "own", language=2),
        arrival(5, "drop_in", language=1),
        arrival(6, "anonymous", topic=7),
        arrival(4, "left", language=3, topic=9),
    ]
    assert tally(rows) == Tally(
        own=2,
        drop_ins=1,
        anonymous=1,
        left=1,
        average_wait=10,
        languages={1: 2, 2: 1, None: 1},
        topics={7: 1},
    )


@pytest.mark.parametrize(
    ("row", "outcome"), [(arrival(), "left"), (arrival(3), "anonymous")], ids=["in line", "at a desk"]
)
def test_what_nobody_said_is_settled_at_the_end(row, outcome):
    counts = tally([row])
    assert {name for name in ("own", "drop_ins", "anonymous", "left") if getattr(counts, name)} == {outcome}


def test_an_empty_session_counts_nothing():
    assert tally([]) == Tally(0, 0, 0, 0, None, {}, {})
