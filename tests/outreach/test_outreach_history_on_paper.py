"""The history of outreach on one sheet: what, when, why, by whom, and nothing of anybody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from appointments.services.contacts import Participant
from tests.outreach.ladder_cast import call, contact, letter, no_show, talk
from tests.outreach.outreach_desk import fill, ladder_url, to_the_visit
from tests.outreach.visit_desk import family, file_url, plain

pytestmark = pytest.mark.django_db


def rows(browser, client) -> list[tuple[str, str, str, str]]:
    ladders = browser.get(file_url("history", client)).context["ladders"]
    return [(line.when, line.what, line.why, line.by) for ladder in ladders for line in ladder.lines]


def test_it_tells_what_when_why_and_by_whom(client, by, as_user, clock):
    to_the_visit(client, by)
    clock("2019-03-12 09:00")
    fill(as_user(by), ladder_url("announce", client), day="2019-03-18", channel="letter", detail="Zettel")
    contact(client, by, "2019-03-15 10:00", "home_visit", "not_met", spoken_with="nobody")
    clock("2019-03-18 12:00")
    browser = as_user(by)
    assert rows(browser, client) == [
        ("21.02.2019, 10:00", "Termin versäumt", "", ""),
        ("22.02.2019, 09:00", "Brief · abgeschickt · Arabisch", "Schritt: Brief oder Anruf", "Jana Rehbaum"),
        ("04.03.2019, 10:20", "Anruf · nicht erreicht · Arabisch", "Schritt: Anderer Weg", "Jana Rehbaum"),
        (
            "12.03.2019, 09:00",
            "Hausbesuch angekündigt · für den 18.03.2019 · Brief",
            "Zettel",
            "Jana Rehbaum",
        ),
        (
            "15.03.2019, 10:00",
            "Hausbesuch · nicht angetroffen · Arabisch",
            "Zählt nicht als Hausbesuch dieser Stufe: für diesen Tag nicht mindestens 2 Werktage vorher "
            "angekündigt.",
            "Jana Rehbaum",
        ),
    ]
    text = plain(browser.get(file_url("history", client)))
    assert "Noch offen." in text
    assert "Regeln des Landkreises, gültig ab 01.01.2018" in text


def test_how_it_ended_and_with_whom_is_told(client, by, cast, as_user, clock):
    no_show(client, by)
    letter(client, by)
    talk(client, cast.substitute, "2019-03-04 10:00")
    clock("2019-03-05 09:00")
    browser = as_user(by)
    assert rows(browser, client)[-1][1:] == ("in Kontakt", "Telefon", "Mareike Ostendahl")
    assert "Beendet: 04.03.2019: in Kontakt" in plain(browser.get(file_url("history", client)))


def test_nobody_else_of_a_joint_talk_is_named(client, by, cast, as_user, clock):
    husband = family(client, by, cast.stutensee)
    no_show(client, by)
    talk(client, by, "2019-03-04 10:00", participants=[Participant(husband)], notes={client: "Geheimnotiz"})
    clock("2019-03-05 09:00")
    text = plain(as_user(by).get(file_url("history", client)))
    assert "Omid" not in text
    assert "Geheimnotiz" not in text


def test_a_file_without_a_ladder_says_so(client, by, as_user, clock):
    clock("2019-03-05 09:00")
    text = plain(as_user(by).get(file_url("history", client)))
    assert "In dieser Akte musste noch niemand neu erreicht werden." in text


def test_many_attempts_cost_what_one_does(client, by, cast, as_user, clock):
    no_show(client, by)
    letter(client, by)
    clock("2019-03-20 09:00")
    browser = as_user(by)
    address = file_url("history", client)
    browser.get(address)
    with CaptureQueriesContext(connection) as one:
        browser.get(address)
    for number in range(10):
        call(client, by, f"2019-03-{number + 5:02} 10:20")
    with CaptureQueriesContext(connection) as many:
        browser.get(address)
    assert len(many) == len(one)


def test_the_timeline_leads_there_after_the_ladder_has_ended(client, by, as_user, clock):
    no_show(client, by)
    talk(client, by, "2019-03-04 10:00")
    clock("2019-03-05 09:00")
    assert f'href="{file_url("history", client)}"' in plain(as_user(by).get(client.get_absolute_url()))
