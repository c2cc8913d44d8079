"""How a ladder ends, what re-opens it, and the question after it."""

import pytest

from appointments.choices import AppointmentState, Channel, Direction, Excuse, Result, SpokenWith
from outreach.choices import EndReason, Stage
from outreach.rules import Action, current
from tests.outreach.story import Story, day, letter_and_call, missed, moment, visited_once, visited_twice

# Two-way contact


@pytest.mark.parametrize(
    "channel",
    [
        Channel.OFFICE,
        Channel.OPEN_HOUR,
        Channel.PHONE,
        Channel.VIDEO,
        Channel.HOME_VISIT,
        Channel.ACCOMPANIMENT,
    ],
)
def test_a_talk_in_any_way_ends_the_ladder(channel):
    view = letter_and_call().talk("2019-03-08 10:00", channel).view("2019-03-08")
    assert (view.stage, view.end.reason, view.end.day) == (Stage.ENDED, EndReason.TWO_WAY, day("2019-03-08"))
    assert (view.action, view.due_on, view.not_before) == (None, None, None)


def test_a_message_of_the_client_ends_it():
    assert (
        letter_and_call().message_from_client("2019-03-08").view("2019-03-08").end.reason == EndReason.TWO_WAY
    )


def test_a_talk_with_the_legal_representative_ends_it():
    story = letter_and_call().talk("2019-03-08", spoken_with=SpokenWith.LEGAL_REPRESENTATIVE)
    assert not story.view("2019-03-08").is_open


@pytest.mark.parametrize(
    "more",
    [
        {"spoken_with": SpokenWith.RELATIVE},
        {"spoken_with": SpokenWith.RELATIVE, "direction": Direction.IN},
        {"spoken_with": SpokenWith.INTERPRETER_ONLY},
        {"spoken_with": SpokenWith.THIRD_PARTY},
        {"channel": Channel.GROUP},
        {"direction": Direction.IN, "result": Result.MISSED_CALL},
    ],
)
def test_a_neighbour_a_third_party_a_group_or_a_missed_call_do_not(more):
    channel = more.pop("channel", Channel.PHONE)
    assert letter_and_call().talk("2019-03-08", channel, **more).view("2019-03-08").is_open


def test_a_held_appointment_ends_it_at_its_planned_start_also_one_set_by_letter():
    story = letter_and_call().invited("H", "2019-03-08 10:00", letter=None)
    view = story.outcome("H", AppointmentState.HELD, recorded="2019-03-11 09:00").view("2019-03-11")
    assert (view.end.reason, view.end.at) == (EndReason.TWO_WAY, moment("2019-03-08 10:00"))


def test_only_contacts_at_or_after_t0_end_it():
    assert missed().talk("2019-02-21 09:59").view("2019-02-22").is_open
    assert not missed().talk("2019-02-21 10:00").view("2019-02-22").is_open


def test_a_contact_recorded_late_ends_it_on_the_day_it_happened():
    story = letter_and_call().talk("2019-02-26 10:00", recorded="2019-03-11 09:00")
    assert story.view("2019-03-10").is_open
    view = story.view("2019-03-11")
    assert (view.end.day, len(view.steps)) == (day("2019-02-26"), 1)


# Excuse and correction


def test_an_accepted_excuse_ends_it_on_the_day_of_accepting():
    story = missed().outcome(
        "A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-25 09:00"
    )
    view = story.view("2019-02-25")
    assert (view.end.reason, view.end.day) == (EndReason.EXCUSED, day("2019-02-25"))


@pytest.mark.parametrize(
    "state", [AppointmentState.CANCELLED_CLIENT, AppointmentState.CANCELLED_US, AppointmentState.MOVED]
)
def test_a_corrected_outcome_ends_it_as_corrected_on_the_day_of_the_correction(state):
    view = missed().outcome("A", state, recorded="2019-02-25 09:00").view("2019-02-25")
    assert (view.end.reason, view.end.day) == (EndReason.CORRECTED, day("2019-02-25"))
    assert view.question is None


def test_with_several_no_shows_it_ends_only_when_none_is_unexcused_any_more():
    story = missed().no_show("B", "2019-02-28 10:00", excuse=Excuse.UNDECIDED)
    story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-03-01 09:00")
    view = story.view("2019-03-01")
    assert (view.is_open, view.t0_day) == (True, day("2019-02-21"))
    story.outcome("B", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-03-04 09:00")
    view = story.view("2019-03-04")
    assert (view.end.reason, view.end.day) == (EndReason.EXCUSED, day("2019-03-04"))


def test_a_first_contact_ladder_never_ends_by_excuse():
    story = Story().take("2019-02-18").no_show("A", "2019-02-21 10:00")
    story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-25 09:00")
    assert story.view("2019-02-25").is_open


def test_an_excuse_withdrawn_re_opens_it_with_the_window_of_that_day():
    story = missed().outcome(
        "A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-25 09:00"
    )
    story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.UNEXCUSED, recorded="2019-03-11 09:00")
    assert not story.view("2019-03-10").is_open
    view = story.view("2019-03-11")
    assert (view.is_open, view.stage, view.due_on) == (True, Stage.STEP1, day("2019-03-13"))


def test_a_returned_letter_falls_back_with_the_window_of_that_day():
    story = (
        missed()
        .letter("2019-02-22 09:00", ref="letter")
        .call("2019-03-04 10:20")
        .returned("letter", "2019-03-06 09:00")
    )
    assert story.view("2019-03-05").stage == Stage.VISIT
    view = story.view("2019-03-06")
    assert (view.stage, view.not_before) == (Stage.STEP2, day("2019-03-07"))
    assert view.step(Stage.STEP1).contact.channel == Channel.PHONE


def test_a_letter_said_to_be_returned_before_anything_else_happened_starts_over():
    story = missed().letter("2019-02-22 09:00", ref="letter").returned("letter", "2019-03-06 09:00")
    view = story.view("2019-03-06")
    assert (view.stage, view.due_on) == (Stage.STEP1, day("2019-03-08"))


def test_a_returned_letter_takes_the_last_attempt_back_with_the_window_of_that_day():
    story = visited_twice().letter("2019-06-27 10:00", ref="last")
    assert story.view("2019-07-04").closing_proposed
    view = story.returned("last", "2019-07-15 09:00").view("2019-07-15")
    assert (view.stage, view.action) == (Stage.RECHECK, Action.TRY_AGAIN)
    assert (view.not_before, view.due_on) == (day("2019-07-15"), day("2019-07-29"))


def test_a_contact_moved_to_another_file_re_opens_this_one_and_ends_the_other_on_the_day_it_happened():
    wrong = letter_and_call().talk("2019-03-08 10:00", ref="talk").withdraw("talk", "2019-03-20 09:00")
    assert not wrong.view("2019-03-19").is_open
    reopened = wrong.view("2019-03-20")
    assert (reopened.stage, reopened.not_before, reopened.due_on) == (
        Stage.VISIT,
        day("2019-03-25"),
        day("2019-04-03"),
    )
    right = letter_and_call().talk("2019-03-08 10:00", recorded="2019-03-20 09:00")
    assert right.view("2019-03-19").is_open
    assert right.view("2019-03-20").end.day == day("2019-03-08")


def test_a_no_show_moved_to_another_file_ends_this_ladder_as_corrected():
    view = missed().withdraw("A", "2019-02-27 09:00").view("2019-02-27")
    assert (view.end.reason, view.end.day) == (EndReason.CORRECTED, day("2019-02-27"))


def test_an_earlier_answer_does_not_change_with_what_is_recorded_later():
    story = letter_and_call()
    before = story.views("2019-03-05 08:00")
    story.talk("2019-02-26 10:00", recorded="2019-03-11 09:00").withdraw("c1", "2019-03-12")
    assert story.views("2019-03-05 08:00") == before


def test_a_first_contact_ladder_whose_basis_vanished_stays_as_corrected():
    story = (
        Story().take("2019-03-01 14:00").letter("2019-03-04").talk("2019-02-20", recorded="2019-03-11 09:00")
    )
    assert story.view("2019-03-10").is_open
    view = story.view("2019-03-11")
    assert (view.end.reason, view.end.day) == (EndReason.CORRECTED, day("2019-03-11"))


def test_an_earlier_no_show_recorded_late_takes_over_the_open_ladder():
    story = missed().no_show("Z", "2019-02-14 10:00", recorded="2019-02-26 09:00")
    assert story.view("2019-02-25").key == "appointment:A"
    views = story.views("2019-02-26")
    assert [(view.key, view.keys) for view in views] == [
        ("appointment:Z", {"appointment:Z", "appointment:A"})
    ]


def test_a_late_talk_that_ends_the_ladder_before_a_no_show_sets_the_file_back_with_the_window_of_that_day():
    story = letter_and_call().no_show("B", "2019-03-07 10:00", excuse=Excuse.UNDECIDED)
    assert story.view("2019-03-11").stage == Stage.VISIT
    story.talk("2019-03-05 10:00", recorded="2019-03-12 09:00")
    views = story.views("2019-03-12")
    assert [(view.key, view.is_open) for view in views] == [("appointment:A", False), ("appointment:B", True)]
    assert (views[1].stage, views[1].due_on) == (Stage.STEP1, day("2019-03-14"))


def test_a_no_show_recorded_late_re_opens_the_ladder_with_the_window_of_that_day():
    """B fell into the days of A's ladder, which was excused before anybody wrote B down."""
    story = missed().outcome(
        "A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-26 09:00"
    )
    story.no_show("B", "2019-02-25 10:00", excuse=Excuse.UNDECIDED, recorded="2019-03-11 09:00")
    assert not story.view("2019-03-10").is_open
    view = story.view("2019-03-11")
    assert (view.key, view.t0_day) == ("appointment:A", day("2019-02-21"))
    assert (view.stage, view.due_on) == (Stage.STEP1, day("2019-03-13"))


# Declined, closed, ended by the manager


@pytest.mark.parametrize("reason", [EndReason.MANAGER, EndReason.DECLINED])
def test_the_manager_ends_it_with_a_reason(reason):
    view = missed().end("2019-02-26", reason).view("2019-02-26")
    assert (view.end.reason, view.question) == (reason, None)


def test_closing_the_phase_ends_it():
    assert missed().close("2019-02-26").view("2019-02-26").end.reason == EndReason.CLOSED


def test_the_earliest_end_wins():
    story = missed().close("2019-03-05").talk("2019-02-28").end("2019-03-01", EndReason.MANAGER)
    assert story.view("2019-03-06").end.reason == EndReason.TWO_WAY


def test_a_decline_on_the_day_of_the_talk_makes_it_declined_and_asks_nothing():
    view = missed().talk("2019-02-28 10:00").end("2019-02-28 10:30", EndReason.DECLINED).view("2019-03-05")
    assert (view.end.reason, view.question) == (EndReason.DECLINED, None)


def test_a_decline_on_a_later_day_leaves_the_two_way_end():
    view = missed().talk("2019-02-28 10:00").end("2019-03-01 10:30", EndReason.DECLINED).view("2019-03-05")
    assert view.end.reason == EndReason.TWO_WAY


# The step it stood at


def twice_missed() -> Story:
    return Story().no_show("A", "2019-01-17 10:00").talk("2019-01-28 10:00").no_show("B", "2019-02-21 10:00")


@pytest.mark.parametrize(
    "correction",
    [
        (AppointmentState.NO_SHOW, Excuse.EXCUSED),
        (AppointmentState.CANCELLED_US, Excuse.UNDECIDED),
        (AppointmentState.HELD, Excuse.UNDECIDED),
    ],
)
def test_a_correction_that_ends_the_fast_lane_ends_it_at_the_visit(correction):
    state, excuse = correction
    story = twice_missed().outcome("B", state, excuse=excuse, recorded="2019-02-26 09:00")
    view = story.view("2019-03-04")
    assert (view.end.day, view.reached) == (day("2019-02-26"), Stage.VISIT)


def test_an_excuse_accepted_after_a_talk_leaves_the_step_the_talk_found_it_at():
    story = twice_missed().talk("2019-02-26 10:00")
    story.outcome("B", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-03-04 09:00")
    view = story.view("2019-03-04")
    assert (view.end.reason, view.end.day, view.reached) == (
        EndReason.TWO_WAY,
        day("2019-02-26"),
        Stage.VISIT,
    )


def test_fallen_back_before_it_ended_it_stood_at_the_step_it_had_fallen_back_to():
    story = twice_missed()
    story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-25 09:00")
    story.outcome("B", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-26 09:00")
    assert story.view("2019-02-26").reached == Stage.STEP1


def test_a_talk_recorded_late_found_it_at_the_step_of_its_day():
    story = letter_and_call().talk("2019-02-26 10:00", recorded="2019-03-11 09:00")
    assert story.view("2019-03-11").reached == Stage.STEP2


# What comes after


def test_a_no_show_after_the_end_opens_a_new_ladder():
    views = missed().talk("2019-02-28").no_show("B", "2019-09-16 10:00").views("2019-09-16")
    assert [view.key for view in views] == ["appointment:A", "appointment:B"]
    assert current(views).key == "appointment:B"


def test_nothing_is_open_after_the_end():
    assert current(missed().talk("2019-02-28").views("2019-03-05")) is None


def test_after_a_two_way_end_the_question_stands_from_the_third_day():
    question = letter_and_call().talk("2019-03-08 10:00").view("2019-03-08").question
    assert (question.asked_on, question.due_on) == (day("2019-03-08"), day("2019-03-11"))


def test_an_answer_settles_the_question():
    assert missed().talk("2019-02-28").answer("2019-03-01").view("2019-03-04").question is None


def spoken_and_planned(made: str, start: str = "2019-03-14 10:00") -> Story:
    return missed().talk("2019-02-28 10:00").agreed("B", start, recorded=made)


@pytest.mark.parametrize(
    ("made", "answered"),
    [
        ("2019-02-28 10:20", True),
        ("2019-02-28 10:00", True),
        ("2019-03-05 09:00", True),
        ("2019-02-28 09:59", False),
        ("2019-02-20 09:00", False),
    ],
)
def test_an_appointment_made_at_or_after_the_talk_is_the_answer(made, answered):
    assert (spoken_and_planned(made).view("2019-03-06").question is None) is answered


def test_an_appointment_entered_late_for_a_day_before_the_talk_is_no_answer():
    story = spoken_and_planned("2019-03-01 09:00", start="2019-02-25 10:00")
    assert story.view("2019-03-04").question is not None


@pytest.mark.parametrize("state", [AppointmentState.CANCELLED_CLIENT, AppointmentState.CANCELLED_US])
def test_cancelled_by_anyone_the_question_returns(state):
    story = spoken_and_planned("2019-02-28 10:20")
    assert story.view("2019-03-04").question is None
    story.outcome("B", state, recorded="2019-03-05 09:00")
    assert story.view("2019-03-04").question is None
    question = story.view("2019-03-05").question
    assert (question.asked_on, question.due_on) == (day("2019-02-28"), day("2019-03-03"))


def test_a_moved_appointment_answers_by_the_one_that_took_its_place():
    story = spoken_and_planned("2019-02-28 10:20")
    story.outcome("B", AppointmentState.MOVED, recorded="2019-03-05 09:00")
    story.agreed("C", "2019-03-18 10:00", recorded="2019-03-05 09:00")
    assert story.view("2019-03-05").question is None
    story.outcome("C", AppointmentState.CANCELLED_US, recorded="2019-03-06 09:00")
    assert story.view("2019-03-06").question is not None


@pytest.mark.parametrize("excuse", list(Excuse))
def test_an_appointment_nobody_came_to_was_an_answer_all_the_same(excuse):
    story = spoken_and_planned("2019-02-28 10:20")
    story.outcome("B", AppointmentState.NO_SHOW, excuse=excuse, recorded="2019-03-14 18:00")
    assert {view.question for view in story.views("2019-03-15")} == {None}


def test_whoever_comes_before_the_hour_gets_the_next_date_before_the_hour():
    story = letter_and_call().agreed("H", "2019-03-08 14:00", recorded="2019-03-05 09:00")
    story.outcome("H", AppointmentState.HELD, recorded="2019-03-08 09:40")
    story.agreed("B", "2019-03-20 10:00", recorded="2019-03-08 09:40")
    assert story.view("2019-03-11").question is None


def test_ending_a_later_ladder_by_hand_leaves_nothing_to_ask_of_the_talk_before_it():
    story = spoken_and_planned("2019-02-20 09:00", start="2019-03-07 10:00")
    story.outcome("B", AppointmentState.NO_SHOW, excuse=Excuse.UNEXCUSED, recorded="2019-03-07 18:00")
    assert [view.question is not None for view in story.views("2019-03-08")] == [True, False]
    story.end("2019-03-11", EndReason.DECLINED)
    assert [view.question for view in story.views("2019-03-11")] == [None, None]


def test_a_closed_file_asks_nothing():
    assert missed().talk("2019-02-28").close("2019-03-01").view("2019-03-04").question is None


def test_silence_is_never_an_end():
    for story in (missed(), letter_and_call(), visited_once(), visited_twice()):
        assert story.view("2021-03-01").is_open
