"""Two unexcused no-shows in a row lead straight to the visit."""

import pytest

from appointments.choices import AppointmentState, Channel, Excuse, Result, SpokenWith
from clients.rules.reach_periods import Kind
from outreach.choices import Stage
from outreach.rules import Action
from tests.outreach.story import Story, day, moment


def twice_missed(first: str = "2019-01-17 10:00", second: str = "2019-02-21 10:00") -> Story:
    """The first no-show's ladder was ended by a phone talk in which the second date was agreed."""
    story = Story().no_show("A", first)
    return story.talk(f"{first[:8]}28 10:00").no_show("B", second)


def test_two_unexcused_no_shows_lead_straight_to_the_visit():
    view = twice_missed().view("2019-02-21")
    assert (view.stage, view.fast_lane, view.key) == (Stage.VISIT, True, "appointment:B")
    assert (view.not_before, view.due_on) == (day("2019-02-21"), day("2019-03-07"))
    assert view.fast_lane_misses == (moment("2019-01-17 10:00"), moment("2019-02-21 10:00"))


def test_a_phone_talk_ends_the_open_ladder_but_does_not_reset_the_count():
    views = twice_missed().views("2019-02-21")
    assert [view.is_open for view in views] == [False, True]
    assert views[1].fast_lane


def test_within_one_open_ladder_the_second_no_show_moves_it_to_the_visit():
    story = Story().no_show("A", "2019-02-14 10:00").letter("2019-02-15").no_show("B", "2019-02-21 10:00")
    view = story.view("2019-02-21")
    assert (view.stage, view.key, view.due_on) == (Stage.VISIT, "appointment:A", day("2019-03-07"))
    assert [step.stage for step in view.steps] == [Stage.STEP1]


def test_a_later_stage_keeps_its_window():
    story = Story().no_show("A", "2019-02-14 10:00").letter("2019-02-15").call("2019-02-25 10:00")
    view = story.no_show("B", "2019-02-28 10:00").view("2019-02-28")
    assert (view.stage, view.fast_lane, view.due_on) == (Stage.VISIT, False, day("2019-03-11"))


@pytest.mark.parametrize(
    ("first", "second", "fast"),
    [("2018-08-21 10:00", "2019-02-21 10:00", True), ("2018-08-20 10:00", "2019-02-21 10:00", False)],
)
def test_at_most_six_calendar_months_apart_inclusive(first, second, fast):
    assert twice_missed(first, second).view("2019-02-21").fast_lane is fast


@pytest.mark.parametrize(
    "channel", [Channel.OFFICE, Channel.OPEN_HOUR, Channel.HOME_VISIT, Channel.ACCOMPANIMENT]
)
def test_meeting_in_person_between_them_resets_the_count(channel):
    assert not twice_missed().talk("2019-02-04 10:00", channel).view("2019-02-21").fast_lane


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.VIDEO, Channel.MESSAGE, Channel.LETTER])
def test_phone_video_and_writing_do_not(channel):
    assert (
        twice_missed().talk("2019-02-04 10:00", channel, result=Result.ANSWERED).view("2019-02-21").fast_lane
    )


def test_a_group_does_not_reset_the_count():
    assert twice_missed().talk("2019-02-04 10:00", Channel.GROUP).view("2019-02-21").fast_lane


def test_meeting_only_a_relative_does_not_reset_the_count():
    story = twice_missed().visit("2019-02-04 10:00", spoken_with=SpokenWith.RELATIVE, result=Result.TALK)
    assert story.view("2019-02-21").fast_lane


def test_any_held_appointment_between_them_resets_the_count():
    story = twice_missed().invited("H", "2019-02-04 10:00", letter=None)
    assert (
        not story.outcome("H", AppointmentState.HELD, recorded="2019-02-04 11:00")
        .view("2019-02-21")
        .fast_lane
    )


@pytest.mark.parametrize(
    ("state", "excuse"),
    [
        (AppointmentState.NO_SHOW, Excuse.EXCUSED),
        (AppointmentState.CANCELLED_CLIENT, Excuse.UNDECIDED),
        (AppointmentState.CANCELLED_US, Excuse.UNDECIDED),
        (AppointmentState.MOVED, Excuse.UNDECIDED),
        (AppointmentState.NOT_MET, Excuse.UNDECIDED),
    ],
)
def test_excused_cancelled_moved_and_not_met_ones_are_skipped(state, excuse):
    story = twice_missed().agreed("X", "2019-02-07 10:00")
    assert story.outcome("X", state, excuse=excuse, recorded="2019-02-07 12:00").view("2019-02-21").fast_lane


def test_one_without_outcome_blocks():
    assert not twice_missed().agreed("X", "2019-02-07 10:00").view("2019-02-21").fast_lane


def test_one_undecided_blocks():
    story = twice_missed().no_show("X", "2019-02-07 10:00", excuse=Excuse.UNDECIDED)
    assert not story.view("2019-02-21").fast_lane


def test_an_undecided_second_no_show_opens_at_step_1_and_moves_to_the_visit_when_decided():
    story = Story().no_show("A", "2019-01-17 10:00").talk("2019-01-28")
    story.no_show("B", "2019-02-21 10:00", excuse=Excuse.UNDECIDED)
    assert story.view("2019-02-25").stage == Stage.STEP1
    story.outcome("B", AppointmentState.NO_SHOW, excuse=Excuse.UNEXCUSED, recorded="2019-02-26 09:00")
    view = story.view("2019-02-26")
    assert (view.stage, view.due_on) == (Stage.VISIT, day("2019-03-07"))


def test_missed_invitations_are_ignored():
    story = (
        Story()
        .no_show("A", "2019-01-17 10:00")
        .talk("2019-01-28")
        .invited("I", "2019-02-21 10:00", letter=None)
    )
    assert (
        not story.outcome("I", AppointmentState.NO_SHOW, recorded="2019-02-21 12:00")
        .view("2019-02-22")
        .fast_lane
    )


def test_letters_and_calls_during_the_fast_lane_are_attempts_but_no_steps():
    view = twice_missed().letter("2019-02-22").call("2019-03-04").view("2019-03-05")
    assert (view.stage, view.steps, len(view.attempts)) == (Stage.VISIT, (), 2)
    assert view.due_on == day("2019-03-07")


def test_the_visit_of_the_fast_lane_leads_to_the_second_visit():
    story = twice_missed().announce("2019-02-25").visit("2019-02-28 10:00")
    view = story.view("2019-02-28")
    assert (view.stage, view.fast_lane, view.due_on) == (Stage.VISIT2, True, day("2019-03-14"))


def test_when_it_loses_its_basis_the_ladder_falls_back_and_its_window_starts_that_day():
    story = twice_missed()
    story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-25 09:00")
    view = story.view("2019-02-25")
    assert (view.stage, view.fast_lane, view.due_on) == (Stage.STEP1, False, day("2019-02-27"))


def test_the_attempts_made_meanwhile_count_after_the_fall_back():
    story = twice_missed().letter("2019-02-22 09:00")
    story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-25 09:00")
    view = story.view("2019-02-25")
    assert (view.stage, view.not_before) == (Stage.STEP2, day("2019-03-04"))


# Undecided (rules.md §10 "Fast lane, undecided")


@pytest.mark.parametrize("excuse", [None, Excuse.UNDECIDED])
def test_a_later_appointment_without_outcome_or_undecided_changes_nothing(excuse):
    story = twice_missed().agreed("C", "2019-02-26 10:00")
    if excuse is not None:
        story.outcome("C", AppointmentState.NO_SHOW, excuse=excuse, recorded="2019-02-26 18:00")
    view = story.view("2019-02-27")
    assert (view.stage, view.not_before, view.due_on) == (Stage.VISIT, day("2019-02-21"), day("2019-03-07"))
    assert view.fast_lane_misses == (moment("2019-01-17 10:00"), moment("2019-02-21 10:00"))


def test_the_announced_visit_stays_announced_and_counts():
    story = twice_missed().announce("2019-02-25 09:00", "2019-02-28").agreed("C", "2019-02-26 10:00")
    view = story.view("2019-02-27")
    assert (view.stage, view.announced_on, view.visit_on) == (
        Stage.VISIT,
        day("2019-02-25"),
        day("2019-02-28"),
    )
    view = story.visit("2019-02-28 10:00").view("2019-02-28")
    assert (view.stage, view.due_on) == (Stage.VISIT2, day("2019-03-14"))


def test_one_undecided_blocks_only_until_it_is_decided():
    story = twice_missed().no_show("X", "2019-02-07 10:00", excuse=Excuse.UNDECIDED)
    story.outcome("X", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-25 09:00")
    assert story.view("2019-02-24").stage == Stage.STEP1
    view = story.view("2019-02-25")
    assert (view.stage, view.due_on) == (Stage.VISIT, day("2019-03-07"))


def test_once_it_holds_an_undecided_one_between_them_recorded_late_takes_nothing():
    story = twice_missed().agreed("X", "2019-02-07 10:00", recorded="2019-02-26 09:00")
    assert story.view("2019-02-26").fast_lane
    story.outcome("X", AppointmentState.NO_SHOW, excuse=Excuse.UNDECIDED, recorded="2019-02-27 09:00")
    view = story.view("2019-02-27")
    assert (view.stage, view.due_on) == (Stage.VISIT, day("2019-03-07"))


def test_once_it_holds_an_excuse_between_them_taken_back_takes_nothing():
    story = twice_missed().no_show("X", "2019-02-07 10:00", excuse=Excuse.EXCUSED)
    story.outcome("X", AppointmentState.NO_SHOW, excuse=Excuse.UNDECIDED, recorded="2019-02-26 09:00")
    view = story.view("2019-02-26")
    assert (view.stage, view.fast_lane, view.due_on) == (Stage.VISIT, True, day("2019-03-07"))


def test_once_it_holds_two_more_no_shows_between_them_recorded_late_take_nothing():
    story = twice_missed().no_show("X", "2019-02-05 10:00", recorded="2019-02-26 10:00")
    story.no_show("Y", "2019-02-07 10:00", excuse=Excuse.UNDECIDED, recorded="2019-02-26 09:00")
    view = story.view("2019-02-26")
    assert (view.stage, view.fast_lane, view.due_on) == (Stage.VISIT, True, day("2019-03-07"))


def test_after_the_basis_was_lost_an_undecided_one_between_them_blocks_again():
    story = twice_missed().agreed("X", "2019-02-07 10:00", recorded="2019-02-22 09:00")
    story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-25 09:00")
    story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.UNEXCUSED, recorded="2019-02-26 09:00")
    view = story.view("2019-02-26")
    assert (view.stage, view.fast_lane, view.due_on) == (Stage.STEP1, False, day("2019-02-27"))


def test_a_talk_in_person_between_them_recorded_late_takes_the_basis():
    story = twice_missed().talk("2019-02-04 10:00", Channel.OPEN_HOUR, recorded="2019-02-26 09:00")
    view = story.view("2019-02-26")
    assert (view.stage, view.fast_lane, view.due_on) == (Stage.STEP1, False, day("2019-02-28"))


def test_an_appointment_between_them_recorded_late_as_held_takes_the_basis():
    story = twice_missed().agreed("H", "2019-02-07 10:00", recorded="2019-02-26 09:00")
    story.outcome("H", AppointmentState.HELD, recorded="2019-02-26 09:00")
    view = story.view("2019-02-26")
    assert (view.stage, view.fast_lane, view.due_on) == (Stage.STEP1, False, day("2019-02-28"))


@pytest.mark.parametrize("between", [True, False])
def test_a_later_unexcused_no_show_moves_its_window_whatever_lies_between(between):
    story = twice_missed()
    if between:
        story.agreed("C", "2019-02-26 10:00")
    view = story.no_show("D", "2019-03-05 10:00").view("2019-03-05")
    assert (view.stage, view.not_before, view.due_on) == (Stage.VISIT, day("2019-03-05"), day("2019-03-19"))
    assert view.fast_lane_misses == (moment("2019-02-21 10:00"), moment("2019-03-05 10:00"))


def test_a_visit_between_the_second_and_the_third_no_show_had_its_window():
    story = twice_missed().announce("2019-02-25 09:00").visit("2019-02-28 10:00")
    view = story.no_show("D", "2019-03-05 10:00").view("2019-03-05")
    assert (view.stage, view.due_on) == (Stage.VISIT2, day("2019-03-14"))


def test_a_third_no_show_that_is_excused_gives_the_window_of_that_day():
    story = twice_missed().no_show("D", "2019-03-05 10:00")
    story.outcome("D", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-03-11 09:00")
    view = story.view("2019-03-11")
    assert (view.stage, view.fast_lane) == (Stage.VISIT, True)
    assert (view.not_before, view.due_on) == (day("2019-03-11"), day("2019-03-25"))
    assert view.fast_lane_misses == (moment("2019-01-17 10:00"), moment("2019-02-21 10:00"))


def test_a_lost_basis_gives_the_window_of_that_day_also_where_the_visit_is_due_anyway():
    story = twice_missed().letter("2019-02-22 09:00").call("2019-03-04 10:20")
    story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-03-11 09:00")
    view = story.view("2019-03-11")
    assert (view.stage, view.fast_lane) == (Stage.VISIT, False)
    assert (view.not_before, view.due_on) == (day("2019-03-14"), day("2019-03-25"))


def test_the_fast_lane_of_someone_who_wants_no_visits_is_a_letter():
    view = twice_missed().holds(Kind.NO_HOME_VISITS, "2018-01-02").view("2019-02-21")
    assert (view.stage, view.action, view.due_on) == (Stage.VISIT, Action.LETTER, day("2019-03-07"))


def test_resume_starts_the_window_of_the_fast_lane_anew():
    view = twice_missed().pause("2019-02-22").resume("2019-06-03").view("2019-06-03")
    assert (view.stage, view.due_on) == (Stage.VISIT, day("2019-06-18"))
