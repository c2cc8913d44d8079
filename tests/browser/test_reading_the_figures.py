"""An officer at the figures: what a number means, the list and the file behind it, and a chapter on paper."""

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from accounts.actor import Actor
from reports.services import store_tables_of
from tests.browser.desk import Clock, Desk
from tests.cast import Cast
from tests.reports.settlement import at, settle

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.facts_by_hand]

JUNE = dt.date(2026, 6, 30)


def faults(desk: Desk) -> list[Any]:
    """What is too wide, and what a screen reader would stumble over."""
    found = Axe().run(desk.page, options={"resultTypes": ["violations"]}).response["violations"]
    return [*desk.too_wide(), *found]


def sheets(desk: Desk) -> int:
    """On how many sheets of A4 the page is printed."""
    desk.page.wait_for_load_state()
    return len(re.findall(rb"/Type\s*/Page\b", desk.page.pdf(format="A4")))


@pytest.mark.parametrize("width", [1280, 390])
def test_from_a_number_to_its_meaning_its_file_and_its_list(
    width: int, staff: Cast, desks: Any, clock: Clock
) -> None:
    clock.at("2026-11-30 09:00")
    settle(staff.stutensee, 60, JUNE, manager=staff.manager)
    store_tables_of(Actor.system("store_tables", at(dt.date(2026, 7, 15))), JUNE)
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.officer)
    desk.go("/reports/")
    phases = page.get_by_role("region", name="Phasen", exact=True)
    meaning = phases.get_by_text("offene Akten nach Phase am Stichtag")
    expect(meaning).to_be_hidden()
    phases.get_by_text("So wird gezählt").click()
    expect(meaning).to_be_visible()
    assert faults(desk) == []
    with page.expect_download() as taken:
        phases.get_by_role("link", name=re.compile("Tabelle als CSV")).click()
    assert '"aktiv";"60"' in Path(taken.value.path()).read_text(encoding="utf-8-sig")

    chapters = page.get_by_role("navigation", name="Kapitel")
    for chapter, said in (("Arbeit", "Aufnahmen"), ("Menschen", "Woher kommen sie?")):
        chapters.get_by_role("link", name=chapter).click()
        desk.sees(said)
        assert faults(desk) == []
        assert sheets(desk) == 1, chapter
    chapters.get_by_role("link", name="Bestand").click()
    expect(phases).to_be_visible()
    assert sheets(desk) == 1, "Bestand"
    phases.locator(".bar-end").get_by_role("link", name="60", exact=True).click()
    expect(page).to_have_url(re.compile(r"/reports/cases/\?phase=active"))
