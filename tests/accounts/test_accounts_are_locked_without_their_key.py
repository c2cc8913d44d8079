"""Two who each lock an account and name the other's must not wait for each other (PostgreSQL).

What a row names is checked, and kept from going away, when the transaction is committed.
"""

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from accounts.services import locking
from accounts.services.users import activate
from appointments.models import Appointment, Contact
from appointments.services import appointments, contacts
from appointments.services.contacts import NextAppointment, log_contact
from clients.models import Client
from outreach.services import visits
from tests.appointments.log_desk import reachable
from tests.cast import load_cast
from tests.overlap import LONG, at_once, somebody_waits, until

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]

DAY = datetime.timedelta(days=1)
HOUR = datetime.timedelta(hours=1)


@pytest.fixture
def cast():
    return load_cast()


def meet(monkeypatch: Any, where: Any, name: str) -> None:
    """Let two threads wait for each other before their first call of a function.

    One that can never arrive, because it waits for what the other holds, is waited for no longer.
    """
    real, arrived = getattr(where, name), set()

    def together(*args: Any, **kwargs: Any) -> Any:
        if threading.get_ident() not in arrived:
            arrived.add(threading.get_ident())
            until(lambda: len(arrived) == 2 or somebody_waits())
        return real(*args, **kwargs)

    monkeypatch.setattr(where, name, together)


def of_a_stand_in(cast: Any) -> list[Callable[[], Appointment]]:
    """In two windows she plans for the manager she stands in for: in the manager's calendar, and in her own.

    Either transaction locks one of the two accounts, and names both when it is committed.
    """
    works = []
    for days, name in enumerate(["manager", "substitute"], start=3):
        file, begin = reachable(cast.manager), timezone.now() + days * DAY

        def plan(file: Client = file, begin: datetime.datetime = begin, name: str = name) -> Appointment:
            return appointments.plan_appointment(
                Actor(User.objects.get(username="substitute")),
                Appointment(client=file, starts_at=begin, ends_at=begin + HOUR),
                agreed=True,
                holder=User.objects.get(username=name),
            )

        works.append(plan)
    return works


def test_both_appointments_of_a_stand_in_are_planned(cast, monkeypatch):
    meet(monkeypatch, appointments, "_check_free")
    results = at_once(*of_a_stand_in(cast))
    assert [type(result).__name__ for result in results] == ["Appointment", "Appointment"], results
    assert Appointment.objects.count() == 2


@pytest.mark.facts_by_hand
def test_with_a_plain_lock_one_of_the_two_would_be_lost(cast, monkeypatch):
    meet(monkeypatch, appointments, "_check_free")
    monkeypatch.setattr(
        locking,
        "_rows_locked",
        lambda keys: User.objects.select_for_update().filter(pk__in=keys).order_by("pk"),
    )
    results = at_once(*of_a_stand_in(cast))
    assert sorted(type(result).__name__ for result in results) == ["Appointment", "OperationalError"], results
    (lost,) = [result for result in results if isinstance(result, OperationalError)]
    assert "deadlock detected" in str(lost)
    assert Appointment.objects.count() == 1


def test_an_account_being_activated_keeps_nobody_from_writing_what_names_it(cast, monkeypatch):
    """The administrator's transaction still runs when a row with that account is written and committed."""
    User.objects.filter(pk=cast.colleague.pk).update(is_active=False)
    file, written = reachable(cast.manager), threading.Event()
    real = User.save

    def save(user: User, **kwargs: Any) -> None:
        real(user, **kwargs)
        thread = threading.Thread(target=name_the_account)
        thread.start()
        assert written.wait(LONG)
        thread.join(LONG)

    def name_the_account() -> None:
        now = timezone.now()
        contact = Contact(client=file, minutes=20, happened_at=now, happened_on=timezone.localdate(now))
        contact.left_by = User.objects.get(pk=cast.colleague.pk)
        try:
            log_contact(Actor(User.objects.get(pk=cast.manager.pk), now), contact)
            written.set()
        finally:
            connection.close()

    with monkeypatch.context() as patch:
        patch.setattr(User, "save", save)
        activate(Actor(cast.admin), cast.colleague, reason="zurück")
    assert Contact.objects.get(left_by=cast.colleague).client == file
    assert User.objects.get(pk=cast.colleague.pk).is_active


def cancelled(file: Client, manager: User, days: int) -> Appointment:
    """An appointment in somebody's calendar that was called off, but took place after all."""
    begin = timezone.now() - days * DAY
    return Appointment.objects.create(
        client=file,
        manager=manager,
        starts_at=begin,
        ends_at=begin + HOUR,
        state="cancelled_client",
        agreed_at=begin - DAY,
        recorded_at=begin - DAY,
        recorded_by=manager,
    )


def test_two_calendars_are_locked_in_one_order_whoever_comes_first(cast, monkeypatch):
    """She held it in her calendar and plans the next one in a colleague's; he the other way round."""
    manager, colleague = cast.manager, cast.colleague
    works = []
    for days, (own, other) in enumerate([(manager, colleague), (colleague, manager)], start=1):
        file = reachable(own)
        held = cancelled(file, own, days)
        begin = timezone.now() + days * DAY
        planned = Appointment(client=file, starts_at=begin, ends_at=begin + HOUR)

        def work(
            file: Client = file, held: Appointment = held, planned: Appointment = planned, other: User = other
        ) -> Contact:
            now = timezone.now()
            contact = Contact(client=file, minutes=20, happened_at=now, happened_on=timezone.localdate(now))
            return log_contact(
                Actor(User.objects.get(pk=file.manager_id), now),
                contact,
                appointment=held,
                next_appointment=NextAppointment(planned, holder=other),
            )

        works.append(work)
    meet(monkeypatch, contacts, "plan_appointment")
    results = at_once(*works)
    assert [type(result).__name__ for result in results] == ["Contact", "Contact"], results


def test_two_visits_to_one_household_with_opposite_results_are_both_logged(cast, monkeypatch):
    first, second = reachable(cast.manager), reachable(cast.manager)
    meet(monkeypatch, visits, "_log")

    def visit(met: Client, missed: Client) -> Callable[[], Contact]:
        def work() -> Contact:
            now = timezone.now()
            contact = Contact(client=met, happened_at=now, happened_on=timezone.localdate(now), minutes=20)
            results = {met: "met", missed: "not_met"}
            return visits.log_visit(
                Actor(User.objects.get(pk=cast.manager.pk), now), contact, results, note=""
            )

        return work

    results = at_once(visit(first, second), visit(second, first))
    assert [type(result).__name__ for result in results] == ["Contact", "Contact"], results
