"""*Mein Tag* on a full day: a button updates its row where it stands, and nobody is thrown off her place."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from appointments.models import Contact, FollowUp
from tests.appointments.log_desk import topic
from tests.browser.desk import Desk
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import ClientFactory
from tests.worklists import derive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CLIENTS = 60
WIDTHS = pytest.mark.parametrize("width", [1280, 390])


def matter(number: int) -> str:
    return f"Sache {number:02}."


@pytest.fixture
def full_day(staff: Cast) -> Cast:
    """Sixty people, each with two matters overdue; one waits for the outcome of an appointment."""
    today = timezone.localdate()
    for number in range(CLIENTS):
        client = ClientFactory(manager=staff.manager, municipality=staff.stutensee)
        for further in (0, 100):
            due_on = today - datetime.timedelta(days=200 - number - further)
            text = matter(number) if not further else f"Weiteres {number:02}."
            FollowUpFactory(client=client, owner=staff.manager, text=text, due_on=due_on)
    guest = ClientFactory(manager=staff.manager, municipality=staff.stutensee, surname="Haidari")
    AppointmentFactory(client=guest, starts_at=timezone.now() - datetime.timedelta(days=180))
    derive()
    return staff


def top_of(page: Page, text: str) -> float:
    """Where a row stands in the window."""
    box = page.locator("li.entry, li.entry-said").filter(has_text=text).first.bounding_box()
    assert box is not None
    return box["y"]


@WIDTHS
def test_a_button_updates_its_row_and_the_way_back_restores_it(
    width: int, full_day: Cast, desks: Any
) -> None:
    desk: Desk = desks(width)
    desk.sit_down(full_day.manager)
    desk.go("/")
    page = desk.page
    row = desk.line(matter(30))
    row.scroll_into_view_if_needed()
    before, place = page.evaluate("scrollY"), top_of(page, matter(31))
    assert before > 1000

    row.get_by_role("button", name="Erledigt").click()
    said = page.locator("li.entry-said")
    expect(said).to_contain_text("Wiedervorlage erledigt.")
    # The next matter of the same person stands below what was said.
    expect(desk.line("Weiteres 30.")).to_be_visible()
    assert page.evaluate("scrollY") == before
    assert top_of(page, "Wiedervorlage erledigt.") < place
    expect(page.locator("#heard")).to_contain_text("Wiedervorlage erledigt.")
    assert FollowUp.objects.get(text=matter(30)).done_at is not None

    said.get_by_role("button", name="Rückgängig").click()
    expect(said).to_contain_text("wieder offen")
    expect(desk.line(matter(30))).to_be_visible()
    assert page.evaluate("scrollY") == before
    assert FollowUp.objects.get(text=matter(30)).done_at is None


@WIDTHS
def test_further_matters_open_below_the_row_and_are_done_there(
    width: int, full_day: Cast, desks: Any
) -> None:
    desk: Desk = desks(width)
    desk.sit_down(full_day.manager)
    desk.go("/")
    page = desk.page
    row = desk.line(matter(20)).first
    row.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    more = row.get_by_role("link", name="weitere")
    more.click()
    opened = page.locator("li.further")
    expect(opened).to_contain_text("Weiteres 20.")
    assert more.get_attribute("aria-expanded") == "true"
    assert page.evaluate("scrollY") == before
    opened.locator("li.entry").filter(has_text="Weiteres 20.").get_by_role("button", name="Erledigt").click()
    expect(page.locator("li.entry-said")).to_contain_text("Wiedervorlage erledigt.")
    assert FollowUp.objects.get(text="Weiteres 20.").done_at is not None
    assert page.evaluate("scrollY") == before


@WIDTHS
def test_whoever_logs_from_the_day_comes_back_to_her_place(width: int, full_day: Cast, desks: Any) -> None:
    topic()
    desk: Desk = desks(width)
    desk.sit_down(full_day.manager)
    desk.go("/")
    page = desk.page
    row = desk.line("Haidari").first
    row.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    with page.expect_navigation():
        row.get_by_role("button", name="Gekommen").click()
    desk.chip("Hauptthema", "Post und Anträge")
    desk.press("Speichern")
    assert page.url == f"{desk.site}/"
    expect(page.locator("main")).to_contain_text("Gespeichert.")
    assert before > 500
    assert page.evaluate("scrollY") == before
    assert Contact.objects.count() == 1


def test_the_page_says_when_there_is_no_connection_and_nothing_is_lost(full_day: Cast, desks: Any) -> None:
    desk: Desk = desks(1280)
    desk.sit_down(full_day.manager)
    desk.go("/")
    desk.page.context.set_offline(True)
    row = desk.line(matter(0))
    row.get_by_role("button", name="Erledigt").click()
    expect(desk.page.locator("#messages")).to_contain_text("keine Verbindung")
    expect(row).to_be_visible()
    desk.page.context.set_offline(False)
    row.get_by_role("button", name="Erledigt").click()
    expect(desk.page.locator("li.entry-said")).to_contain_text("Wiedervorlage erledigt.")
    assert FollowUp.objects.get(text=matter(0)).done_at is not None
