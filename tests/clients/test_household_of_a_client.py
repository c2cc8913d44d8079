import datetime

import pytest
from django.utils import timezone

from accounts.actor import Actor
from clients.choices import Relation
from clients.models import Client, HouseholdMember, Relative
from clients.services import household
from clients.services.responsibility import assign
from tests.factories.clients import ClientFactory, RelativeFactory, household_of

ONE_DAY = datetime.timedelta(days=1)
TOKEN = {"form_token": "11111111-1111-4111-8111-111111111111", "version": 1}


@pytest.fixture
def client(cast):
    return ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Rahmatyar")


def url(client, verb):
    return f"/clients/{client.uuid}/household/{verb}/"


def leaving(*members, on=None):
    return {"members": [member.pk for member in members], "on": f"{on or timezone.localdate():%d.%m.%Y}"}


def test_it_works(browser, client):
    browser.post(
        url(client, "relatives/new"),
        TOKEN | {"surname": "Rahmatyar", "given_name": "Ayla", "relation": "child", "birth": "2015"},
    )
    relative = Relative.objects.get()
    assert str(relative.birth) == "2015"
    relations = set(HouseholdMember.objects.values_list("relation", flat=True))
    assert relations == {Relation.REFERENCE, Relation.CHILD}
    assert "Ayla Rahmatyar" in browser.get(f"/clients/{client.uuid}/").text


def test_the_same_post_twice_is_one_relative(browser, client):
    for _attempt in range(2):
        browser.post(url(client, "relatives/new"), TOKEN | {"surname": "Rahmatyar", "relation": "child"})
    assert Relative.objects.count() == 1


def test_a_relatives_data_and_relation_can_be_corrected(browser, cast, client):
    relative = household.add_relative(
        Actor(cast.manager), Relative(client=client, surname="Rahmatyar", relation="child")
    )
    browser.post(
        url(client, f"relatives/{relative.uuid}"),
        TOKEN | {"surname": "Rahmatyar", "given_name": "Omid", "relation": "partner"},
    )
    assert HouseholdMember.objects.get(relative=relative).relation == Relation.PARTNER


def test_a_relative_gets_a_file_of_their_own_once(browser, cast, client):
    relative = household.add_relative(
        Actor(cast.manager),
        Relative(
            client=client,
            surname="Rahmatyar",
            given_name="Omid",
            relation="partner",
            birth_date=datetime.date(1980, 1, 1),
        ),
    )
    answer = browser.post(url(client, f"relatives/{relative.uuid}/file"))
    relative.refresh_from_db()
    own = relative.became
    assert answer.url == f"/clients/{own.uuid}/"
    assert (own.given_name, own.birth_date, own.manager) == ("Omid", datetime.date(1980, 1, 1), cast.manager)
    member = HouseholdMember.objects.current().get(client=own)
    assert member.relation == Relation.PARTNER
    browser.post(url(client, f"relatives/{relative.uuid}/file"))
    assert Client.objects.count() == 2


def test_another_client_of_the_caseload_joins_and_leaves_the_former_household(browser, cast, client):
    other = ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Touray")
    household_of(other, datetime.date(2018, 1, 1))
    browser.post(url(client, "join"), TOKEN | {"other": other.pk, "relation": "sibling"})
    current = HouseholdMember.objects.current()
    assert current.get(client=other).household == current.get(client=client).household
    assert HouseholdMember.objects.filter(client=other, until__isnull=False).count() == 1


def test_a_strangers_client_can_neither_be_seen_nor_chosen(browser, cast, client):
    theirs = ClientFactory(municipality=cast.stutensee, manager=cast.colleague, surname="Fremdovski")
    assert "Fremdovski" not in browser.get(url(client, "join")).text
    answer = browser.post(url(client, "join"), TOKEN | {"other": theirs.pk, "relation": "sibling"})
    assert answer.status_code == 422
    assert not HouseholdMember.objects.exists()


def test_a_foreign_member_is_only_another_person(browser, cast, client):
    theirs = ClientFactory(
        municipality=cast.stutensee, manager=cast.manager, surname="Fremdovski", given_name="Igor"
    )
    household.join_household(Actor(cast.manager), client, theirs, relation="other")
    assign(Actor(cast.coordinator), theirs, cast.colleague)
    household.add_relative(
        Actor(cast.colleague), Relative(client=theirs, surname="Fremdovska", given_name="Ina")
    )
    for page in ("", "person/"):
        text = browser.get(f"/clients/{client.uuid}/{page}").text
        assert "weitere Person" in text
        assert "zuständig: Tobias Kettelhack" in text
        for secret in ("Fremdovski", "Fremdovska", "Igor", "Ina", theirs.case_no, str(theirs.uuid)):
            assert secret not in text


def test_a_foreign_member_cannot_be_moved_out(browser, cast, client):
    theirs = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    member = household.join_household(Actor(cast.manager), client, theirs, relation="other")
    assign(Actor(cast.coordinator), theirs, cast.colleague)
    assert browser.post(url(client, "split"), TOKEN | leaving(member)).status_code == 422
    member.refresh_from_db()
    assert member.until is None


def test_a_member_no_longer_lives_here(browser, cast, client):
    relative = household.add_relative(Actor(cast.manager), Relative(client=client, surname="Rahmatyar"))
    member = HouseholdMember.objects.get(relative=relative)
    HouseholdMember.objects.update(since=timezone.localdate() - ONE_DAY)
    browser.post(url(client, "split"), TOKEN | leaving(member))
    member.refresh_from_db()
    assert member.until == timezone.localdate() - ONE_DAY
    assert "Weitere Personen sind nicht eingetragen." in browser.get(f"/clients/{client.uuid}/").text


def test_another_households_member_is_none_of_this_file(browser, cast, client):
    other = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    household.add_relative(Actor(cast.manager), Relative(client=other, surname="Anders"))
    household_of(client, datetime.date(2018, 1, 1))
    member = HouseholdMember.objects.get(relative__surname="Anders")
    household.add_relative(Actor(cast.manager), Relative(client=client, surname="Rahmatyar"))
    assert browser.post(url(client, "split"), TOKEN | leaving(member)).status_code == 422


def test_two_people_changing_a_relative_are_told(browser, cast, as_user, client):
    relative = RelativeFactory(client=client)
    data = TOKEN | {"surname": "Rahmatyar", "given_name": "Ida", "relation": "child", "birth": "2013"}
    browser.post(url(client, f"relatives/{relative.uuid}"), data)
    answer = as_user(cast.substitute).post(
        url(client, f"relatives/{relative.uuid}"), data | {"given_name": "Iда", "birth": "2012"}
    )
    assert answer.status_code == 409
    assert "Inzwischen von jemand anderem gespeichert: 2013" in answer.text


def test_a_stand_in_opens_the_file_for_the_absent_manager(as_user, cast, client):
    relative = household.add_relative(
        Actor(cast.manager),
        Relative(client=client, surname="Rahmatyar", given_name="Omid", relation="partner"),
    )
    stand_in = as_user(cast.substitute)
    for _time in range(2):
        answer = stand_in.post(url(client, f"relatives/{relative.uuid}/file"))
        relative.refresh_from_db()
        assert answer.url == relative.became.get_absolute_url()
    assert relative.became.manager == cast.manager
