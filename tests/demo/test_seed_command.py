"""The command that invents the town: what it takes, what it refuses, and that chance comes from the seed alone."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import transaction

from accounts.models import Municipality
from appointments import figures
from appointments.models import Contact
from clients.choices import Phase
from clients.figures import files_over_time
from clients.models import Client, DueItem
from demo import seed, world
from demo.rows import Rows
from demo.world import at
from intake.models import Enquiry
from outreach.models import Ladder
from tests.invented_town import AS_OF, invent


def fingerprint():
    """What a town consists of, without the keys the database gives."""
    return (
        list(
            Client.objects.order_by("case_no").values_list(
                "case_no", "uuid", "surname", "phase", "last_contact_on"
            )
        ),
        list(Contact.objects.order_by("happened_at", "uuid").values_list("uuid", "channel", "happened_at")),
        list(Ladder.objects.order_by("uuid").values_list("uuid", "stage")),
        list(
            DueItem.objects.order_by("object", "kind", "shows_on", "reader").values_list("object", "due_on")
        ),
    )


def test_the_same_seed_makes_the_same_town(empty_house):
    with transaction.atomic():
        invent(clients=20)
        first = fingerprint()
        transaction.set_rollback(True)
    invent(clients=20)
    assert fingerprint() == first


@pytest.fixture
def small_places(monkeypatch):
    """Municipalities of six active files, of which the third already repeats the second."""
    monkeypatch.setattr(world, "FILES_PER_PLACE", 6)
    monkeypatch.setattr(world, "TOLD_PLACES", 2)


def test_the_same_seed_makes_the_same_large_district(empty_house, small_places):
    with transaction.atomic():
        invent(clients=18)
        first = fingerprint()
        transaction.set_rollback(True)
    invent(clients=18)
    assert fingerprint() == first


def test_a_long_run_says_how_far_it_is(empty_house, small_places, monkeypatch):
    monkeypatch.setattr(seed.Progress, "EVERY_SECONDS", 0)
    lines = []
    invent(clients=18, say=lines.append)
    assert [line.partition(": ")[2] for line in lines] == [
        "4 of 18 files in active counselling",
        "4 of 18 files in active counselling",
        "10 of 18 files in active counselling",
        "16 of 18 files in active counselling",
        "18 of 18 files in active counselling",
    ]


@pytest.mark.parametrize("month", [1, 2, 3, 6, 24])
def test_every_month_of_the_service_can_be_shown(empty_house, month):
    assert invent(clients=9, month=month).active == 9
    assert not Contact.objects.filter(happened_at__gte=at(AS_OF, 0)).exists()


def test_the_people_of_today_can_be_shown(empty_house):
    invent(clients=30, profile="today")
    assert Client.objects.filter(nationality__code="UA").count() > 5


@pytest.mark.parametrize("profile", ["seed", "today"])
def test_as_many_come_to_agreed_appointments_as_elsewhere(empty_house, profile):
    """Of 92 who came or stayed away without excuse, 16 did not come (demonstration.md "Contacts")."""
    invent(clients=250, profile=profile)
    files = files_over_time([Municipality.objects.get(code="STU").pk])
    for first, last in (
        (dt.date(2026, 10, 1), dt.date(2026, 10, 31)),
        (dt.date(2026, 7, 1), dt.date(2026, 9, 30)),
        (dt.date(2026, 10, 1), dt.date(2026, 11, 22)),
        (dt.date(2026, 1, 1), dt.date(2026, 11, 22)),
    ):
        found = figures.work_of(files, figures.Parts.of((first, last)), at(AS_OF, 7)).outcomes.total
        assert 0.12 <= found.unexcused / (found.held + found.unexcused) <= 0.22
        assert found.excused
        assert found.cancelled
    november = figures.Parts.of((dt.date(2026, 11, 1), dt.date(2026, 11, 22)))
    assert figures.work_of(files, november, at(AS_OF, 7)).undecided


def test_a_larger_installation_has_more_municipalities(empty_house, monkeypatch):
    monkeypatch.setattr(world, "FILES_PER_PLACE", 12)
    invent(clients=26)
    with_active = Client.objects.filter(phase=Phase.ACTIVE).values("municipality").distinct()
    assert with_active.count() == 2
    assert Client.objects.filter(phase=Phase.ACTIVE).count() == 26


def test_the_command_says_what_it_did(empty_house):
    out = io.StringIO()
    call_command("seed_demo", "--clients", "5", "--as-of", "2026-11-23", stdout=out)
    assert "5 of them in active counselling" in out.getvalue()


def test_it_fills_an_empty_installation_only(cast):
    with pytest.raises(CommandError, match="already"):
        call_command("seed_demo", "--clients", "5")


def test_it_refuses_outside_a_demonstration(empty_house, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="DEMO=1"):
        call_command("seed_demo")


@pytest.mark.parametrize(
    "wrong", [("--clients", "0"), ("--month", "0"), ("--month", "99"), ("--profile", "none")]
)
def test_nonsense_is_refused(empty_house, wrong):
    with pytest.raises(CommandError):
        call_command("seed_demo", *wrong)


def test_a_model_without_a_place_in_the_order_is_refused(cast):
    rows = Rows()
    rows.add(Enquiry, municipality=cast.stutensee)
    with pytest.raises(LookupError, match="Enquiry"):
        rows.write()
