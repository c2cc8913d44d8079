"""A file closed a moment ago takes no contact: decided under its lock, said where it was typed."""

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from appointments.models import Contact
from appointments.services import contacts
from appointments.services.contacts import Participant
from appointments.services.corrections import correct_contact
from appointments.services.drop_ins import leave_drop_in
from clients.models import Client, ClosingReason, Draft
from clients.services import change, files
from clients.services.closed_files import FileClosed
from tests.appointments.log_desk import reachable, routine, talk, text_of
from tests.cast import Cast, load_cast
from tests.factories.clients import ClientFactory

SAID = "Die Akte %s wurde inzwischen abgeschlossen."


def close(client: Any) -> None:
    Client.objects.filter(pk=client.pk).update(phase="closed")


def closing_meanwhile(monkeypatch: Any, client: Any) -> None:
    """The file is closed when the form has been looked at and its files are about to be locked."""
    lock = change.lockable

    def locked() -> Any:
        close(client)
        return lock()

    monkeypatch.setattr(change, "lockable", locked)


@pytest.mark.django_db
def test_the_participant_whose_file_was_closed_is_named_at_the_field(
    cast: Cast, as_user: Any, monkeypatch: Any
) -> None:
    client = reachable(cast.manager)
    other = reachable(cast.manager, case_no="STU-2018-0099")
    path = reverse("file_appointments:contact_new", args=[client.uuid])
    browser = as_user(cast.manager)
    key = browser.get(path).context["draft_key"]
    closing_meanwhile(monkeypatch, other)
    typed = routine(people=[f"c:{other.uuid}"], note="Zu zweit gesprochen.", draft_key=key)
    answer = browser.post(path, typed)
    assert answer.status_code == 422
    (said,) = answer.context["form"].errors["people"]
    assert said.startswith(SAID % "STU-2018-0099")
    assert "Zu zweit gesprochen." in text_of(answer)
    assert Draft.objects.get().data["note"] == ["Zu zweit gesprochen."]
    assert not Contact.objects.exists()


@pytest.mark.django_db
def test_a_participant_whose_file_is_closed_when_the_form_arrives_is_refused_in_words(
    cast: Cast, as_user: Any
) -> None:
    client = reachable(cast.manager)
    other = reachable(cast.manager, case_no="STU-2018-0099")
    path = reverse("file_appointments:contact_new", args=[client.uuid])
    close(other)
    answer = as_user(cast.manager).post(path, routine(people=[f"c:{other.uuid}"]))
    assert answer.status_code == 422
    (said,) = answer.context["form"].errors["people"]
    assert said.startswith(
        "Jemand von den Gewählten lässt sich nicht mehr wählen: Die Akte wurde abgeschlossen"
    )
    assert str(other.uuid) not in text_of(answer)


@pytest.mark.django_db
def test_what_is_left_for_a_colleague_is_refused_with_the_reason(cast: Cast) -> None:
    client = ClientFactory(manager=cast.colleague, municipality=cast.stutensee)
    contact = Contact(client=client, minutes=30)
    contacts.place_in_time(contact, timezone.localdate(), None)
    close(client)
    with pytest.raises(FileClosed):
        leave_drop_in(Actor(cast.manager), contact)
    assert not Contact.objects.exists()


@pytest.mark.django_db
def test_a_joint_talk_is_corrected_although_one_of_them_was_counselled_to_the_end(cast: Cast) -> None:
    client, other = reachable(cast.manager), reachable(cast.manager)
    contact = talk(client, cast.manager, participants=[Participant(other)])
    close(other)
    contact.minutes = 45
    corrected = correct_contact(
        Actor(cast.manager), contact, expected_version=1, participants=[Participant(other)]
    )
    assert Contact.objects.get(pk=corrected.pk).minutes == 45


@pytest.mark.django_db
def test_a_contact_is_not_moved_into_a_closed_file(cast: Cast) -> None:
    client, other = reachable(cast.manager), reachable(cast.manager)
    contact = talk(client, cast.manager)
    close(other)
    contact.client = other
    with pytest.raises(FileClosed):
        correct_contact(Actor(cast.manager), contact, expected_version=1)
    assert Contact.objects.get(pk=contact.pk).client == client


@pytest.mark.django_db(transaction=True)
def test_whoever_logs_while_somebody_closes_is_told() -> None:
    manager = load_cast().manager
    client = reachable(manager)
    opened = Client.objects.get(pk=client.pk)
    now = timezone.now()
    results: list[Any] = []

    def log() -> None:
        contact = Contact(client=opened, minutes=30)
        contacts.place_in_time(contact, timezone.localdate(now), None)
        try:
            results.append(contacts.log_contact(Actor(manager, now), contact))
        except FileClosed as refused:
            results.append(refused)
        finally:
            connection.close()

    waiting = threading.Thread(target=log)
    with transaction.atomic():
        files.close_counselling(
            Actor(manager, now),
            Client.objects.get(pk=client.pk),
            reason=ClosingReason.objects.first(),
            on=timezone.localdate(now),
        )
        waiting.start()
    waiting.join()
    assert [type(result) for result in results] == [FileClosed]
    assert not Contact.objects.exists()
