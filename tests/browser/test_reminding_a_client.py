"""Reminding somebody on the screen: the text in the clipboard, and the log that opens after a call."""

import datetime
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from appointments.choices import Channel, Result
from appointments.models import Contact
from tests.appointments.log_desk import reachable
from tests.browser.desk import BERLIN, Clock, Desk
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory
from tests.worklists import derive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.facts_by_hand]


def keep_from_dialling(page: Page) -> None:
    """Chromium has nothing to dial with here and would complain; what the page does itself goes on."""
    page.evaluate("""() => document.addEventListener("click", (event) => {
      const link = event.target.closest('a[href^="tel:"], a[href^="sms:"]');
      if (!link) return;
      event.preventDefault();
      document.documentElement.dataset.dialled = link.href.slice(0, 18);
    })""")


def preset(page: Page) -> tuple[str | None, str | None]:
    """Way and result as the log opens, folded or not."""
    way, result = (page.locator(f'input[name="{name}"]:checked') for name in ("channel", "result"))
    return way.get_attribute("value"), result.get_attribute("value")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_text_is_copied_and_a_call_leads_to_its_log(
    width: int, staff: Cast, desks: Any, clock: Clock
) -> None:
    clock.at("2026-11-30 09:00")
    client = reachable(staff.manager)
    begins = datetime.datetime(2026, 12, 1, 10, 0, tzinfo=BERLIN)
    appointment = AppointmentFactory(client=client, starts_at=begins, place="Rathaus, Zimmer 3")
    derive(client)
    desk: Desk = desks(width, permissions=["clipboard-read", "clipboard-write"])
    page = desk.page
    desk.sit_down(staff.manager)
    desk.go(appointment.get_absolute_url())
    reminder = page.get_by_role("region", name="An den Termin erinnern")

    reminder.get_by_role("button", name=re.compile("Text kopieren.*Dari")).click()
    expect(reminder.get_by_role("status").filter(has_text="Kopiert")).to_have_count(1)
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("سلام")
    assert "Rathaus, Zimmer 3" in copied
    assert desk.too_wide() == []
    assert Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"] == []

    # By keyboard alone.
    reminder.get_by_role("button", name="Erinnerung gesendet").focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "Erfasst: Erinnerung gesendet." in desk.text

    keep_from_dialling(page)
    with page.expect_navigation():
        page.locator(".file-call").get_by_role("link").first.click()
    assert preset(page) == (Channel.PHONE, Result.NOT_REACHED)
    desk.press("Speichern")
    kinds = Contact.objects.order_by("pk").values_list("channel", "result")
    assert list(kinds) == [(Channel.MESSAGE, Result.SENT), (Channel.PHONE, Result.NOT_REACHED)]

    desk.go(appointment.get_absolute_url())
    keep_from_dialling(page)
    with page.expect_navigation():
        reminder.get_by_role("link", name=re.compile("Als SMS.*Deutsch")).click()
    assert preset(page) == (Channel.MESSAGE, Result.SENT)
