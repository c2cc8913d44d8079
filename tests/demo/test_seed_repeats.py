"""A very large demonstration: municipalities beyond the first repeat their histories with other people."""

import itertools

import pytest
from django.db import transaction
from django.db.models import F

from accounts.models import Municipality, Service, User
from appointments.models import Appointment
from appointments.rules.appointment import NOT_BLOCKING
from clients.choices import Phase
from clients.models import CaseNumberCounter, Client, ClientName, ContactPoint, DueItem, Household, Relative
from demo import copies, world
from demo.rows import ORDER
from demo.world import active_files, at
from outreach.due_items import OutreachDue
from outreach.models import Ladder
from tests.demo import derived
from tests.invented_town import AS_OF, empty_the_house, invent
from tests.overlap import not_as_derived

NOW = at(AS_OF, 7)
BIG, TOLD, LEFT = 30, 2, 4
CLIENTS = 4 * BIG + LEFT


@pytest.fixture(scope="module")
def _district_of_the_module(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), transaction.atomic():
        empty_the_house()
        with pytest.MonkeyPatch.context() as monkeypatch:
            monkeypatch.setattr(world, "FILES_PER_PLACE", BIG)
            monkeypatch.setattr(world, "TOLD_PLACES", TOLD)
            counts = invent(clients=CLIENTS)
        yield counts
        transaction.set_rollback(True)


@pytest.fixture
def district(_district_of_the_module, db):
    """Four municipalities of 30 active files and one of 4; the second's histories repeat in two more."""
    return _district_of_the_module


@pytest.fixture
def repeated(district):
    """The municipality that was told, and the two that have its histories."""
    places = Municipality.objects.filter(code__in=("WGB", "WAL", "LIN"))
    return {place.code: place for place in places}


def histories(place):
    """What happened in each file, without who it happened to; the second municipality told comes first."""
    files = Client.objects.filter(municipality=place).order_by("pk")
    return [
        (
            file.phase,
            file.nationality_id,
            file.intensity,
            file.next_review_on,
            list(file.contacts.order_by("pk").values_list("happened_at", "channel", "result")),
            list(file.appointments.order_by("pk").values_list("starts_at", "state")),
            list(file.ladders.order_by("pk").values_list("stage")),
            list(file.due_items.order_by("kind", "shows_on", "pk").values_list("kind", "shows_on", "words")),
            list(file.plan_versions.order_by("pk").values_list("outcome", "agreed_on")),
        )
        for file in files
    ]


def test_there_are_as_many_active_files_as_were_asked_for(district):
    assert district.active == CLIENTS
    assert district.files == Client.objects.count() > CLIENTS
    by_place = Client.objects.filter(phase=Phase.ACTIVE).values_list("municipality", flat=True)
    sizes = sorted(len(list(group)) for _place, group in itertools.groupby(sorted(by_place)))
    assert sizes == [LEFT, BIG, BIG, BIG, BIG]
    assert district.open_ladders == Ladder.objects.filter(ended_at=None).count()


def test_other_municipalities_have_the_same_histories(repeated):
    told = histories(repeated["WGB"])
    assert len(told) > BIG
    assert histories(repeated["WAL"]) == histories(repeated["LIN"]) == told


def test_what_lists_show_is_what_the_facts_say(district):
    stored, by_rule = derived.summary_columns(AS_OF, NOW)
    assert stored == by_rule


def test_what_waits_in_files_is_what_the_facts_say(district):
    assert DueItem.objects.filter(kind=OutreachDue.STEP).exists()
    assert not_as_derived(list(Client.objects.all()), NOW) == []


def test_the_ladders_are_those_the_rule_computes(district):
    stored, computed = derived.ladders(NOW)
    assert stored == computed


def test_the_people_are_others(repeated):
    def people(place):
        return set(
            Client.objects.filter(municipality=place).values_list("surname", "given_name", "birth_date")
        )

    one, other, third = (people(place) for place in repeated.values())
    assert not one & other
    assert not other & third
    phones = list(ContactPoint.objects.filter(kind="mobile").values_list("normalised", flat=True))
    assert len(phones) == len(set(phones)) == Client.objects.count()


def test_they_are_as_old_as_those_they_stand_for(repeated):
    def ages(place):
        files = Client.objects.filter(municipality=place).order_by("pk")
        return [(file.registered_at.date() - file.birth_date).days / 365.25 for file in files]

    pairs = list(zip(ages(repeated["WGB"]), ages(repeated["WAL"]), strict=True))
    assert all(abs(one - other) < 2.1 and other >= 16 for one, other in pairs)
    assert any(one != other for one, other in pairs)


def test_they_are_found_by_their_own_name(repeated):
    for file in Client.objects.filter(municipality__in=repeated.values()):
        name = ClientName.objects.get(client=file)
        assert (name.surname, name.given_name) == (file.surname, file.given_name)
        assert name.folded == file.search_name
    children = Relative.objects.filter(client__municipality=repeated["WAL"])
    assert children.exists()
    assert not children.exclude(surname=F("client__surname")).exists()


def test_case_numbers_begin_with_the_own_municipality(repeated):
    for code, place in repeated.items():
        numbers = Client.objects.filter(municipality=place).values_list("case_no", flat=True)
        assert all(number.startswith(f"{code}-") for number in numbers)
        counters = CaseNumberCounter.objects.filter(municipality=place)
        assert sum(counter.last for counter in counters) == len(numbers)


def test_no_row_points_into_another_municipality(district):
    looked_at = 0
    for model in ORDER:
        for field in model._meta.local_concrete_fields:
            if not hasattr(model, "privacy") or not hasattr(field.related_model, "privacy"):
                continue
            if field.related_model not in ORDER:
                continue
            own = model.privacy.path("municipality")
            target = field.related_model.privacy.path("municipality")
            rows = model._base_manager.exclude(**{field.name: None}).exclude(**{own: None})
            # People who moved to Stutensee took the rows of their file with them.
            strays = rows.exclude(**{own: F(f"{field.name}__{target}")})
            assert not strays.exists(), f"{model.__name__}.{field.name}"
            looked_at += 1
    assert looked_at > 30


def test_every_act_is_of_a_manager_who_serves_there(repeated):
    looked_at = 0
    for place in repeated.values():
        staff = Service.objects.filter(municipality=place).values("user")
        assert staff.count() == 2
        for model in ORDER:
            if not hasattr(model, "privacy"):
                continue
            rows = model._base_manager.filter(**{model.privacy.path("municipality"): place})
            for field in model._meta.local_concrete_fields:
                if field.related_model is User:
                    taken = rows.exclude(**{field.name: None})
                    assert not taken.exclude(**{f"{field.name}__in": staff}).exists()
                    looked_at += taken.exists()
    assert looked_at > 30


def test_letters_that_set_a_date_are_those_of_the_file(repeated):
    for place in repeated.values():
        invited = Appointment.objects.filter(client__municipality=place).exclude(invited_by=None)
        assert invited.exists()
        assert all(row.invited_by.client_id == row.client_id for row in invited)


def test_no_manager_is_in_two_places(district):
    rows = (
        Appointment.objects.exclude(state__in=NOT_BLOCKING)
        .order_by("manager_id", "starts_at")
        .values_list("manager_id", "starts_at", "ends_at")
    )
    for (manager, _start, end), (next_manager, start, _end) in itertools.pairwise(rows):
        assert manager != next_manager or start >= end


def test_the_database_goes_on_counting(district):
    last = Household.objects.order_by("pk").last()
    assert Household.objects.create(municipality=last.municipality).pk > last.pk


def test_a_reference_nobody_thought_of_is_refused(monkeypatch):
    monkeypatch.setattr(copies, "ORDER", tuple(model for model in ORDER if model is not Household))
    with pytest.raises(LookupError, match=r"HouseholdMember\.household"):
        copies.refuse_unknown_references()


@pytest.mark.parametrize("clients", [1, 7, 249, 250, 375, 376, 1249, 1250])
def test_up_to_five_municipalities_share_the_files_evenly(clients):
    sizes = active_files(clients)
    assert sum(sizes) == clients
    assert max(sizes) - min(sizes) <= 1
    assert len(sizes) <= 5


@pytest.mark.parametrize(("clients", "left"), [(1251, [1]), (1500, []), (25_000, []), (100_249, [249])])
def test_in_a_very_large_one_all_but_the_last_have_the_same_number(clients, left):
    sizes = active_files(clients)
    assert sum(sizes) == clients
    assert sizes == [250] * (clients // 250) + left
