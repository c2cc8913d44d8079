"""The German sentence about an attempt that did no step of the ladder, as true later as on the day itself."""

import pytest
from django.utils import translation

from appointments.choices import Channel, Result, SpokenWith
from appointments.rules.contact import NoStep
from clients.rules.reach_periods import Kind
from outreach.rules.no_step import why_no_step
from tests.outreach.story import Story, letter_and_call, missed, visited_once, visited_twice

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
    return why_no_step(story.views(f"{contact.happened_at:%Y-%m-%d}"), REF)


NO_STEPS = [
    (
        lambda: missed().visit("2019-02-22 09:00", ref=REF),
        ATTEMPT + "an der Reihe war ein Brief oder ein Anruf.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00").call("2019-02-26 09:00", ref=REF),
        ATTEMPT + "zu früh, erst ab 01.03.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00").letter("2019-03-04 09:00", ref=REF),
        ATTEMPT + "an der Reihe war ein Anruf.",
    ),
    (
        lambda: missed().call("2019-02-22 09:00").call("2019-03-04 09:00", ref=REF),
        ATTEMPT + "an der Reihe war ein Brief.",
    ),
    (
        lambda: letter_and_call().call("2019-03-11 09:00", ref=REF),
        ATTEMPT + "an der Reihe war ein Hausbesuch.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00", language_ok=False, ref=REF),
        ATTEMPT + "in keiner Sprache, die für die Person eingetragen ist.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00", address_valid=False, ref=REF),
        ATTEMPT + "für diesen Tag war keine gültige Adresse eingetragen, an die geschrieben werden darf.",
    ),
    (
        lambda: missed().call("2019-02-22 09:00", address_valid=False, ref=REF),
        ATTEMPT + "für diesen Tag war keine gültige Nummer eingetragen, die angerufen werden darf.",
    ),
    (
        lambda: missed().contact(
            Channel.EMAIL, "2019-02-22 09:00", result=Result.SENT, address_valid=False, ref=REF
        ),
        ATTEMPT + "für diesen Tag war keine gültige E-Mail-Adresse eingetragen.",
    ),
    (
        lambda: letter_and_call().visit("2019-03-18 10:00", address_valid=False, ref=REF),
        FIRST + "für diesen Tag war keine Unterkunft eingetragen.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00", script_ok=False, language_ok=False, ref=REF),
        ATTEMPT + "in einer Schrift, die die Person laut Akte nicht liest.",
    ),
    (
        lambda: missed().contact(
            Channel.OFFICE, "2019-02-22", result=Result.MESSAGE_LEFT, spoken_with=SpokenWith.RELATIVE, ref=REF
        ),
        ATTEMPT + "ein Schritt kann nur ein Schreiben, ein Anruf oder ein Hausbesuch sein.",
    ),
    (
        lambda: missed().letter("2019-02-22 09:00", ref=REF).returned(REF, "2019-02-22 10:00"),
        ATTEMPT + "die Sendung kam als unzustellbar zurück.",
    ),
    (
        lambda: missed().pause("2019-02-22").letter("2019-02-25 09:00", ref=REF),
        ATTEMPT + "die Beratung war zu diesem Zeitpunkt pausiert.",
    ),
    (
        lambda: letter_and_call().visit("2019-03-11 10:00", ref=REF),
        FIRST + "für diesen Tag nicht mindestens 2 Werktage vorher angekündigt.",
    ),
    (
        lambda: letter_and_call().announce("2019-03-12", "2019-03-18").visit("2019-03-15 10:00", ref=REF),
        FIRST + "für diesen Tag nicht mindestens 2 Werktage vorher angekündigt.",
    ),
    (
        lambda: letter_and_call().holds(Kind.NO_HOME_VISITS, "2018-01-02").visit("2019-03-18 10:00", ref=REF),
        FIRST + "Hausbesuche sind nicht gewünscht.",
    ),
    (
        lambda: letter_and_call(accommodation=False).call("2019-03-11 09:00", ref=REF),
        ATTEMPT + "zuerst war eine Adresse oder Nummer zu klären.",
    ),
    (
        lambda: visited_once().call("2019-03-25 17:30", ref=REF),
        ATTEMPT + "an der Reihe war ein zweiter Besuch.",
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
    (
        lambda: visited_twice().call("2019-06-27 09:00").call("2019-07-01 09:00", ref=REF),
        ATTEMPT + "der eine weitere Versuch war schon am 27.06.",
    ),
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


def test_an_attempt_recorded_after_a_later_step_says_what_it_was_too_early_for():
    story = letter_and_call().call("2019-02-26 09:00", ref=REF, recorded="2019-03-05 09:00")
    assert why_no_step(story.views("2019-03-05"), REF) == ATTEMPT + "zu früh, erst ab 01.03."


@pytest.mark.parametrize("when", ["2019-02-26", "2019-03-14", "2019-04-12", "2019-07-01"])
def test_the_reason_stays_the_same_when_the_ladder_has_gone_on(when):
    story = visited_twice().call("2019-02-26 09:00", ref=REF)
    assert why_no_step(story.views(when), REF) == ATTEMPT + "zu früh, erst ab 01.03."


def test_the_reason_stays_when_the_ladder_has_ended_and_another_has_begun():
    story = missed().letter("2019-02-22 09:00", language_ok=False, ref=REF).talk("2019-02-25 10:00")
    story.no_show("B", "2019-04-10 10:00")
    assert len(story.views("2019-04-11")) == 2
    assert why_no_step(story.views("2019-04-11"), REF) == (
        ATTEMPT + "in keiner Sprache, die für die Person eingetragen ist."
    )


def test_the_day_of_another_year_is_said_in_full():
    story = missed().letter("2019-02-22 09:00").call("2019-02-26 09:00", ref=REF)
    assert why_no_step(story.views("2020-01-07"), REF) == ATTEMPT + "zu früh, erst ab 01.03.2019."


@pytest.mark.parametrize(
    ("flaws", "before", "reason"),
    [
        ({"language_ok": False, "script_ok": False, "address_valid": False}, "paused", NoStep.PAUSED),
        ({"language_ok": False, "script_ok": False, "address_valid": False}, "returned", NoStep.RETURNED),
        ({"language_ok": False, "script_ok": False, "address_valid": False}, "", NoStep.ADDRESS),
        ({"language_ok": False, "script_ok": False}, "", NoStep.SCRIPT),
        ({"language_ok": False}, "", NoStep.LANGUAGE),
        ({}, "", NoStep.NOT_ITS_TURN),
    ],
)
def test_of_several_reasons_the_first_one_is_kept(flaws, before, reason):
    """A second letter on the day of the first: the call is next, and not before 1 March."""
    story = missed().letter("2019-02-22 09:00").letter("2019-02-22 15:00", ref=REF, **flaws)
    if before:
        story.returned(REF, "2019-02-22 16:00")
    if before == "paused":
        story.pause("2019-02-22 10:00")
    assert [found.reason for found in story.view("2019-02-22").not_counted] == [reason]


def test_too_early_comes_before_not_announced_before_no_card_before_the_time_of_day():
    def reasons(story):
        return [found.reason for found in story.view("2019-04-01").not_counted]

    assert reasons(letter_and_call().visit("2019-03-05 10:00")) == [NoStep.TOO_EARLY]
    assert reasons(letter_and_call().visit("2019-03-11 10:00")) == [NoStep.NOT_ANNOUNCED]
    assert reasons(visited_once().visit("2019-03-20 11:00")) == [NoStep.TOO_EARLY]
    assert reasons(visited_once().visit("2019-03-22 11:00")) == [NoStep.NO_CARD]
    assert reasons(visited_once().visit("2019-03-22 11:00", card=True)) == [NoStep.SAME_PART_OF_DAY]


def test_a_letter_under_the_fast_lane_was_not_its_turn_until_the_fast_lane_falls_back():
    story = Story().no_show("A", "2019-01-17 10:00").talk("2019-01-28 10:00").no_show("B", "2019-02-21 10:00")
    story.letter("2019-02-22 09:00", ref=REF)
    assert why_no_step(story.views("2019-02-22"), REF) == ATTEMPT + "an der Reihe war ein Hausbesuch."
    story.outcome("A", "no_show", excuse="excused", recorded="2019-02-25")
    assert why_no_step(story.views("2019-02-25"), REF) == ""


def test_an_invitation_that_could_not_be_read_says_so_although_it_was_sent_before_the_ladder_began():
    story = Story().letter("2019-02-11 09:00", script_ok=False, ref=REF)
    story.invited("I", "2019-02-21 10:00", letter=REF, recorded="2019-02-11 09:00")
    story.outcome("I", "no_show", recorded="2019-02-21 18:00")
    assert why_no_step(story.views("2019-02-21"), REF) == (
        ATTEMPT + "in einer Schrift, die die Person laut Akte nicht liest."
    )


def test_an_attempt_outside_of_every_ladder_has_nothing_to_say():
    story = Story().letter("2019-02-11 09:00", language_ok=False, ref=REF).no_show("A", "2019-02-21 10:00")
    assert why_no_step(story.views("2019-02-21"), REF) == ""
