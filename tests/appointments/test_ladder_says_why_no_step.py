"""The German sentence about an attempt that did no step of the ladder."""

import pytest
from django.utils import translation

from appointments.choices import Channel
from appointments.rules.ladder.no_step import why_no_step
from appointments.rules.ladder.periods import Kind
from tests.appointments.story import Story, letter_and_call, missed, visited_once, visited_twice

REF = "the attempt"
ATTEMPT = "Zählt als Versuch, aber nicht als Schritt: "
FIRST = "Zählt nicht als Hausbesuch dieser Stufe: "
SECOND = "Zählt nicht als zweiter Besuch: "


@pytest.fixture(autouse=True)
def in_german():
    with translation.override("de"):
        yield


def said(story: Story) -> str:
    """What is said at the end of the day of the attempt."""
    contact = next(fact for fact in story.facts.contacts if fact.ref == REF)
    return why_no_step(story.view(f"{contact.happened_at:%Y-%m-%d}"), REF)


NO_STEPS = [
    (
        lambda: missed().visit("2019-02-22 09:00", ref=REF),
        ATTEMPT + "zuerst ist ein Brief oder ein Anruf an der Reihe.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00").call("2019-02-26 09:00", ref=REF),
        ATTEMPT + "zu früh, erst ab 01.03.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00").letter("2019-03-04 09:00", ref=REF),
        ATTEMPT + "als Nächstes ist ein Anruf an der Reihe.",
    ),
    (
        lambda: missed().call("2019-02-22 09:00").call("2019-03-04 09:00", ref=REF),
        ATTEMPT + "als Nächstes ist ein Brief an der Reihe.",
    ),
    (
        lambda: letter_and_call().call("2019-03-11 09:00", ref=REF),
        ATTEMPT + "als Nächstes ist ein Hausbesuch an der Reihe.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00", language_ok=False, ref=REF),
        ATTEMPT + "in keiner Sprache, die für die Person eingetragen ist.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00", address_valid=False, ref=REF),
        ATTEMPT + "für diesen Tag ist keine gültige, erlaubte Adresse oder Nummer eingetragen.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00", ref=REF).returned(REF, "2019-02-22 10:00"),
        ATTEMPT + "der Brief kam zurück.",
    ),
    (
        lambda: missed().pause("2019-02-22").letter("2019-02-25 09:00", ref=REF),
        ATTEMPT + "die Beratung pausiert.",
    ),
    (
        lambda: letter_and_call().visit("2019-03-11 10:00", ref=REF),
        FIRST + "nicht mindestens 2 Werktage vorher angekündigt.",
    ),
    (lambda: letter_and_call().visit("2019-03-05 10:00", ref=REF), FIRST + "zu früh, erst ab 07.03."),
    (lambda: visited_once().visit("2019-03-25 17:30", ref=REF), SECOND + "es wurde keine Karte dagelassen."),
    (
        lambda: visited_once().visit("2019-03-20 17:30", card=True, ref=REF),
        SECOND + "zu früh, erst ab 21.03.",
    ),
    (
        lambda: visited_once().visit("2019-03-25 11:59", card=True, ref=REF),
        SECOND + "gleiche Tageszeit wie am 18.03. (vormittags).",
    ),
    (lambda: visited_twice().call("2019-04-02 09:00", ref=REF), ATTEMPT + "zu früh, erst ab 26.06."),
    (lambda: visited_twice().call("2019-05-02 09:00", ref=REF), ATTEMPT + "zu früh, erst ab 26.06."),
    (lambda: visited_twice().call("2019-06-27 09:00").call("2019-07-01 09:00", ref=REF), ""),
]


@pytest.mark.parametrize(("story", "sentence"), NO_STEPS)
def test_an_attempt_that_is_no_step_says_why(story, sentence):
    assert said(story()) == sentence


@pytest.mark.parametrize(
    "story",
    [
        lambda: missed().letter("2019-02-22 09:00", ref=REF),
        lambda: missed().letter("2019-02-22 09:00").call("2019-03-04 10:20", ref=REF),
        lambda: letter_and_call().announce("2019-03-12", "2019-03-18").visit("2019-03-18 10:00", ref=REF),
        lambda: visited_once().visit("2019-03-25 12:00", card=True, ref=REF),
        lambda: missed().talk("2019-02-22 09:00", ref=REF),
        lambda: missed().talk("2019-02-22 09:00", Channel.HOME_VISIT, ref=REF),
        lambda: (
            letter_and_call().holds(Kind.NO_HOME_VISITS, "2018-01-02").letter("2019-03-11 09:00", ref=REF)
        ),
    ],
)
def test_a_step_and_a_talk_need_no_reason(story):
    assert said(story()) == ""


def test_nothing_is_guessed_of_an_attempt_recorded_after_a_later_step():
    story = letter_and_call().call("2019-02-26 09:00", ref=REF, recorded="2019-03-05 09:00")
    assert why_no_step(story.view("2019-03-05"), REF) == ""
