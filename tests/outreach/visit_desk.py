"""A day of visits: a family announced at one address, a second person elsewhere, and the pages about going there."""

import datetime
import re

from django.urls import reverse

from accounts.actor import Actor
from appointments.choices import Channel
from appointments.models import Appointment
from appointments.services.appointments import plan_appointment
from clients.models import Accommodation, Household, HouseholdMember
from clients.services.facts import set_safety_note
from outreach.models import LadderAct
from outreach.services.ladders import announce_visit
from tests.factories.clients import SafetyNoteFactory
from tests.outreach.ladder_cast import at, call, letter, no_show, reachable_client

DAY = "2019-03-18"
ROUND = f"/visits/?on={DAY}"


def announced(client, by, day: str = DAY, *, missed: str = "2019-02-21 10:00") -> None:
    """Missed, written to, called, and told that we come on that day."""
    no_show(client, by, missed)
    letter(client, by)
    call(client, by)
    act = LadderAct(day=datetime.date.fromisoformat(day), channel=Channel.LETTER)
    announce_visit(Actor(by, at("2019-03-12 09:00")), act, client)


def at_home(client, by, start: str = f"{DAY} 15:00", planned: str = "2019-03-12 10:00") -> Appointment:
    """An appointment at the client's home, agreed."""
    begin = at(start)
    row = Appointment(
        client=client,
        channel=Channel.HOME_VISIT,
        starts_at=begin,
        ends_at=begin + datetime.timedelta(minutes=45),
    )
    return plan_appointment(Actor(by, at(planned)), row, agreed=True)


def lives(client, street: str) -> None:
    Accommodation.objects.unscoped(reason="test").filter(client=client).update(street=street)


def family(client, by, place, given_name: str = "Omid"):
    """One more person of the household, at the same address."""
    other = reachable_client(by, place, surname="Rahmatyar", given_name=given_name)
    known = HouseholdMember.objects.unscoped(reason="test").filter(client=client).first()
    household = known.household if known else Household.objects.create(municipality=place)
    for person in (other,) if known else (client, other):
        HouseholdMember.objects.create(household=household, client=person, since=datetime.date(2018, 3, 1))
    return other


def warn(client, by, reason: str = "Großer Hund im Hof") -> None:
    """Only in pairs."""
    note = SafetyNoteFactory.build(
        client=client, reason=reason, only_in_pairs=True, expires_on=datetime.date(2020, 1, 1)
    )
    set_safety_note(Actor(by, at("2019-03-01 09:00")), note)


def plain(response) -> str:
    assert response.status_code == 200, response.status_code
    return re.sub(r"\s+", " ", response.content.decode())


def file_url(name, client, *args, day: str = "") -> str:
    path = reverse(f"file_outreach:{name}", args=[client.uuid, *args])
    return f"{path}?round={day}" if day else path
