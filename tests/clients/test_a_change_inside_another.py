"""A change that joins another one and fails: what it locked is free again, and the outer one knows."""

import threading

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from accounts import duties
from accounts.actor import Actor
from appointments.models import Contact
from appointments.services.corrections import correct_contact, mark_returned
from audit.models import AuditEntry
from clients.models import Client, Responsibility
from clients.services.change import change, lockable
from clients.services.responsibility import assign
from intake.services.caseloads import assign_by_count, unassigned_caseloads
from tests.factories.appointments import ContactFactory
from tests.factories.clients import ClientFactory
from tests.overlap import LONG, somebody_waits, until


@pytest.fixture
def file(cast):
    return ClientFactory(municipality=cast.stutensee, manager=cast.manager)


@pytest.mark.django_db
def test_a_file_locked_by_a_change_that_failed_counts_as_locked_no_more(cast, file):
    other = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    actor = Actor(cast.manager)
    with change(actor, [file]) as locked:
        with pytest.raises(ZeroDivisionError), change(actor, [other]):
            raise ZeroDivisionError
        assert locked.keep().keys() == {file.pk}
        Client.objects.filter(pk=other.pk).update(benefit_unit="written meanwhile")
        with change(actor, [other]):
            assert locked.file(other).benefit_unit == "written meanwhile"


@pytest.mark.django_db
def test_a_caseload_handed_over_inside_another_change_takes_no_other_file_along(cast, file):
    foreign = ClientFactory(municipality=cast.stutensee, manager=cast.colleague)
    with change(Actor(cast.admin), [foreign]):
        duty = next(duty for duty in duties.registered() if duty.code == duties.CASELOAD)
        assert duty.transfer(Actor(cast.admin), cast.manager, cast.substitute, None) == 1
    managers = (
        Client.objects.order_by("pk").filter(pk__in=[file.pk, foreign.pk]).values_list("manager", flat=True)
    )
    assert list(managers) == [cast.substitute.pk, cast.colleague.pk]
    assert not Responsibility.objects.filter(client=foreign, manager=cast.substitute).exists()


def gets_a_letter_back(cast, own):
    letter = Contact.objects.get(pk=ContactFactory(client=own, channel="letter", result="sent").pk)
    mark_returned(Actor(cast.manager), letter, expected_version=letter.version)


def is_corrected(cast, own):
    contact = Contact.objects.get(pk=ContactFactory(client=own).pk)
    correct_contact(Actor(cast.manager), contact, expected_version=contact.version)


def is_assigned(cast, own):
    assign(Actor(cast.admin), own, None)
    (caseload,) = unassigned_caseloads()
    assign_by_count(Actor(cast.admin), caseload, {cast.colleague: 1})


@pytest.mark.django_db
@pytest.mark.parametrize("happens", [gets_a_letter_back, is_corrected, is_assigned])
def test_what_happens_to_a_file_inside_another_change_is_said_of_no_other_file(cast, file, happens):
    other = ClientFactory(municipality=cast.stutensee, manager=cast.manager)
    # The same person does both, whatever her right: what is asked is asked again inside.
    with change(Actor(cast.manager), [other]):
        happens(cast, file)
    assert AuditEntry.objects.about(file.subject_ref).exists()
    assert not AuditEntry.objects.about(other.subject_ref).exists()
    assert Client.objects.get(pk=other.pk).manager == cast.manager


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.facts_by_hand
def test_the_daily_recompute_and_somebody_at_work_do_not_wait_for_each_other():
    from tests.cast import load_cast

    cast = load_cast()
    first, second = (
        ClientFactory(municipality=cast.stutensee, manager=cast.manager, intensity="crisis") for _ in range(2)
    )
    # Written last, the first file lies behind the second.
    Client.objects.filter(pk=first.pk).update(benefit_unit="behind")
    problems = []

    def run():
        try:
            call_command("recompute", verbosity=0)
        except Exception as problem:
            problems.append(problem)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        lockable().get(pk=first.pk)
        thread.start()
        until(somebody_waits)
        lockable().get(pk=second.pk)
    thread.join(LONG)
    assert problems == []
    assert set(Client.objects.values_list("intensity", flat=True)) == {""}
