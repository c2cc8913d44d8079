import datetime
import re

import pytest
from django.utils import timezone

from accounts.actor import Actor
from audit.models import AuditEntry
from clients import actions
from clients.services.names import add_spelling
from tests.factories.clients import ClientFactory, ContactPointFactory

SEARCH = "/clients/search/"
NAME = re.compile(r'<a href="/clients/[0-9a-f-]+/"><bdi class="who-name">([^<]+)</bdi>')


@pytest.fixture
def find(cast, as_user):
    def search(query, user=None, **headers):
        answer = as_user(user or cast.manager).post(SEARCH, {"q": query}, headers=headers)
        assert answer.status_code == 200
        return NAME.findall(answer.text)

    return search


@pytest.mark.parametrize(
    "query",
    [
        "rahm",
        "Rahmatyar Samira",
        "Samira Rahm",
        "SAMIRA",
        "Rahmatjar",
        "Рахматьяр",
        "رحمتیار",
        "03.09.1984",
        "1984-09-03",
        "9/1984",
        "1984",
        "0176 04069042",
        "+49 176 0406",
        "Rahmatyar 03.09.1984",
    ],
)
def test_a_person_is_found_by_anything_one_may_know(find, client, query):
    ContactPointFactory(client=client, value="0176 04069042", normalised="+4917604069042")
    assert find(query) == ["Rahmatyar, Samira"]


@pytest.mark.parametrize("query", ["Öztürk", "Oezt", "ozturk", "Celik", "Gül Çel", "çelik-öztürk"])
def test_each_part_of_a_name_is_found(cast, find, query):
    ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Çelik-Öztürk", given_name="Gül")
    assert find(query) == ["Çelik-Öztürk, Gül"]


def test_an_alias_finds_the_file_once(cast, find, client):
    add_spelling(Actor(cast.manager), client, surname="Rahmati", given_name="Samira")
    assert find("Rahm") == ["Rahmatyar, Samira"]


@pytest.mark.parametrize(
    "query", ["", "   ", "???", "30.02.2016", "x" * 5000, "%", "_", "Nowak", "' OR 1=1 --"]
)
def test_nonsense_finds_nothing_and_breaks_nothing(find, client, query):
    assert find(query) == []


def test_a_nul_in_the_query_breaks_nothing(cast, as_user, client):
    assert as_user(cast.manager).post(SEARCH, {"q": "Rahm\x00"}).status_code == 200


def test_the_full_case_number_opens_the_file(cast, as_user, client):
    answer = as_user(cast.manager).post(SEARCH, {"q": client.case_no.lower()})
    assert answer.url == f"/clients/{client.uuid}/"


def test_spelling_as_typed_stands_before_similar_sounds(cast, find):
    for surname in ("Mahmud", "Mohammed", "Muhammad"):
        ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname=surname, given_name="")
    assert find("Muhammad")[0] == "Muhammad"
    assert set(find("Muhammad")) == {"Mahmud", "Mohammed", "Muhammad"}


@pytest.mark.parametrize("who", ["colleague", "former", "outsider"])
def test_nobody_else_finds_the_person_by_name(cast, find, client, who):
    assert find("Rahmatyar", user=getattr(cast, who)) == []


def test_a_stand_in_finds_the_person(cast, find, client):
    assert find("Rahmatyar", user=cast.substitute) == ["Rahmatyar, Samira"]


@pytest.mark.parametrize("who", ["officer", "coordinator", "admin"])
def test_others_have_no_search(cast, as_user, who):
    assert as_user(getattr(cast, who)).post(SEARCH, {"q": "x"}).status_code == 403


def test_the_query_is_neither_in_an_address_nor_in_the_audit(cast, as_user, client, caplog):
    as_user(cast.manager).post(SEARCH, {"q": "Rahmatyar"})
    entry = AuditEntry.objects.get(action=actions.SEARCHED.code)
    assert (entry.count, entry.fields) == (1, [])
    assert "ahmatyar" not in caplog.text
    assert as_user(cast.manager).get(SEARCH, {"q": "Rahmatyar"}).text.count("Rahmatyar") == 0


def test_while_typing_only_the_fragment_comes_back(cast, as_user, client):
    answer = as_user(cast.manager).post(SEARCH, {"q": "Rahm"}, headers={"HX-Request": "true"})
    assert "<html" not in answer.text
    assert NAME.findall(answer.text) == ["Rahmatyar, Samira"]


def test_one_letter_asks_nothing_yet(cast, as_user, client):
    answer = as_user(cast.manager).post(SEARCH, {"q": "R"}, headers={"HX-Request": "true"})
    assert answer.text.strip() == ""
    assert not AuditEntry.objects.filter(action=actions.SEARCHED.code).exists()


@pytest.mark.parametrize("query", ["Rahmatyar 03.09.1984", "Samira Rahmatyar 03.09.1984", "CASE"])
def test_a_colleagues_file_is_announced_when_one_knows_enough(cast, as_user, client, query):
    answer = as_user(cast.colleague).post(SEARCH, {"q": query.replace("CASE", client.case_no)})
    assert "Akte vorhanden, zuständig: Jana Rehbaum." in answer.text
    assert str(client.uuid) not in answer.text
    assert AuditEntry.objects.filter(
        action=actions.ANNOUNCED.code, subject_ref=client.subject_ref, actor=cast.colleague
    ).exists()


def test_never_while_typing(cast, as_user, client):
    answer = as_user(cast.colleague).post(
        SEARCH, {"q": "Rahmatyar 03.09.1984"}, headers={"HX-Request": "true"}
    )
    assert "Akte vorhanden, zuständig" not in answer.text
    assert not AuditEntry.objects.filter(action=actions.ANNOUNCED.code).exists()


@pytest.mark.parametrize(
    "query", ["Rahmat 03.09.1984", "Rahmatyar 04.09.1984", "Rahmatyar 1984", "Rahmatyar"]
)
def test_less_announces_nothing(cast, as_user, client, query):
    answer = as_user(cast.colleague).post(SEARCH, {"q": query})
    assert "Akte vorhanden, zuständig" not in answer.text


def test_another_municipality_hears_nothing(cast, as_user, client):
    for query in (client.case_no, "Rahmatyar 03.09.1984"):
        assert "Akte vorhanden, zuständig" not in as_user(cast.outsider).post(SEARCH, {"q": query}).text


def test_a_file_with_a_year_only_is_not_announced_by_its_first_of_january(cast, as_user, client):
    client.birth_date, client.birth_precision = datetime.date(1984, 1, 1), "year"
    client.save()
    answer = as_user(cast.colleague).post(SEARCH, {"q": "Rahmatyar 01.01.1984"})
    assert "Akte vorhanden, zuständig" not in answer.text


def test_many_hits_are_cut_with_a_word(cast, as_user):
    for _number in range(30):
        ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Ali")
    answer = as_user(cast.manager).post(SEARCH, {"q": "Ali"})
    assert len(NAME.findall(answer.text)) == 25
    assert "Es gibt weitere Treffer." in answer.text


def test_ended_numbers_still_find_the_person(find, client):
    ContactPointFactory(
        client=client, value="0151 00000009", normalised="+4915100000009", until=timezone.now()
    )
    assert find("0151 00000009") == ["Rahmatyar, Samira"]


def test_the_last_digits_of_a_case_number_find_the_file(find, client):
    assert find(client.case_no[-4:])[0] == client.list_name
    assert client.list_name in find(client.case_no[-2:])


def test_a_year_finds_who_was_born_in_it_and_the_number_that_ends_so(cast, find):
    numbered = ClientFactory(manager=cast.manager, municipality=cast.stutensee, case_no="STU-2017-1986")
    born = ClientFactory(
        manager=cast.manager, municipality=cast.stutensee, birth_date=datetime.date(1986, 5, 1)
    )
    assert find("1986")[:2] == [numbered.list_name, born.list_name]


def test_closed_files_come_last_and_unlike_names_after_all_that_are_like(cast, find):
    def make(surname, **values):
        return ClientFactory(
            manager=cast.manager, municipality=cast.stutensee, surname=surname, given_name="Ali", **values
        )

    closed, opened = make("Haddad", phase="closed"), make("Haddadi")
    unlike = make("Hadid")
    assert find("Haddad")[:2] == [opened.list_name, closed.list_name]
    assert unlike.list_name not in find("Haddad")[:2]


@pytest.fixture
def people(cast):
    """Files of one caseload, written in several scripts."""
    written = [
        ("Al-Hariri", "Khaled"),
        ("الحلبي", "أحمد"),
        ("Hryshchenko", "Олександра"),
        ("Gebremedhin", "Saba"),
        ("Rezaei", "Ali Reza"),
        ("Hussein", "Omar Khalil"),
        ("Đorđević", "Snežana"),
    ]
    return [
        ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname=surname, given_name=given)
        for surname, given in written
    ]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("الحريري", "Al-Hariri, Khaled"),
        ("Hariri Chaled", "Al-Hariri, Khaled"),
        ("Alhalabi", "الحلبي, أحمد"),
        ("Ahmet Halabi", "الحلبي, أحمد"),
        ("Грищенко", "Hryshchenko, Олександра"),
        ("Alexandra Grischtschenko", "Hryshchenko, Олександра"),
        ("Gebre Medhin", "Gebremedhin, Saba"),
        ("Ghebremedhin", "Gebremedhin, Saba"),
        ("علیرضا", "Rezaei, Ali Reza"),
        ("Hussain Omar", "Hussein, Omar Khalil"),
        ("Djordjevic", "Đorđević, Snežana"),
    ],
)
def test_a_person_is_found_in_every_script(find, people, query, name):
    assert find(query)[0] == name


@pytest.mark.parametrize(
    ("typed", "name"), [("Grischtsch", "Hryshchenko"), ("Gebreme", "Gebremedhin"), ("الحري", "Al-Hariri")]
)
def test_the_beginning_of_a_name_is_found_while_typing(find, people, typed, name):
    assert find(typed)[0].startswith(name)


def test_what_sounds_alike_stands_before_what_shares_only_consonants(cast, find):
    for surname in ("Mahmoud", "محمد", "Muhammad"):
        ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname=surname, given_name="")
    assert find("Mohammed") == ["Muhammad", "محمد", "Mahmoud"] or find("Mohammed") == [
        "محمد",
        "Muhammad",
        "Mahmoud",
    ]
