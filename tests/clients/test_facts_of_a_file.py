import datetime

import pytest
from django.utils import timezone

from clients import recompute
from clients.choices import FactKind
from clients.models import Accommodation, ContactPoint, DatedFact, FactValue, Residence, SafetyNote
from tests.factories.clients import (
    AccommodationFactory,
    ClientFactory,
    ContactPointFactory,
    ResidenceFactory,
    SafetyNoteFactory,
)

TOKEN = {"form_token": "11111111-1111-4111-8111-111111111111", "version": 1}
OTHER = {"form_token": "22222222-2222-4222-8222-222222222222", "version": 1}


@pytest.fixture
def client(cast):
    return ClientFactory(municipality=cast.stutensee, manager=cast.manager)


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setitem(
        recompute._ROWS, "test", lambda facts: heard.extend(file.pk for file in facts.files) or set()
    )
    return heard


def url(client, verb):
    return f"/clients/{client.uuid}/{verb}/"


# Numbers and addresses


def test_a_number_is_replaced_never_overwritten(browser, client, told):
    former = ContactPointFactory(client=client)
    browser.post(
        url(client, f"contact-points/{former.uuid}/replace"),
        TOKEN | {"kind": "mobile", "value": "0176/0406 9042", "may_use": "on"},
    )
    former.refresh_from_db()
    assert former.until is not None
    assert former.value == "0151 00000001"
    current = ContactPoint.objects.current().get()
    assert (current.normalised, current.value) == ("+4917604069042", "0176/0406 9042")
    assert current.since == former.until
    assert told == [client.pk]


def test_the_same_number_is_in_a_file_once(browser, client):
    ContactPointFactory(client=client)
    answer = browser.post(
        url(client, "contact-points/new"), TOKEN | {"kind": "mobile", "value": "+49 151 00000001"}
    )
    assert "Das steht schon in der Akte." in answer.text
    assert ContactPoint.objects.count() == 1


def test_the_same_post_twice_is_one_number(browser, client):
    for _attempt in range(2):
        answer = browser.post(
            url(client, "contact-points/new"), TOKEN | {"kind": "email", "value": "Nadia@Example.org"}
        )
        assert answer.status_code == 302
    assert ContactPoint.objects.get().normalised == "nadia@example.org"


@pytest.mark.parametrize(
    ("kind", "value", "message"),
    [
        ("mobile", "beim Nachbarn", "Das ist keine Telefonnummer."),
        ("phone", "12", "Das ist keine Telefonnummer."),
        ("email", "nadia(at)example.org", "Das ist keine E-Mail-Adresse."),
    ],
)
def test_what_is_no_number_is_said_at_the_field(browser, client, kind, value, message):
    answer = browser.post(url(client, "contact-points/new"), TOKEN | {"kind": kind, "value": value})
    assert message in answer.text
    assert not ContactPoint.objects.exists()


def test_ending_a_number_twice_ends_it_once(browser, client):
    point = ContactPointFactory(client=client)
    browser.post(url(client, f"contact-points/{point.uuid}/end"))
    ended = ContactPoint.objects.get().until
    browser.post(url(client, f"contact-points/{point.uuid}/end"))
    assert ContactPoint.objects.get().until == ended


def test_buttons_are_posts(browser, client):
    point = ContactPointFactory(client=client)
    assert browser.get(url(client, f"contact-points/{point.uuid}/end")).status_code == 405


def test_another_files_number_cannot_be_ended_here(browser, cast, client):
    other = ContactPointFactory(client=ClientFactory(municipality=cast.stutensee, manager=cast.manager))
    assert browser.post(url(client, f"contact-points/{other.uuid}/end")).status_code == 404


# Accommodation


def test_a_move_ends_the_former_accommodation_the_day_before(browser, client, told):
    AccommodationFactory(client=client)
    browser.post(
        url(client, "accommodation/new"),
        TOKEN | {"kind": "private", "street": "Neuweg 1", "town": "Pfinztal", "since": "2018-06-01"},
    )
    new, former = Accommodation.objects.all()
    assert former.until == datetime.date(2018, 5, 31)
    assert (new.town, new.until) == ("Pfinztal", None)
    assert told


def test_a_move_before_the_former_one_is_refused(browser, client):
    AccommodationFactory(client=client)
    answer = browser.post(
        url(client, "accommodation/new"), TOKEN | {"kind": "private", "since": "2018-01-15"}
    )
    assert "ein Umzug liegt danach" in answer.text
    assert Accommodation.objects.count() == 1


def test_the_same_move_twice_is_one(browser, client):
    AccommodationFactory(client=client)
    for _attempt in range(2):
        browser.post(url(client, "accommodation/new"), TOKEN | {"kind": "private", "since": "2018-06-01"})
    assert Accommodation.objects.count() == 2


def test_mail_that_came_back_is_noted_and_two_people_do_not_overwrite_each_other(browser, client):
    home = AccommodationFactory(client=client)
    data = TOKEN | {"kind": "au_flat", "street": "Musterweg 4", "town": "Stutensee", "since": "2018-01-15"}
    browser.post(url(client, f"accommodation/{home.uuid}"), data)
    home.refresh_from_db()
    assert home.letters_reach is False
    late = browser.post(url(client, f"accommodation/{home.uuid}"), data | {"street": "Musterweg 6"})
    assert late.status_code == 409
    assert "Musterweg 6" in late.text
    assert "Inzwischen von jemand anderem gespeichert: Musterweg 4" in late.text


def test_a_future_move_is_refused(browser, client):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    answer = browser.post(
        url(client, "accommodation/new"), TOKEN | {"kind": "private", "since": tomorrow.isoformat()}
    )
    assert "Dieser Tag liegt in der Zukunft." in answer.text


# Residence


def test_a_permit_keeps_its_printed_end_and_how_long_it_continues(browser, client):
    browser.post(
        url(client, "residence/new"),
        TOKEN
        | {
            "status": "ukraine_24",
            "printed_until": "2024-03-04",
            "continues_until": "2025-03-04",
        },
    )
    permit = Residence.objects.get()
    assert permit.own_end == datetime.date(2025, 3, 4)
    page = browser.get(f"/clients/{client.uuid}/person/").text
    assert "gedruckt bis 04.03.2024" in page
    assert "gilt fort bis 04.03.2025" in page
    assert "abgelaufen" in page


def test_a_new_status_ends_the_former_one(browser, client):
    former = ResidenceFactory(client=client)
    browser.post(url(client, "residence/new"), TOKEN | {"status": "ne"})
    former.refresh_from_db()
    assert former.ended_on == timezone.localdate()
    assert Residence.objects.filter(ended_on__isnull=True).get().status == "ne"


def test_dates_in_the_wrong_order_are_said_at_their_field(browser, client):
    answer = browser.post(
        url(client, "residence/new"),
        TOKEN
        | {
            "status": "gfk",
            "since": "2018-02-01",
            "printed_until": "2018-01-01",
            "continues_until": "2017-01-01",
        },
    )
    assert "Das Ende liegt vor dem Beginn." in answer.text
    assert "Dieser Tag liegt vor dem gedruckten Datum." in answer.text


def test_prolonging_a_permit_wakes_its_reminder_again(browser, client):
    permit = ResidenceFactory(client=client, reminded_days=30)
    browser.post(
        url(client, f"residence/{permit.uuid}"),
        TOKEN | {"status": "gfk", "printed_until": "2018-01-01", "continues_until": "2030-01-01"},
    )
    permit.refresh_from_db()
    assert permit.reminded_days is None


# Dated facts


def value(code):
    return FactValue.objects.get(code=code)


def test_a_level_follows_the_former_one_and_the_history_stays(browser, client):
    for token, code, since in (
        (TOKEN, "german_level-a1", "2018-02-01"),
        (OTHER, "german_level-a2", "2018-09-01"),
    ):
        browser.post(url(client, "facts/german_level/new"), token | {"value": value(code).pk, "since": since})
    now, before = DatedFact.objects.all()
    assert (now.value.label, now.until) == ("A2", None)
    assert before.until == datetime.date(2018, 8, 31)
    page = browser.get(f"/clients/{client.uuid}/").text
    assert "Deutsch A2" in page


def test_several_benefits_stand_beside_each_other_and_one_can_end(browser, client):
    for token, code in ((TOKEN, "benefits-sgb2"), (OTHER, "benefits-child_benefit")):
        browser.post(
            url(client, "facts/benefits/new"), token | {"value": value(code).pk, "since": "2018-02-01"}
        )
    assert DatedFact.objects.filter(until__isnull=True).count() == 2
    one = DatedFact.objects.first()
    browser.post(url(client, f"facts/{one.uuid}/end"))
    assert DatedFact.objects.filter(until__isnull=True).count() == 1


def test_a_value_of_another_kind_is_refused(browser, client):
    answer = browser.post(
        url(client, "facts/german_level/new"),
        TOKEN | {"value": value("benefits-sgb2").pk, "since": "2018-02-01"},
    )
    assert answer.status_code == 422
    assert not DatedFact.objects.exists()


def test_an_unknown_kind_of_fact_is_no_page(browser, client):
    assert browser.get(url(client, "facts/religion/new")).status_code == 404


@pytest.mark.parametrize("kind", FactKind.values)
def test_every_kind_has_a_form_with_its_values(browser, client, kind):
    page = browser.get(url(client, f"facts/{kind}/new")).text
    assert str(FactValue.objects.filter(kind=kind).first().label) in page


# Safety


def test_a_safety_note_names_author_and_expiry_and_shows_in_the_header(browser, cast, client):
    day = timezone.localdate() + datetime.timedelta(days=30)
    browser.post(
        url(client, "safety/new"),
        TOKEN | {"only_in_pairs": "on", "reason": "Hund im Hof.", "expires_on": day.isoformat()},
    )
    note = SafetyNote.objects.get()
    assert note.set_by == cast.manager
    page = browser.get(f"/clients/{client.uuid}/").text
    assert "nur zu zweit besuchen" in page
    assert "Hund im Hof." in page


@pytest.mark.facts_by_hand
def test_a_new_note_replaces_the_former_and_an_expired_one_is_gone_by_itself(browser, client):
    former = SafetyNoteFactory(client=client)
    day = timezone.localdate().isoformat()
    browser.post(url(client, "safety/new"), TOKEN | {"reason": "Neu.", "expires_on": day})
    former.refresh_from_db()
    assert former.ended_at is not None
    SafetyNote.objects.update(expires_on=timezone.localdate() - datetime.timedelta(days=1))
    assert "Neu." not in browser.get(f"/clients/{client.uuid}/person/").text


def test_a_note_that_is_over_already_is_refused(browser, client):
    answer = browser.post(url(client, "safety/new"), TOKEN | {"reason": "x", "expires_on": "2018-01-01"})
    assert "Dieser Tag ist schon vorbei." in answer.text


def test_a_note_can_be_taken_back(browser, client):
    note = SafetyNoteFactory(client=client)
    browser.post(url(client, f"safety/{note.uuid}/end"))
    note.refresh_from_db()
    assert note.ended_at is not None
