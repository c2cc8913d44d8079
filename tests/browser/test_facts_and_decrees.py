"""Dated facts on the screen: a change, its undo and a correction in the history, and a decree from preview to undo."""

import datetime
import re
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from clients.models import DatedFact, PermitDecree
from tests.browser.desk import Clock, Desk
from tests.cast import Cast
from tests.factories.clients import ClientFactory, DatedFactFactory, ResidenceFactory
from tests.worklists import derive

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.facts_by_hand]


def faults(desk: Desk) -> list[Any]:
    """What is too wide, and what a screen reader would stumble over."""
    found = Axe().run(desk.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [*desk.too_wide(), *found]


def entries(page: Page, kind: str) -> Any:
    return page.get_by_role("region", name=kind, exact=True)


@pytest.mark.parametrize("width", [1280, 390])
def test_a_change_is_undone_and_a_correction_is_told_in_the_history(
    width: int, staff: Cast, desks: Any, clock: Clock
) -> None:
    clock.at("2026-11-30 09:00")
    client = ClientFactory(municipality=staff.stutensee, manager=staff.manager)
    DatedFactFactory(client=client)
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.manager)
    desk.go(f"/clients/{client.uuid}/facts/german_level/new/")
    desk.chip("Deutschniveau", "A2")
    page.get_by_label("seit", exact=False).first.fill("11/2026")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_text("Gespeichert; der vorige Eintrag endet damit.")).to_be_visible()

    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_text("Zurückgenommen; es gilt wieder, was vorher galt.")).to_be_visible()
    level = entries(page, "Deutschniveau")
    expect(level).to_contain_text("seit 01.02.2018")
    expect(level).not_to_contain_text("A2")

    level.get_by_role("link", name="Berichtigen").click()
    desk.chip("Deutschniveau", "B1")
    page.get_by_role("button", name="Speichern").click()
    level = entries(page, "Deutschniveau")
    expect(level).to_contain_text(re.compile(r"berichtigt am 30\.11\.2026 von"))
    expect(level).to_contain_text("A1, seit 01.02.2018")
    assert faults(desk) == []
    assert DatedFact.objects.get().value.code == "german_level-b1"


@pytest.mark.parametrize("width", [1280, 390])
def test_a_decree_is_previewed_set_and_undone(width: int, staff: Cast, desks: Any, clock: Clock) -> None:
    clock.at("2026-11-30 09:00")
    for _number in range(6):
        client = ClientFactory(municipality=staff.stutensee, manager=staff.manager)
        ResidenceFactory(client=client, status="ukraine_24", printed_until=datetime.date(2026, 11, 1))
    derive()
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.admin)
    desk.go("/decrees/new/")
    page.get_by_role("combobox", name="Aufenthaltsstatus").fill("24)")
    page.get_by_role("option", name="Vorübergehender Schutz (§ 24)").click()
    page.get_by_label("Für Dokumente, gültig am").fill("2026-10-01")
    page.get_by_label("Gelten fort bis").fill("2027-03-04")
    page.get_by_label("Rechtsgrundlage").fill("Erfundene Verordnung")
    page.get_by_role("button", name="Vorschau zeigen").click()
    preview = page.get_by_text("Rund 5 Dokumente gelten dadurch länger.")
    expect(preview).to_be_visible()
    expect(preview).to_be_focused()
    assert faults(desk) == []

    page.get_by_role("button", name="So festlegen").click()
    expect(
        page.get_by_text("Der Erlass gilt; alle betroffenen Akten richten sich schon danach.")
    ).to_be_visible()
    assert faults(desk) == []
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_text("Zurückgenommen. Jede Akte ist wie ohne den Erlass.")).to_be_visible()
    expect(page.get_by_text(re.compile(r"zurückgenommen am 30\.11\.2026 von"))).to_be_visible()
    assert PermitDecree.objects.filter(withdrawn_at__isnull=False).count() == 1
