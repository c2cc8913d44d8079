"""A group event counts once, with named attendees or a number; it is neither two-way nor an attempt."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from appointments.models import Contact, ContactParticipant
from appointments.querysets import ATTEMPT, TWO_WAY
from tests.appointments.log_desk import reachable, routine, text_of
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def new(client: Any) -> str:
    return reverse("file_appointments:contact_new", args=[client.uuid])


def event(**changes: Any) -> dict[str, Any]:
    return routine(channel="group", result="talk", **changes)


def test_a_number_is_enough_and_it_counts_once(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    assert browser.post(new(client), event(attendees="14")).status_code == 302
    contact = Contact.objects.get()
    assert contact.attendees == 14
    assert not Contact.objects.filter(TWO_WAY | ATTEMPT).exists()
    client.refresh_from_db()
    assert client.last_contact_on is None
    page = browser.get(reverse("file_appointments:contact", args=[client.uuid, contact.uuid]))
    assert "14 Personen dabei" in text_of(page)


def test_named_attendees_need_no_number(cast: Cast, as_user: Any) -> None:
    client, other = reachable(cast.manager), reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), event(people=[f"c:{other.uuid}"]))
    assert answer.status_code == 302
    assert Contact.objects.get().attendees is None
    assert set(ContactParticipant.objects.values_list("client", flat=True)) == {client.pk, other.pk}


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"attendees": "0"}, "An einer Gruppe nimmt mindestens eine Person teil."),
        ({"attendees": "-3"}, "An einer Gruppe nimmt mindestens eine Person teil."),
        ({"attendees": ""}, "Bitte eingeben, wie viele dabei waren, oder die Personen nennen."),
        ({"attendees": "viele"}, "Bitte eine ganze Zahl eingeben."),
    ],
)
def test_nobody_is_no_group(cast: Cast, as_user: Any, fields: dict[str, str], error: str) -> None:
    client = reachable(cast.manager)
    answer = as_user(cast.manager).post(new(client), event(**fields))
    assert answer.status_code == 422
    assert answer.context["form"].errors["attendees"] == [error]
    assert not Contact.objects.exists()


def test_the_number_has_room_for_the_named(cast: Cast, as_user: Any) -> None:
    client, other = reachable(cast.manager), reachable(cast.manager)
    fields = event(people=[f"c:{other.uuid}"], attendees="1")
    answer = as_user(cast.manager).post(new(client), fields)
    assert answer.context["form"].errors["attendees"] == ["Es sind schon 2 Personen genannt."]


def test_a_stranger_is_no_attendee(cast: Cast, as_user: Any) -> None:
    client, stranger = reachable(cast.manager), reachable(cast.outsider)
    answer = as_user(cast.manager).post(new(client), event(people=[f"c:{stranger.uuid}"], attendees="3"))
    assert answer.status_code == 422
    assert "people" in answer.context["form"].errors


def test_a_number_typed_before_another_way_was_chosen_is_dropped(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    as_user(cast.manager).post(new(client), routine(attendees="14"))
    contact = Contact.objects.get()
    assert contact.attendees is None
    with pytest.raises(IntegrityError), transaction.atomic():
        Contact.objects.filter(pk=contact.pk).update(attendees=14)


def test_a_correction_keeps_the_number_of_the_former_version(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    browser = as_user(cast.manager)
    browser.post(new(client), event(attendees="14"))
    contact = Contact.objects.get()
    address = reverse("file_appointments:contact_correct", args=[client.uuid, contact.uuid])
    assert browser.get(address).context["form"]["attendees"].value() == 14
    browser.post(address, {**event(attendees="15"), "version": contact.version, "reason": "Nachgezählt."})
    contact.refresh_from_db()
    assert (contact.attendees, contact.versions.get().attendees) == (15, 14)
