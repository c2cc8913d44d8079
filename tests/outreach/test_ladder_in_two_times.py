"""What held when, and what was on record when: changes, corrections, and answers that stay."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from clients.rules.reach_periods import Kind, PeriodFact, points_that_change_the_past, without
from outreach.choices import EndReason, Stage
from outreach.rules import Action
from tests.outreach.story import Story, day, letter_and_call, missed, moment, visited_once

# A change holds from now on, and the past stays


def test_a_permission_withdrawn_in_the_afternoon_holds_until_then_and_no_longer():
    story = missed().no_longer(Kind.PHONE, "2019-02-22 15:00")
    assert story.view("2019-02-22 14:59").action == Action.LETTER_OR_CALL
    assert story.view("2019-02-22 15:00").action == Action.LETTER


def test_what_changes_from_now_on_starts_no_window_anew():
    story = letter_and_call().no_longer(Kind.LETTER, "2019-03-06 09:00")
    view = story.view("2019-03-06")
    assert (view.stage, view.not_before, view.due_on) == (Stage.VISIT, day("2019-03-07"), day("2019-03-18"))


def test_the_second_call_is_a_step_once_letters_are_not_wanted_any_more():
    story = missed().call("2019-02-22 09:00").no_longer(Kind.LETTER, "2019-02-25 15:00")
    assert story.call("2019-02-25 10:00").view("2019-02-25").stage == Stage.STEP2
    assert story.call("2019-02-26 10:00").view("2019-02-26").stage == Stage.VISIT


def test_a_number_found_in_the_afternoon_leaves_the_morning_as_it_was():
    story = missed(letter=False, phone=False).holds(Kind.PHONE, "2019-02-22", recorded="2019-02-22 15:00")
    assert story.view("2019-02-22 10:00").clarify
    assert not story.view("2019-02-22 16:00").clarify


# A correction changes the recorded past from its recording on


def test_letters_that_were_wanted_all_along_take_the_second_call_back():
    story = missed(letter=False).call("2019-02-22 09:00").call("2019-02-26 09:00")
    assert story.view("2019-03-03").stage == Stage.VISIT
    story.holds(Kind.LETTER, "2017-01-02", recorded="2019-03-04 10:00")
    assert story.view("2019-03-03").stage == Stage.VISIT
    view = story.view("2019-03-04")
    assert (view.stage, view.action, view.not_before) == (Stage.STEP2, Action.LETTER, day("2019-03-05"))


def test_a_corrected_birth_date_ends_the_ladder_as_corrected_from_then_on():
    story = missed(born_on=day("2003-01-15")).born("2003-05-01", recorded="2019-03-04 10:00")
    assert story.view("2019-03-03").is_open
    view = story.view("2019-03-04")
    assert view.end is not None
    assert (view.end.reason, view.end.at) == (EndReason.CORRECTED, moment("2019-03-04 10:00"))


def test_corrected_back_the_ladder_opens_again_and_its_window_starts_that_day():
    story = missed(born_on=day("2003-01-15"))
    story.born("2003-05-01", recorded="2019-03-04 10:00").born("2003-01-15", recorded="2019-03-11 10:00")
    view = story.view("2019-03-11")
    assert (view.stage, view.not_before, view.due_on) == (Stage.STEP1, day("2019-03-11"), day("2019-03-13"))


def test_a_wish_against_visits_that_was_never_said_gives_the_second_visit_back():
    story = visited_once().holds(Kind.NO_HOME_VISITS, "2019-03-20")
    assert story.view("2019-03-20").stage == Stage.UNREACHABLE
    story.never(Kind.NO_HOME_VISITS, "2019-03-22 09:00")
    assert story.view("2019-03-21").stage == Stage.UNREACHABLE
    view = story.view("2019-03-22")
    assert (view.stage, view.due_on) == (Stage.VISIT2, day("2019-04-05"))


def test_visits_welcome_again_are_visits_again():
    story = letter_and_call().holds(Kind.NO_HOME_VISITS, "2018-01-02")
    story.no_longer(Kind.NO_HOME_VISITS, "2019-03-13 10:00")
    assert story.view("2019-03-12").action == Action.LETTER
    assert story.view("2019-03-13").action == Action.VISIT


def test_an_address_recorded_late_was_there_all_along_but_not_known_before():
    story = letter_and_call(accommodation=False).holds(
        Kind.ACCOMMODATION, "2019-01-07", recorded="2019-03-14 12:00"
    )
    assert story.view("2019-03-14 11:00").action == Action.CLARIFY
    assert story.view("2019-03-14 12:00").action == Action.VISIT


# Rectangles in two times

START = datetime(2019, 1, 1, tzinfo=UTC)
days = st.integers(0, 12)


def _at(number: int) -> datetime:
    return START + timedelta(days=number)


@st.composite
def rectangles(draw: st.DrawFn) -> PeriodFact:
    since, recorded = draw(days), draw(days)
    ends = st.one_of(st.none(), st.integers(1, 8))
    until, withdrawn = draw(ends), draw(ends)
    return PeriodFact(
        Kind.LETTER,
        _at(since),
        _at(recorded),
        until=_at(since + until) if until else None,
        withdrawn_at=_at(recorded + withdrawn) if withdrawn else None,
    )


def _holds(periods: list[PeriodFact], instant: datetime, known_at: datetime) -> int:
    return sum(
        period.covers(instant)
        and period.recorded_at <= known_at
        and (period.withdrawn_at is None or known_at < period.withdrawn_at)
        for period in periods
    )


@given(rectangles(), st.lists(rectangles(), max_size=3), days, days)
def test_what_is_left_holds_exactly_where_no_exception_does(period, exceptions, instant, known_at):
    left = without(period, exceptions)
    wanted = _holds([period], _at(instant), _at(known_at)) and not _holds(
        exceptions, _at(instant), _at(known_at)
    )
    assert _holds(left, _at(instant), _at(known_at)) == int(wanted)


@given(st.lists(rectangles(), max_size=4), days)
def test_only_what_changes_an_earlier_moment_is_a_change_of_the_past(periods, number):
    at, just_before = _at(number), _at(number) - timedelta(hours=1)
    moments = [_at(day) + timedelta(hours=12) for day in range(-1, 22)]
    differs = any(
        bool(_holds(periods, moment, at)) != bool(_holds(periods, moment, just_before))
        for moment in moments
        if moment < at
    )
    found = points_that_change_the_past(periods, START - timedelta(days=9), START + timedelta(days=99))
    assert (at in found) == differs


def test_a_period_that_begins_when_it_is_recorded_changes_no_past():
    at = moment("2019-02-22 15:00")
    fact = PeriodFact(Kind.PHONE, at, at)
    ended = replace(fact, until=at + timedelta(days=3), recorded_at=at + timedelta(days=3))
    withdrawn = replace(fact, withdrawn_at=at + timedelta(days=3))
    long_before, long_after = at - timedelta(days=99), at + timedelta(days=99)
    assert points_that_change_the_past([withdrawn, ended], long_before, long_after) == set()


def test_a_story_is_told_by_what_was_on_record():
    story = Story(phone=False).holds(Kind.PHONE, "2019-02-01", recorded="2019-02-25 09:00")
    story.no_show("A", "2019-02-21 10:00")
    assert story.view("2019-02-24").action == Action.LETTER
    assert story.view("2019-02-25").action == Action.LETTER_OR_CALL
