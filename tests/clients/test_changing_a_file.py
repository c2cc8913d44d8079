import datetime

import pytest

from audit.models import AuditEntry
from clients import actions
from clients.models import Client, Country, SpokenLanguage
from tests.factories.clients import ClientFactory


@pytest.fixture
def client(cast):
    return ClientFactory(municipality=cast.stutensee, manager=cast.manager, surname="Rahmatyar")


def person(client, **changed):
    return {
        "form_token": "11111111-1111-4111-8111-111111111111",
        "version": client.version,
        "surname": client.surname,
        "given_name": client.given_name,
        "birth": "17.05.1990",
        "gender": "",
    } | changed


def url(client, verb="edit/"):
    return f"/clients/{client.uuid}/{verb}"


def test_it_works(cast, as_user, client):
    syria = Country.objects.get(code="SY")
    answer = as_user(cast.manager).post(
        url(client), person(client, surname="Öztürk", birth="3/1986", nationality=syria.pk)
    )
    assert answer.url == url(client, "person/")
    client.refresh_from_db()
    assert (client.surname, client.search_name) == ("Öztürk", "oeztuerk nadia")
    assert str(client.birth) == "03/1986"
    assert client.nationality == syria
    assert client.version == 2
    assert client.names.get(is_main=True).folded == "oeztuerk nadia"
    entry = AuditEntry.objects.get(action=actions.CHANGED.code)
    assert entry.subject_ref == client.subject_ref
    assert set(entry.fields) == {
        "surname", "search_name", "birth_date", "birth_precision", "nationality",
    }  # fmt: skip
    assert "Öztürk" not in str(entry.fields)


def test_saving_nothing_new_writes_no_change_entry(cast, as_user, client):
    as_user(cast.manager).post(url(client), person(client))
    assert not AuditEntry.objects.filter(action=actions.CHANGED.code).exists()


def test_the_second_of_two_people_is_told_and_loses_nothing(cast, as_user, client):
    hers = person(client, given_name="Nadja")
    theirs = person(client, given_name="Nadia Maria", surname="Rahmatjar", birth="1990")
    as_user(cast.manager).post(url(client), hers)
    answer = as_user(cast.substitute).post(url(client), theirs)
    assert answer.status_code == 409
    assert "Jemand anderes hat diese Angaben inzwischen geändert." in answer.text
    assert 'value="Nadia Maria"' in answer.text
    assert "Inzwischen von jemand anderem gespeichert: Nadja" in answer.text
    assert "Inzwischen von jemand anderem gespeichert: 17.05.1990" in answer.text
    assert 'value="Rahmatjar"' in answer.text
    client.refresh_from_db()
    assert client.given_name == "Nadja"
    assert f">{client.display_name}</bdi>" in answer.text
    assert 'name="version" value="2"' in answer.text
    as_user(cast.substitute).post(url(client), theirs | {"version": 2})
    client.refresh_from_db()
    assert client.given_name == "Nadia Maria"


def test_a_stand_in_writes_and_the_entry_says_for_whom(cast, as_user, client):
    as_user(cast.substitute).post(url(client), person(client, given_name="Nadja"))
    entry = AuditEntry.objects.get(action=actions.CHANGED.code)
    assert (entry.actor, entry.acting_for) == (cast.substitute, cast.manager)


@pytest.mark.parametrize("who", ["colleague", "former", "outsider", "officer", "coordinator", "admin"])
@pytest.mark.parametrize(
    "verb",
    [
        "edit/",
        "edit/reach/",
        "edit/languages/",
        "names/new/",
        "contact-points/new/",
        "accommodation/new/",
        "residence/new/",
        "facts/benefits/new/",
        "safety/new/",
        "household/relatives/new/",
        "household/join/",
        "phase/",
        "close/",
        "clock/",
    ],
)
def test_for_everybody_else_the_file_does_not_exist(cast, as_user, client, who, verb):
    browser = as_user(getattr(cast, who))
    assert browser.get(url(client, verb)).status_code == 404
    assert browser.post(url(client, verb), person(client)).status_code == 404
    client.refresh_from_db()
    assert client.version == 1


def test_without_a_log_in_every_form_leads_to_it(as_user, client):
    assert as_user(None).get(url(client)).url.startswith("/login/")


def test_a_closed_file_is_only_read(cast, as_user):
    closed = ClientFactory(municipality=cast.stutensee, manager=cast.manager, closed=True)
    assert as_user(cast.manager).get(url(closed)).status_code == 403
    assert as_user(cast.manager).post(url(closed), person(closed)).status_code == 403


def test_languages_keep_their_order_and_reading_its_scripts(cast, as_user, client):
    codes = ("prs", "de")
    dari, german = (SpokenLanguage.objects.get(code=code) for code in codes)
    data = {
        "form_token": "11111111-1111-4111-8111-111111111111",
        "version": 1,
        "language_1": dari.pk,
        "language_2": german.pk,
        "language_3": dari.pk,
        "interpreter_needed": "on",
        "reading": "scripts",
        "scripts": ["arabic", "latin"],
    }
    as_user(cast.manager).post(url(client, "edit/languages/"), data)
    client.refresh_from_db()
    assert [row.language.code for row in client.client_languages.all()] == ["prs", "de"]
    assert (client.interpreter_needed, client.scripts) == (True, ["arabic", "latin"])
    unread = data | {"version": 2, "reading": "none"}
    as_user(cast.manager).post(url(client, "edit/languages/"), unread)
    client.refresh_from_db()
    assert (client.reading, client.scripts) == ("none", [])


def test_two_people_changing_languages_see_what_the_other_stored(cast, as_user, client):
    language = SpokenLanguage.objects.get(code="ti")
    data = {
        "form_token": "11111111-1111-4111-8111-111111111111",
        "version": 1,
        "language_1": language.pk,
        "reading": "",
    }
    as_user(cast.manager).post(url(client, "edit/languages/"), data)
    answer = as_user(cast.substitute).post(url(client, "edit/languages/"), data | {"language_1": ""})
    assert answer.status_code == 409
    assert "Inzwischen von jemand anderem gespeichert: Tigrinya" in answer.text


def test_no_home_visits_is_dated_and_never_in_the_future(cast, as_user, client):
    data = {
        "form_token": "11111111-1111-4111-8111-111111111111",
        "version": 1,
        "may_be_called": "on",
        "no_home_visits_since": "2018-03-01",
    }
    as_user(cast.manager).post(url(client, "edit/reach/"), data)
    client.refresh_from_db()
    assert client.no_home_visits_since == datetime.date(2018, 3, 1)
    assert client.may_be_written is False
    future = as_user(cast.manager).post(
        url(client, "edit/reach/"), data | {"version": 2, "no_home_visits_since": "2040-01-01"}
    )
    assert "Dieser Tag liegt in der Zukunft." in future.text


def test_another_spelling_is_found_and_removed_again(cast, as_user, client):
    browser = as_user(cast.manager)
    token = {"form_token": "11111111-1111-4111-8111-111111111111"}
    browser.post(url(client, "names/new/"), token | {"surname": "Рахматьяр", "given_name": ""})
    alias = client.names.get(is_main=False)
    assert alias.keys.strip()
    main = client.names.get(is_main=True)
    assert browser.post(url(client, f"names/{main.pk}/remove/")).status_code == 404
    browser.post(url(client, f"names/{alias.pk}/remove/"))
    assert client.names.count() == 1


def test_another_files_row_is_no_row_of_this_file(cast, as_user, client):
    other = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    alias = other.names.create(surname="Anders", folded="", folded_given="", parts="", keys="")
    answer = as_user(cast.manager).post(url(client, f"names/{alias.pk}/remove/"))
    assert answer.status_code == 404
    assert Client.objects.get(pk=other.pk).names.count() == 2


def test_the_same_edit_posted_twice_is_no_conflict_with_oneself(cast, as_user, client):
    fields = {
        "may_be_called": "on",
        "may_be_written": "on",
        "preferred_channel": "Anruf am Vormittag",
        "no_home_visits_since": "",
        "version": client.version,
        "form_token": "6a6c3c0e-1f0e-4a57-9b7a-1d4b9c0c7a77",
    }
    browser = as_user(cast.manager)

    assert browser.post(url(client, "edit/reach/"), fields).status_code == 302
    assert browser.post(url(client, "edit/reach/"), fields).status_code == 302
    other = as_user(cast.substitute).post(url(client, "edit/reach/"), fields | {"preferred_channel": "Brief"})

    assert other.status_code == 409
    client.refresh_from_db()
    assert (client.preferred_channel, client.version) == ("Anruf am Vormittag", 2)
