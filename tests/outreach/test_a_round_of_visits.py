"""The round of a day: who stands on it, in which order, and what must be known before one rings."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.actor import Actor
from appointments.services.appointments import record_outcome
from outreach.models import RoundStop
from tests.outreach.ladder_cast import at, contact, reachable_client
from tests.outreach.visit_desk import (
    DAY,
    ROUND,
    announced,
    at_home,
    family,
    file_url,
    lives,
    plain,
    warn,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(clock):
    clock(f"{DAY} 08:00")


def stops(browser, day: str = DAY) -> list[list[str]]:
    """The people of each stop, by surname and given name."""
    found = browser.get(f"/visits/?on={day}").context["round"].stops
    return [[visit.client.given_name for visit in stop.visits] for stop in found]


def test_announced_visits_and_appointments_at_home_are_on_the_round(client, by, cast, as_user):
    announced(client, by)
    husband = family(client, by, cast.stutensee)
    announced_too = reachable_client(by, cast.stutensee, surname="Sterniczuk", given_name="Oksana")
    lives(announced_too, "Ahornweg 12")
    at_home(announced_too, by)
    stranger = reachable_client(cast.colleague, cast.stutensee, surname="Fremdova", given_name="Vera")
    at_home(stranger, cast.colleague)
    assert husband.pk
    browser = as_user(by)
    assert stops(browser) == [["Oksana"], ["Samira"]]
    text = plain(browser.get(ROUND))
    assert "Noch 2 von 2 Adressen stehen aus." in text
    assert "Ahornweg 12, 76297 Stutensee" in text
    assert 'href="tel:+4915100000001"' in text
    assert "Arabisch" in text
    assert "15:00" in text
    assert "Hier wohnt auch:" in text
    assert "Omid Rahmatyar" in text
    assert "Fremdova" not in text
    assert stops(browser, "2019-03-19") == []


def test_an_announced_visit_leads_from_my_day_to_its_round(client, by, as_user):
    announced(client, by)
    text = plain(as_user(by).get(reverse("file_reports:due", args=[client.uuid])))
    assert "Hausbesuch, angekündigt für 18.03." in text
    assert f'href="{ROUND}&amp;next=/"' in text


def test_a_stand_in_sees_the_round_and_a_colleague_does_not(client, by, cast, as_user):
    announced(client, by)
    assert stops(as_user(cast.substitute)) == [["Samira"]]
    assert stops(as_user(cast.colleague)) == []


def test_a_family_is_one_stop(client, by, cast, as_user):
    husband = family(client, by, cast.stutensee)
    announced(client, by)
    at_home(husband, by)
    assert stops(as_user(by)) == [["Samira", "Omid"]]


def test_a_visit_announced_anew_or_cancelled_leaves_the_round(client, by, cast, as_user, clock):
    announced(client, by)
    other = reachable_client(by, cast.stutensee, given_name="Oksana")
    visit = at_home(other, by)
    record_outcome(Actor(by, at("2019-03-14 09:00")), visit, "cancelled_client")
    contact(client, by, "2019-03-14 10:00", "phone", "talk")
    assert stops(as_user(by)) == []


def test_the_order_by_hand_is_kept_and_given_up(client, by, cast, as_user):
    people = {"Samira": client}
    announced(client, by)
    for number, name in ((12, "Oksana"), (2, "Tarek")):
        people[name] = reachable_client(by, cast.stutensee, given_name=name)
        lives(people[name], f"Ahornweg {number}")
        at_home(people[name], by, f"{DAY} {10 + number}:00")
    browser = as_user(by)
    assert stops(browser) == [["Tarek"], ["Oksana"], ["Samira"]]
    moved = browser.post(
        "/visits/order/",
        {"on": DAY, "stop": str(people["Samira"].uuid), "move": "up"},
        HTTP_HX_REQUEST="true",
    )
    text = plain(moved)
    assert "Jetzt an Stelle 2." in text
    assert re.search(r'value="up"[^>]*aria-label="Früher: 2"[^>]*data-focus', text)
    assert stops(browser) == [["Tarek"], ["Samira"], ["Oksana"]]
    assert stops(as_user(cast.substitute)) == [["Tarek"], ["Oksana"], ["Samira"]]
    assert browser.post("/visits/order/", {"on": DAY, "move": "street"}).status_code == 302
    assert stops(browser) == [["Tarek"], ["Oksana"], ["Samira"]]


def test_a_strangers_file_is_no_stop_to_be_moved(client, by, cast, as_user):
    stranger = reachable_client(cast.outsider, cast.pfinztal)
    announced(client, by)
    sent = as_user(by).post("/visits/order/", {"on": DAY, "stop": str(stranger.uuid), "move": "up"})
    assert sent.status_code == 404
    assert not RoundStop.objects.unscoped(reason="test").exists()


def test_a_second_visit_is_taken_along_and_left_out_again(client, by, as_user, clock):
    announced(client, by, "2019-03-18")
    contact(client, by, f"{DAY} 07:30", "home_visit", "not_met_card", spoken_with="nobody")
    clock("2019-03-25 08:00")
    browser = as_user(by)
    assert stops(browser, "2019-03-25") == []
    text = plain(browser.get("/visits/?on=2019-03-25"))
    assert "Mitnehmen" in text
    browser.post(file_url("take_along", client), {"on": "2019-03-25"})
    assert stops(browser, "2019-03-25") == [["Samira"]]
    assert "zweiter Besuch: andere Tageszeit" in plain(browser.get("/visits/?on=2019-03-25"))
    browser.post(file_url("take_along", client), {"on": "2019-03-25", "take": "off"})
    assert stops(browser, "2019-03-25") == []


def test_what_came_of_it_stands_at_the_person(client, by, as_user):
    announced(client, by)
    contact(client, by, f"{DAY} 07:30", "home_visit", "not_met_card", spoken_with="nobody")
    text = plain(as_user(by).get(ROUND))
    assert "nicht angetroffen, Karte dagelassen" in text
    assert "Alle Besuche dieser Runde sind erfasst." in text


def test_the_safety_note_stands_on_every_page_about_a_visit(client, by, cast, as_user):
    warn(client, by)
    announced(client, by)
    browser = as_user(by)
    pages = [
        ROUND,
        *(file_url(name, client, day=DAY) for name in ("announce", "visit", "companion", "back_by")),
    ]
    for page in pages:
        text = plain(browser.get(page))
        assert "Nur zu zweit besuchen" in text, page
        assert "Großer Hund im Hof" in text, page


def test_the_note_of_a_neighbour_of_ones_own_counts_for_the_stop(client, by, cast, as_user):
    husband = family(client, by, cast.stutensee)
    warn(husband, by)
    announced(client, by)
    assert "Großer Hund im Hof" in plain(as_user(by).get(ROUND))


def test_the_round_costs_the_same_for_one_address_and_for_twelve(client, by, cast, as_user):
    announced(client, by)
    browser = as_user(by)
    browser.get(ROUND)
    with CaptureQueriesContext(connection) as one:
        browser.get(ROUND)
    for number in range(11):
        person = reachable_client(by, cast.stutensee, given_name=f"Nr{number}")
        lives(person, f"Ahornweg {number}")
        at_home(person, by, f"{DAY} {9 + number:02}:00")
    with CaptureQueriesContext(connection) as many:
        assert len(browser.get(ROUND).context["round"].stops) == 12
    assert len(many) == len(one)


def test_officers_and_administration_have_no_round(cast, as_user):
    for user in (cast.officer, cast.coordinator, cast.admin):
        assert as_user(user).get(ROUND).status_code == 403
