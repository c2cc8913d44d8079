"""No double booking when two people plan at the same moment; on both databases, with real threads."""

import datetime
import threading
import uuid
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from accounts.records import DuplicateSubmission, StaleRecord
from appointments.models import Appointment, AppointmentOutcome, Contact
from appointments.services.appointments import Busy, plan_appointment, record_outcome
from appointments.services.contacts import log_contact, place_in_time
from clients.models import Client
from tests.appointments.log_desk import reachable
from tests.cast import load_cast
from tests.factories.appointments import AppointmentFactory

pytestmark = pytest.mark.django_db(transaction=True)

START = datetime.timedelta(days=5)


def at_once(work: Any, number: int) -> list[Any]:
    """Run ``work(index)`` in so many threads that begin together; returns results and exceptions."""
    gate = threading.Barrier(number)
    results: list[Any] = [None] * number

    def run(index: int) -> None:
        try:
            gate.wait(timeout=20)
            results[index] = work(index)
        except Exception as problem:
            results[index] = problem
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(index,)) for index in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_of_many_plans_for_the_same_hour_exactly_one_stands() -> None:
    cast = load_cast()
    files = [reachable(cast.manager).pk for _index in range(6)]
    now = timezone.now()
    start = now + START

    def plan(index: int) -> Appointment:
        client = Client.objects.get(pk=files[index])
        # Half an hour each, begun five minutes apart: every two of them overlap.
        begin = start + datetime.timedelta(minutes=5 * index)
        appointment = Appointment(
            client=client, starts_at=begin, ends_at=begin + datetime.timedelta(minutes=30)
        )
        return plan_appointment(Actor(User.objects.get(username="manager"), now), appointment, agreed=True)

    results = at_once(plan, len(files))
    planned = [result for result in results if isinstance(result, Appointment)]
    refused = [result for result in results if isinstance(result, Busy)]
    assert len(planned) == 1, results
    assert len(refused) == 5, results
    assert Appointment.objects.count() == 1


def test_plans_for_two_managers_at_the_same_hour_both_stand() -> None:
    cast = load_cast()
    files = [reachable(cast.manager).pk, reachable(cast.colleague).pk]
    names = ["manager", "colleague"]
    start = timezone.now() + START

    def plan(index: int) -> Appointment:
        appointment = Appointment(
            client=Client.objects.get(pk=files[index]),
            starts_at=start,
            ends_at=start + datetime.timedelta(minutes=30),
        )
        return plan_appointment(Actor(User.objects.get(username=names[index])), appointment, agreed=True)

    results = at_once(plan, 2)
    assert all(isinstance(result, Appointment) for result in results), results


def test_the_same_log_sent_twice_at_once_is_one_contact() -> None:
    cast = load_cast()
    file = reachable(cast.manager).pk
    token = uuid.uuid4()
    now = timezone.now()

    def log(_index: int) -> Contact:
        contact = Contact(client=Client.objects.get(pk=file), form_token=token, minutes=30)
        local = timezone.localtime(now)
        place_in_time(contact, local.date(), local.time())
        return log_contact(Actor(User.objects.get(username="manager"), now), contact)

    results = at_once(log, 4)
    assert sum(isinstance(result, Contact) for result in results) == 1, results
    assert sum(isinstance(result, DuplicateSubmission) for result in results) == 3, results
    assert Contact.objects.count() == 1


def test_of_two_outcomes_recorded_at_once_one_stands_and_the_other_is_told() -> None:
    cast = load_cast()
    appointment = AppointmentFactory(
        client=reachable(cast.manager), starts_at=timezone.now() - datetime.timedelta(hours=1)
    )
    names, outcomes = ["manager", "substitute"], ["no_show", "cancelled_us"]

    def settle(index: int) -> Appointment:
        found = Appointment.objects.select_related("client").get(pk=appointment.pk)
        actor = Actor(User.objects.get(username=names[index]))
        return record_outcome(actor, found, outcomes[index], expected_version=1)

    results = at_once(settle, 2)
    (stands,) = [result for result in results if isinstance(result, Appointment)]
    (told,) = [result for result in results if isinstance(result, StaleRecord)]
    assert told.current.state == stands.state
    stored = AppointmentOutcome.objects.select_related("by").get()
    assert (names.index(stored.by.username), stored.state) == (results.index(stands), stands.state)


@pytest.mark.postgres
def test_the_database_itself_refuses_two_places_at_once() -> None:
    cast = load_cast()
    client = reachable(cast.manager)
    start = timezone.now() + START
    AppointmentFactory(client=client, starts_at=start)
    with pytest.raises(IntegrityError), transaction.atomic():
        AppointmentFactory(client=client, starts_at=start + datetime.timedelta(minutes=10))
    AppointmentFactory(client=client, starts_at=start + datetime.timedelta(minutes=45))
    AppointmentFactory(client=client, starts_at=start, manager=None)
