"""A talk logged from the file settles the appointment of today, so that it is not counted twice."""

import datetime
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from appointments.choices import AppointmentState, Channel
from appointments.models import Appointment, Contact
from appointments.services.appointments import plan_appointment
from tests.appointments.log_desk import reachable, routine
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def new(client: Any) -> str:
    return reverse("file_appointments:contact_new", args=[client.uuid])


@pytest.fixture
def morning(time_machine: Any) -> datetime.datetime:
    now = timezone.make_aware(datetime.datetime(2019, 3, 14, 10, 30))
    time_machine.move_to(now, tick=False)
    return now


def planned(cast: Cast, client: Any, begins: datetime.datetime) -> Appointment:
    ends = begins + datetime.timedelta(minutes=45)
    appointment = Appointment(client=client, starts_at=begins, ends_at=ends, channel=Channel.OFFICE)
    return plan_appointment(Actor(cast.manager), appointment, agreed=True)


def test_one_that_has_begun_is_preset_and_held_by_the_talk(
    cast: Cast, as_user: Any, morning: datetime.datetime
) -> None:
    client = reachable(cast.manager)
    appointment = planned(cast, client, morning - datetime.timedelta(minutes=30))
    browser = as_user(cast.manager)
    form = browser.get(new(client)).context["form"]
    assert form["settles"].value() == str(appointment.uuid)
    assert "Termin um 10:00" in form.preset_hint
    browser.post(new(client), routine(settles=str(appointment.uuid)))
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.HELD
    assert Contact.objects.get().appointment == appointment


@pytest.mark.parametrize(
    "fields",
    [
        {"settles": ""},
        {"channel": "phone", "result": "not_reached"},
        {"spoken_with": "third_party", "organisation": "Jobcenter"},
        {"date": "2019-03-13"},
    ],
)
def test_another_talk_an_attempt_and_another_day_settle_nothing(
    cast: Cast, as_user: Any, morning: datetime.datetime, fields: dict[str, str]
) -> None:
    client = reachable(cast.manager)
    appointment = planned(cast, client, morning - datetime.timedelta(minutes=30))
    answer = as_user(cast.manager).post(new(client), routine(**{"settles": str(appointment.uuid), **fields}))
    assert answer.status_code == 302
    appointment.refresh_from_db()
    assert appointment.state == AppointmentState.PLANNED
    assert Contact.objects.get().appointment is None


def test_one_still_to_come_is_not_offered_and_a_foreign_one_is_refused(
    cast: Cast, as_user: Any, morning: datetime.datetime
) -> None:
    client, other = reachable(cast.manager), reachable(cast.manager)
    planned(cast, client, morning + datetime.timedelta(hours=2))
    browser = as_user(cast.manager)
    assert "settles" not in browser.get(new(client)).context["form"].fields
    planned(cast, client, morning - datetime.timedelta(hours=1))
    foreign = planned(cast, other, morning - datetime.timedelta(hours=2))
    answer = browser.post(new(client), routine(settles=str(foreign.uuid)))
    assert "settles" in answer.context["form"].errors
    assert not Contact.objects.exists()
