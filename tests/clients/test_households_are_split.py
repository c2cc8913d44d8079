"""A household parts on a day: who leaves together stays together, and the old home learns nothing of the new one."""

import datetime

import pytest
from django.utils import timezone

from accounts.actor import Actor
from clients.choices import Relation
from clients.models import Accommodation, HouseholdChange, HouseholdMember, Relative
from clients.services import accommodations, household
from clients.services.responsibility import assign
from tests.factories.clients import AccommodationFactory, ClientFactory

TOKEN = {"form_token": "11111111-1111-4111-8111-111111111111", "version": 1}
LONG_AGO = datetime.date(2018, 1, 15)


def day(number):
    return timezone.localdate() - datetime.timedelta(days=number)


@pytest.fixture
def family(cast):
    """Husband, wife and a daughter without a file, living together for years."""
    husband, wife = (
        ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Rahmatyar", given_name=name)
        for name in ("Omid", "Laila")
    )
    for person in (husband, wife):
        AccommodationFactory(client=person)
    household.join_household(Actor(cast.manager), husband, wife, relation="partner", since=LONG_AGO)
    child = household.add_relative(
        Actor(cast.manager),
        Relative(client=husband, surname="Rahmatyar", given_name="Ayla", relation="child"),
        since=LONG_AGO,
    )
    return husband, wife, child


def member(person):
    return HouseholdMember.objects.current().get(
        **{"relative" if isinstance(person, Relative) else "client": person}
    )


def split(browser, client, people, on):
    data = {"members": [member(person).pk for person in people], "on": f"{on:%d.%m.%Y}"}
    return browser.post(f"/clients/{client.uuid}/household/split/", TOKEN | data)


def test_it_works(browser, family):
    husband, wife, child = family
    answer = split(browser, husband, [wife, child], day(3))
    assert answer.status_code == 302
    assert member(wife).household_id != member(husband).household_id
    assert member(wife).relation == Relation.REFERENCE
    assert (member(wife).since, HouseholdMember.objects.get(relative=child).until) == (day(3), day(4))


def test_a_relative_who_goes_along_is_named_in_the_file_of_whom_she_lives_with(browser, family):
    husband, wife, child = family
    split(browser, husband, [wife, child], day(3))
    hers = Relative.objects.get(client=wife)
    assert hers.given_name == "Ayla"
    assert member(hers).household_id == member(wife).household_id
    assert Relative.objects.get(client=husband) == child


@pytest.mark.parametrize("number", [1, 400])
def test_a_split_before_somebody_came_is_refused_at_its_field(browser, cast, family, number):
    husband, wife, _child = family
    HouseholdMember.objects.filter(client=wife).update(since=day(0))
    answer = split(browser, husband, [wife], day(number))
    assert answer.status_code == 422
    assert f"Nicht vor dem {day(0):%d.%m.%Y}" in str(answer.context["form"].errors["on"])
    assert HouseholdMember.objects.filter(until__isnull=False).count() == 0


def test_a_split_in_the_future_is_refused_and_keeps_what_was_ticked(browser, family):
    husband, wife, _child = family
    answer = split(browser, husband, [wife], day(-1))
    assert answer.context["form"].errors["on"] == ["Dieser Tag liegt in der Zukunft."]
    assert answer.context["form"]["members"].value() == [str(member(wife).pk)]


def test_everybody_leaving_together_is_no_split(browser, family):
    husband, wife, child = family
    answer = split(browser, husband, [husband, wife, child], day(3))
    assert "bleibt der Haushalt" in answer.text
    assert HouseholdMember.objects.filter(until__isnull=False).count() == 0


def test_nobody_joins_a_household_on_a_day_in_another_one(browser, cast, family):
    husband, wife, _child = family
    split(browser, husband, [wife], day(10))
    aunt = ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Touray")
    household.join_household(Actor(cast.manager), aunt, wife, relation="sibling", since=day(9))
    household.split_household(Actor(cast.manager), aunt, [member(wife)], on=day(5))
    data = {"other": wife.pk, "relation": "partner", "since": f"{day(7):%d.%m.%Y}"}
    answer = browser.post(f"/clients/{husband.uuid}/household/join/", TOKEN | data)
    assert f"ab dem {day(5):%d.%m.%Y}" in str(answer.context["form"].errors["since"])


def test_a_relative_makes_no_second_household_on_a_day_in_the_former_one(browser, cast, family):
    husband, wife, _child = family
    split(browser, husband, [wife], day(5))
    data = {"surname": "Rahmatyar", "relation": "child", "since": f"{day(9):%d.%m.%Y}"}
    answer = browser.post(f"/clients/{wife.uuid}/household/relatives/new/", TOKEN | data)
    assert f"ab dem {day(5):%d.%m.%Y}" in str(answer.context["form"].errors["since"])
    assert not Relative.objects.filter(client=wife).exists()


def move(client, manager, along=(), since=2, **extra):
    new = Accommodation(
        client=client, street="Neuwegstraße 9", postcode="76297", town="Stutensee", since=day(since)
    )
    return accommodations.move_accommodation(Actor(manager), new, along=along, **extra)


def test_a_move_takes_along_who_is_ticked_and_parts_from_the_others(browser, cast, family):
    husband, wife, child = family
    page = browser.get(f"/clients/{wife.uuid}/accommodation/new/")
    assert "Omid Rahmatyar" in page.text
    data = {
        "since": f"{day(2):%d.%m.%Y}",
        "along": [member(child).pk],
        "others_stay": "on",
        "kind": "private",
        "street": "Neuwegstraße 9",
        "town": "Stutensee",
        "letters_reach": "on",
    }
    assert browser.post(f"/clients/{wife.uuid}/accommodation/new/", TOKEN | data).status_code == 302
    assert wife.accommodations.get(until=None).street == "Neuwegstraße 9"
    assert husband.accommodations.get(until=None).street == "Musterweg 4"
    assert member(wife).household_id != member(husband).household_id
    assert Relative.objects.get(client=wife).given_name == "Ayla"


def test_who_moves_along_has_the_same_address_from_the_same_day(cast, family):
    husband, wife, _child = family
    move(husband, cast.manager, along=[member(wife)])
    homes = Accommodation.objects.filter(until=None, client__in=[husband, wife])
    assert set(homes.values_list("street", "since")) == {("Neuwegstraße 9", day(2))}
    assert member(wife).household_id == member(husband).household_id


def test_a_move_is_refused_as_a_whole_where_one_of_them_moved_later(browser, cast, family):
    husband, wife, _child = family
    move(wife, cast.manager, since=1)
    data = {
        "since": f"{day(2):%d.%m.%Y}",
        "along": [member(wife).pk],
        "kind": "private",
        "street": "Neuwegstraße 9",
        "town": "Stutensee",
    }
    answer = browser.post(f"/clients/{husband.uuid}/accommodation/new/", TOKEN | data)
    assert wife.case_no in str(answer.context["form"].errors["along"])
    assert husband.accommodations.get(until=None).street == "Musterweg 4"


def test_the_old_file_learns_nothing_of_the_new_home(browser, cast, family):
    husband, wife, child = family
    move(wife, cast.manager, along=[member(child)], others_stay=True)
    assign(Actor(cast.coordinator), wife, cast.colleague)
    for page in ("", "person/", "timeline/", "accommodation/new/", "household/split/"):
        text = browser.get(f"/clients/{husband.uuid}/{page}").text
        assert [word for word in ("Neuwegstraße", "Laila", "Kettelhack", wife.case_no) if word in text] == []


def test_two_spouses_of_two_managers_know_of_each_other_only_that_there_is_somebody(cast, as_user, family):
    husband, wife, _child = family
    assign(Actor(cast.coordinator), wife, cast.colleague)
    for number in range(3):
        household.add_relative(
            Actor(cast.colleague), Relative(client=wife, surname="Zwitschermann", given_name=f"Zwo{number}")
        )
    for manager, client, other in ((cast.manager, husband, wife), (cast.colleague, wife, husband)):
        for page in ("", "person/", "household/split/", "accommodation/new/", "talk/", "contacts/new/"):
            text = as_user(manager).get(f"/clients/{client.uuid}/{page}").text
            told = [other.given_name, other.case_no, str(other.uuid)]
            told += ["Ayla"] if client == wife else ["Zwitschermann", "Zwo"]
            assert [word for word in told if word in text] == []
        text = as_user(manager).get(f"/clients/{client.uuid}/person/").text
        assert text.count("weitere Person") == 1


def everybody():
    """All stays and relatives, as they are."""
    return (
        sorted(
            HouseholdMember.objects.values_list(
                "household", "client", "relative", "relation", "since", "until"
            ),
            key=str,
        ),
        sorted(Relative.objects.values_list("pk", "client", "given_name")),
    )


def undo(browser, client):
    split = HouseholdChange.objects.filter(client=client, what__in=("left", "shrank")).last()
    return browser.post(f"/clients/{client.uuid}/household/split/{split.uuid}/undo/", follow=True)


@pytest.mark.parametrize("number", [0, 3])
@pytest.mark.parametrize("who", [[1], [1, 2], [2], [0, 2]])
def test_a_split_is_undone_exactly_on_its_day(browser, family, number, who):
    husband, _wife, _child = family
    HouseholdMember.objects.update(since=day(number))
    before = everybody()
    answer = split(browser, husband, [family[one] for one in who], day(number))
    assert answer.status_code == 302
    assert everybody() != before
    page = browser.get(f"/clients/{husband.uuid}/person/").text
    assert "Heutige Trennung zurücknehmen" in page
    assert "Der Haushalt ist wieder wie vorher." in undo(browser, husband).text
    assert everybody() == before
    assert "Heutige Trennung zurücknehmen" not in browser.get(f"/clients/{husband.uuid}/person/").text


def test_it_is_not_undone_on_another_day_by_others_or_after_more_was_entered(browser, cast, family, as_user):
    husband, wife, _child = family
    split(browser, husband, [wife], day(3))
    after = everybody()
    row = HouseholdChange.objects.get(client=wife, what="left")
    HouseholdChange.objects.update(at=timezone.now() - datetime.timedelta(days=1))
    assert "nicht mehr zurücknehmen" in undo(browser, husband).text
    HouseholdChange.objects.update(at=timezone.now(), by=cast.colleague)
    assert "nicht mehr zurücknehmen" in undo(browser, husband).text
    assert (
        as_user(cast.colleague).post(f"/clients/{wife.uuid}/household/split/{row.uuid}/undo/").status_code
        == 404
    )
    assert everybody() == after
    HouseholdChange.objects.update(by=cast.manager)
    aunt = ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Touray")
    household.join_household(Actor(cast.manager), aunt, wife, relation="sibling", since=day(1))
    after = everybody()
    assert "nicht mehr zurücknehmen" in undo(browser, husband).text
    assert everybody() == after


def test_it_is_not_undone_once_somebody_is_another_managers(browser, cast, family):
    husband, wife, _child = family
    split(browser, husband, [wife], day(3))
    after = everybody()
    assign(Actor(cast.coordinator), wife, cast.colleague)
    undo(browser, husband)
    assert everybody() == after


def timeline(browser, client):
    return browser.get(f"/clients/{client.uuid}/timeline/").text


def test_each_file_concerned_tells_what_happened_and_nobody_else(browser, family):
    husband, wife, child = family
    theirs, hers = timeline(browser, husband), timeline(browser, wife)
    assert "Haushalt eingetragen" in theirs
    assert "Eine weitere Person im Haushalt" in theirs
    assert "Lebt in einem Haushalt" in hers
    split(browser, husband, [wife, child], day(3))
    theirs, hers = timeline(browser, husband), timeline(browser, wife)
    assert theirs.count("Jemand lebt nicht mehr im Haushalt") == 1
    assert "Lebt nicht mehr im bisherigen Haushalt" in hers
    assert f"ab {day(3):%d.%m.%Y}" in hers
    undo(browser, wife)
    for html, others in (
        (timeline(browser, husband), ("Laila", "Ayla")),
        (timeline(browser, wife), ("Omid", "Ayla")),
    ):
        assert "Änderung am Haushalt zurückgenommen" in html
        assert [name for name in others if name in html] == []
