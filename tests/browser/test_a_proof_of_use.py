"""The officer books, keeps the proof of use with its document, and notes that it is submitted."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.desk import Desk
from tests.cast import Cast
from tests.factories.documents import pdf_bytes
from tests.factories.funding import BookingFactory, FundingPeriodFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.facts_by_hand]


def violations(desk: Desk) -> list[Any]:
    # What is looked at has arrived whole.
    desk.page.wait_for_load_state()
    found: list[Any] = Axe().run(desk.page, options={"resultTypes": ["violations"]}).response["violations"]
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_a_proof_of_use_with_its_document(
    width: int, staff: Cast, desks: Any, settings: Any, tmp_path: Path
) -> None:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    period = FundingPeriodFactory(municipality=staff.stutensee, recorded_by=staff.officer)
    BookingFactory(period=period, amount=100_000)
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.officer)
    desk.go("/funding/")
    expect(page.get_by_role("heading", name="Förderung", exact=True)).to_be_visible()
    assert desk.too_wide() == []
    assert violations(desk) == []

    desk.go(period.get_absolute_url())
    page.get_by_role("link", name="Buchung eintragen").click()
    page.locator('input[name="kind"][value="spent"]').check()
    page.locator("#id_line").select_option(label="Personalkosten")
    page.locator("#id_day").fill(period.since.isoformat())
    page.locator("#id_amount").fill("1,234.50")
    with desk.refusals_expected():
        page.get_by_role("button", name="Speichern").first.click()
        expect(page.locator("#id_amount_error")).to_contain_text("Bitte die Cent hinter ein Komma schreiben")
    expect(page.locator("#id_amount")).to_have_value("1,234.50")
    assert violations(desk) == []
    page.locator("#id_amount").fill("1.234,50")
    page.get_by_role("button", name="Speichern").first.click()
    expect(page.locator("#messages")).to_contain_text(re.compile(r"234,50.€ mehr ausgegeben als bewilligt"))

    page.get_by_role("link", name="Dokument ablegen").click()
    page.locator("#id_file").set_input_files(
        {"name": "Nachweis.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    )
    page.locator('input[name="kind"][value="proof"]').check()
    page.get_by_role("button", name="Dokument ablegen").click()
    expect(page.get_by_role("heading", name="Nachweis.pdf")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Öffnen.*Nachweis")).click()
    assert Path(download.value.path()).read_bytes() == pdf_bytes()

    page.get_by_role("link", name="Stand festhalten").last.click()
    page.locator('input[name="state"][value="submitted"]').check()
    page.locator("#id_note").fill("per Post und als PDF")
    assert violations(desk) == []
    page.get_by_role("button", name="Speichern").first.click()
    expect(page.locator("#messages")).to_contain_text("Verwendungsnachweis: eingereicht.")
    expect(page.get_by_role("heading", name=re.compile("eingereicht"))).to_be_visible()
    assert desk.too_wide() == []
    assert violations(desk) == []
