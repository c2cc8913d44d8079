"""Two files of one person on the screen: found in another script, linked, and the link undone."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from clients.models import Client
from tests.browser.desk import Desk
from tests.cast import Cast
from tests.factories.clients import ClientFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_second_file_is_linked_and_the_link_undone(width: int, staff: Cast, desks: Any) -> None:
    first, second = (
        ClientFactory(
            municipality=staff.stutensee, manager=staff.manager, surname=surname, given_name=given_name
        )
        for surname, given_name in (("Al-Halabi", "Ahmad"), ("الحلبي", "أحمد"))
    )
    desk: Desk = desks(width)
    page = desk.page
    desk.sit_down(staff.manager)
    desk.go(f"/clients/{second.uuid}/person/")
    same = page.get_by_role("region", name="Dieselbe Person?")
    expect(same).to_contain_text("sehr wahrscheinlich dieselbe Person: ähnlicher Name, gleiches Geburtsdatum")
    same.get_by_role("link", name="Verknüpfen").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Zwei Akten derselben Person verknüpfen")
    expect(page.get_by_role("radio", checked=True)).to_have_count(1)
    page.get_by_role("group").locator("label", has_text=first.case_no).click()
    assert desk.too_wide() == []
    assert Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"] == []
    page.get_by_role("button", name="Akten verknüpfen").click()

    expect(page.locator("#messages")).to_contain_text(f"Die Beratung geht in {first.case_no} weiter")
    expect(same).to_contain_text("dieselbe Person; die Beratung geht hier weiter")
    assert desk.too_wide() == []
    desk.go(f"/clients/{second.uuid}/")
    expect(page.get_by_role("link", name=first.case_no, exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="Wieder öffnen")).to_have_count(0)

    desk.go(f"/clients/{first.uuid}/person/")
    same.get_by_role("button", name="Verknüpfung lösen").click()
    expect(page.locator("#messages")).to_contain_text("Beide Akten sind wie zuvor.")
    expect(same.get_by_role("link", name="Verknüpfen")).to_be_visible()
    assert not Client.objects.get(pk=second.pk).is_closed
