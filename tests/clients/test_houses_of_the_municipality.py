"""Accommodations of the municipality: kept by those who work there; each sees her own residents and nobody else."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from appointments.models import OfficeHourSeries, Place
from audit.models import AuditEntry
from clients.models import Accommodation, House
from outreach.rounds import round_of
from tests.factories.clients import (
    AccommodationFactory,
    AddressProtectionFactory,
    ClientFactory,
    HouseFactory,
)

pytestmark = pytest.mark.django_db
TOKEN = {"form_token": "11111111-1111-4111-8111-111111111111", "version": 1}


def entered(cast, **extra):
    return TOKEN | {
        "municipality": cast.stutensee.pk,
        "name": "Haus am Wald",
        "kind": "au_flat",
        "street": "Waldweg 1",
        "postcode": "76297",
        "town": "Stutensee",
        "quarter": "Büchig",
        "capacity": 12,
        "caretaker": "Bodo Hausgut",
        "caretaker_phone": "07249 5550",
        "valid_from": "01.02.2019",
        **extra,
    }


@pytest.fixture
def house(cast):
    return HouseFactory(municipality=cast.stutensee, name="Haus Spöck")


def resident(manager, municipality, house, surname, **extra):
    client = ClientFactory(manager=manager, municipality=municipality, surname=surname, **extra)
    AccommodationFactory(client=client, house=house, **house.address)
    return client


@pytest.mark.parametrize("role", ["manager", "officer", "coordinator"])
def test_it_works(role, cast, as_user):
    browser = as_user(cast.users[role])
    answer = browser.post(reverse("houses:new"), entered(cast))
    made = House.objects.get()
    assert answer.url == made.get_absolute_url()
    text = browser.get(made.get_absolute_url()).text
    assert "Bodo Hausgut" in text
    assert "76297 Stutensee-Büchig" in text
    assert "Haus am Wald" in browser.get(reverse("houses:list")).text


def test_nobody_enters_a_house_elsewhere(cast, as_user):
    answer = as_user(cast.outsider).post(reverse("houses:new"), entered(cast))
    assert answer.status_code == 422
    assert not House.objects.exists()


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "Haus Spöck", "Unterkunft mit diesem Namen"),
        ("valid_until", "01.01.2019", "Das Ende liegt vor dem Beginn"),
        ("caretaker_phone", "keine Nummer", "Das ist keine Telefonnummer"),
        ("street", "", "Straße und Hausnummer"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_typed_is_lost(cast, as_user, house, field, value, said):
    answer = as_user(cast.manager).post(reverse("houses:new"), entered(cast, **{field: value}))
    assert said in " ".join(answer.context["form"].errors[field])
    assert "Bodo Hausgut" in answer.text
    assert House.objects.count() == 1


def test_a_manager_reads_who_of_her_own_files_lives_there_and_nobody_else(cast, as_user, house):
    resident(cast.manager, cast.stutensee, house, "Eigenmann")
    resident(cast.colleague, cast.stutensee, house, "Fremdovski")
    moved = resident(cast.manager, cast.stutensee, house, "Weggezogen")
    moved.accommodations.update(until=timezone.localdate() - datetime.timedelta(days=1))
    hidden = resident(cast.manager, cast.stutensee, house, "Geschützt")
    AddressProtectionFactory(client=hidden)
    text = as_user(cast.manager).get(house.get_absolute_url()).text
    assert [name for name in ("Eigenmann", "Fremdovski", "Weggezogen", "Geschützt") if name in text] == [
        "Eigenmann"
    ]
    assert "1 Person aus Ihren Akten" in as_user(cast.manager).get(reverse("houses:list")).text
    assert AuditEntry.objects.get(action="house.residents_viewed").count == 1


def test_an_officer_reads_of_nobody_and_no_number(cast, as_user, house):
    resident(cast.manager, cast.stutensee, house, "Eigenmann")
    for page in (reverse("houses:list"), house.get_absolute_url()):
        text = as_user(cast.officer).get(page).text
        assert "Eigenmann" not in text
        assert "aus Ihren Akten" not in text


def test_a_house_elsewhere_does_not_exist(cast, as_user, house):
    assert as_user(cast.outsider).get(house.get_absolute_url()).status_code == 404
    assert "Haus Spöck" not in as_user(cast.outsider).get(reverse("houses:list")).text


def move(browser, client, **data):
    typed = TOKEN | {"since": f"{timezone.localdate():%d.%m.%Y}", "letters_reach": "on"} | data
    return browser.post(reverse("clients:accommodation_new", args=[client.uuid]), typed)


def test_a_file_points_to_a_house_and_has_its_address(cast, as_user, house):
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    assert move(as_user(cast.manager), client, house=house.pk).status_code == 302
    home = client.accommodations.get()
    assert (home.house, home.address_lines) == (house, ["Haus Spöck", "Hangweg 2", "76297 Stutensee-Spöck"])


def test_a_house_and_another_address_at_once_are_refused_at_the_field(cast, as_user, house):
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    answer = move(as_user(cast.manager), client, house=house.pk, street="Anderswo 3", town="Karlsruhe")
    assert set(answer.context["form"].errors) == {"street", "town"}
    assert "Anderswo 3" in answer.text
    assert not Accommodation.objects.filter(client=client).exists()


def test_a_house_of_another_municipality_is_not_on_offer(cast, as_user):
    elsewhere = HouseFactory(municipality=cast.pfinztal, name="Haus Pfinz")
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    assert move(as_user(cast.manager), client, house=elsewhere.pk).status_code == 422


def test_a_corrected_address_is_that_of_everybody_who_lives_there(cast, as_user, house):
    client = resident(cast.colleague, cast.stutensee, house, "Fremdovski")
    data = {
        name: getattr(house, name) or "" for name in ("name", "kind", "street", "postcode", "town", "quarter")
    }
    data |= {"street": "Hangweg 22", "valid_from": "01.01.2018", "capacity": 24}
    answer = as_user(cast.officer).post(reverse("houses:edit", args=[house.uuid]), TOKEN | data)
    assert answer.status_code == 302
    assert client.accommodations.get().street == "Hangweg 22"


def test_a_round_begins_at_a_house_with_those_ticked(cast, as_user, house):
    chosen, other = (
        resident(cast.manager, cast.stutensee, house, name) for name in ("Eigenmann", "Nichtheute")
    )
    foreign = resident(cast.colleague, cast.stutensee, house, "Fremdovski")
    browser = as_user(cast.manager)
    page = reverse("visits:house", args=[house.uuid])
    assert page in browser.get(house.get_absolute_url()).text
    assert "Fremdovski" not in browser.get(page).text
    today = timezone.localdate()
    data = TOKEN | {"on": f"{today:%d.%m.%Y}", "people": [chosen.pk]}
    answer = browser.post(page, data, follow=True)
    assert "1 Person steht auf der Runde." in answer.text
    stops = round_of(cast.manager, frozenset({cast.manager.pk}), today, timezone.now()).stops
    assert [(stop.people, stop.others) for stop in stops] == [([chosen], [other])]
    refused = browser.post(page, data | {"people": [foreign.pk]})
    assert refused.status_code == 422


def test_a_round_of_a_day_that_is_over_is_refused(cast, as_user, house):
    client = resident(cast.manager, cast.stutensee, house, "Eigenmann")
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    data = TOKEN | {"on": f"{yesterday:%d.%m.%Y}", "people": [client.pk]}
    answer = as_user(cast.manager).post(reverse("visits:house", args=[house.uuid]), data)
    assert "Dieser Tag ist vorbei." in answer.text


def test_an_office_hour_at_a_house_makes_it_a_place_once(cast, as_user, house):
    browser = as_user(cast.manager)
    page = reverse("appointments:office_hour_at_house", args=[house.uuid])
    for number, weekday in ((1, 1), (2, 3)):
        data = {
            "form_token": f"{number}" * 8 + "-1111-4111-8111-111111111111",
            "version": 1,
            "weekday": weekday,
            "begins": "14:00",
            "ends": "16:00",
            "every_weeks": 1,
            "valid_from": f"{timezone.localdate():%d.%m.%Y}",
        }
        assert browser.post(page, data).status_code == 302
    place = Place.objects.get(name="Haus Spöck")
    assert place.address == "Hangweg 2, 76297 Stutensee-Spöck"
    assert set(OfficeHourSeries.objects.filter(place=place).values_list("weekday", flat=True)) == {1, 3}


def test_the_list_costs_the_same_for_one_house_and_for_thirty(cast, as_user, house):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser, costs = as_user(cast.manager), []
    for number in (0, 29):
        for _more in range(number):
            resident(cast.manager, cast.stutensee, HouseFactory(municipality=cast.stutensee), "Eigenmann")
        with CaptureQueriesContext(connection) as asked:
            browser.get(reverse("houses:list"))
        costs.append(len(asked))
    assert costs[0] == costs[1]


def test_a_corrected_house_is_on_record_in_the_files_of_its_residents(cast, as_user, house):
    client = resident(cast.manager, cast.stutensee, house, "Beispielova")
    before = Accommodation.objects.get(client=client)
    as_user(cast.officer).post(
        reverse("houses:edit", args=[house.uuid]), entered(cast, name="Haus Spöck", street="Andere Gasse 2")
    )
    after = Accommodation.objects.get(client=client)
    assert (after.street, after.version) == ("Andere Gasse 2", before.version + 1)
    entry = AuditEntry.objects.about(client.subject_ref).latest("pk")
    assert (entry.actor, entry.kind, "street" in entry.fields) == (
        cast.officer,
        "accommodation",
        True,
    )
