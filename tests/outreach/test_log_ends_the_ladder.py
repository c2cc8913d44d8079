"""Over HTTP with a moved clock: every way to log a two-way contact ends the ladder, one with a neighbour does not."""

import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse

from appointments.drop_ins import sign_key
from appointments.models import Appointment
from outreach.models import Ladder
from tests.appointments.log_desk import reachable, routine
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory

pytestmark = pytest.mark.django_db
MISSED = datetime.datetime(2019, 2, 21, 10, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def new(client: Any, query: str = "") -> str:
    return reverse("file_appointments:contact_new", args=[client.uuid]) + query


def outcome(browser: Any, appointment: Appointment, value: str) -> Any:
    path = reverse("file_appointments:outcome", args=[appointment.client.uuid, appointment.uuid])
    appointment.refresh_from_db()
    return browser.post(path, {"outcome": value, "version": str(appointment.version)})


@pytest.fixture
def missed(cast: Cast, as_user: Any, time_machine: Any) -> Appointment:
    """An agreed appointment nobody came to, recorded over HTTP; a week has gone by since."""
    time_machine.move_to(MISSED - datetime.timedelta(days=30))
    client = reachable(cast.manager)
    # The first contact was made long ago.
    client.responsibilities.update(is_taking=False)
    time_machine.move_to(MISSED + datetime.timedelta(hours=1))
    appointment = AppointmentFactory(
        client=client, starts_at=MISSED, recorded_at=MISSED - datetime.timedelta(days=7)
    )
    outcome(as_user(cast.manager), appointment, "unexcused")
    assert Ladder.objects.get(client=client).ended_at is None
    time_machine.move_to(MISSED + datetime.timedelta(days=8, hours=3))
    return appointment


def is_open(appointment: Appointment) -> bool:
    return Ladder.objects.get(client=appointment.client).ended_at is None


def test_a_talk_logged_from_the_file_ends_it(cast: Cast, as_user: Any, missed: Appointment) -> None:
    assert as_user(cast.manager).post(new(missed.client), routine()).status_code == 302
    assert not is_open(missed)


def test_a_message_from_the_client_ends_it(cast: Cast, as_user: Any, missed: Appointment) -> None:
    post = routine(channel="message", result="received", main_topic=None)
    as_user(cast.manager).post(new(missed.client), post)
    assert not is_open(missed)


def test_the_outcome_of_another_appointment_ends_it(cast: Cast, as_user: Any, missed: Appointment) -> None:
    later = AppointmentFactory(client=missed.client, starts_at=MISSED + datetime.timedelta(days=8))
    outcome(as_user(cast.manager), later, "held")
    assert not is_open(missed)


def test_a_colleagues_drop_in_ends_it(cast: Cast, as_user: Any, missed: Appointment) -> None:
    path = reverse("appointments:drop_in_new", args=[sign_key(cast.colleague, missed.client)])
    assert as_user(cast.colleague).post(path, routine(channel="open_hour")).status_code == 302
    assert not is_open(missed)


def test_a_step_in_which_the_client_is_reached_ends_it(cast: Cast, as_user: Any, missed: Appointment) -> None:
    browser = as_user(cast.manager)
    assert (
        browser.post(new(missed.client, "?step=step1&channel=phone"), routine(channel="phone")).status_code
        == 302
    )
    assert not is_open(missed)


def test_a_joint_talk_logged_in_another_file_ends_it(cast: Cast, as_user: Any, missed: Appointment) -> None:
    partner = reachable(cast.manager)
    as_user(cast.manager).post(new(partner), routine(people=[f"c:{missed.client.uuid}"]))
    assert not is_open(missed)


@pytest.mark.parametrize(
    "fields",
    [
        {"channel": "home_visit", "result": "message_left", "spoken_with": "relative"},
        {"channel": "home_visit", "result": "talk", "spoken_with": "relative"},
        {"channel": "phone", "result": "not_reached"},
        {"channel": "letter", "result": "sent"},
        {"channel": "phone", "result": "talk", "spoken_with": "third_party", "organisation": "Jobcenter"},
        {"channel": "phone", "result": "talk", "spoken_with": "interpreter_only"},
        {"channel": "group", "result": "talk", "attendees": "5"},
    ],
)
def test_neighbours_attempts_and_third_parties_do_not_end_it(
    cast: Cast, as_user: Any, missed: Appointment, fields: dict[str, str]
) -> None:
    assert as_user(cast.manager).post(new(missed.client), routine(**fields)).status_code == 302
    assert is_open(missed)


def test_an_accepted_excuse_ends_it_and_a_talk_corrected_away_opens_it_again(
    cast: Cast, as_user: Any, missed: Appointment
) -> None:
    browser = as_user(cast.manager)
    outcome(browser, missed, "excused")
    assert not is_open(missed)
    outcome(browser, missed, "unexcused")
    assert is_open(missed)
