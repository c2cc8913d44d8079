"""What only a town of 250 active files shows: figures that look like those of a real service."""

import datetime as dt

from accounts.access import scope_of
from accounts.models import User
from appointments.choices import AppointmentState, Excuse
from appointments.models import Appointment
from clients.choices import Phase
from clients.models import Client
from reports import my_day
from reports.demo.world import at
from tests.reports.conftest import AS_OF, empty_the_house, invent

NOW = at(AS_OF, 9)


def missed_without_excuse(days: int) -> float:
    """Share of the agreed appointments of the last days, cancelled ones left out."""
    past = Appointment.objects.filter(
        starts_at__range=(NOW - dt.timedelta(days=days), NOW), agreed_at__isnull=False
    )
    held = past.filter(state=AppointmentState.HELD).count()
    missed = past.filter(state=AppointmentState.NO_SHOW, excuse=Excuse.UNEXCUSED).count()
    return missed / (held + missed)


def phases_of_proposals(username: str) -> set[str]:
    """In which phases *Mein Tag* proposes the next one."""
    user = User.objects.get(username=username)
    lines = my_day.collect(user, scope_of(user, AS_OF), AS_OF, NOW)
    files = [line.case_no for line in lines if line.kind == "phase"]
    return set(Client.objects.filter(case_no__in=files).values_list("phase", flat=True))


def test_a_town_of_the_usual_size_looks_plausible(db, time_machine):
    time_machine.move_to(NOW)
    empty_the_house()
    invent(clients=250)

    # Of a hundred agreed appointments 76 are held and 16 missed (domain.md section 8.5).
    assert {days: 0.10 < missed_without_excuse(days) < 0.25 for days in (31, 90, 365)} == dict.fromkeys(
        (31, 90, 365), True
    )
    for username in ("manager", "colleague"):
        assert phases_of_proposals(username) == {Phase.CONTACTING, Phase.INTAKE, Phase.PAUSED}
