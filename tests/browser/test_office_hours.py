"""An open office hour in a browser: three come, one is logged, one counted, one leaves, and the desk closes."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from appointments.models import Contact, OfficeHourArrival, OfficeHourSession
from tests.appointments.log_desk import reachable
from tests.browser.desk import Clock, Desk
from tests.browser.test_every_page_is_accessible import faults
from tests.cast import Cast
from tests.factories.appointments import PlaceFactory, SessionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_one_office_hour_from_the_first_arrival_to_its_counts(
    width: int, staff: Cast, desks: Any, clock: Clock
) -> None:
    starts_at = clock.at("2019-03-14 14:05")
    client = reachable(staff.manager, surname="Zitronenbaumova")
    place = PlaceFactory(municipality=staff.stutensee, name="Beratungsraum Webstube")
    SessionFactory(series__place=place, starts_at=starts_at)
    mine: Desk = desks(width, has_touch=width < 600)
    theirs: Desk = desks(1280)
    mine.sit_down(staff.manager)
    theirs.sit_down(staff.colleague)

    mine.go("/")
    row = mine.line("Offene Sprechstunde")
    expect(row).to_contain_text("Beratungsraum Webstube · niemand wartet")
    mine.press("Zur Sprechstunde", within=row)
    desk = mine.page.url.partition("?")[0]
    mine.press("Arabisch", exact=True)
    mine.page.get_by_role("combobox", name="Andere Sprache").fill("Tigr")
    mine.page.get_by_role("option", name="Tigrinya").click()
    mine.press("Nummer vergeben")
    mine.press("nicht gefragt", exact=True)
    mine.sees("3 warten")
    assert mine.too_wide() == []

    theirs.go(desk)
    theirs.press("Nächste Nummer aufrufen")
    theirs.sees("Nummer 1")
    mine.press("Nächste Nummer aufrufen")
    mine.sees("Nummer 2", "bei Tobias Kettelhack")

    # What a colleague does appears without a reload, and the focus stays where it was.
    kept = theirs.page.get_by_role("button", name=re.compile("Ist gegangen.*Nummer 3"))
    kept.focus()
    key = kept.get_attribute("id")
    mine.press("Ist gegangen", within=mine.page.get_by_role("region", name="Bei Ihnen"))
    returned = theirs.page.get_by_role("button", name=re.compile("Wieder da.*Nummer 2"))
    expect(returned).to_be_visible()
    assert theirs.page.evaluate("document.activeElement.id") == key

    theirs.press("Post und Anträge", exact=True)
    mine.press("Nächste Nummer aufrufen")
    mine.press("Eigene Akte: Beratung erfassen")
    mine.page.locator("main").get_by_role("searchbox").fill("Zitronenbaum")
    mine.sees("1 Treffer")
    with mine.page.expect_navigation():
        mine.page.keyboard.press("Enter")
    mine.chip("Hauptthema", "Wohnen")
    mine.press("Speichern")
    assert mine.page.url == desk
    contact = Contact.objects.get()
    assert (contact.client, contact.channel) == (client, "open_hour")
    assert faults(mine) == []

    mine.press("Sprechstunde abschließen")
    mine.press("Endgültig abschließen")
    mine.sees("Besucher:innen")
    session = OfficeHourSession.objects.get()
    assert (session.own, session.drop_ins, session.anonymous, session.left) == (1, 0, 1, 1)
    assert not OfficeHourArrival.objects.exists()
    assert mine.too_wide() == []
