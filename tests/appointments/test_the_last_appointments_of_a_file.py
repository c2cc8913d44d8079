"""The file shows what came of its last five appointments; nothing rates a person."""

import datetime
import re
from typing import Any

import pytest
from django.utils import timezone

from appointments.choices import AppointmentState, Excuse
from tests.appointments.log_desk import reachable
from tests.cast import Cast
from tests.factories.appointments import AppointmentFactory

pytestmark = pytest.mark.django_db


def ago(days: int) -> datetime.datetime:
    return timezone.localtime().replace(hour=9, minute=0) - datetime.timedelta(days=days)


def shown(page: str) -> list[str]:
    """The outcomes under the heading, in their order."""
    _before, heading, after = page.partition("Die letzten Termine")
    return re.findall(r"<small>([^<]*)</small>", after.partition("</ul>")[0]) if heading else []


def test_the_last_five_stand_with_their_outcome_the_newest_first(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    for days in (60, 50):
        AppointmentFactory(client=client, starts_at=ago(days), outcome=AppointmentState.HELD)
    AppointmentFactory(client=client, starts_at=ago(40), outcome=AppointmentState.CANCELLED_CLIENT)
    AppointmentFactory(client=client, starts_at=ago(30), outcome=AppointmentState.MOVED)
    for days, excuse in ((25, Excuse.EXCUSED), (20, Excuse.UNEXCUSED), (15, Excuse.UNDECIDED)):
        AppointmentFactory(
            client=client, starts_at=ago(days), outcome=AppointmentState.NO_SHOW, outcome__excuse=excuse
        )
    AppointmentFactory(client=client, starts_at=ago(10))
    AppointmentFactory(client=client, starts_at=ago(5), outcome=AppointmentState.HELD)
    page = as_user(cast.manager).get(client.get_absolute_url()).text
    assert shown(page) == [
        "stattgefunden",
        "nicht erschienen, unentschuldigt",
        "nicht erschienen, entschuldigt",
        "von Klient:in abgesagt",
        "stattgefunden",
    ]


def test_without_a_past_appointment_there_is_no_heading(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    AppointmentFactory(client=client, starts_at=ago(-3))
    assert shown(as_user(cast.manager).get(client.get_absolute_url()).text) == []
