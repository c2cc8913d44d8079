"""The inbox shows families together, and takes them in one step."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from clients.models import AddressProtection, Client, HouseholdMember, Relative
from clients.services import household
from intake.services.inbox import take_client
from tests.factories.clients import (
    AccommodationFactory,
    AddressProtectionFactory,
    ClientFactory,
    household_of,
)

pytestmark = pytest.mark.django_db
SINCE = datetime.date(2019, 1, 7)


def waiting(cast, **extra):
    return ClientFactory(inbox=True, municipality=cast.stutensee, **extra)


def family(cast, surname, *names, children=0):
    people = [waiting(cast, surname=surname, given_name=name) for name in names]
    home = household_of(people[0], SINCE)
    for person in people[1:]:
        HouseholdMember.objects.create(household=home, client=person, relation="partner", since=SINCE)
    for number in range(children):
        relative = Relative.objects.create(
            client=people[0], surname=surname, given_name=f"Kind {number}", relation="child"
        )
        HouseholdMember.objects.create(household=home, relative=relative, relation="child", since=SINCE)
    return people


def groups(browser):
    return browser.get(reverse("intake:inbox")).context["groups"]


def test_it_works(cast, as_user):
    parents = family(cast, "Rahmatyar", "Omid", "Laila", children=3)
    waiting(cast, surname="Einzelmann")
    browser = as_user(cast.manager)
    assert [(group.name, len(group.people), group.all_children) for group in groups(browser)] == [
        ("Rahmatyar", 2, 3),
        ("Einzelmann", 1, 0),
    ]
    text = browser.get(reverse("intake:inbox")).text
    assert 'Haushalt <bdi class="who-name">Rahmatyar</bdi>' in " ".join(text.split())
    assert "2 Personen mit Akte" in text
    assert "3 Kinder" in text
    keys = [str(person.uuid) for person in parents]
    answer = browser.post(reverse("intake:inbox_take_many"), {"entry": keys}, follow=True)
    assert "Sie haben 2 Akten übernommen." in answer.text
    assert set(Client.objects.filter(manager=cast.manager)) == set(parents)


def test_a_child_who_stands_beside_a_parent_is_counted_and_one_alone_is_no_family(cast, as_user):
    _parent, child = family(cast, "Touray", "Isatou", "Lamin", children=1)
    Client.objects.filter(pk=child.pk).update(birth_date=datetime.date(2018, 5, 1))
    waiting(cast, surname="Einzelkind", birth_date=datetime.date(2012, 5, 1))
    assert [group.all_children for group in groups(as_user(cast.manager))] == [2, 0]


def test_a_household_taken_by_two_at_once_is_taken_by_the_faster_one(cast, as_user):
    first, second = family(cast, "Rahmatyar", "Omid", "Laila")
    take_client(Actor(cast.colleague), first)
    keys = [str(first.uuid), str(second.uuid)]
    answer = as_user(cast.manager).post(reverse("intake:inbox_take_many"), {"entry": keys}, follow=True)
    assert "Sie haben 1 Akte übernommen." in answer.text
    assert "inzwischen" in answer.text
    second.refresh_from_db()
    assert second.manager == cast.manager


def test_a_family_stands_where_its_first_member_waits_and_on_no_other_page(cast, as_user, monkeypatch):
    monkeypatch.setattr("intake.views.inbox.PAGE", 2)
    first, _second = family(cast, "Rahmatyar", "Omid", "Laila")
    for name in ("Ander", "Weiter"):
        waiting(cast, surname=name)
    late = waiting(cast, surname="Rahmatyar", given_name="Spätgekommen")
    HouseholdMember.objects.create(
        household=household.household_of(first), client=late, relation="other", since=SINCE
    )
    browser = as_user(cast.manager)
    seen, after = [], ""
    for _page in range(3):
        context = browser.get(reverse("intake:inbox"), {"after": after} if after else {}).context
        seen.append([len(group.people) for group in context["groups"]])
        after = str(context["after"])
    assert seen == [[3], [1, 1], []]


def test_everybody_is_ticked_at_once(cast, as_user):
    family(cast, "Rahmatyar", "Omid", "Laila")
    waiting(cast, surname="Einzelmann")
    browser = as_user(cast.manager)
    assert browser.get(reverse("intake:inbox")).text.count(" checked") == 0
    assert browser.get(reverse("intake:inbox"), {"select": "all"}).text.count(" checked") == 3


def test_a_protected_person_waits_alone_and_without_a_place(cast, as_user):
    _husband, wife = family(cast, "Rahmatyar", "Omid", "Laila")
    AccommodationFactory(client=wife, name="Haus Zwitscher", quarter="Zwitscherviertel")
    AddressProtectionFactory(client=wife, set_by=cast.coordinator)
    assert AddressProtection.objects.count() == 1
    browser = as_user(cast.manager)
    assert [len(group.people) for group in groups(browser)] == [1, 1]
    assert "Zwitscher" not in browser.get(reverse("intake:inbox")).text
    assert "geschützte Anschrift" in browser.get(reverse("intake:inbox")).text


def test_a_file_taken_today_offers_the_way_back_and_one_taken_before_does_not(cast, as_user, time_machine):
    person = waiting(cast)
    take_client(Actor(cast.manager), person)
    browser = as_user(cast.manager)
    way_back = reverse("intake:give_back", args=[person.uuid])
    assert way_back in browser.get(person.get_absolute_url()).text
    browser.post(way_back)
    person.refresh_from_db()
    assert person.manager is None


def test_the_inbox_costs_the_same_for_one_family_and_for_ten(cast, as_user):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = as_user(cast.manager)
    costs = []
    for names in (("Eins",), tuple(f"Weitere{n}" for n in range(9))):
        for name in names:
            family(cast, name, "Anna", "Bela", children=2)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            browser.get(reverse("intake:inbox"))
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_whose_address_is_protected_waits_alone_without_an_address_too(cast, as_user):
    people = family(cast, "Rahmatyar", "Omid", "Laila")
    AddressProtectionFactory(client=people[1], set_by=cast.manager)
    assert [len(group.people) for group in groups(as_user(cast.manager))] == [1, 1]


def test_a_home_of_tomorrow_is_not_shown_as_the_present_one(cast, as_user):
    person, today = waiting(cast, surname="Beispielova"), timezone.localdate()
    day = datetime.timedelta(days=1)
    AccommodationFactory(client=person, name="Heutingen", since=today - day, until=today)
    AccommodationFactory(client=person, name="Morgenstadt", since=today + day)
    page = as_user(cast.manager).get(reverse("intake:inbox")).text
    assert "Heutingen" in page
    assert "Morgenstadt" not in page
