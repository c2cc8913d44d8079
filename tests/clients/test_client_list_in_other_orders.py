"""The client list by what is due, by the last talk and by the next appointment, and narrowed to what is missing."""

import datetime

import pytest
from django.utils import timezone

from clients.models import Client
from clients.views import lists
from tests.clients.test_client_list import LIST, shown
from tests.factories.clients import AccommodationFactory, ClientFactory

TODAY = datetime.date(2026, 11, 30)


@pytest.fixture
def caseload(cast):
    """Five files whose order by date is not that by name; two have no date."""

    def make(surname, days):
        day = None if days is None else TODAY + datetime.timedelta(days=days)
        client = ClientFactory(
            manager=cast.manager, municipality=cast.stutensee, surname=surname, given_name=""
        )
        at = None if day is None else timezone.make_aware(datetime.datetime(day.year, day.month, day.day, 9))
        Client.objects.filter(pk=client.pk).update(
            next_due_on=day, last_contact_on=day, next_appointment_at=at
        )
        return client

    return [
        make(*row) for row in (("Ahmadi", 9), ("Berhane", None), ("Cisse", 1), ("Diallo", 9), ("Eyob", None))
    ]


IN_ORDER = ["Cisse", "Ahmadi", "Diallo", "Berhane", "Eyob"]


@pytest.mark.parametrize("order", ["due", "talk", "appointment"])
def test_files_stand_by_the_chosen_date_and_those_without_last(caseload, cast, as_user, order):
    assert shown(as_user(cast.manager).get(LIST, {"order": order}).text) == IN_ORDER


@pytest.mark.parametrize("order", ["", "nonsense"])
def test_without_a_known_order_the_name_decides(caseload, cast, as_user, order):
    assert shown(as_user(cast.manager).get(LIST, {"order": order}).text) == sorted(IN_ORDER)


@pytest.mark.parametrize("order", ["due", "talk", "appointment"])
@pytest.mark.parametrize("size", [1, 2, 3, 4])
def test_pages_go_on_where_the_last_one_ended(caseload, cast, as_user, monkeypatch, order, size):
    monkeypatch.setattr(lists, "PAGE_SIZE", size)
    found, query = [], {"order": order}
    for _page in range(6):
        answer = as_user(cast.manager).get(LIST, query)
        found += shown(answer.text)
        if answer.context["after"] is None:
            break
        query = {"order": order, "after": str(answer.context["after"])}
    assert found == IN_ORDER


def test_by_what_is_due_the_list_says_when(caseload, cast, as_user):
    text = as_user(cast.manager).get(LIST, {"order": "due"}).text
    assert "Nächste Fälligkeit" in text
    assert "01.12.2026" in text


def test_who_has_no_appointment_and_who_lives_where(caseload, cast, as_user):
    browser = as_user(cast.manager)
    assert shown(browser.get(LIST, {"missing": "appointment"}).text) == ["Berhane", "Eyob"]
    AccommodationFactory(client=caseload[2], kind="au_shared")
    AccommodationFactory(client=caseload[3], kind="private")
    assert shown(browser.get(LIST, {"home": "au_shared"}).text) == ["Cisse"]
    assert shown(browser.get(LIST, {"home": "nonsense"}).text) == sorted(IN_ORDER)


def test_empty_choices_of_the_form_filter_nothing(caseload, cast, as_user):
    text = as_user(cast.manager).get(LIST, {"order": "", "missing": "", "home": "", "language": ""}).text
    assert shown(text) == sorted(IN_ORDER)
    assert "ohne Filter" not in text
