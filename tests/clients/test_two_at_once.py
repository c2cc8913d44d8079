"""What two people do in the same moment, on a real database with real transactions."""

import datetime
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from accounts import duties
from accounts.actor import Actor
from accounts.models import Absence, Municipality, StandIn, User
from accounts.records import StaleRecord
from accounts.services.absences import enter_absence
from accounts.services.locking import lock
from accounts.services.stand_ins import plan_stand_in
from accounts.services.users import deactivate
from appointments.models import Appointment
from appointments.services.appointments import (
    AppointmentDuty,
    change_details,
    plan_appointment,
    record_outcome,
)
from clients.models import CaseNumberCounter, Client, ContactPoint, Residence
from clients.services import facts, files, permits
from clients.services.change import lockable
from clients.services.responsibility import assign
from tests.cast import load_cast
from tests.factories.appointments import AppointmentFactory
from tests.factories.clients import ClientFactory
from tests.overlap import LONG, somebody_waits, until

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*verbs: Callable[[], Any]) -> list[Any]:
    """Run all verbs in threads that start together; returns results or exceptions in order."""
    start = threading.Barrier(len(verbs))
    results: list[Any] = [None] * len(verbs)

    def run(position: int, verb: Callable[[], Any]) -> None:
        try:
            start.wait()
            results[position] = verb()
        except Exception as error:  # the result of a thread is whatever came of it
            results[position] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(position, verb)) for position, verb in enumerate(verbs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def test_every_registration_gets_its_own_case_number():
    place = Municipality.objects.get(code="STU")
    manager = User.objects.get(username="manager")

    def register(number: int) -> Callable[[], Any]:
        return lambda: files.register_client(
            Actor(manager), Client(municipality=place, surname=f"Parallelov{number}")
        )

    results = at_once(*(register(number) for number in range(6)))
    numbers = [client.case_no for client in results]
    assert len(set(numbers)) == 6
    assert CaseNumberCounter.objects.get(year=timezone.localdate().year).last == 6


def test_of_two_edits_one_is_saved_and_one_is_told():
    manager = User.objects.get(username="manager")
    client = ClientFactory(municipality=Municipality.objects.get(code="STU"), manager=manager)

    def edit(text: str) -> Callable[[], Any]:
        mine = Client.objects.get(pk=client.pk)
        mine.benefit_unit = text
        return lambda: files.update_client(Actor(manager), mine, fields=["benefit_unit"], expected_version=1)

    results = at_once(edit("A"), edit("B"))
    assert sorted(type(result).__name__ for result in results) == ["Client", "StaleRecord"]
    loser = next(result for result in results if isinstance(result, StaleRecord))
    stored = Client.objects.get(pk=client.pk)
    assert (stored.version, stored.benefit_unit) == (2, loser.current.benefit_unit)


def test_the_same_number_entered_twice_at_once_is_one_row():
    manager = User.objects.get(username="manager")
    client = ClientFactory(municipality=Municipality.objects.get(code="STU"), manager=manager)

    def add() -> Any:
        point = ContactPoint(client=client, kind="mobile", value="0151 00000001")
        return facts.add_contact_point(Actor(manager), point)

    at_once(add, add)
    assert ContactPoint.objects.count() == 1


def test_two_statuses_at_once_leave_one_current():
    manager = User.objects.get(username="manager")
    client = ClientFactory(municipality=Municipality.objects.get(code="STU"), manager=manager)

    def record(status: str) -> Callable[[], Any]:
        permit = Residence(client=client, status=status)
        return lambda: permits.record_residence(Actor(manager), permit)

    results = at_once(record("gfk"), record("subs"))
    assert not [result for result in results if isinstance(result, Exception)]
    assert Residence.objects.filter(ended_on__isnull=True).count() == 1


def test_of_two_absences_over_the_same_days_one_is_entered():
    manager = User.objects.get(username="manager")
    today = timezone.localdate()

    def enter(number: int) -> Callable[[], Any]:
        last = today + datetime.timedelta(days=10)
        absence = Absence(user=manager, since=today + datetime.timedelta(days=number), until=last)
        return lambda: enter_absence(Actor(manager), absence)

    results = at_once(*(enter(number) for number in range(6)))
    assert [type(result).__name__ for result in results].count("Absence") == 1
    assert Absence.objects.count() == 1


def test_the_same_stand_in_planned_by_two_at_once_stands_once():
    absent, substitute = (User.objects.get(username=name) for name in ("colleague", "manager"))
    today = timezone.localdate()

    def plan(_number: int) -> Callable[[], Any]:
        stand_in = StandIn(absent=absent, substitute=substitute, since=today, until=today, reason="Urlaub")
        return lambda: plan_stand_in(Actor(absent), stand_in, with_absence=True)

    at_once(*(plan(number) for number in range(6)))
    assert StandIn.objects.filter(absent=absent).count() == 1
    assert Absence.objects.filter(user=absent).count() == 1


def test_two_managers_deactivated_in_favour_of_each_other_do_not_lock_each_other_out():
    manager, colleague, admin = (
        User.objects.get(username=name) for name in ("manager", "colleague", "admin")
    )
    place = Municipality.objects.get(code="STU")
    files_ = [ClientFactory(municipality=place, manager=user) for user in (manager, colleague)]

    def leave(user: User, successor: User) -> Callable[[], Any]:
        return lambda: deactivate(Actor(admin), user, reason="Ruhestand", successor=successor)

    results = at_once(leave(manager, colleague), leave(colleague, manager))
    assert sorted(type(result).__name__ for result in results) == ["User", "ValidationError"]
    stays = User.objects.get(username__in=["manager", "colleague"], is_active=True)
    assert {Client.objects.get(pk=file.pk).manager for file in files_} == {stays}


@pytest.mark.postgres
@pytest.mark.parametrize(("decided", "goes_to"), [(False, "colleague"), (True, "manager")])
def test_who_leaves_is_let_go_while_somebody_writes_in_an_appointment_she_holds_as_stand_in(decided, goes_to):
    """It lies in the file of another, which a leaving stand-in does not lock."""
    cast = load_cast()
    file = ClientFactory(municipality=cast.stutensee, manager=cast.colleague)
    now, begin = timezone.now(), timezone.now() + datetime.timedelta(days=3)
    planned = plan_appointment(
        Actor(cast.colleague, now),
        Appointment(client=file, starts_at=begin, ends_at=begin + datetime.timedelta(hours=1)),
        agreed=True,
        holder=cast.manager,
    )
    results: list[Any] = []

    def leave() -> None:
        try:
            leaver, admin = (User.objects.get(pk=user.pk) for user in (cast.manager, cast.admin))
            results.append(deactivate(Actor(admin), leaver, reason="Ruhestand"))
        except Exception as error:  # looked at below
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=leave)
    with transaction.atomic():
        if decided:
            record_outcome(Actor(cast.colleague, now), planned, "cancelled_client")
        else:
            planned.place = "Rathaus"
            change_details(Actor(cast.colleague, now), planned, expected_version=planned.version)
        thread.start()
        until(somebody_waits)
    thread.join(LONG)

    planned.refresh_from_db()
    assert [type(result).__name__ for result in results] == ["User"], results
    assert (planned.manager.username, planned.place) == (goes_to, "" if decided else "Rathaus")


@pytest.mark.postgres
def test_a_file_that_comes_to_a_leaver_after_hers_were_locked_is_locked_before_her_account(monkeypatch):
    cast = load_cast()
    late = ClientFactory(municipality=cast.stutensee, manager=cast.colleague)
    begun, results = threading.Event(), []
    arrived = threading.Event()
    real = duties.as_stored

    def after_it_came(*users: Any, **more: Any) -> list[Any]:
        begun.set()
        assert arrived.wait(LONG)
        return real(*users, **more)

    monkeypatch.setattr(duties, "as_stored", after_it_came)

    def leave() -> None:
        try:
            leaver, admin = (User.objects.get(pk=user.pk) for user in (cast.manager, cast.admin))
            results.append(deactivate(Actor(admin), leaver, reason="Ruhestand"))
        except Exception as error:  # looked at below
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=leave)
    thread.start()
    assert begun.wait(LONG)
    assign(Actor(cast.admin), late, cast.manager)
    with transaction.atomic():
        # Like whoever plans an appointment: the file, and then the account.
        lockable().get(pk=late.pk)
        arrived.set()
        until(somebody_waits)
        lock(cast.manager.pk)
    thread.join(LONG)
    assert [type(result).__name__ for result in results] == ["User"]
    assert Client.objects.get(pk=late.pk).manager is None


@pytest.mark.postgres
def test_behind_the_accounts_of_a_leaver_nobody_waits_for_one_more():
    """The file of an appointment she holds as stand-in may have gone to somebody whose account was not locked."""
    cast = load_cast()
    file = ClientFactory(municipality=cast.stutensee, manager=cast.colleague)
    held = AppointmentFactory(client=file, manager=cast.manager)
    results: list[Any] = []

    def transfer() -> None:
        try:
            results.append(AppointmentDuty().transfer(Actor(cast.admin), cast.manager, None, None))
        finally:
            connection.close()

    thread = threading.Thread(target=transfer)
    with transaction.atomic():
        lock(cast.colleague.pk)
        thread.start()
        thread.join(LONG)
        assert results == [1]
    # It waits to be moved, as one that meets another does.
    assert Appointment.objects.get(pk=held.pk).manager is None
