"""A manager's day from the morning list to an evening with nothing left: every input counted, no place lost."""

import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from accounts.actor import Actor
from appointments.models import Appointment, Contact
from appointments.services.appointments import plan_appointment
from tests.browser.desk import Clock, Desk
from tests.browser.test_a_routine_talk import COUNT, PHONE
from tests.cast import Cast
from tests.factories.clients import ClientFactory
from tests.outreach.ladder_cast import at, reachable_client
from tests.outreach.visit_desk import DAY, announced

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def meets(client: Any, by: Any, start: str) -> None:
    begin = at(f"{DAY} {start}")
    row = Appointment(client=client, starts_at=begin, ends_at=begin + datetime.timedelta(minutes=45))
    plan_appointment(Actor(by, at("2019-03-11 09:00")), row, agreed=True)


def inputs(desk: Desk) -> int:
    """What the hand did since it was asked last, besides text."""
    done = int(desk.page.evaluate("sessionStorage.inputs || 0"))
    desk.page.evaluate("sessionStorage.inputs = window.inputs = 0")
    return done


@pytest.mark.parametrize(("width", "options"), [(1280, {}), (390, PHONE)])
def test_from_the_morning_list_to_an_evening_with_nothing_left(
    width: int, options: dict[str, Any], staff: Cast, desks: Any, clock: Clock
) -> None:
    by, place = staff.manager, staff.stutensee
    comes = reachable_client(by, place, surname="Morgenrotova", given_name="Nour")
    stays_away = reachable_client(by, place, surname="Mittagova", given_name="Serdar")
    at_home = reachable_client(by, place, surname="Abendrotova", given_name="Oksana")
    colleagues = ClientFactory(
        manager=staff.colleague, municipality=place, surname="Nachbarova", case_no="STU-2018-0909"
    )
    meets(comes, by, "09:00")
    meets(stays_away, by, "10:00")
    announced(at_home, by)

    desk: Desk = desks(width, **options)
    desk.page.add_init_script(COUNT)
    page = desk.page

    # In the morning: the day's appointments and the announced visit stand first.
    clock.at(f"{DAY} 07:45")
    desk.sit_down(by)
    desk.go("/")
    desk.sees("2 Termine heute, der nächste um 09:00.")
    first = page.get_by_role("region", name="Zuerst")
    for person in (comes, stays_away, at_home):
        expect(first).to_contain_text(person.surname)
    assert desk.too_wide() == []

    # She came: one tap, a topic, the note, saving; then the day again, where it was left.
    clock.at(f"{DAY} 09:50")
    desk.sit_down(by)
    desk.go("/")
    inputs(desk)
    place_before = page.evaluate("scrollY")
    with page.expect_navigation():
        desk.line("Morgenrotova").get_by_role("button", name="Gekommen").click()
    desk.chip("Hauptthema", "Post und Anträge")
    page.locator("#id_note").fill("Bescheid der Familienkasse gelesen.")
    desk.press("Speichern", within=page.locator(".form-acts"))
    assert page.url == f"{desk.site}/"
    assert page.evaluate("scrollY") == place_before
    assert inputs(desk) <= 6
    assert Contact.objects.get(client=comes).notes.get().text == "Bescheid der Familienkasse gelesen."

    # He did not: two taps in his row, nothing moves.
    clock.at(f"{DAY} 10:30")
    desk.sit_down(by)
    desk.go("/")
    inputs(desk)
    for outcome in ("Nicht erschienen", "Unentschuldigt"):
        desk.line("Mittagova").get_by_role("button", name=outcome).click()
        expect(page.locator(".entry-said .status-line").last).to_be_focused()
    assert inputs(desk) == 2
    assert Appointment.objects.get(client=stays_away).excuse == "unexcused"

    # Somebody else's client walks in: found by number, left for the colleague.
    desk.go("/appointments/contacts/drop-in/")
    inputs(desk)
    desk.fill("Fallnummer", colleagues.case_no)
    desk.press("Suchen")
    desk.press("Kontakt hinterlassen")
    desk.chip("Hauptthema", "Post und Anträge")
    page.locator("#id_note").fill("War am Tresen, braucht den Mietvertrag.")
    with page.expect_navigation():
        page.locator(".form-acts .btn-primary").click()
    assert inputs(desk) <= 5
    assert Contact.objects.get(client=colleagues).left_by == by

    # The round: from the day to the stop, met, and it is written down.
    clock.at(f"{DAY} 15:10")
    desk.sit_down(by)
    desk.go("/")
    inputs(desk)
    with page.expect_navigation():
        desk.line("Abendrotova").locator(".entry-act a").click()
    desk.press("Angetroffen", within=page.locator(".stop").first)
    desk.chip("Hauptthema", "Post und Anträge")
    desk.press("Speichern", within=page.locator(".form-acts"))
    assert inputs(desk) <= 5
    assert Contact.objects.get(client=at_home, channel="home_visit").result == "talk"

    # In the evening nothing is left that comes first.
    clock.at(f"{DAY} 17:40")
    desk.sit_down(by)
    desk.go("/")
    desk.sees("alle sind vorbei")
    expect(page.get_by_role("region", name="Zuerst")).to_have_count(0)
    assert desk.too_wide() == []
