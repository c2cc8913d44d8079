"""The day list and what is due: the right lines, the right order, and no query per row."""

import datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from appointments.choices import AppointmentState, Channel, Excuse, InterpreterNeed
from appointments.due_items import AppointmentDue
from appointments.models import Appointment, FollowUp
from clients.models import Draft
from tests.appointments.log_desk import reachable, text_of, topic
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory, ContactFactory, FollowUpFactory
from tests.factories.clients import SafetyNoteFactory
from tests.worklists import derive, lines_of

pytestmark = pytest.mark.django_db


def noon(days: int = 0, minutes: int = 0) -> datetime.datetime:
    local = timezone.localtime() + datetime.timedelta(days=days)
    return local.replace(hour=12, minute=0, second=0, microsecond=0) + datetime.timedelta(minutes=minutes)


def lines(user: Any, now: datetime.datetime | None = None) -> list[Any]:
    return lines_of(user, now, kinds=[*AppointmentDue, "draft"])


def test_past_appointments_wait_for_an_outcome_and_no_shows_for_the_excuse(cast: Cast) -> None:
    client = reachable(cast.manager)
    AppointmentFactory(client=client, starts_at=noon(-5))
    AppointmentFactory(client=client, starts_at=noon(-4), outcome=AppointmentState.NO_SHOW)
    AppointmentFactory(
        client=client, starts_at=noon(-3), outcome=AppointmentState.NO_SHOW, outcome__excuse=Excuse.EXCUSED
    )
    AppointmentFactory(client=client, starts_at=noon(-2), outcome=AppointmentState.CANCELLED_US)
    AppointmentFactory(client=client, starts_at=noon(2))
    found = [line for line in lines(cast.manager, noon()) if line.kind == "appointment"]
    assert [[outcome.value for outcome in line.outcomes] for line in found] == [
        ["held", "no_show", "cancelled_client"],
        ["excused", "unexcused"],
    ]
    assert {line.state for line in found} == {"late"}


def test_the_day_of_an_absent_manager_is_seen_by_her_stand_in_alone(cast: Cast) -> None:
    AppointmentFactory(client=reachable(cast.manager), starts_at=noon(-5))
    assert lines(cast.manager)
    assert lines(cast.substitute)
    for user in (cast.colleague, cast.former, cast.outsider, cast.officer, cast.admin):
        assert lines(user) == []


def test_interpreters_not_confirmed_are_due_within_a_week(cast: Cast) -> None:
    client = reachable(cast.manager)
    AppointmentFactory(client=client, starts_at=noon(3), interpreter=InterpreterNeed.NEEDED)
    AppointmentFactory(client=client, starts_at=noon(4), interpreter=InterpreterNeed.BOOKED)
    AppointmentFactory(client=client, starts_at=noon(5), interpreter=InterpreterNeed.CONFIRMED)
    AppointmentFactory(client=client, starts_at=noon(20), interpreter=InterpreterNeed.NEEDED)
    assert len([line for line in lines(cast.manager, noon()) if line.kind == "interpreter"]) == 2


def test_deadlines_are_shown_earlier_than_other_follow_ups(cast: Cast) -> None:
    client = reachable(cast.manager)
    today = timezone.localdate()
    for days in (-1, 0, 5, 20, 60):
        for hard in (True, False):
            FollowUpFactory(client=client, due_on=today + datetime.timedelta(days=days), is_hard=hard)
    found = [line for line in lines(cast.manager) if line.kind == "follow_up"]
    assert [line.hard for line in found].count(True) == 4
    assert [line.hard for line in found].count(False) == 3


def test_a_visit_says_only_in_pairs(cast: Cast) -> None:
    client = reachable(cast.manager)
    SafetyNoteFactory(client=client)
    AppointmentFactory(client=client, starts_at=noon(0, 1), channel=Channel.HOME_VISIT)
    (line,) = [line for line in lines(cast.manager, noon()) if line.kind == "appointment"]
    assert line.care == "nur zu zweit"


def test_the_calendar_shows_a_day_the_week_around_it_and_its_outcomes(cast: Cast, as_user: Any) -> None:
    mine, theirs = reachable(cast.manager), reachable(cast.colleague)
    day = timezone.localdate() - datetime.timedelta(days=10)
    AppointmentFactory(client=mine, starts_at=noon(-10), matter="Kindergeld")
    AppointmentFactory(client=theirs, starts_at=noon(-10))
    url = reverse("appointments:day")
    text = text_of(as_user(cast.manager).get(url, {"on": day.isoformat()}))
    assert mine.display_name in text
    assert "Kindergeld" in text
    assert "Nicht erschienen" in text
    assert theirs.display_name not in text
    assert mine.display_name not in text_of(as_user(cast.manager).get(url))


@pytest.mark.parametrize("day", ["", "morgen", "2019-02-29", "0001-01-01", "9999-12-31", "2019-1-1' OR 1=1"])
def test_nonsense_in_the_address_is_today(cast: Cast, as_user: Any, day: str) -> None:
    answer = as_user(cast.manager).get(reverse("appointments:day"), {"on": day})
    assert answer.status_code == 200
    assert answer.context["day"] == timezone.localdate()


def test_an_appointment_after_midnight_belongs_to_the_local_day(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    zone = timezone.get_current_timezone()
    start = datetime.datetime(2019, 7, 2, 0, 15, tzinfo=zone)
    AppointmentFactory(client=client, starts_at=start)
    url = reverse("appointments:day")
    assert client.display_name in text_of(as_user(cast.manager).get(url, {"on": "2019-07-02"}))
    assert client.display_name not in text_of(as_user(cast.manager).get(url, {"on": "2019-07-01"}))


def test_only_managers_open_the_calendar(cast: Cast, as_user: Any) -> None:
    codes = {name: as_user(user).get("/appointments/").status_code for name, user in cast.users.items()}
    assert codes["manager"] == codes["outsider"] == 200
    assert codes["officer"] == codes["coordinator"] == codes["admin"] == 403


def _fill(cast: Cast, number: int) -> None:
    for index in range(number):
        client = reachable(cast.manager)
        AppointmentFactory(client=client, starts_at=noon(-1, 50 * index - 1000 * (index // 20)), manager=None)
        AppointmentFactory(client=client, starts_at=noon(0, index), manager=None, channel=Channel.HOME_VISIT)
        AppointmentFactory(
            client=client, starts_at=noon(2, index), manager=None, interpreter=InterpreterNeed.NEEDED
        )
        FollowUpFactory(client=client)
        ContactFactory(client=client, left_by=cast.colleague, recorded_by=cast.colleague, main_topic=topic())
        Draft.objects.create(
            author=cast.manager,
            form="contact_log",
            object_key=str(client.uuid),
            path=f"/clients/{client.uuid}/contacts/new/",
            title="Beratung erfassen",
            case_no=client.case_no,
            data={"form_token": [str(client.uuid)]},
            saved_at=timezone.now(),
        )


def _queries(work: Any) -> int:
    with CaptureQueriesContext(connection) as counted:
        work()
    return len(counted)


def test_what_is_due_asks_as_much_for_fifty_rows_as_for_one(cast: Cast) -> None:
    _fill(cast, 1)
    # The user's scope is computed once and kept.
    lines(cast.manager)
    few = _queries(lambda: lines_of(cast.manager, fresh=False))
    _fill(cast, 49)
    derive()
    assert _queries(lambda: lines_of(cast.manager, fresh=False)) == few
    assert len(lines(cast.manager)) > 200


@pytest.mark.parametrize("path", ["/appointments/", "/appointments/contacts/new/", "/"])
def test_pages_ask_as_much_for_fifty_rows_as_for_one(cast: Cast, as_user: Any, path: str) -> None:
    browser = as_user(cast.manager)
    _fill(cast, 1)
    derive()
    browser.get(path)
    few = _queries(lambda: browser.get(path))
    _fill(cast, 49)
    derive()
    assert _queries(lambda: browser.get(path)) == few


def test_a_file_asks_as_much_for_fifty_contacts_as_for_one(cast: Cast, as_user: Any) -> None:
    client, partner = reachable(cast.manager), reachable(cast.manager)
    browser = as_user(cast.manager)
    paths = [
        client.get_absolute_url(),
        reverse("clients:timeline", args=[client.uuid]),
        reverse("file_appointments:contact_new", args=[client.uuid]),
    ]

    def fill(number: int) -> None:
        for index in range(number):
            when = noon(-index - 2)
            ContactFactory(
                client=client, participants=[partner], note="Notiz", happened_at=when, main_topic=topic()
            )
            AppointmentFactory(client=client, starts_at=when, manager=None, outcome=AppointmentState.NO_SHOW)
            AppointmentFactory(client=client, starts_at=noon(index + 2), manager=None)
            FollowUpFactory(client=client)

    fill(1)
    few = []
    for path in paths:
        browser.get(path)
        few.append(_queries(lambda path=path: browser.get(path)))
    fill(49)
    assert [_queries(lambda path=path: browser.get(path)) for path in paths] == few


def test_nothing_due_is_an_empty_list(cast: Cast) -> None:
    assert lines(cast.manager) == []
    assert not Appointment.objects.exists()
    assert not FollowUp.objects.exists()
