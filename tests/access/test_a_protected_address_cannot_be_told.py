"""Where a person with a protected address lives is on one page, for her manager and with a reason for a stand-in."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import StandIn
from audit.models import AuditEntry
from clients.choices import GrantKind
from clients.figures_people import attributes
from clients.grants import GRANTED_FOR, grant_access
from clients.models import AccessGrant, Accommodation, AddressProtection, Client, HouseholdMember
from clients.services import household, protection
from clients.services.responsibility import assign
from outreach.models import BackBy, VisitCompanion
from outreach.rounds import round_of
from outreach.services.rounds import take_along
from tests.access.crawl import EVERY_WAY, answers
from tests.access.stage import open_file
from tests.factories.clients import AccommodationFactory, ClientFactory, HouseFactory

pytestmark = pytest.mark.django_db

WORD = "Verborgenwinkel"
WORDS = {f"{WORD}{part}" for part in ("haus", "gasse", "ort", "viertel")}
PAGE, FORM = "clients:person", "clients:accommodation_edit"


@pytest.fixture
def hidden(cast):
    """A file with every kind of row in it, whose address is protected by the service."""
    file = open_file(cast.manager, cast)
    house = HouseFactory(
        municipality=cast.stutensee,
        name=f"{WORD}haus",
        street=f"{WORD}gasse 1",
        town=f"{WORD}ort",
        quarter=f"{WORD}viertel",
    )
    file.client.accommodations.filter(until=None).update(house=house, **house.address)
    VisitCompanion.objects.filter(client=file.client).update(address=f"{WORD}gasse 1")
    BackBy.objects.filter(client=file.client).update(address=f"{WORD}gasse 1")
    protection.protect_address(
        Actor(cast.manager), AddressProtection(client=file.client, reason="Auskunftssperre")
    )
    # The house itself is no secret of the file; elsewhere its words would prove nothing.
    Accommodation.objects.filter(house=house).update(house=None)
    house.delete()
    return file


def told(user, file, ways=("GET",)):
    return {
        asked.split()[1]
        for asked, body in answers(user, file, ways=ways)
        if any(word in body for word in WORDS)
    }


def test_her_manager_reads_it_on_one_page_and_in_the_form_that_corrects_it(cast, hidden):
    assert told(cast.manager, hidden) == {PAGE, FORM}


def test_a_stand_in_reads_it_nowhere_and_after_a_reason_on_one_page(cast, hidden):
    assert told(cast.substitute, hidden, EVERY_WAY) == set()
    grant_access(Actor(cast.substitute), hidden.client, kind=GrantKind.ADDRESS, reason="Rettungsdienst fragt")
    assert told(cast.substitute, hidden) == {PAGE}


@pytest.mark.parametrize("role", ["colleague", "officer", "coordinator"])
def test_nobody_else_reads_it_anywhere(role, cast, hidden):
    assert told(cast.users[role], hidden) == set()


def test_health_opens_no_address_and_an_address_no_health(cast, hidden):
    for kind, other in ((GrantKind.HEALTH, GrantKind.ADDRESS), (GrantKind.ADDRESS, GrantKind.HEALTH)):
        AccessGrant.objects.filter(user=cast.substitute).delete()
        grant_access(Actor(cast.substitute), hidden.client, kind=kind, reason="Notfall")
        rows = AccessGrant.objects.visible_to(cast.substitute).of(hidden.client)
        assert [rows.valid_for(cast.substitute, timezone.now(), of).count() for of in (kind, other)] == [1, 0]


def test_a_reason_is_asked_for_and_kept_and_ends_after_four_hours(cast, as_user, hidden, time_machine):
    time_machine.move_to(timezone.now(), tick=False)
    browser = as_user(cast.substitute)
    show = reverse("clients:address_show", args=[hidden.client.uuid])
    token = {"form_token": "33333333-3333-4333-8333-333333333333", "version": 1}
    refused = browser.post(show, token | {"reason": ""})
    assert (refused.status_code, set(refused.context["form"].errors)) == (422, {"reason"})
    browser.post(show, token | {"reason": "Rettungsdienst fragt"})
    page = reverse(PAGE, args=[hidden.client.uuid])
    assert WORD in browser.get(page).text
    assert "Rettungsdienst fragt" in as_user(cast.manager).get(page).text
    assert AuditEntry.objects.filter(action="client.address_granted").count() == 1
    time_machine.shift(GRANTED_FOR)
    assert WORD not in as_user(cast.substitute).get(page).text


def test_a_stand_in_cannot_open_the_form_that_shows_it_nor_end_the_protection(cast, as_user, hidden):
    browser = as_user(cast.substitute)
    home = hidden.client.accommodations.get(until=None)
    row = hidden.client.address_protections.get(ended_at=None)
    assert browser.get(reverse(FORM, args=[hidden.client.uuid, home.uuid])).status_code == 403
    end = reverse("clients:protection_end", args=[hidden.client.uuid, row.uuid])
    assert browser.post(end).status_code == 403
    row.refresh_from_db()
    assert row.ended_at is None


def test_what_colleagues_were_told_of_the_address_before_says_so_no_longer(hidden):
    told_before = [
        row.address
        for model in (VisitCompanion, BackBy)
        for row in model.objects.filter(client=hidden.client).exclude(address="")
    ]
    assert set(told_before) == {"geschützte Anschrift"}


@pytest.fixture
def at_home(cast):
    """A protected person, and another file of the same manager at the same address in the same household."""
    person, neighbour = (
        ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname=name)
        for name in ("Geschützt", "Nachbarin")
    )
    for client in (person, neighbour):
        AccommodationFactory(client=client, street=f"{WORD}gasse 1", quarter=f"{WORD}viertel")
    household.join_household(Actor(cast.manager), person, neighbour, relation="other")
    protection.protect_address(
        Actor(cast.manager), AddressProtection(client=person, reason="Auskunftssperre")
    )
    return person, neighbour


def test_on_the_round_she_is_a_stop_of_her_own_without_an_address(cast, at_home):
    today = timezone.localdate()
    for client in at_home:
        take_along(Actor(cast.manager), client, today)
    stops = round_of(cast.manager, frozenset({cast.manager.pk}), today, timezone.now()).stops
    shown = {stop.lead.surname: (stop.address, len(stop.visits), stop.others) for stop in stops}
    assert shown["Geschützt"] == (["geschützte Anschrift"], 1, [])
    assert shown["Nachbarin"][1:] == (1, [])


def test_the_household_of_the_other_does_not_tell_that_she_lives_there(cast, as_user, at_home):
    _person, neighbour = at_home
    for page in ("", "person/", "household/split/", "accommodation/new/", "contacts/new/"):
        assert "Geschützt" not in as_user(cast.manager).get(f"/clients/{neighbour.uuid}/{page}").text


def test_a_stand_in_does_not_learn_with_whom_she_lives(cast, as_user, at_home):
    person, _neighbour = at_home
    for page in ("", "person/", "household/split/", "accommodation/new/", "contacts/new/"):
        assert "Nachbarin" not in as_user(cast.substitute).get(f"/clients/{person.uuid}/{page}").text
    assert "Nachbarin" in as_user(cast.manager).get(f"/clients/{person.uuid}/person/").text


def test_lists_and_figures_by_place_leave_her_out(cast, as_user, at_home):
    today = timezone.localdate()
    assert list(Client.objects.visible_to(cast.manager).living("au_flat", today)) == [at_home[1]]
    files = Client.objects.filter(pk__in=[client.pk for client in at_home])
    (attribute,) = (found for found in attributes() if found.title.code == "accommodation")
    assert set(attribute.read(files, today)) == {at_home[1].pk}


def test_those_who_live_with_her_are_protected_along_with_her(cast, as_user, at_home):
    person, neighbour = at_home
    protection.end_protection(Actor(cast.manager), person.address_protections.get())
    page = reverse("clients:address_protect", args=[person.uuid])
    browser = as_user(cast.manager)
    member = HouseholdMember.objects.get(client=neighbour)
    assert "Nachbarin" in browser.get(page).text
    data = {
        "form_token": "11111111-1111-4111-8111-111111111111",
        "version": 1,
        "reason": "Beschluss",
        "since": f"{timezone.localdate():%d.%m.%Y}",
        "along": [member.pk],
    }
    browser.post(page, data)
    assert protection.protected_among([person, neighbour]) == {person.pk, neighbour.pk}
    assert not Accommodation.objects.disclosed().filter(client__in=[person, neighbour]).exists()


def test_a_new_address_of_a_protected_person_is_protected_from_the_beginning(cast, as_user, at_home):
    person, _neighbour = at_home
    person.accommodations.update(since=datetime.date(2018, 1, 1))
    data = {
        "form_token": "22222222-2222-4222-8222-222222222222",
        "version": 1,
        "since": f"{timezone.localdate():%d.%m.%Y}",
        "street": "Neuverborgen 3",
        "town": "Stutensee",
    }
    as_user(cast.manager).post(reverse("clients:accommodation_new", args=[person.uuid]), data)
    home = person.accommodations.get(until=None)
    assert (home.street, home.is_protected) == ("Neuverborgen 3", True)
    assert "Neuverborgen" not in as_user(cast.substitute).get(reverse(PAGE, args=[person.uuid])).text


def test_after_the_stand_in_there_is_nothing_to_ask_for(cast, as_user, hidden):
    StandIn.objects.all().delete()
    show = reverse("clients:address_show", args=[hidden.client.uuid])
    assert as_user(cast.substitute).get(show).status_code == 404


def test_a_file_that_went_on_takes_its_protection_along(cast, hidden):
    assign(Actor(cast.coordinator), hidden.client, cast.colleague)
    assert told(cast.colleague, hidden) == {PAGE, FORM}
