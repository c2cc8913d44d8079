import datetime
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from clients.choices import ReachKind
from clients.models import Client, DueItem
from clients.recompute import next_due, stored_facts
from tests.factories.appointments import ContactFactory
from tests.factories.clients import ClientFactory

COLUMNS = ("counselling_started_on", "last_contact_on", "next_appointment_at", "intensity", "next_review_on")


@pytest.fixture
def client(cast):
    return ClientFactory(municipality=cast.stutensee, manager=cast.manager)


def stored(client):
    return Client.objects.filter(pk=client.pk).values(*COLUMNS).get()


def run(*arguments):
    said = StringIO()
    call_command("recompute", *arguments, stdout=said)
    return said.getvalue()


def test_wrong_columns_are_brought_back_to_their_facts(client):
    contact = ContactFactory(client=client)
    Client.objects.filter(pk=client.pk).update(
        last_contact_on=datetime.date(2001, 1, 1), intensity="crisis", next_appointment_at=timezone.now()
    )
    assert "1 were corrected" in run()
    found = stored(client)
    assert found["last_contact_on"] == contact.happened_on
    assert found["counselling_started_on"] == found["last_contact_on"]
    assert (found["intensity"], found["next_appointment_at"]) == ("", None)
    assert "0 were corrected" in run()


def test_what_nobody_put_on_record_is_recorded_from_now_on(client, time_machine):
    Client.objects.filter(pk=client.pk).update(may_be_called=False)
    time_machine.move_to("2030-05-06 09:00:00+02:00", tick=False)
    assert "1 differ" in run("--dry-run")
    assert not client.reach.filter(kind=ReachKind.NO_CALLS).exists()
    assert "1 were corrected" in run()
    noted = client.reach.get(kind=ReachKind.NO_CALLS)
    assert noted.since == noted.recorded_at == timezone.now()
    assert "0 were corrected" in run()


@pytest.mark.facts_by_hand
def test_a_dry_run_writes_nothing(client):
    Client.objects.filter(pk=client.pk).update(intensity="crisis")
    assert "1 differ" in run("--dry-run")
    assert stored(client)["intensity"] == "crisis"


def test_a_recompute_touches_no_version(client):
    ContactFactory(client=client)
    run()
    assert stored(client)["last_contact_on"] is not None
    assert Client.objects.get(pk=client.pk).version == 1


@pytest.mark.parametrize(
    ("reader", "is_told"), [("", True), ("no_health", True), ("health", False), ("owner", False)]
)
def test_lists_tell_no_day_a_stand_in_may_not_know(client, reader, is_told):
    day = datetime.date(2030, 5, 6)
    items = [DueItem(client=client, due_on=day, reader=reader)]
    found = next_due(stored_facts([client.pk], timezone.now()), items)
    assert found[client.pk]["next_due_on"] == (day if is_told else None)
