"""A meeting is held and decides something for a manager; she refers a client and says what came of it."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.appointments.log_desk import reachable
from tests.browser.desk import Desk
from tests.cast import Cast
from tests.factories.network import OfferFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.facts_by_hand]


def violations(desk: Desk) -> list[Any]:
    # What is looked at has arrived whole.
    desk.page.wait_for_load_state()
    found: list[Any] = Axe().run(desk.page, options={"resultTypes": ["violations"]}).response["violations"]
    return found


def looked_at(desk: Desk) -> None:
    assert violations(desk) == []
    assert desk.too_wide() == []


@pytest.mark.parametrize("width", [1280, 390])
def test_what_a_meeting_decides_waits_for_the_manager(width: int, staff: Cast, desks: Any) -> None:
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.officer)
    desk.go("/network/meetings/")
    page.locator(".act-line").get_by_role("link", name="Treffen").click()
    page.locator("#id_title").fill("Runder Tisch Integration")
    page.locator("#id_starts_at").fill("2026-03-05T16:00")
    page.locator("#id_invitation").fill("Herzliche Einladung.")
    looked_at(desk)
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name="Runder Tisch Integration")).to_be_visible()
    page.get_by_role("link", name="Protokoll").click()
    page.locator("#id_minutes").fill("Der Bedarf an Schuldnerberatung steigt.")
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="Beschluss").click()
    page.locator("#id_text").fill("Raum für eine Sprechstunde suchen")
    page.locator("#id_responsible").select_option(label=str(staff.manager))
    page.locator("#id_due_on").fill("2026-03-20")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name="Raum für eine Sprechstunde suchen")).to_be_visible()
    looked_at(desk)

    hers: Desk = desks(width)
    hers.sit_down(staff.manager)
    hers.go("/network/meetings/")
    waiting = hers.page.get_by_role("listitem").filter(has_text="Raum für eine Sprechstunde suchen")
    waiting.get_by_role("button", name="Erledigt").click()
    expect(hers.page.get_by_text("Beschluss erledigt.")).to_be_visible()
    expect(waiting).to_have_count(0)
    looked_at(hers)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_client_is_sent_on_and_arrives(width: int, staff: Cast, desks: Any) -> None:
    client = reachable(staff.manager)
    OfferFactory(organisation__name="Schuldnerberatung Beispielhaus", title="Offene Sprechstunde")
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.manager)
    desk.go(f"{client.get_absolute_url()}referrals/")
    page.get_by_role("link", name="Verweisung", exact=True).click()
    desk.go(f"{client.get_absolute_url()}referrals/find/?topic=")
    looked_at(desk)
    found = page.get_by_role("listitem").filter(has_text="Schuldnerberatung Beispielhaus")
    with page.expect_navigation():
        found.get_by_role("link", name="Verweisen").click()
    looked_at(desk)
    page.get_by_label("Name an die Partnerstelle weitergegeben").check()
    with desk.refusals_expected():
        page.get_by_role("button", name="Verweisung speichern").click()
        expect(page.get_by_text("gilt an diesem Tag nicht").first).to_be_visible()
    page.get_by_label("Angebot mitgegeben").check()
    page.get_by_role("button", name="Verweisung speichern").click()
    expect(page.get_by_text("Verweisung eingetragen")).to_be_visible()
    looked_at(desk)
    page.get_by_role("link", name="Wie ging es weiter?").click()
    page.get_by_label("Angekommen").check()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Ergebnis bekannt")).to_be_visible()
    looked_at(desk)
