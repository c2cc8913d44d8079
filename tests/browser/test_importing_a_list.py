"""A list comes in on the screen: columns, rows, result, and back again; and the running cases of a town."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from clients.models import Client
from tests.browser.desk import Clock, Desk
from tests.cast import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LIST = (
    "Nachname;Vorname;Geburtsdatum;Bemerkung\nBeispielova;Ana;14.03.86;\nMusterov;Ivan;15.04.90;\n"
    "Testenko;Oleh;30.02.1990;\n"
)
RUNNING = (
    "Nachname;Vorname;Geburtsdatum;Zuständig;Beratung seit;Intensität\n"
    "Beispielova;Ana;14.03.1986;Jana Rehbaum;15.03.2025;intensiv\n"
)


def upload(desk: Desk, text: str) -> None:
    page = desk.page
    desk.go("/clients/import/")
    page.get_by_label("Zuweisungsliste").set_input_files(
        {"name": "liste.csv", "mimeType": "text/csv", "buffer": text.encode()}
    )
    page.get_by_role("button", name="Liste lesen").click()
    expect(page.get_by_role("heading", name="Was bedeuten die Spalten?")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_list_is_imported_and_taken_back(width: int, staff: Cast, desks: Any, clock: Clock) -> None:
    clock.at("2026-11-30 09:00")
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.manager)
    upload(desk, LIST)
    expect(page.get_by_text("14.03.86 → 14.03.1986").first).to_be_visible()
    assert desk.too_wide() == []
    page.get_by_role("button", name="Zeilen prüfen").click()
    expect(page.get_by_role("heading", name="Zeile für Zeile entscheiden")).to_be_visible()
    page.get_by_role("button", name="2 Personen übernehmen").click()
    expect(page.get_by_role("heading", name="Die Liste ist übernommen")).to_be_visible()
    # As it is seen: what Sichtschutz would put in place of the day is hidden.
    expect(page.locator("main")).to_contain_text("Den Tag 30.02.1990 gibt es nicht.", use_inner_text=True)
    assert desk.too_wide() == []
    assert Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"] == []
    page.get_by_role("button", name="Ganze Übernahme zurücknehmen").click()
    # The list is open again as it was.
    expect(page.get_by_role("heading", name="Zeile für Zeile entscheiden")).to_be_visible()
    expect(page.get_by_role("button", name="2 Personen übernehmen")).to_be_visible()
    assert not Client.objects.filter(surname="Beispielova").exists()


def test_a_running_case_is_taken_over(staff: Cast, desks: Any, clock: Clock) -> None:
    clock.at("2026-11-30 09:00")
    desk: Desk = desks(1280)
    page = desk.page
    desk.sit_down(staff.manager)
    upload(desk, RUNNING)
    page.get_by_role("button", name="Zeilen prüfen").click()
    expect(page.get_by_text("in Beratung seit 15.03.2025").first).to_be_visible()
    page.get_by_role("button", name="1 Person übernehmen").click()
    expect(page.get_by_text("Jana Rehbaum").first).to_be_visible()
    desk.go("/clients/")
    page.get_by_role("link", name="Beispielova, Ana").click()
    expect(page.get_by_text("Monat 21 von 36").first).to_be_visible()
    expect(page.get_by_text("Laufender Fall übernommen").first).to_be_visible()
