"""Choosing whom the log is about: one tap, the open file first, and a closed one of one's own opened again."""

from typing import Any

import pytest
from django.urls import reverse

from accounts.actor import Actor
from appointments.models import Contact
from clients.choices import Phase
from clients.models import ClosingReason, CounsellingPeriod
from clients.services.files import close_counselling
from tests.appointments.log_desk import reachable, routine, talk, text_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db

CHOOSE = "/appointments/contacts/new/"


def close_file(client: Any) -> None:
    actor = Actor(client.manager)
    close_counselling(actor, client, reason=ClosingReason.objects.first(), on=actor.today)


def log(client: Any) -> str:
    return reverse("file_appointments:contact_new", args=[client.uuid])


def test_while_a_file_is_open_it_stands_first_and_no_other_name(cast: Cast, as_user: Any) -> None:
    client, other = reachable(cast.manager, surname="Ahornova"), reachable(cast.manager, surname="Birkenova")
    talk(other, cast.manager)
    browser = as_user(cast.manager)
    assert f"{CHOOSE}?file={client.uuid}" in text_of(browser.get(log(client)))
    page = text_of(browser.get(f"{CHOOSE}?file={client.uuid}"))
    assert log(client) in page
    assert "Birkenova" not in page
    assert "Birkenova" in text_of(browser.get(CHOOSE))
    found = text_of(browser.post(f"{CHOOSE}?file={client.uuid}", {"q": ""}))
    assert "Birkenova" not in found


def test_a_foreign_file_in_the_address_says_nothing(cast: Cast, as_user: Any) -> None:
    stranger, own = reachable(cast.outsider, surname="Fremdova"), reachable(cast.manager, surname="Eigenova")
    talk(own, cast.manager)
    page = text_of(as_user(cast.manager).get(f"{CHOOSE}?file={stranger.uuid}"))
    assert "Fremdova" not in page
    assert "Eigenova" in page


def test_a_closed_file_of_ones_own_is_opened_again_and_logged(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager, surname="Ahornova")
    close_file(client)
    browser = as_user(cast.manager)
    page = browser.post(CHOOSE, {"q": "Ahornova"})
    assert page.status_code == 200
    assert "Wieder öffnen und erfassen" in text_of(page)
    answer = browser.post(CHOOSE, {"q": "Ahornova", "reopen": str(client.uuid)})
    assert answer["Location"] == log(client)
    client.refresh_from_db()
    assert client.phase == Phase.CONTACTING
    assert CounsellingPeriod.objects.filter(client=client).count() == 2
    assert browser.post(log(client), routine()).status_code == 302
    assert Contact.objects.get().client == client
    again = browser.post(CHOOSE, {"reopen": str(client.uuid)})
    assert again["Location"] == log(client)
    assert CounsellingPeriod.objects.filter(client=client).count() == 2


def test_a_stand_in_opens_no_closed_file_and_a_stranger_finds_none(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager, surname="Ahornova")
    close_file(client)
    assert as_user(cast.outsider).post(CHOOSE, {"reopen": str(client.uuid)}).status_code == 404
    answer = as_user(cast.substitute).post(CHOOSE, {"q": "Ahornova"})
    assert "Wieder öffnen" not in text_of(answer)
    client.refresh_from_db()
    assert client.phase == Phase.CLOSED


def test_a_post_without_sense_is_no_choice(cast: Cast, as_user: Any) -> None:
    assert as_user(cast.manager).post(CHOOSE, {"reopen": "quatsch"}).status_code == 404
