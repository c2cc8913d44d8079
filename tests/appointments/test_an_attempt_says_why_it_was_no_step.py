"""Why an attempt was no step: read right after logging it, and still in the file when the ladder has gone on."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.actor import Actor
from appointments.choices import Channel, Result, SpokenWith, Stage
from appointments.models import Appointment, Contact, ContactParticipant
from appointments.services.appointments import plan_appointment, record_outcome
from clients.choices import Reading, Script
from clients.models import ContactPoint, SpokenLanguage
from clients.services.facts import end_contact_point
from clients.services.files import set_languages, set_phase
from tests.appointments.ladder_cast import at, call, contact, ladder, letter, no_show, talk
from tests.appointments.outreach_desk import fill, page, to_the_visit, url

pytestmark = pytest.mark.django_db

ATTEMPT = "Zählt als Versuch, aber nicht als Schritt: "
FIRST = "Zählt nicht als Hausbesuch dieser Stufe: "
SECOND = "Zählt nicht als zweiter Besuch: "
CALL = {"channel": "phone", "result": "not_reached", "main_topic": "", "minutes": ""}
LETTER = {"channel": "letter", "result": "sent", "main_topic": "", "minutes": ""}
CARD, NOT_MET = "card", "not_met"


def lang(code) -> SpokenLanguage:
    return SpokenLanguage.objects.get(code=code)


def reads(client, by, *, reading, scripts=(), preferred=None) -> None:
    """What the form of languages saves."""
    client.reading, client.scripts = reading, list(scripts)
    client.preferred_language = lang(preferred) if preferred else None
    spoken = [row.language for row in client.client_languages.all()]
    moment = at("2019-02-20 09:00")
    set_languages(Actor(by, moment), client, spoken, expected_version=client.version)


def visited_in_the_morning(client, by) -> None:
    """Announced on 12 March, nobody met on the 18th at ten."""
    to_the_visit(client, by)
    start = at("2019-03-18 10:00")
    visit = Appointment(
        client=client,
        starts_at=start,
        ends_at=start + datetime.timedelta(minutes=45),
        channel=Channel.HOME_VISIT,
    )
    plan_appointment(Actor(by, at("2019-03-12 09:00")), visit, agreed=True)
    record_outcome(Actor(by, at("2019-03-18 11:00")), visit, "not_met")
    assert ladder(client).stage == Stage.VISIT2


def paused(client, by):
    no_show(client, by)
    set_phase(Actor(by, at("2019-02-22 08:00")), client, "paused", on=datetime.date(2019, 2, 22))
    client.refresh_from_db()


def without_number(client, by):
    no_show(client, by)
    point = ContactPoint.objects.unscoped(reason="test").get(client=client)
    end_contact_point(Actor(by, at("2019-02-21 17:00")), point)


def reads_no_script(client, by):
    reads(client, by, reading=Reading.NONE)
    no_show(client, by)


def reads_arabic_script(client, by):
    reads(client, by, reading=Reading.SCRIPTS, scripts=[Script.ARABIC])
    no_show(client, by)


def letter_sent(client, by):
    no_show(client, by)
    letter(client, by)


LOGGED = [
    (paused, "2019-02-25 10:00", LETTER, ATTEMPT + "die Beratung war zu diesem Zeitpunkt pausiert."),
    (
        without_number,
        "2019-02-25 10:00",
        CALL,
        ATTEMPT + "für diesen Tag war keine gültige Nummer eingetragen, die angerufen werden darf.",
    ),
    (
        reads_no_script,
        "2019-02-25 10:00",
        {**LETTER, "understood_ticked": "on"},
        ATTEMPT + "in einer Schrift, die die Person laut Akte nicht liest.",
    ),
    (
        reads_arabic_script,
        "2019-02-25 10:00",
        {**LETTER, "language": "de", "understood_ticked": "on"},
        ATTEMPT + "in einer Schrift, die die Person laut Akte nicht liest.",
    ),
    (
        reads_arabic_script,
        "2019-02-25 10:00",
        {**LETTER, "language": "", "understood_ticked": "on"},
        ATTEMPT + "in einer Schrift, die die Person laut Akte nicht liest.",
    ),
    (
        no_show,
        "2019-02-25 10:00",
        {**LETTER, "language": "de"},
        ATTEMPT + "in keiner Sprache, die für die Person eingetragen ist.",
    ),
    (letter_sent, "2019-03-04 10:00", LETTER, ATTEMPT + "an der Reihe war ein Anruf."),
    (letter_sent, "2019-02-26 10:00", CALL, ATTEMPT + "zu früh, erst ab 01.03."),
    (
        to_the_visit,
        "2019-03-12 10:00",
        CARD,
        FIRST + "für diesen Tag nicht mindestens 2 Werktage vorher angekündigt.",
    ),
    (visited_in_the_morning, "2019-03-25 17:30", NOT_MET, SECOND + "es wurde keine Karte dagelassen."),
    (
        visited_in_the_morning,
        "2019-03-25 11:00",
        CARD,
        SECOND + "gleiche Tageszeit wie am 18.03. (vormittags).",
    ),
]


def log(browser, client, typed) -> Contact:
    """Log an attempt by the form of contacts, or a visit with its result by the form of visits."""
    if isinstance(typed, str):
        address, typed = url("ladder_visit", client), {f"person_{client.pk}": typed}
    else:
        address, typed = url("contact_new", client), {"spoken_with": "client", **typed}
    if typed.get("language"):
        typed = {**typed, "language": lang(typed["language"]).pk}
    sent = fill(browser, address, **typed)
    assert sent.status_code == 302, sent.context["form"].errors
    return Contact.objects.unscoped(reason="test").latest("pk")


@pytest.mark.parametrize(("prepare", "when", "typed", "sentence"), LOGGED)
def test_the_reason_is_read_on_the_answer_and_later_in_the_file(
    client, by, as_user, clock, prepare, when, typed, sentence
):
    prepare(client, by)
    before = ladder(client).stage
    browser = as_user(by)
    clock(when)
    logged = log(browser, client, typed)
    assert ladder(client).stage == before
    done = "Der Besuch ist erfasst." if isinstance(typed, str) else "Gespeichert."
    assert f"{done} {sentence}" in page(browser, client)
    clock("2019-05-14 17:40")
    assert page(browser, client).count(sentence) == 1
    assert sentence in browser.get(url("contact", client, logged.uuid)).content.decode()
    talk(client, by, "2019-05-15 09:00")
    clock("2019-05-16 09:00")
    assert page(browser, client).count(sentence) == 1
    assert sentence in browser.get(url("contact", client, logged.uuid)).content.decode()


def test_a_letter_that_came_back_says_so_and_no_longer_counts_as_a_step(client, by, as_user, clock):
    no_show(client, by)
    sent = letter(client, by)
    browser = as_user(by)
    clock("2019-02-27 09:00")
    assert "Zählt" not in page(browser, client)
    browser.post(url("contact_returned", client, sent.uuid), {"version": sent.version})
    detail = browser.get(url("contact", client, sent.uuid)).content.decode()
    assert "Vermerkt: Der Brief kam zurück. Er zählt nicht mehr als Schritt." in detail
    assert "Der Brief kam zurück (27.02.2019); er zählt nicht als Schritt." in detail
    clock("2019-05-14 17:40")
    assert ATTEMPT + "die Sendung kam als unzustellbar zurück." in page(browser, client)


def test_a_visit_recorded_with_its_appointment_alone_says_why_it_was_no_step(client, by, as_user, clock):
    to_the_visit(client, by)
    start = at("2019-03-15 10:00")
    visit = Appointment(
        client=client,
        starts_at=start,
        ends_at=start + datetime.timedelta(minutes=45),
        channel=Channel.HOME_VISIT,
    )
    plan_appointment(Actor(by, at("2019-03-14 09:00")), visit, agreed=True)
    record_outcome(Actor(by, at("2019-03-15 11:00")), visit, "not_met")
    clock("2019-03-20 09:00")
    assert FIRST + "für diesen Tag nicht mindestens 2 Werktage vorher angekündigt." in page(
        as_user(by), client
    )


def test_a_talk_and_a_step_say_nothing(client, by, as_user, clock):
    to_the_visit(client, by)
    contact(client, by, "2019-03-06 09:00", Channel.PHONE, Result.TALK)
    clock("2019-03-07 09:00")
    assert "Zählt" not in page(as_user(by), client)


COUNTS = [
    ({**LETTER, "language": "ti"}, {"preferred": "ti"}),
    ({**LETTER, "language": "ti"}, {"preferred": "ti", "scripts": [Script.ETHIOPIC]}),
    ({**LETTER, "language": "de", "understood_ticked": "on"}, {"scripts": [Script.ARABIC, Script.LATIN]}),
    ({**LETTER, "language": "ar"}, {}),
    ({**LETTER, "language": "", "understood_ticked": "on"}, {}),
    ({**CALL, "language": "de"}, {}),
    ({**CALL, "result": "message_left", "language": "ar"}, {}),
    ({**CALL, "result": "message_left", "language": "de", "spoken_with": SpokenWith.RELATIVE}, {}),
    ({**CALL, "result": "talk", "language": "de", "spoken_with": SpokenWith.RELATIVE}, {}),
]


@pytest.mark.parametrize(("typed", "known"), COUNTS)
def test_what_was_said_and_written_so_that_it_could_be_understood_is_a_step(
    client, by, as_user, clock, typed, known
):
    scripts = known.get("scripts", ())
    reading = Reading.SCRIPTS if scripts else Reading.UNRECORDED
    reads(client, by, reading=reading, scripts=scripts, preferred=known.get("preferred"))
    no_show(client, by)
    browser = as_user(by)
    clock("2019-02-25 10:00")
    log(browser, client, typed)
    assert ladder(client).stage == Stage.STEP2
    assert "Zählt" not in page(browser, client)


def test_a_message_left_for_nobody_in_particular_needs_a_language_of_the_client(client, by, as_user, clock):
    no_show(client, by)
    browser = as_user(by)
    clock("2019-02-25 10:00")
    log(browser, client, {**CALL, "result": "message_left", "language": "de"})
    assert ladder(client).stage == Stage.STEP1
    row = ContactParticipant.objects.unscoped(reason="test").latest("pk")
    assert (row.address_valid, row.script_ok, row.language_ok) == (True, True, False)
    assert ATTEMPT + "in keiner Sprache, die für die Person eingetragen ist." in page(browser, client)


def test_a_correction_of_the_language_makes_the_letter_a_step(client, by, as_user, clock):
    no_show(client, by)
    browser = as_user(by)
    clock("2019-02-25 10:00")
    logged = log(browser, client, {**LETTER, "language": "de"})
    clock("2019-02-26 10:00")
    corrected = fill(
        browser,
        url("contact_correct", client, logged.uuid),
        **{**LETTER, "spoken_with": "client", "language": lang("ar").pk, "reason": "vertippt"},
    )
    assert corrected.status_code == 302, corrected.context["form"].errors
    assert ladder(client).stage == Stage.STEP2
    assert "Zählt" not in browser.get(url("contact", client, logged.uuid)).content.decode()


def test_the_page_reads_no_more_for_many_attempts(client, by, as_user, clock, django_assert_num_queries):
    no_show(client, by)
    letter(client, by)
    call(client, by, "2019-02-25 10:00")
    clock("2019-02-26 15:00")
    browser = as_user(by)
    page(browser, client)
    with CaptureQueriesContext(connection) as one:
        page(browser, client)
    for hour in range(9, 14):
        call(client, by, f"2019-02-26 {hour:02}:30")
    with django_assert_num_queries(len(one.captured_queries)):
        page(browser, client)
