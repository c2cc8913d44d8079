"""A round on the phone: two addresses, a family with two results, met and a card left, and every tap counted."""

from typing import Any

import pytest
from playwright.sync_api import expect

from appointments.models import Contact
from tests.browser.desk import Clock, Desk
from tests.cast import Cast
from tests.outreach.ladder_cast import reachable_client, talk
from tests.outreach.visit_desk import DAY, ROUND, announced, family, lives, warn

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


class Thumb:
    """Counts taps."""

    def __init__(self, desk: Desk) -> None:
        self.page = desk.page
        self.taps = 0

    def tap(self, name: str, scope: Any = None, role: str = "button", exact: bool = True) -> None:
        self.taps += 1
        (scope or self.page).get_by_role(role, name=name, exact=exact).first.click()

    def chip(self, group: str, label: str) -> None:
        """A chip, by its whole words."""
        self.taps += 1
        self.page.get_by_role("group", name=group).get_by_role("radio", name=label, exact=True).check()


def results(client: Any) -> list[str]:
    rows = Contact.objects.unscoped(reason="test").with_client(client).filter(channel="home_visit")
    return list(rows.values_list("result", flat=True))


def test_a_round_of_two_addresses_by_thumb(staff: Cast, desks: Any, clock: Clock) -> None:
    by, place = staff.manager, staff.stutensee
    wife = reachable_client(by, place, surname="Zitronenbaumova", given_name="Samira")
    husband = family(wife, by, place)
    alone = reachable_client(by, place, surname="Apfelbaumova", given_name="Oksana")
    lives(alone, "Zirbelweg 3")
    warn(wife, by)
    talk(wife, by, "2018-11-05 10:00")
    announced(wife, by)
    announced(husband, by, missed="2019-02-21 14:00")
    announced(alone, by, missed="2019-02-21 16:00")
    clock.at(f"{DAY} 10:30")

    desk: Desk = desks(390, has_touch=True)
    desk.sit_down(by)
    desk.go(ROUND)
    page, thumb = desk.page, Thumb(desk)
    first, second = page.locator(".stop").nth(0), page.locator(".stop").nth(1)
    expect(first.get_by_text("Nur zu zweit besuchen")).to_be_visible()
    assert desk.too_wide() == []

    # The family: she is met, he is not; the topic is chosen.
    thumb.tap("Angetroffen", first, "link")
    expect(page.get_by_text("Nur zu zweit besuchen")).to_be_visible()
    thumb.chip("Samira", "angetroffen, Gespräch")
    thumb.chip("Omid", "nicht angetroffen")
    thumb.chip("Hauptthema", "Post und Anträge")
    thumb.tap("Speichern")
    expect(page.locator(".stop.is-done")).to_have_count(1)
    assert thumb.taps == 5
    assert (results(wife), results(husband)) == (["talk"], ["not_met"])

    # The other address: a card, in two taps.
    thumb.taps = 0
    thumb.tap("Karte dagelassen", second, "link")
    expect(page.get_by_role("group", name="Hauptthema")).to_be_hidden()
    expect(page.get_by_role("button", name="Speichern", exact=True)).to_be_in_viewport()
    assert desk.too_wide() == []
    thumb.tap("Speichern")
    expect(page.get_by_text("Alle Besuche dieser Runde sind erfasst.")).to_be_visible()
    assert thumb.taps == 2
    assert results(alone) == ["not_met_card"]


def test_the_round_is_ordered_by_keyboard(staff: Cast, desks: Any, clock: Clock) -> None:
    by, place = staff.manager, staff.stutensee
    for number, name in ((1, "Eins"), (2, "Zwei")):
        person = reachable_client(by, place, surname="Reihenova", given_name=name)
        lives(person, f"Zirbelweg {number}")
        announced(person, by, missed=f"2019-02-21 1{number}:00")
    clock.at(f"{DAY} 08:00")
    desk: Desk = desks()
    desk.sit_down(by)
    desk.go(ROUND)
    heads = desk.page.locator(".stop h2")
    expect(heads.first).to_contain_text("Zirbelweg 1")
    later = desk.page.get_by_role("button", name="Später: 1")
    later.focus()
    desk.page.keyboard.press("Enter")
    expect(heads.first).to_contain_text("Zirbelweg 2")
    expect(desk.page.get_by_role("button", name="Früher: 2")).to_be_focused()
    expect(desk.page.locator("#heard")).to_have_text("Jetzt an Stelle 2.")
