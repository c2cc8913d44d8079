"""Home visits on the screen: announced, carried out, one stop for a family."""

import datetime

import pytest

from appointments.models import Contact
from clients.models import Household, HouseholdMember
from outreach.choices import EndReason, Stage
from tests.outreach.ladder_cast import ladder, no_show, reachable_client
from tests.outreach.outreach_desk import fill, ladder_url, page, to_the_visit, topic

pytestmark = pytest.mark.django_db


def test_announcing_the_visit_and_going_there(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)
    clock("2019-03-12 09:00")
    response = fill(browser, ladder_url("announce", client), day="2019-03-18", channel="letter")
    assert response.status_code == 302, response.context["form"].errors
    assert "angekündigt für 18.03." in page(browser, client)
    clock("2019-03-18 11:00")
    response = fill(
        browser,
        ladder_url("visit", client),
        **{"date": "2019-03-18", "time": "10:00", f"person_{client.pk}": "card"},
    )
    assert response.status_code == 302, response.context["form"].errors
    assert ladder(client).stage == Stage.VISIT2


def test_a_visit_that_is_no_step_says_why(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)

    def visit(day, time, result):
        clock(f"{day} 18:00")
        typed = {"date": day, "time": time, f"person_{client.pk}": result}
        assert fill(browser, ladder_url("visit", client), **typed).status_code == 302
        return page(browser, client)

    text = visit("2019-03-12", "10:00", "card")
    assert (
        "Der Besuch ist erfasst. Zählt nicht als Hausbesuch dieser Stufe:"
        " für diesen Tag nicht mindestens 2 Werktage vorher angekündigt." in text
    )
    assert ladder(client).stage == Stage.VISIT
    fill(browser, ladder_url("announce", client), day="2019-03-18", channel="letter")
    assert "Der Besuch ist erfasst. Zählt nicht" not in visit("2019-03-18", "10:00", "card")
    assert ladder(client).stage == Stage.VISIT2
    assert "Zählt nicht als zweiter Besuch: zu früh, erst ab 21.03." in visit("2019-03-20", "17:30", "card")
    assert "Zählt nicht als zweiter Besuch: gleiche Tageszeit wie am 18.03. (vormittags)." in visit(
        "2019-03-22", "11:00", "card"
    )
    assert ladder(client).stage == Stage.VISIT2


def test_a_day_too_early_is_said_at_its_field(client, by, as_user, clock):
    to_the_visit(client, by)
    clock("2019-03-14 09:00")
    response = fill(as_user(by), ladder_url("announce", client), day="2019-03-15", channel="letter")
    assert response.status_code == 422
    assert response.context["form"].errors["day"] == ["Frühestens möglich ist der 18.03.2019."]


def test_a_missed_day_of_announcing_is_said_with_the_earliest_visit(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)
    clock("2019-03-15 09:00")
    text = page(browser, client)
    assert "Die Ankündigung ist überfällig" in text
    assert "also bis spätestens" not in text
    assert "Besuch frühestens am 19.03." in text
    shown = browser.get(ladder_url("announce", client)).content.decode()
    assert "ist er frühestens am 19.03. möglich" in shown


def test_announcing_for_a_late_or_free_day_is_taken_and_says_so(client, by, as_user, clock):
    to_the_visit(client, by)
    browser = as_user(by)
    clock("2019-03-14 09:00")
    sent = fill(browser, ladder_url("announce", client), day="2019-03-23", channel="letter")
    assert sent.status_code == 302
    text = page(browser, client)
    assert "Der 23.03. ist kein Werktag. Fällig ist der Schritt bis 18.03.; dieser Tag liegt danach." in text
    fill(browser, ladder_url("announce", client), day="2019-03-18", channel="letter")
    assert "dieser Tag liegt danach" not in page(browser, client)


def test_a_family_is_one_stop_with_one_result_per_person(client, by, cast, as_user, clock):
    husband = reachable_client(by, cast.stutensee, surname="Rahmatyar", given_name="Omid")
    stranger = reachable_client(cast.outsider, cast.pfinztal, surname="Fremd")
    household = Household.objects.create(municipality=cast.stutensee)
    for person in (client, husband, stranger):
        HouseholdMember.objects.create(household=household, client=person, since=datetime.date(2018, 3, 1))
    no_show(client, by)
    no_show(husband, by, "2019-02-21 14:00")
    clock("2019-03-18 11:00")
    browser = as_user(by)
    assert "Fremd" not in browser.get(ladder_url("visit", client)).content.decode()
    response = fill(
        browser,
        ladder_url("visit", client),
        **{
            "date": "2019-03-18",
            "time": "10:00",
            f"person_{client.pk}": "not_met",
            f"person_{husband.pk}": "met",
            "main_topic": topic(),
            "minutes": "30",
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    assert ladder(client).ended_at is None
    assert ladder(husband).end_reason == EndReason.TWO_WAY


def test_a_talk_at_the_visit_needs_its_topic_and_the_same_post_twice_is_one_visit(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-03-18 11:00")
    browser = as_user(by)
    address = ladder_url("visit", client)
    typed = {"date": "2019-03-18", "time": "10:00", f"person_{client.pk}": "met", "minutes": "30"}
    assert "main_topic" in fill(browser, address, **typed).context["form"].errors
    token = browser.get(address).context["form"]["form_token"].value()
    for _attempt in range(2):
        sent = browser.post(address, {**typed, "main_topic": topic(), "form_token": token})
        assert sent.status_code == 302
    assert Contact.objects.unscoped(reason="test").count() == 1
