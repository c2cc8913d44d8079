"""Outreach on the page of a file and in *Mein Tag*, with a moved clock."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.access import scope_of
from accounts.models import StandIn
from appointments.choices import Channel
from tests.factories.clients import SafetyNoteFactory
from tests.outreach.ladder_cast import at, call, contact, ladder, letter, no_show, reachable_client, talk
from tests.outreach.outreach_desk import fill, ladder_url, page, to_the_visit
from tests.worklists import lines_of

pytestmark = pytest.mark.django_db


def test_the_file_page_shows_the_steps_and_says_why(client, by, as_user, clock):
    to_the_visit(client, by)
    clock("2019-03-14 09:00")
    text = page(as_user(by), client)
    assert "Kontakt aufnehmen" in text
    assert "Anlass: Termin am 21.02. versäumt" in text
    assert "22.02. auf Arabisch" in text
    assert "04.03. um 10:20" in text
    assert "bis Montag, 18.03." in text
    assert "heute ankündigen" in text
    assert (
        "kam am 21.02. nicht zum vereinbarten Termin, und auf den Brief vom 22.02. und den Anruf vom 04.03."
        in text
    )
    assert "Besuch ankündigen" in text


def test_the_name_in_the_sentence_is_covered_by_the_privacy_screen(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-22 09:00")
    assert '<bdi class="who-name">Samira Rahmatyar</bdi><span class="who-case">' in page(as_user(by), client)


def test_without_an_open_ladder_there_is_no_section(client, by, as_user):
    assert "Kontakt aufnehmen" not in page(as_user(by), client)


@pytest.mark.facts_by_hand
def test_a_safety_note_says_only_in_pairs_at_the_visit(client, by, as_user, clock):
    to_the_visit(client, by)
    SafetyNoteFactory(client=client, set_at=at("2018-11-12 09:00"), expires_on=datetime.date(2019, 5, 12))
    clock("2019-03-14 09:00")
    assert "nur zu zweit" in page(as_user(by), client)


def test_every_stage_has_a_page(client, by, as_user, clock):
    browser = as_user(by)
    nobody = {"spoken_with": "nobody"}
    no_show(client, by)
    clock("2019-02-22 08:00")
    assert "Brief erfassen" in page(browser, client)
    letter(client, by)
    clock("2019-02-25 08:00")
    assert "ab 01.03." in page(browser, client)
    call(client, by)
    clock("2019-03-12 08:00")
    fill(browser, ladder_url("announce", client), day="2019-03-18", channel="letter")
    contact(client, by, "2019-03-18 10:00", Channel.HOME_VISIT, "not_met", **nobody)
    clock("2019-03-25 08:00")
    assert "zweiter Besuch zu einer anderen Tageszeit" in page(browser, client)
    contact(client, by, "2019-03-28 17:30", Channel.HOME_VISIT, "not_met_card", **nobody)
    clock("2019-04-01 08:00")
    assert "bis 11.04. bleibt Zeit für eine Antwort" in page(browser, client)
    clock("2019-04-11 08:00")
    text = page(browser, client)
    assert "Noch ein Versuch" in text
    assert "Beratung abschließen …" in text
    clock("2019-06-26 08:00")
    assert "deshalb ist bis 10.07. noch ein Versuch fällig." in page(browser, client)
    call(client, by, "2019-06-27 10:00")
    clock("2019-07-04 08:00")
    assert "wird seit 04.07. vorgeschlagen, die Beratung abzuschließen" in page(browser, client)


def test_after_a_talk_the_question_stands_and_can_be_answered(client, by, as_user, clock):
    no_show(client, by)
    talk(client, by, "2019-02-26 10:00")
    browser = as_user(by)
    clock("2019-03-01 09:00")
    assert "Seit 26.02. gibt es Kontakt. Ist ein neuer Termin nötig?" in page(browser, client)
    response = browser.post(
        ladder_url("answer", client, ladder(client).uuid),
        {"answer": "none_needed", "next": "https://elsewhere.example/"},
    )
    assert response.url == client.get_absolute_url()
    assert "Ist ein neuer Termin nötig?" not in page(browser, client)
    answered = browser.post(
        ladder_url("answer", client, ladder(client).uuid), {"answer": "none_needed"}, follow=True
    )
    (undo,) = re.findall(r'action="([^"]+/answer/[^"]+)"', answered.content.decode())
    browser.post(undo.replace("&amp;", "&"))
    assert "Seit 26.02. gibt es Kontakt. Ist ein neuer Termin nötig?" in page(browser, client)


def test_mein_tag_names_the_step_and_what_was_tried(client, by, as_user, clock):
    to_the_visit(client, by)
    clock("2019-03-14 09:00")
    text = as_user(by).get(reverse("home")).content.decode()
    assert "Hausbesuch ankündigen; Brief und Anruf ohne Antwort" in text
    clock("2019-03-05 09:00")
    assert "Hausbesuch ankündigen" not in as_user(by).get(reverse("home")).content.decode()


def test_mein_tag_asks_from_the_third_day_on(client, by, as_user, clock):
    no_show(client, by)
    talk(client, by, "2019-02-26 10:00")
    browser = as_user(by)
    clock("2019-02-28 09:00")
    assert "oder keiner nötig?" not in browser.get(reverse("home")).content.decode()
    clock("2019-03-01 09:00")
    assert (
        "Neuer Termin nach dem Gespräch, oder keiner nötig?" in browser.get(reverse("home")).content.decode()
    )


def test_mein_tag_shows_the_stand_in_the_steps_and_the_colleague_nothing(client, by, cast, as_user, clock):
    no_show(client, by)
    clock("2019-02-25 09:00")
    stand_in = StandIn.objects.get(absent=by, substitute=cast.substitute)
    text = as_user(cast.substitute).get(f"{reverse('home')}?stand_in={stand_in.uuid}").content.decode()
    assert "Brief oder Anruf" in text
    assert "Brief oder Anruf" not in as_user(cast.colleague).get(reverse("home")).content.decode()


def test_mein_tag_takes_no_more_queries_for_many_steps(by, cast, clock, django_assert_num_queries):
    first = reachable_client(by, cast.stutensee)
    no_show(first, by, "2019-02-21 08:00")
    clock("2019-02-25 09:00")
    scope_of(cast.manager)
    with CaptureQueriesContext(connection) as one:
        assert len(lines_of(cast.manager, kinds=["step"], fresh=False)) == 1
    for hour in range(9, 16):
        no_show(reachable_client(by, cast.stutensee), by, f"2019-02-21 {hour:02}:00")
    scope_of(cast.manager)
    with django_assert_num_queries(len(one.captured_queries)):
        assert len(lines_of(cast.manager, kinds=["step"], fresh=False)) == 8
