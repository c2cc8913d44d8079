"""Whoever guesses at colleagues' files is stopped for a while; whoever works is not."""

import datetime
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from audit.models import AuditEntry
from clients.models import Client
from clients.services.duplicates import ASKED_IN_VAIN_AT_MOST
from tests.appointments.log_desk import reachable, text_of
from tests.cast import Cast
from tests.intake.import_desk import checked, post_row, row
from tests.intake.import_desk import text_of as words_of

pytestmark = pytest.mark.django_db

FIND = "/appointments/contacts/drop-in/"
HALF_PAST_TWO = datetime.datetime(2026, 3, 4, 13, 30, 20, tzinfo=datetime.UTC)
LATER = "Ab 15:31 Uhr können Sie wieder danach fragen."
TOO_OFTEN = f"Sie haben innerhalb einer Stunde {ASKED_IN_VAIN_AT_MOST}-mal ohne Treffer nach Akten von"


@pytest.fixture
def theirs(cast: Cast) -> Client:
    return reachable(
        cast.manager, surname="Zederbaumova", case_no="STU-2018-0815", birth_date=datetime.date(1991, 4, 9)
    )


def guess_days(browser: Any, number: int) -> list[int]:
    """Guess at the day of birth of somebody whose name one knows."""
    first = datetime.date(1980, 1, 1)
    days = [first + datetime.timedelta(days=n) for n in range(number)]
    return [
        browser.post(FIND, {"surname": "Zederbaumova", "birth_date": f"{day:%d.%m.%Y}"}).status_code
        for day in days
    ]


@pytest.fixture
def guessed(cast: Cast, as_user: Callable[[Any], Any], theirs: Client) -> Any:
    """A colleague who asked in vain as often as she may, between half past two and a quarter to three."""
    with time_machine.travel(HALF_PAST_TWO, tick=False) as clock:
        browser = as_user(cast.colleague)
        assert set(guess_days(browser, 1)) == {422}
        clock.shift(datetime.timedelta(minutes=15))
        assert set(guess_days(browser, ASKED_IN_VAIN_AT_MOST - 1)) == {422}
        browser.clock = clock
        yield browser


def test_who_guesses_is_told_when_it_goes_on(guessed: Any, theirs: Client) -> None:
    answer = guessed.post(FIND, {"surname": "Zederbaumova", "birth_date": "09.04.1991"})
    assert answer.status_code == 429
    text = text_of(answer)
    assert TOO_OFTEN in text
    assert LATER in text
    assert "Akte vorhanden" not in text
    assert 'value="Zederbaumova"' in answer.content.decode()
    assert not AuditEntry.objects.filter(action="client.announced").exists()


def test_it_goes_on_at_the_minute_that_was_said(guessed: Any, theirs: Client) -> None:
    guessed.clock.move_to(datetime.datetime(2026, 3, 4, 14, 30, 19, tzinfo=datetime.UTC))
    assert guessed.post(FIND, {"case_no": theirs.case_no}).status_code == 429
    guessed.clock.move_to(datetime.datetime(2026, 3, 4, 14, 31, tzinfo=datetime.UTC))
    assert "Akte vorhanden" in text_of(guessed.post(FIND, {"case_no": theirs.case_no}))


def test_each_guess_stands_in_the_audit_under_its_author_alone(guessed: Any, cast: Cast) -> None:
    entries = AuditEntry.objects.filter(action="client.asked_in_vain")
    assert {(entry.actor, entry.subject_ref, *entry.fields) for entry in entries} == {(cast.colleague, None)}
    assert entries.count() == ASKED_IN_VAIN_AT_MOST


def test_a_colleague_beside_her_is_not_stopped(guessed: Any, cast: Cast, as_user: Any) -> None:
    other = as_user(cast.substitute)
    assert other.post(FIND, {"surname": "Niemand", "birth_date": "09.04.1991"}).status_code == 422


@pytest.mark.parametrize("query", ["Zederbaumova 09.04.1991", "STU-2018-0815"])
@pytest.mark.parametrize("route", ["clients:search", "appointments:contact_new"])
def test_the_search_boxes_are_no_way_round(
    guessed: Any, cast: Cast, theirs: Client, route: str, query: str
) -> None:
    answer = guessed.post(reverse(route), {"q": query})
    assert answer.status_code == 200
    text = text_of(answer)
    assert LATER in text
    assert str(cast.manager) not in text


@pytest.mark.parametrize("route", ["clients:search", "appointments:contact_new"])
def test_guessing_by_a_search_box_counts_as_well(
    cast: Cast, as_user: Any, theirs: Client, route: str
) -> None:
    browser = as_user(cast.colleague)
    for number in range(ASKED_IN_VAIN_AT_MOST):
        assert "wieder danach fragen" not in text_of(
            browser.post(reverse(route), {"q": f"STU-2019-{number:04}"})
        )
    assert browser.post(FIND, {"case_no": theirs.case_no}).status_code == 429


def test_words_typed_in_passing_and_ones_own_files_do_not_count(
    cast: Cast, as_user: Any, theirs: Client
) -> None:
    browser = as_user(cast.manager)
    search = reverse("clients:search")
    for _ in range(ASKED_IN_VAIN_AT_MOST + 1):
        browser.post(search, {"q": "Zederbaumova 09.04.1991"})
        browser.post(search, {"q": "Niemand"})
        browser.post(search, {"q": "Niemand 01.02.1990"}, headers={"hx-request": "true"})
        browser.post(FIND, {"case_no": theirs.case_no})
        browser.post(FIND, {"case_no": "0815"})
    assert not AuditEntry.objects.filter(action="client.asked_in_vain").exists()


def test_hits_do_not_count(cast: Cast, as_user: Any, theirs: Client) -> None:
    browser = as_user(cast.colleague)
    for _ in range(ASKED_IN_VAIN_AT_MOST + 1):
        assert browser.post(FIND, {"case_no": theirs.case_no}).status_code == 200


def test_a_registration_is_not_held_up_but_says_what_was_not_checked(
    guessed: Any, cast: Cast, theirs: Client
) -> None:
    typed = {
        "form_token": "11111111-1111-4111-8111-111111111111",
        "version": "1",
        "municipality": str(cast.stutensee.pk),
        "surname": "Zederbaumova",
        "given_name": "Vera",
        "birth": "09.04.1991",
        "gender": "f",
        "destination": "me",
    }
    answer = guessed.post("/clients/new/", typed)
    assert answer.status_code == 422
    text = text_of(answer)
    assert "Ob eine Kollegin oder ein Kollege eine Akte führt, wurde nicht geprüft." in text
    assert LATER in text
    assert str(cast.manager) not in text
    assert guessed.post("/clients/new/", typed | {"another_person": "on"}).status_code == 302


def test_registering_counts_when_no_colleague_has_a_file(cast: Cast, as_user: Any) -> None:
    browser = as_user(cast.colleague)
    typed = {"version": "1", "municipality": str(cast.stutensee.pk), "given_name": "Vera", "gender": "f"}
    token = {"form_token": "11111111-1111-4111-8111-111111111111", "destination": "me"}
    browser.post("/clients/new/", typed | token | {"surname": "Niemand", "birth": "09.04.1991"})
    assert AuditEntry.objects.filter(action="client.asked_in_vain").count() == 1
    browser.post("/clients/new/", typed | token | {"surname": "Niemand", "birth": "1991"})
    assert AuditEntry.objects.filter(action="client.asked_in_vain").count() == 1


@pytest.fixture
def listed(cast: Cast, as_user: Any, theirs: Client) -> Any:
    """A list with one row whose day of birth can be corrected on the screen."""
    browser = as_user(cast.colleague)
    content = b"Name;Vorname;Geburtsdatum\nZederbaumova;Olena;01.01.1980\n"
    batch = checked(browser, cast, content)
    return browser, batch, batch.rows.get().label


def test_correcting_a_row_of_a_list_is_no_way_round(listed: Any, theirs: Client) -> None:
    browser, batch, label = listed
    column = f"cell_{batch.mapping.index('birth_date')}"
    first = datetime.date(1981, 1, 1)
    for number in range(ASKED_IN_VAIN_AT_MOST):
        day = first + datetime.timedelta(days=number)
        post_row(browser, batch, label, **{column: f"{day:%d.%m.%Y}"})
    answer = post_row(browser, batch, label, **{column: "09.04.1991"})
    found = row(batch, label)
    assert [finding["code"] for finding in found.findings] == ["not_asked"]
    assert not AuditEntry.objects.filter(action="client.announced").exists()
    assert not found.has_error
    page = words_of(browser.get(answer["Location"], {"show": "all"}))
    assert "eine Akte führt, wurde nicht geprüft." in page
    assert TOO_OFTEN in page


def test_correcting_anything_else_in_a_row_asks_nothing_anew(listed: Any, theirs: Client) -> None:
    browser, batch, label = listed
    column = f"cell_{batch.mapping.index('birth_date')}"
    post_row(browser, batch, label, **{column: "09.04.1991"})
    assert [finding["code"] for finding in row(batch, label).findings] == ["duplicate_colleague"]
    post_row(browser, batch, label, **{column: "09.04.1991 "})
    assert [finding["code"] for finding in row(batch, label).findings] == ["duplicate_colleague"]
    assert not AuditEntry.objects.filter(action="client.asked_in_vain").exists()
