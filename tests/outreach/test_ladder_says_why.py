"""The sentence under the steps and what stands beside it; the files `test_why_now_of_…` read every situation."""

import pytest
from django.utils import translation

from appointments.choices import AppointmentState, Excuse
from outreach.choices import EndReason
from outreach.rules import Action
from outreach.rules.why import announced_day_note, announcement_hint, why_now
from tests.outreach.story import day, letter_and_call, missed, visited_once, visited_twice

NAME = "Samira R."


@pytest.fixture(autouse=True)
def in_german():
    with translation.override("de"):
        yield


@pytest.mark.parametrize(
    ("story", "when", "is_fresh"),
    [
        (lambda: missed().letter("2019-02-22 09:00"), "2019-02-22", True),
        (lambda: missed().letter("2019-02-22 09:00"), "2019-02-23", False),
        (letter_and_call, "2019-03-04", True),
        (letter_and_call, "2019-03-05", False),
        (visited_once, "2019-03-18", False),
    ],
)
def test_on_the_day_of_an_attempt_there_has_only_been_no_answer_so_far(story, when, is_fresh):
    sentence = why_now(story().view(when), NAME)
    assert ("kam bisher keine Antwort" in sentence) is is_fresh
    assert ("kam keine Antwort" in sentence) is not is_fresh


@pytest.mark.parametrize("when", ["2019-03-29", "2019-04-11", "2019-06-26"])
def test_the_late_steps_say_why_too(when):
    sentence = why_now(visited_twice().view(when), NAME)
    assert (
        "bei den Hausbesuchen am 18.03. und 28.03. wurde niemand angetroffen und am 28.03. eine Karte dagelassen"
        in sentence
    )
    assert sentence.count(";") == 1


@pytest.mark.parametrize("reason", EndReason.values)
def test_every_end_has_its_words(reason):
    story = missed()
    match reason:
        case EndReason.TWO_WAY:
            story.talk("2019-02-25")
        case EndReason.EXCUSED:
            story.outcome("A", AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED, recorded="2019-02-25")
        case EndReason.CORRECTED:
            story.outcome("A", AppointmentState.HELD, recorded="2019-02-25")
        case EndReason.CLOSED:
            story.close("2019-02-25")
        case _:
            story.end("2019-02-25", reason)
    view = story.view("2019-02-25")
    assert view.end.reason == reason
    assert "25.02." in why_now(view, NAME)


def test_the_announcement_is_a_hint_of_its_own():
    assert announcement_hint(letter_and_call().view("2019-03-14")) == (
        "Er wird 2 Werktage vorher angekündigt, also bis spätestens 14.03."
    )
    announced = letter_and_call().announce("2019-03-12", "2019-03-15").view("2019-03-14")
    assert announcement_hint(announced) == "Angekündigt am 12.03. für den 15.03."
    assert announcement_hint(missed().view("2019-02-21")) == ""


def test_after_deciding_to_look_again_the_recheck_is_waited_for():
    story = visited_twice().postpone("2019-04-11", "2019-06-26")
    waiting = story.view("2019-04-12")
    assert waiting.looks_again
    assert (waiting.action, waiting.not_before) == (Action.WAIT, day("2019-06-26"))
    assert why_now(waiting, NAME).endswith("der nächste Versuch folgt ab 26.06.")
    assert story.view("2019-06-26").action == Action.TRY_AGAIN


def test_a_decision_put_off_for_some_days_is_still_to_be_taken():
    view = visited_twice().postpone("2019-04-11", "2019-05-20").view("2019-04-12")
    assert not view.looks_again
    assert (view.action, view.due_on) == (Action.DECIDE, day("2019-05-20"))


def test_a_missed_day_of_announcing_names_the_earliest_visit_instead():
    view = letter_and_call().view("2019-03-15")
    assert view.announcing_is_overdue
    assert announcement_hint(view) == (
        "Die Ankündigung ist überfällig; wenn Sie den Besuch heute ankündigen, ist er frühestens am 19.03. möglich."
    )


@pytest.mark.parametrize(
    ("today", "visit_on", "note"),
    [
        ("2019-03-14", "2019-03-18", ""),
        ("2019-03-08", "2019-03-16", "Der 16.03. ist kein Werktag."),
        ("2019-03-14", "2019-03-19", "Fällig ist der Schritt bis 18.03.; dieser Tag liegt danach."),
        ("2019-03-19", "2019-03-21", "Fällig war der Schritt bis 18.03.; dieser Tag liegt danach."),
    ],
)
def test_a_day_announced_late_or_free_is_noted(today, visit_on, note):
    assert announced_day_note(letter_and_call().view(today), day(visit_on)) == note
