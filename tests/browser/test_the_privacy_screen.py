"""Sichtschutz in the browser: one key, and no page says a name; a file hides it in its header by default."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from clients.models import Household, HouseholdMember
from tests.appointments.log_desk import reachable, talk
from tests.browser.desk import Desk
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory
from tests.factories.clients import RelativeFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NAMES = ("Zwirnelfe", "Quittenbaum", "Lindwurm")
SAID = """() => [
  document.title, document.body.innerText,
  ...[...document.querySelectorAll("[title], [aria-label], [placeholder]")].flatMap(
    (el) => [el.title, el.getAttribute("aria-label"), el.getAttribute("placeholder")]),
  ...[...document.querySelectorAll("option")].map((el) => el.textContent),
].join("\\n")"""


@pytest.fixture
def client(staff: Cast) -> Any:
    client = reachable(staff.manager, surname=NAMES[0], given_name="Omid")
    wife = reachable(staff.manager, surname=NAMES[1], given_name="Mina")
    household = Household.objects.create(municipality=staff.stutensee)
    child = RelativeFactory(client=client, surname=NAMES[2], given_name="Ada")
    day = datetime.date(2018, 1, 1)
    for member in ({"client": client}, {"client": wife}, {"relative": child}):
        HouseholdMember.objects.create(household=household, since=day, **member)
    AppointmentFactory(client=client, starts_at=timezone.now() + datetime.timedelta(hours=1))
    talk(client, staff.manager)
    return client


def named(page: Page) -> list[str]:
    said = page.evaluate(SAID)
    return [name for name in NAMES if name in said]


def test_one_key_hides_every_name_on_every_page_from_the_first_paint_on(
    client: Any, staff: Cast, desks: Any
) -> None:
    desk: Desk = desks()
    desk.sit_down(staff.manager)
    page = desk.page
    desk.go("/clients/")
    expect(page.get_by_role("link", name="Zwirnelfe, Omid")).to_be_visible()
    with page.expect_response("**/account/privacy-screen/"):
        page.keyboard.press("F9")
    expect(page.get_by_role("link", name=client.case_no)).to_be_visible()
    told = {}
    file = [client.uuid]
    for address in (
        "/",
        "/clients/",
        client.get_absolute_url(),
        reverse("clients:person", args=file),
        reverse("clients:timeline", args=file),
        reverse("clients:household_join", args=file),
        reverse("appointments:day"),
        reverse("appointments:day") + "?view=week",
        reverse("appointments:contact_new"),
        reverse("file_appointments:contact_new", args=file),
        reverse("clients:timeline_print", args=file),
    ):
        desk.go(address)
        expect(page.locator("html")).to_have_attribute("data-privacy", "on")
        if found := named(page):
            told[address] = found
    assert told == {}


def test_options_follow_the_key_while_a_form_is_open(client: Any, staff: Cast, desks: Any) -> None:
    other = reachable(staff.manager, surname=NAMES[1])
    desk: Desk = desks()
    desk.sit_down(staff.manager)
    desk.go(reverse("clients:household_join", args=[client.uuid]))
    option = desk.page.locator(f'option:text-matches("{other.case_no}$")')
    expect(option).to_have_count(1)
    with desk.page.expect_response("**/account/privacy-screen/"):
        desk.page.locator(".side [data-toggle-privacy]").click()
    expect(desk.page.locator("option", has_text=NAMES[1])).to_have_count(0)
    expect(option).to_have_count(1)


def test_the_header_of_a_file_hides_the_name_until_it_is_asked_for(
    client: Any, staff: Cast, desks: Any
) -> None:
    desk: Desk = desks(390)
    desk.sit_down(staff.manager)
    heading = desk.page.locator(".file-id h1")
    desk.go(client.get_absolute_url())
    expect(heading).to_have_text("Klient:in", use_inner_text=True)
    with desk.page.expect_response("**/account/privacy-screen/"):
        desk.page.get_by_role("button", name="Namen zeigen").click()
    expect(heading).to_have_text("Omid Zwirnelfe", use_inner_text=True)
    desk.go(reverse("clients:timeline", args=[client.uuid]))
    expect(heading).to_have_text("Omid Zwirnelfe", use_inner_text=True)
    with desk.page.expect_response("**/account/privacy-screen/"):
        desk.page.get_by_role("button", name="Namen verbergen").click()
    expect(heading).to_have_text("Klient:in", use_inner_text=True)
    with desk.page.expect_response("**/account/privacy-screen/"):
        desk.page.get_by_role("button", name="Namen zeigen").click()
    expect(heading).to_have_text("Omid Zwirnelfe", use_inner_text=True)
    assert desk.too_wide() == []
