"""A closed file can only be read: what is open in it is settled first."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actor import Actor
from appointments.models import Appointment, Contact, FollowUp
from appointments.services.contacts import place_in_time
from appointments.services.drop_ins import accept_drop_in, leave_drop_in
from clients.choices import Phase
from clients.models import ClosingReason
from clients.services.files import close_counselling
from tests.factories.clients import ClientFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def client_file(cast):
    return ClientFactory(manager=cast.manager, municipality=cast.stutensee)


def close(client, cast):
    return close_counselling(
        Actor(cast.manager), client, reason=ClosingReason.objects.first(), on=timezone.localdate()
    )


def test_nothing_open_closes(cast, client_file):
    assert close(client_file, cast).phase == Phase.CLOSED


@pytest.mark.parametrize("days", [-2, 2])
def test_a_planned_or_undecided_appointment_is_named(cast, client_file, days):
    starts = timezone.now() + datetime.timedelta(days=days)
    appointment = Appointment.objects.create(
        client=client_file,
        manager=cast.manager,
        starts_at=starts,
        ends_at=starts + datetime.timedelta(minutes=30),
        channel="office",
        recorded_by=cast.manager,
        recorded_at=timezone.now() - datetime.timedelta(days=9),
    )
    with pytest.raises(ValidationError, match="Termine: 1"):
        close(client_file, cast)
    client_file.refresh_from_db()
    assert client_file.phase == Phase.ACTIVE

    appointment.state = "cancelled_us"
    appointment.save()
    assert close(client_file, cast).phase == Phase.CLOSED


def test_an_open_follow_up_is_named_at_the_form(cast, client_file, as_user):
    FollowUp.objects.create(
        client=client_file,
        owner=cast.manager,
        text="Widerspruch",
        due_on=timezone.localdate(),
        is_hard=True,
        recorded_by=cast.manager,
        recorded_at=timezone.now(),
    )
    answer = as_user(cast.manager).post(
        f"/clients/{client_file.uuid}/close/",
        {
            "reason": ClosingReason.objects.first().pk,
            "on": timezone.localdate().isoformat(),
            "note": "Zieht um.",
            "version": client_file.version,
            "form_token": "5f3c3c0e-1f0e-4a57-9b7a-1d4b9c0c7a21",
        },
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Wiedervorlagen: 1" in page
    assert "Zieht um." in page


def test_what_a_colleague_left_is_read_before_the_file_is_closed(cast, client_file):
    """A closed file is in nobody's *Mein Tag*, and nothing in it can be accepted."""
    left = Contact(client=client_file, channel="phone", result="talk", minutes=10, urgent=True)
    place_in_time(left, timezone.localdate(), None)
    leave_drop_in(Actor(cast.colleague), left, note="Räumungsklage erhalten.")
    with pytest.raises(ValidationError, match="Hinterlassene Kontakte: 1"):
        close(client_file, cast)
    client_file.refresh_from_db()
    assert client_file.phase == Phase.ACTIVE

    accept_drop_in(Actor(cast.manager), left, expected_version=1)
    assert close(client_file, cast).phase == Phase.CLOSED
