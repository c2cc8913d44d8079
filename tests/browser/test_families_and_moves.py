"""A family is taken from the inbox and put back; a household moves together, and parts from who stays."""

import datetime
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from accounts.actor import Actor
from clients.models import Accommodation, Client, HouseholdMember
from clients.services import household
from tests.cast import Cast
from tests.factories.clients import AccommodationFactory, ClientFactory, household_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SINCE = datetime.date(2019, 1, 7)


def test_a_household_is_taken_and_put_back(staff: Cast, desks: Any) -> None:
    people = [
        ClientFactory(inbox=True, municipality=staff.stutensee, surname="Rahmatyar", given_name=name)
        for name in ("Omid", "Laila")
    ]
    home = household_of(people[0], SINCE)
    HouseholdMember.objects.create(household=home, client=people[1], relation="partner", since=SINCE)
    desk = desks(390)
    desk.sit_down(staff.manager)
    desk.go("/clients/inbox/")
    desk.sees("Haushalt Rahmatyar", "2 Personen mit Akte")
    assert desk.too_wide() == []
    desk.press("Haushalt übernehmen")
    expect(desk.page.locator("body")).to_contain_text("Sie haben 2 Akten übernommen.")
    assert Client.objects.filter(manager=staff.manager).count() == 2
    desk.press("Rückgängig")
    expect(desk.page.locator("body")).to_contain_text("2 Akten warten wieder im Eingang.")
    desk.sees("Haushalt Rahmatyar")
    assert Client.objects.filter(manager=None).count() == 2


def test_a_household_moves_together_and_parts_from_who_stays(staff: Cast, desks: Any) -> None:
    mother, son, uncle = (
        ClientFactory(manager=staff.manager, municipality=staff.stutensee, surname="Touray", given_name=name)
        for name in ("Isatou", "Lamin", "Ebrima")
    )
    for person in (mother, son, uncle):
        AccommodationFactory(client=person, since=SINCE)
    for person, relation in ((son, "child"), (uncle, "sibling")):
        household.join_household(Actor(staff.manager), mother, person, relation=relation, since=SINCE)
    desk = desks()
    desk.sit_down(staff.manager)
    desk.go(f"/clients/{mother.uuid}/accommodation/new/")
    desk.page.get_by_label("Lamin Touray").check()
    desk.fill("Straße und Hausnummer", "Am Neubau 7")
    desk.fill("Ort", "Stutensee")
    desk.press("Speichern")
    desk.sees("Am Neubau 7", "Lamin Touray")
    expect(desk.page.locator("main")).not_to_contain_text("Ebrima")
    there = Accommodation.objects.filter(street="Am Neubau 7", until=None, since=timezone.localdate())
    assert set(there.values_list("client_id", flat=True)) == {mother.pk, son.pk}
