"""A contact without a time counts as the end of its day and is in force at once (rules.md §10)."""

import datetime

import pytest

from appointments.choices import Channel, Excuse
from appointments.rules.contact import ContactFact, same_part_of_day
from appointments.services.contacts import place_in_time
from outreach.choices import EndReason, Stage
from tests.outreach.story import Story, day, letter_and_call, missed, moment, visited_once

UNTIMED = {"has_time": False}


def test_it_counts_as_the_end_of_its_day_also_when_logged_on_that_day():
    for now in ("2019-02-22 09:00", "2019-02-25 09:00"):
        contact = ContactFactStub()
        place_in_time(contact, datetime.date(2019, 2, 22), None)
        assert contact.happened_at == moment("2019-02-22 23:59:59.999999"), now
        assert not contact.has_time


class ContactFactStub:
    """Takes what `place_in_time` sets."""

    happened_at: datetime.datetime
    happened_on: datetime.date
    has_time: bool


def test_a_talk_logged_in_the_morning_ends_the_ladder_of_a_no_show_at_noon():
    story = Story().talk("2019-02-21 09:00", **UNTIMED).no_show("A", "2019-02-21 12:00")
    view = story.view("2019-02-21 19:00")
    assert (view.end.reason, view.end.day) == (EndReason.TWO_WAY, day("2019-02-21"))


def test_a_talk_with_its_hour_before_the_no_show_does_not():
    story = Story().talk("2019-02-21 09:00").no_show("A", "2019-02-21 12:00")
    assert story.view("2019-02-21 19:00").is_open


def test_a_talk_is_in_force_as_soon_as_it_is_logged_and_not_before():
    story = letter_and_call().talk("2019-03-08 10:00", **UNTIMED)
    assert story.view("2019-03-08 09:59").is_open
    assert not story.view("2019-03-08 10:00").is_open


def test_a_letter_is_a_step_as_soon_as_it_is_logged():
    story = missed().letter("2019-02-22 09:00", **UNTIMED)
    assert story.view("2019-02-22 08:59").stage == Stage.STEP1
    view = story.view("2019-02-22 09:00")
    assert (view.stage, view.not_before, len(view.attempts)) == (Stage.STEP2, day("2019-03-01"), 1)
    assert story.view("2019-02-23").stage == Stage.STEP2


def test_it_comes_after_what_has_an_hour_on_its_day():
    """The letter counts from the end of the day, so the call of the afternoon was the first step."""
    story = missed().letter("2019-02-22 09:00", **UNTIMED).call("2019-02-22 16:00")
    view = story.view("2019-02-22 17:00")
    assert view.step(Stage.STEP1).contact.channel == Channel.PHONE


def test_what_is_done_after_it_was_logged_comes_after_it():
    story = missed().letter("2019-02-22 09:00").call("2019-03-04 09:00", **UNTIMED)
    view = story.postpone("2019-03-04 15:00", "2019-03-22").view("2019-03-04 15:00")
    assert (view.stage, view.postponed_to, view.due_on) == (
        Stage.VISIT,
        day("2019-03-22"),
        day("2019-03-22"),
    )
    assert story.view("2019-03-05").postponed_to == day("2019-03-22")


def test_ended_by_hand_on_that_day_it_had_reached_the_step_the_attempt_led_to():
    story = missed().letter("2019-02-22 09:00").call("2019-03-04 09:00", **UNTIMED)
    view = story.end("2019-03-04 15:00", EndReason.MANAGER).view("2019-03-04 15:00")
    assert (view.reached, len(view.steps), len(view.attempts)) == (Stage.VISIT, 2, 2)


def test_an_appointment_made_on_its_day_answers_the_question():
    story = missed().talk("2019-02-28 10:00", **UNTIMED)
    assert story.view("2019-02-28 10:00").question is not None
    story.agreed("B", "2019-03-14 10:00", recorded="2019-02-28 10:00")
    assert story.view("2019-02-28 10:00").question is None
    assert story.view("2019-03-04").question is None


def test_an_answer_given_on_its_day_settles_the_question():
    story = missed().talk("2019-02-28 10:00", **UNTIMED).answer("2019-02-28 15:00")
    assert story.view("2019-02-28 15:00").question is None
    assert story.view("2019-03-04").question is None


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [(True, True, True), (True, False, False), (False, True, False), (False, False, False)],
)
def test_the_part_of_the_day_of_an_untimed_visit_is_never_the_same_as_anothers(first, second, same):
    visits = [
        ContactFact(
            str(timed), moment("2019-03-18 18:00"), moment("2019-03-18 18:00"), "home_visit", has_time=timed
        )
        for timed in (first, second)
    ]
    assert same_part_of_day(*visits) is same


def test_a_second_visit_without_a_time_is_one_in_another_part_of_the_day():
    evening = letter_and_call().announce("2019-03-12").visit("2019-03-18 18:00")
    assert evening.view("2019-03-18").stage == Stage.VISIT2
    again = evening.visit("2019-03-28 19:00", card=True)
    assert again.view("2019-03-28").stage == Stage.VISIT2
    assert again.visit("2019-03-29 09:00", card=True, **UNTIMED).view("2019-03-29").stage == Stage.UNREACHABLE


def test_after_a_first_visit_without_a_time_any_hour_is_another():
    story = letter_and_call().announce("2019-03-12").visit("2019-03-18 11:00", **UNTIMED)
    assert story.view("2019-03-18 12:00").stage == Stage.VISIT2
    assert story.visit("2019-03-28 20:00", card=True).view("2019-03-28").stage == Stage.UNREACHABLE


def test_a_visit_in_the_same_part_of_the_day_is_still_no_second_one():
    assert visited_once().visit("2019-03-28 11:00", card=True).view("2019-03-28").stage == Stage.VISIT2


def test_an_attempt_without_a_time_before_the_no_show_of_its_day_is_a_step_of_it():
    story = Story().letter("2019-02-21 08:00", **UNTIMED)
    story.no_show("A", "2019-02-21 10:00", excuse=Excuse.UNDECIDED)
    assert story.view("2019-02-21 19:00").stage == Stage.STEP2
