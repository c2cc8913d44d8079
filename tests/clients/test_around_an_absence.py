"""Before an absence the days of a stand-in stand on one sheet, afterwards what was done meanwhile."""

import datetime
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import StandIn
from appointments.models import FollowUp
from tests.appointments.log_desk import talk as logged
from tests.factories.accounts import StandInFactory
from tests.factories.appointments import AppointmentFactory, FollowUpFactory
from tests.factories.clients import ClientFactory
from tests.worklists import derive

pytestmark = pytest.mark.django_db


def days(number):
    return datetime.timedelta(days=number)


@pytest.fixture
def stand_in(cast):
    today = timezone.localdate()
    return StandInFactory(
        absent=cast.manager, substitute=cast.colleague, since=today + days(5), until=today + days(12)
    )


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def follow_up(cast, surname, due_in, *, hard=True, **file):
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname=surname, **file)
    row = FollowUpFactory(
        client=client,
        owner=cast.manager,
        due_on=timezone.localdate() + days(due_in),
        is_hard=hard,
        text=f"Frist {surname}",
    )
    derive(client)
    return row


def sheet_of(stand_in):
    return reverse("stand_ins:sheet", args=[stand_in.uuid])


def test_the_sheet_holds_what_is_due_in_these_days_and_was_due_before(cast, as_user, stand_in):
    for surname, due_in in (("Vorherova", 1), ("Mittendrinova", 8), ("Spaeterova", 20)):
        follow_up(cast, surname, due_in)
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Terminova")
    starts = timezone.now() + days(7)
    AppointmentFactory(
        client=client, manager=cast.manager, starts_at=starts, ends_at=starts + datetime.timedelta(hours=1)
    )
    derive(client)
    page = text_of(as_user(cast.manager).get(sheet_of(stand_in)))
    for named in ("Frist Vorherova", "Frist Mittendrinova", "Terminova"):
        assert named in page
    assert "Frist Spaeterova" not in page
    assert "Tobias Kettelhack vertritt Jana Rehbaum" in page


def test_people_in_a_crisis_are_named(cast, as_user, stand_in):
    ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Krisova", intensity="crisis")
    ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Ruhigova", intensity="regular")
    page = text_of(as_user(cast.manager).get(sheet_of(stand_in)))
    assert "Krisova" in page
    assert "Ruhigova" not in page


def test_a_crisis_that_only_health_explains_is_not_told_to_a_stand_in(cast, as_user):
    ClientFactory(
        manager=cast.manager,
        municipality=cast.stutensee,
        surname="Krisova",
        intensity="crisis",
        unprotected_intensity="regular",
    )
    running = StandIn.objects.get(substitute=cast.substitute)
    assert "Krisova" in text_of(as_user(cast.manager).get(sheet_of(running)))
    assert "Krisova" not in text_of(as_user(cast.substitute).get(sheet_of(running)))


def test_the_substitute_reads_it_from_the_first_day_to_midnight_of_the_last(
    cast, as_user, stand_in, time_machine
):
    follow_up(cast, "Mittendrinova", 8)
    begin = datetime.datetime.combine(stand_in.since, datetime.time(0, 1), timezone.get_current_timezone())
    last = datetime.datetime.combine(stand_in.until, datetime.time(23, 59), timezone.get_current_timezone())
    assert as_user(cast.colleague).get(sheet_of(stand_in)).status_code == 404
    time_machine.move_to(begin)
    browser = as_user(cast.colleague)
    assert "Mittendrinova" in text_of(browser.get(sheet_of(stand_in)))
    assert sheet_of(stand_in) in text_of(browser.get("/"))
    time_machine.move_to(last)
    assert as_user(cast.colleague).get(sheet_of(stand_in)).status_code == 200
    time_machine.move_to(last + datetime.timedelta(minutes=1))
    assert as_user(cast.colleague).get(sheet_of(stand_in)).status_code == 404


@pytest.mark.parametrize("who", ["former", "outsider", "coordinator"])
def test_nobody_else_reads_it(cast, as_user, stand_in, who):
    browser = as_user(cast.users[who])
    assert browser.get(sheet_of(stand_in)).status_code == 404
    assert browser.get(reverse("stand_ins:meanwhile", args=[stand_in.uuid])).status_code == 404


def test_the_sheet_takes_as_many_statements_for_many_matters_as_for_one(cast, as_user, stand_in):
    browser = as_user(cast.manager)

    def count():
        with CaptureQueriesContext(connection) as captured:
            browser.get(sheet_of(stand_in))
        return len(captured)

    follow_up(cast, "Mittendrinova0", 8, intensity="crisis")
    count()
    first = count()
    for number in range(1, 20):
        follow_up(cast, f"Mittendrinova{number}", 8, intensity="crisis")
    assert count() == first


def test_back_again_one_reads_what_was_done_meanwhile(cast, as_user, time_machine):
    running = StandIn.objects.get(substitute=cast.substitute)
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Besuchova")
    untouched = ClientFactory(manager=cast.manager, municipality=cast.stutensee, surname="Unberuehrtova")
    logged(client, cast.substitute)
    logged(untouched, cast.manager)
    StandIn.objects.filter(pk=running.pk).update(until=timezone.localdate())
    time_machine.move_to(timezone.now() + days(1))
    browser = as_user(cast.manager)
    assert "Während Ihrer Abwesenheit" in text_of(browser.get("/"))
    page = text_of(browser.get(reverse("stand_ins:meanwhile", args=[running.uuid])))
    assert "Besuchova" in page
    assert "Mareike Ostendahl hat Sie vom" in page
    assert "Unberuehrtova" not in page
    assert (
        as_user(cast.substitute).get(reverse("stand_ins:meanwhile", args=[running.uuid])).status_code == 404
    )


def test_a_follow_up_done_by_the_stand_in_is_told_once_a_day(cast, as_user):
    running = StandIn.objects.get(substitute=cast.substitute)
    row = follow_up(cast, "Besuchova", 1)
    client = row.client
    path = reverse("file_appointments:follow_up_done", args=[client.uuid, row.uuid])
    as_user(cast.substitute).post(path, {"version": str(row.version)})
    assert FollowUp.objects.get(pk=row.pk).done_at is not None
    page = text_of(as_user(cast.manager).get(reverse("stand_ins:meanwhile", args=[running.uuid])))
    assert page.count("Besuchova") >= 1
