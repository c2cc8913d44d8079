"""From the start page to a logged talk without a mouse, in at most twelve inputs besides the note."""

import datetime
from typing import Any

import pytest
from playwright.sync_api import expect

from appointments.models import Contact
from clients.models import Draft
from tests.appointments.log_desk import reachable
from tests.browser.desk import Clock, Desk
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory
from tests.worklists import derive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NOTE = "Brief der Ausländerbehörde gelesen, Antwort gemeinsam geschrieben."


class Hands:
    """Counts what the hands do: a word typed, a shortcut, a chip, a run of Tabs to the next stop."""

    def __init__(self, desk: Desk) -> None:
        self.page = desk.page
        self.inputs = 0

    def press(self, key: str) -> None:
        self.inputs += 1
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.inputs += 1
        self.page.keyboard.type(text)

    def tab_to(self, selector: str) -> None:
        """Walk on with Tab, as long as it takes."""
        self.inputs += 1
        for _step in range(80):
            if self.page.evaluate("selector => document.activeElement.matches(selector)", selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"Tab never reaches {selector}")


def missing(desk: Desk) -> str:
    """The line of missing data above the figures."""
    desk.go("/reports/")
    return desk.page.locator(".note-line").first.inner_text()


def test_a_talk_is_found_and_logged_without_a_mouse(staff: Cast, desks: Any, clock: Clock) -> None:
    clock.at("2019-03-14 10:30")
    client = reachable(staff.manager, surname="Zitronenbaumova")
    reachable(staff.manager, surname="Apfelbaumova")
    desk: Desk = desks()
    desk.sit_down(staff.manager)
    before = missing(desk)
    desk.go("/")
    page, hands = desk.page, Hands(desk)

    hands.press("/")
    hands.type("zitronen")
    expect(page.locator("#search-hits a")).to_have_count(1)
    hands.press("ArrowDown")
    with page.expect_navigation():
        hands.press("Enter")
    assert page.url.endswith(f"/clients/{client.uuid}/")
    hands.tab_to("a[href$='/contacts/new/']:not([href*='/appointments/'])")
    with page.expect_navigation():
        hands.press("Enter")
    hands.tab_to("[name=main_topic]")
    hands.press("Space")
    hands.tab_to("textarea[name=note]")
    page.keyboard.type(NOTE)
    with page.expect_navigation():
        hands.press("Control+Enter")

    contact = Contact.objects.get()
    assert contact.client == client
    assert contact.notes.get().text == NOTE
    assert hands.inputs <= 12
    assert not Draft.objects.filter(discarded_at=None).exists()
    assert missing(desk) == before


def test_after_an_outcome_the_keyboard_goes_on_at_what_was_said(
    staff: Cast, desks: Any, clock: Clock
) -> None:
    start = clock.at("2019-03-14 10:30")
    client = reachable(staff.manager)
    AppointmentFactory(client=client, starts_at=start - datetime.timedelta(hours=1))
    derive(client)
    desk: Desk = desks()
    desk.sit_down(staff.manager)
    desk.go("/")
    hands = Hands(desk)
    hands.tab_to("button[name=outcome][value=no_show]")
    hands.press("Enter")
    expect(desk.page.locator(".entry-said .status-line")).to_be_focused()


def test_a_suspected_duplicate_is_read_first(staff: Cast, desks: Any, clock: Clock) -> None:
    clock.at("2019-03-14 10:30")
    client = reachable(staff.manager, surname="Zitronenbaumova", given_name="Darya")
    desk: Desk = desks()
    desk.sit_down(staff.manager)
    desk.go("/clients/new/")
    page = desk.page
    page.locator("[name=surname]").fill(client.surname)
    page.locator("[name=given_name]").fill(client.given_name)
    page.locator("[name=birth]").fill(f"{client.birth_date:%d.%m.%Y}")
    with desk.refusals_expected(), page.expect_navigation():
        page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".warn-box")).to_be_focused()


def test_the_focus_is_always_seen_and_never_caught(staff: Cast, desks: Any, clock: Clock) -> None:
    clock.at("2019-03-14 10:30")
    client = reachable(staff.manager)
    desk: Desk = desks()
    desk.sit_down(staff.manager)
    desk.go(f"/clients/{client.uuid}/contacts/new/")
    page = desk.page
    stops: list[str] = []
    for _step in range(120):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """() => {
              const at = document.activeElement;
              if (at === document.body) return "";
              const label = at.type === "radio" || at.type === "checkbox" ? at.labels[0] : at;
              const style = getComputedStyle(label);
              const own = getComputedStyle(at);
              const ring = (look) => look.outlineStyle !== "none" || look.boxShadow !== "none";
              return `${at.name || at.textContent.trim().slice(0, 20)}|${ring(style) || ring(own)}`;
            }"""
        )
        if not stop or (stops and stop == stops[0]):
            break
        stops.append(stop)
    assert len(stops) < 119, "the focus runs in a circle"
    unseen = [stop for stop in stops if stop.endswith("|false")]
    assert unseen == []
    assert any(stop.startswith("note|") for stop in stops)
