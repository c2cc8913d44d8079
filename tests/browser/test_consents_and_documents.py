"""A document goes up, is refused with its sentence, and comes down again; a consent is given and revoked."""

import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.appointments.log_desk import reachable
from tests.browser.desk import Desk
from tests.cast import Cast
from tests.factories.documents import pdf_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.facts_by_hand]


def violations(desk: Desk) -> list[Any]:
    # What is looked at has arrived whole.
    desk.page.wait_for_load_state()
    found: list[Any] = Axe().run(desk.page, options={"resultTypes": ["violations"]}).response["violations"]
    return found


@pytest.mark.parametrize("width", [1280, 390])
def test_a_document_goes_up_and_comes_down(
    width: int, staff: Cast, desks: Any, settings: Any, tmp_path: Path
) -> None:
    settings.DOCUMENTS_DIR = tmp_path / "documents"
    client = reachable(staff.manager)
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.manager)
    desk.go(f"{client.get_absolute_url()}documents/")
    page.get_by_role("link", name="Dokument ablegen").click()
    page.locator("#id_file").set_input_files(
        {"name": "programm.pdf", "mimeType": "application/pdf", "buffer": b"MZ\x90\x00 no document"}
    )
    page.locator("#id_description").fill("Bescheid vom Mai")
    with desk.refusals_expected():
        page.get_by_role("button", name="Dokument ablegen").click()
        expect(page.locator("#id_file_error")).to_contain_text("Abgelegt werden können nur PDF")
    expect(page.locator("#id_description")).to_have_value("Bescheid vom Mai")
    assert violations(desk) == []

    page.locator("#id_file").set_input_files(
        {"name": "Bescheid.pdf", "mimeType": "application/pdf", "buffer": pdf_bytes()}
    )
    page.get_by_role("button", name="Dokument ablegen").click()
    expect(page.get_by_role("heading", name="Bescheid vom Mai")).to_be_visible()
    assert desk.too_wide() == []
    assert violations(desk) == []
    with page.expect_download() as download:
        page.get_by_role("link", name=re.compile("Öffnen.*Bescheid")).click()
    assert download.value.suggested_filename == "Bescheid.pdf"
    assert Path(download.value.path()).read_bytes() == pdf_bytes()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_consent_is_given_and_revoked(width: int, staff: Cast, desks: Any) -> None:
    client = reachable(staff.manager)
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.manager)
    desk.go(f"{client.get_absolute_url()}consents/new/")
    page.locator('input[name="kind"][value="release"]').check()
    page.locator("#id_recipient").fill("Jobcenter, Frau Sommer")
    page.locator("#id_scope").fill("Stand des Antrags")
    page.locator("#id_purpose").fill("Antrag klären")
    assert violations(desk) == []
    page.get_by_role("button", name="Speichern").first.click()
    given = page.get_by_role("heading", name="Schweigepflichtentbindung: Jobcenter, Frau Sommer")
    expect(given).to_be_visible()
    assert desk.too_wide() == []

    page.get_by_role("link", name=re.compile("Widerrufen.*Schweigepflicht")).click()
    expect(page.get_by_text("Jobcenter, Frau Sommer erfährt von uns nichts mehr.")).to_be_visible()
    assert violations(desk) == []
    page.get_by_role("button", name="Widerrufen").click()
    expect(page.get_by_role("heading", name="Beendet oder widerrufen")).to_be_visible()
    page.get_by_role("button", name="Rückgängig").click()
    expect(page.get_by_role("heading", name="Beendet oder widerrufen")).to_have_count(0)
    expect(given).to_be_visible()
