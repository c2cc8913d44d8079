import datetime

import pytest
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Membership
from audit.models import AuditEntry
from clients import actions
from clients.choices import Phase
from clients.models import Client, ClientName, CounsellingPeriod, PhaseChange, Responsibility, SpokenLanguage
from clients.services.files import register_client
from tests.factories.clients import ClientFactory, HouseFactory

NEW = "/clients/new/"


def fields(cast, **changed):
    return {
        "form_token": "11111111-1111-4111-8111-111111111111",
        "version": "1",
        "municipality": cast.stutensee.pk,
        "surname": "Rahmatyar",
        "given_name": "Samira",
        "birth": "03.09.1984",
        "gender": "f",
        "destination": "me",
    } | changed


def test_it_works(cast, as_user):
    language = SpokenLanguage.objects.get(code="prs")
    answer = as_user(cast.manager).post(
        NEW,
        fields(
            cast,
            language_1=language.pk,
            phone="0176 04069042",
            street="Am Lerchenrain 8a",
            postcode="76297",
            town="Stutensee",
        ),
    )
    client = Client.objects.get()
    assert answer.url == f"/clients/{client.uuid}/"
    assert client.case_no == f"STU-{timezone.localdate().year}-0001"
    assert (client.manager, client.phase) == (cast.manager, Phase.CONTACTING)
    assert client.search_name == "rahmatyar samira"
    assert str(client.birth) == "03.09.1984"
    assert ClientName.objects.get().folded_given == "samira rahmatyar"
    assert client.contact_points.get().normalised == "+4917604069042"
    assert client.client_languages.get().language == language
    assert client.accommodations.get().town == "Stutensee"
    taking = Responsibility.objects.get()
    assert (taking.manager, taking.is_taking, taking.until) == (cast.manager, True, None)
    assert CounsellingPeriod.objects.get().closed_on is None
    assert PhaseChange.objects.get().phase == Phase.CONTACTING
    entry = AuditEntry.objects.get(action=actions.REGISTERED.code)
    assert entry.subject_ref == client.subject_ref


def test_a_person_in_a_house_of_the_municipality_has_its_address(cast, as_user):
    house = HouseFactory(municipality=cast.stutensee)
    retired = HouseFactory(municipality=cast.stutensee, valid_until=datetime.date(2020, 1, 1))
    elsewhere = HouseFactory(municipality=cast.pfinztal)
    browser = as_user(cast.manager)
    page = browser.get(NEW).text
    assert str(house) in page
    assert str(retired) not in page
    assert str(elsewhere) not in page
    browser.post(NEW, fields(cast, house=house.pk))
    home = Client.objects.get().accommodations.get()
    assert (home.house, home.since) == (house, timezone.localdate())
    assert {name: getattr(home, name) for name in house.address} == house.address


@pytest.mark.parametrize("street", ["Anderswo 3", ""])
def test_a_house_that_cannot_be_is_said_at_the_field(cast, as_user, street):
    house = HouseFactory(municipality=cast.stutensee if street else cast.pfinztal)
    answer = as_user(cast.manager).post(NEW, fields(cast, house=house.pk, street=street))
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == ({"street"} if street else {"house"})
    assert not Client.objects.exists()


def test_the_same_post_twice_is_one_file(cast, as_user):
    browser = as_user(cast.manager)
    first = browser.post(NEW, fields(cast))
    second = browser.post(NEW, fields(cast, another_person="on"))
    assert first.url == second.url
    assert Client.objects.count() == 1


def test_the_form_sent_before_the_warning_leads_to_the_file_as_well(cast, as_user):
    browser = as_user(cast.manager)
    ClientFactory(
        manager=cast.manager,
        municipality=cast.stutensee,
        surname="Rahmatyar",
        given_name="Samira",
        birth_date=datetime.date(1984, 9, 3),
    )
    warned = browser.post(NEW, fields(cast))
    assert warned.status_code == 422
    shown = warned.context["form"].data["shown"]
    made = browser.post(NEW, fields(cast, another_person="on", shown=shown))
    assert made.status_code == 302
    assert browser.post(NEW, fields(cast)).url == made.url
    assert Client.objects.count() == 2


def test_case_numbers_count_up_per_municipality_and_a_double_post_leaves_no_gap(cast, as_user):
    browser = as_user(cast.manager)
    browser.post(NEW, fields(cast))
    browser.post(NEW, fields(cast, another_person="on"))
    browser.post(
        NEW,
        fields(cast, form_token="22222222-2222-4222-8222-222222222222", surname="Touray", given_name="Lamin"),
    )
    assert [number[-4:] for number in Client.objects.order_by("pk").values_list("case_no", flat=True)] == [
        "0001",
        "0002",
    ]


def test_a_file_for_the_inbox_has_no_manager(cast, as_user):
    answer = as_user(cast.manager).post(NEW, fields(cast, destination="inbox"))
    client = Client.objects.get()
    assert answer.url == "/clients/inbox/"
    assert (client.manager, client.phase) == (None, Phase.ACCESS)
    assert Responsibility.objects.get().is_taking is False


def test_only_the_surname_is_needed(cast, as_user):
    as_user(cast.manager).post(NEW, fields(cast, given_name="", birth="", gender=""))
    assert Client.objects.get().birth is None


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"surname": ""}, "ausfüllen."),
        ({"birth": "29.02.2019"}, "Diesen Tag gibt es nicht."),
        ({"birth": "14.03.86"}, "Jahr mit vier Ziffern"),
        ({"birth": "31.12.2199"}, "Das Geburtsdatum liegt in der Zukunft."),
        ({"birth": "1985", "arrival": "1984"}, "Die Einreise liegt vor dem Geburtsdatum."),
        ({"phone": "keine"}, "Das ist keine Telefonnummer."),
        ({"surname": "x" * 130}, "Zeichen"),
        ({"surname": "Rahm\x00atyar"}, "nicht lesbares Zeichen"),
        ({"street": "Musterweg 4", "town": ""}, "Bitte ausfüllen."),
    ],
)
def test_what_cannot_be_is_said_at_the_field_and_nothing_is_written(cast, as_user, changed, message):
    answer = as_user(cast.manager).post(NEW, fields(cast, **changed))
    assert answer.status_code == 422
    assert message in answer.text
    assert not Client.objects.exists()


def test_hidden_characters_are_taken_out_of_names(cast, as_user):
    as_user(cast.manager).post(NEW, fields(cast, surname="\u202eRahmatyar\u200b"))
    assert Client.objects.get().surname == "Rahmatyar"


def test_another_municipality_cannot_be_chosen(cast, as_user):
    answer = as_user(cast.manager).post(NEW, fields(cast, municipality=cast.pfinztal.pk))
    assert answer.status_code == 422
    assert not Client.objects.exists()


def test_a_municipality_that_left_takes_no_new_files(cast, as_user):
    Membership.objects.filter(municipality=cast.stutensee).update(
        until=timezone.localdate() - datetime.timedelta(days=1)
    )
    answer = as_user(cast.manager).post(NEW, fields(cast))
    assert "nimmt heute nicht teil" in answer.text
    assert not Client.objects.exists()


def test_a_possible_duplicate_is_a_warning_never_a_block(cast, as_user):
    ClientFactory(
        municipality=cast.stutensee,
        manager=cast.manager,
        surname="Rahmatjar",
        given_name="Samira",
        birth_date=datetime.date(1984, 9, 3),
    )
    browser = as_user(cast.manager)
    warned = browser.post(NEW, fields(cast))
    assert warned.status_code == 422
    assert "Gibt es für diese Person schon eine Akte?" in warned.text
    assert "Rahmatjar, Samira" in warned.text
    assert 'value="Rahmatyar"' in warned.text
    assert Client.objects.count() == 1
    browser.post(NEW, fields(cast, another_person="on"))
    assert Client.objects.count() == 2


def test_a_sibling_is_no_duplicate(cast, as_user):
    ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Rahmatyar", given_name="Omid")
    as_user(cast.manager).post(NEW, fields(cast))
    assert Client.objects.count() == 2


def test_somebody_waiting_in_the_inbox_is_named(cast, as_user):
    ClientFactory(
        municipality=cast.stutensee, inbox=True, surname="Rahmatyar", given_name="Samira", birth_date=None
    )
    warned = as_user(cast.manager).post(NEW, fields(cast))
    assert "im Eingang" in warned.text
    # Before somebody takes the file, why it looks alike would say more than the inbox may.
    assert "gleicher Name" not in warned.text


def test_a_colleagues_file_is_announced_on_full_name_and_birth_date_and_recorded(cast, as_user):
    theirs = ClientFactory(
        municipality=cast.stutensee,
        manager=cast.colleague,
        surname="Rahmatyar",
        given_name="Samira",
        birth_date=datetime.date(1984, 9, 3),
    )
    warned = as_user(cast.manager).post(NEW, fields(cast))
    assert "Akte vorhanden, zuständig: Tobias Kettelhack." in warned.text
    assert str(theirs.uuid) not in warned.text
    assert theirs.case_no not in warned.text
    assert AuditEntry.objects.filter(
        action=actions.ANNOUNCED.code, subject_ref=theirs.subject_ref, actor=cast.manager
    ).exists()


@pytest.mark.parametrize("changed", [{"birth": "04.09.1984"}, {"birth": "1984"}, {"surname": "Rahmat"}])
def test_anything_less_announces_nothing_of_a_colleague(cast, as_user, changed):
    ClientFactory(
        municipality=cast.stutensee,
        manager=cast.colleague,
        surname="Rahmatyar",
        given_name="Samira",
        birth_date=datetime.date(1984, 9, 3),
    )
    as_user(cast.manager).post(NEW, fields(cast, **changed))
    assert Client.objects.count() == 2
    assert not AuditEntry.objects.filter(action=actions.ANNOUNCED.code).exists()


def test_another_municipalitys_file_does_not_exist(cast, as_user):
    ClientFactory(
        municipality=cast.pfinztal,
        manager=cast.outsider,
        surname="Rahmatyar",
        given_name="Samira",
        birth_date=datetime.date(1984, 9, 3),
    )
    as_user(cast.manager).post(NEW, fields(cast))
    assert Client.objects.filter(municipality=cast.stutensee).count() == 1


@pytest.mark.parametrize("who", ["officer", "coordinator", "admin"])
def test_others_cannot_register(cast, as_user, who):
    assert as_user(getattr(cast, who)).post(NEW, fields(cast)).status_code == 403
    assert as_user(getattr(cast, who)).get(NEW).status_code == 403
    assert not Client.objects.exists()


def test_registering_survives_a_name_without_a_latin_letter(cast):
    client = register_client(Actor(cast.manager), Client(municipality=cast.stutensee, surname="محمد"))
    assert client.search_name == "mhmd"
