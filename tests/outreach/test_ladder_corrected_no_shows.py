"""A no-show that was a held talk in truth (rules.md §10 "Corrected no-shows")."""

import pytest

from appointments.choices import AppointmentState, Excuse
from clients.rules.reach_periods import Kind
from outreach.choices import EndReason, Stage, Trigger
from outreach.rules import Action
from tests.outreach.story import Story, day, letter_and_call, missed, moment

HELD = AppointmentState.HELD


def held(story: Story, ref: str, recorded: str) -> Story:
    return story.outcome(ref, HELD, recorded=recorded)


def excused(story: Story, ref: str, recorded: str) -> Story:
    return story.outcome(ref, AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded=recorded)


def ends(story: Story, when: str) -> list[tuple[str, str | None, object]]:
    return [
        (view.key, view.end.reason if view.end else None, view.end.day if view.end else None)
        for view in story.views(when)
    ]


# It had opened the ladder


def test_the_ladder_it_had_opened_ends_as_corrected_on_the_day_of_the_correction():
    story = held(letter_and_call(), "A", "2019-03-05 09:00")
    assert story.view("2019-03-04").is_open
    (view,) = story.views("2019-03-05")
    assert (view.end.reason, view.end.at) == (EndReason.CORRECTED, moment("2019-03-05 09:00"))
    assert (view.stage, view.action, view.due_on) == (Stage.ENDED, None, None)


def test_it_asks_for_a_new_appointment_from_three_days_after_the_talk():
    question = held(missed(), "A", "2019-02-22 09:00").view("2019-02-22").question
    assert (question.asked_on, question.due_on) == (day("2019-02-21"), day("2019-02-24"))


def test_an_answer_after_the_correction_settles_it_and_one_before_does_not():
    story = held(missed().answer("2019-02-22 10:00"), "A", "2019-02-25 09:00")
    assert story.view("2019-02-25").question is not None
    assert story.answer("2019-02-26 09:00").view("2019-02-26").question is None


@pytest.mark.parametrize(("made", "asks"), [("2019-02-21 09:59", True), ("2019-02-22 09:00", False)])
def test_an_appointment_made_since_the_talk_settles_it(made, asks):
    story = held(missed().agreed("B", "2019-03-14 10:00", recorded=made), "A", "2019-02-25 09:00")
    assert (story.view("2019-02-25").question is not None) is asks


def test_what_was_held_from_the_first_record_on_opens_nothing():
    assert held(Story().agreed("A", "2019-02-21 10:00"), "A", "2019-02-21 11:00").views("2019-03-01") == ()


def test_an_end_before_the_correction_stays_the_end():
    story = held(missed().talk("2019-02-26 10:00"), "A", "2019-03-04 09:00")
    (view,) = story.views("2019-03-04")
    assert (view.end.reason, view.end.day) == (EndReason.TWO_WAY, day("2019-02-26"))
    assert view.question.asked_on == day("2019-02-26")


def test_excused_first_and_held_in_truth_it_asks_all_the_same():
    story = held(excused(missed(), "A", "2019-02-22 09:00"), "A", "2019-02-25 09:00")
    (view,) = story.views("2019-02-25")
    assert (view.end.reason, view.end.day) == (EndReason.EXCUSED, day("2019-02-22"))
    assert view.question.due_on == day("2019-02-24")


def test_corrected_back_it_opens_again_with_the_window_of_that_day():
    story = held(missed(), "A", "2019-02-25 09:00")
    story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.UNEXCUSED, recorded="2019-03-11 09:00")
    (view,) = story.views("2019-03-11")
    assert (view.is_open, view.stage, view.due_on) == (True, Stage.STEP1, day("2019-03-13"))


def test_a_missed_invitation_that_was_held_ends_its_ladder_as_corrected_too():
    story = Story().letter("2019-02-11 09:00", ref="letter")
    story.invited("I", "2019-02-21 10:00", letter="letter", recorded="2019-02-11 09:00")
    story.outcome("I", AppointmentState.NO_SHOW, recorded="2019-02-21 18:00")
    view = held(story, "I", "2019-02-25 09:00").view("2019-02-25")
    assert (view.trigger, view.end.reason) == (Trigger.MISSED_INVITATION, EndReason.CORRECTED)
    assert view.question.due_on == day("2019-02-24")


# It had joined


def test_a_ladder_of_an_earlier_no_show_ends_on_the_day_of_the_talk():
    story = letter_and_call().no_show("B", "2019-03-07 10:00", excuse=Excuse.UNDECIDED)
    held(story, "B", "2019-03-11 09:00")
    assert story.view("2019-03-10").is_open
    (view,) = story.views("2019-03-11")
    assert (view.key, view.keys) == ("appointment:A", {"appointment:A"})
    assert (view.end.reason, view.end.at) == (EndReason.TWO_WAY, moment("2019-03-07 10:00"))
    assert (view.question.asked_on, view.question.due_on) == (day("2019-03-07"), day("2019-03-10"))


def test_a_first_contact_ladder_ends_on_the_day_of_the_talk():
    story = Story().take("2019-02-18 09:00").no_show("B", "2019-02-27 10:00")
    (view,) = held(story, "B", "2019-03-01 09:00").views("2019-03-01")
    assert (view.trigger, view.end.reason, view.end.day) == (
        Trigger.FIRST_CONTACT,
        EndReason.TWO_WAY,
        day("2019-02-27"),
    )
    assert view.question.due_on == day("2019-03-02")


def test_what_was_done_after_the_talk_is_no_step_of_that_ladder_any_more():
    story = missed().no_show("B", "2019-02-25 10:00", excuse=Excuse.UNDECIDED).letter("2019-02-26 09:00")
    (view,) = held(story, "B", "2019-03-01 09:00").views("2019-03-01")
    assert (view.steps, view.attempts, view.reached) == ((), (), Stage.STEP1)


# No-shows after it


def test_a_later_no_show_opens_its_own_ladder_at_its_own_t0():
    story = missed().no_show("B", "2019-02-28 10:00", excuse=Excuse.UNDECIDED)
    held(story, "A", "2019-03-04 09:00")
    assert ends(story, "2019-03-04") == [
        ("appointment:A", EndReason.CORRECTED, day("2019-03-04")),
        ("appointment:B", None, None),
    ]
    view = story.view("2019-03-04")
    assert (view.t0, view.stage, view.due_on) == (
        moment("2019-02-28 10:00"),
        Stage.STEP1,
        day("2019-03-04"),
    )


def test_only_what_was_done_at_or_after_its_t0_is_a_step_and_the_window_starts_that_day():
    story = letter_and_call().announce("2019-03-06 09:00", "2019-03-12")
    story.no_show("B", "2019-03-07 10:00", excuse=Excuse.UNDECIDED)
    assert story.view("2019-03-08").stage == Stage.VISIT
    view = held(story, "A", "2019-03-11 09:00").view("2019-03-11")
    assert (view.key, view.stage, view.steps, view.attempts) == ("appointment:B", Stage.STEP1, (), ())
    assert (view.not_before, view.due_on) == (day("2019-03-11"), day("2019-03-13"))
    view = story.visit("2019-03-12 10:00").view("2019-03-12")
    assert view.stage == Stage.STEP1


def test_a_call_since_its_t0_is_its_first_step():
    story = missed().letter("2019-02-22 09:00").no_show("B", "2019-02-27 10:00", excuse=Excuse.UNDECIDED)
    story.call("2019-03-01 10:00")
    assert story.view("2019-03-01").stage == Stage.VISIT
    view = held(story, "A", "2019-03-04 09:00").view("2019-03-04")
    assert (view.stage, view.action) == (Stage.STEP2, Action.LETTER)
    # a1 on Friday 1 March; fallen back from the visit, the window starts on Monday 4 March.
    assert (view.not_before, view.due_on) == (day("2019-03-05"), day("2019-03-08"))


def test_the_question_is_asked_beside_the_later_ladder_too():
    story = missed().no_show("B", "2019-02-28 10:00")
    corrected, opened = held(story, "A", "2019-03-04 09:00").views("2019-03-04")
    assert corrected.question.asked_on == day("2019-02-21")
    assert (opened.is_open, opened.question) == (True, None)


def test_a_later_no_show_after_the_one_that_had_joined_opens_its_own():
    story = missed().no_show("B", "2019-02-28 10:00", excuse=Excuse.UNDECIDED)
    story.no_show("C", "2019-03-07 10:00", excuse=Excuse.UNDECIDED)
    held(story, "B", "2019-03-11 09:00")
    assert ends(story, "2019-03-11") == [
        ("appointment:A", EndReason.TWO_WAY, day("2019-02-28")),
        ("appointment:C", None, None),
    ]


def test_one_after_the_other_held_in_truth_ends_each_of_them():
    story = missed().no_show("B", "2019-02-28 10:00", excuse=Excuse.UNDECIDED)
    held(held(story, "A", "2019-03-04 09:00"), "B", "2019-03-06 09:00")
    assert ends(story, "2019-03-06") == [
        ("appointment:A", EndReason.CORRECTED, day("2019-03-04")),
        ("appointment:B", EndReason.CORRECTED, day("2019-03-06")),
    ]
    assert [view.question is not None for view in story.views("2019-03-06")] == [False, True]


def test_a_no_show_held_in_truth_takes_the_basis_of_the_fast_lane():
    story = Story().no_show("A", "2019-01-17 10:00").talk("2019-01-28 10:00").no_show("B", "2019-02-21 10:00")
    view = held(story, "A", "2019-02-25 09:00").view("2019-02-25")
    assert (view.key, view.stage, view.due_on) == ("appointment:B", Stage.STEP1, day("2019-02-27"))


# One after the other by excuse or cancellation


@pytest.mark.parametrize(
    ("first", "second", "reason"),
    [
        (Excuse.EXCUSED, Excuse.EXCUSED, EndReason.EXCUSED),
        (AppointmentState.CANCELLED_US, Excuse.EXCUSED, EndReason.EXCUSED),
        (Excuse.EXCUSED, AppointmentState.CANCELLED_CLIENT, EndReason.CORRECTED),
        (AppointmentState.MOVED, AppointmentState.MOVED, EndReason.CORRECTED),
    ],
)
@pytest.mark.parametrize("order", ["AB", "BA"])
def test_no_shows_that_lose_their_basis_one_after_the_other_end_it_on_the_day_of_the_last(
    first, second, reason, order
):
    story = missed().no_show("B", "2019-02-28 10:00", excuse=Excuse.UNDECIDED)
    for ref, what, recorded in zip(
        order, (first, second), ("2019-03-01 09:00", "2019-03-05 09:00"), strict=True
    ):
        if what == Excuse.EXCUSED:
            excused(story, ref, recorded)
        else:
            story.outcome(ref, what, recorded=recorded)
    assert story.view("2019-03-04").is_open
    assert ends(story, "2019-03-05") == [("appointment:A", reason, day("2019-03-05"))]
    assert story.view("2019-03-05").question is None


def test_excused_the_first_and_held_the_second_it_ends_on_the_day_of_the_talk():
    story = missed().no_show("B", "2019-02-28 10:00", excuse=Excuse.UNDECIDED)
    held(excused(story, "A", "2019-03-01 09:00"), "B", "2019-03-04 09:00")
    assert ends(story, "2019-03-04") == [("appointment:A", EndReason.TWO_WAY, day("2019-02-28"))]


# Windows and the past


def test_a_wish_against_visits_and_a_pause_of_the_first_ladder_do_not_travel():
    story = (
        letter_and_call().pause("2019-03-05").resume("2019-03-06").holds(Kind.NO_HOME_VISITS, "2019-03-06")
    )
    story.no_show("B", "2019-03-07 10:00", excuse=Excuse.UNDECIDED)
    view = held(story, "A", "2019-03-11 09:00").view("2019-03-11")
    assert (view.stage, view.suspended, view.due_on) == (Stage.STEP1, False, day("2019-03-13"))


def test_what_was_answered_before_the_correction_is_answered_so_for_ever():
    story = letter_and_call().no_show("B", "2019-03-07 10:00", excuse=Excuse.UNDECIDED)
    before = story.views("2019-03-08")
    held(held(story, "A", "2019-03-11 09:00"), "B", "2019-03-12 09:00")
    assert story.views("2019-03-08") == before
