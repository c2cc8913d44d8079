"""An officer freezes a report, takes the PDF, checks it against today and writes it in words."""

import datetime
import io
import re
from typing import Any

import pypdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from clients.models import Client
from tests.browser.desk import Desk
from tests.cast import Cast
from tests.factories.appointments import ContactFactory
from tests.factories.clients import ClientFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.facts_by_hand]

ONLY = {"resultTypes": ["violations"]}


def test_what_is_folded_on_the_page_is_printed_whole(staff: Cast, desks: Any) -> None:
    last_month = timezone.now().replace(day=1) - datetime.timedelta(days=5)
    ContactFactory(
        client=ClientFactory(municipality=staff.stutensee, manager=staff.manager), happened_at=last_month
    )
    desk: Desk = desks(1280)
    page = desk.page
    desk.sit_down(staff.coordinator)
    desk.go("/reports/period/")
    row = page.get_by_role("row").filter(has_text="Rehbaum")
    expect(row).to_be_hidden()
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    assert "Rehbaum" in "".join(sheet.extract_text() for sheet in printed.pages)
    page.get_by_text("Je Integrationsmanager:in").click()
    expect(row).to_be_visible()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_report_is_frozen_checked_and_written(width: int, staff: Cast, desks: Any) -> None:
    client = ClientFactory(municipality=staff.stutensee, manager=staff.manager)
    Client.objects.filter(pk=client.pk).update(list_number=117)
    last_month = timezone.now().replace(day=1) - datetime.timedelta(days=5)
    contact = ContactFactory(client=client, happened_at=last_month)
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.officer)
    desk.go("/reports/period/")
    expect(page.get_by_role("heading", name="Beratung", exact=True)).to_be_visible()
    assert desk.too_wide() == []
    assert Axe().run(page, options=ONLY).response["violations"] == []
    page.get_by_role("link", name="Bericht festschreiben").click()
    page.get_by_label(re.compile("^Wofür", re.IGNORECASE)).fill("Kennzahlen für das Landratsamt")
    page.get_by_role("button", name="Festschreiben").first.click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Kennzahlen für das Landratsamt")
    expect(page.get_by_role("main")).to_contain_text("Die Zahlen bleiben, wie sie sind.")
    assert desk.too_wide() == []
    assert Axe().run(page, options=ONLY).response["violations"] == []
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF", exact=True).click()
    assert download.value.suggested_filename.startswith("auswertung-")
    page.get_by_role("link", name="Sachbericht schreiben").click()
    expect(page.locator("#id_overview")).to_have_value(re.compile("Beratene Personen: 1"))
    page.get_by_role("button", name="Speichern").first.click()
    expect(page.get_by_role("link", name="Sachbericht (PDF)")).to_be_visible()

    type(contact).objects.filter(pk=contact.pk).update(channel="phone")
    page.get_by_role("link", name="Prüfen und mit heute vergleichen").click()
    expect(page.get_by_role("main")).to_contain_text("stimmen alle Zahlen und die Prüfsumme überein")
    row = page.get_by_role("row").filter(has_text="117")
    expect(row).to_contain_text("Kontakt")
    expect(row).to_contain_text("seither geändert")
    assert client.case_no not in page.content()
    assert desk.too_wide() == []
    assert Axe().run(page, options=ONLY).response["violations"] == []
