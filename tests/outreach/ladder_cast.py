"""A file that can be reached, and the moves of the outreach story, by the services a screen would call."""

from __future__ import annotations

import datetime

from django.utils import timezone

from accounts.actor import Actor
from appointments.choices import Channel, Direction, Excuse, Result, SpokenWith
from appointments.models import Appointment, Contact
from appointments.services.appointments import plan_appointment, record_outcome
from appointments.services.contacts import log_contact
from clients.choices import Phase
from clients.models import Client, DueItem, Responsibility
from outreach.models import Ladder
from tests.factories.clients import (
    AccommodationFactory,
    ClientFactory,
    ClientLanguageFactory,
    ContactPointFactory,
)

DAY = datetime.date(2019, 2, 21)


def at(text: str) -> datetime.datetime:
    """An instant in Stutensee from "2019-02-21 10:00"."""
    return timezone.make_aware(datetime.datetime.fromisoformat(text))


def reachable_client(manager, municipality, **more) -> Client:
    """Active, reachable by letter, phone and at home since long ago; taken so early that nothing is open."""
    client = ClientFactory(
        manager=manager,
        municipality=municipality,
        phase=Phase.ACTIVE,
        phase_since=datetime.date(2018, 3, 1),
        registered_at=at("2018-03-01 09:00"),
        **more,
    )
    Responsibility.objects.unscoped(reason="the first talk was long ago").filter(client=client).update(
        is_taking=False
    )
    AccommodationFactory(client=client, recorded_at=at("2018-03-01 09:00"))
    ContactPointFactory(client=client, since=at("2018-03-01 09:00"))
    ClientLanguageFactory(client=client)
    return client


def no_show(client, by, start: str = "2019-02-21 10:00", *, excuse: str = Excuse.UNEXCUSED) -> Appointment:
    """An agreed appointment nobody came to, recorded in the evening."""
    begin = at(start)
    appointment = Appointment(client=client, starts_at=begin, ends_at=begin + datetime.timedelta(minutes=30))
    plan_appointment(Actor(by, begin - datetime.timedelta(days=5)), appointment, agreed=True)
    return record_outcome(
        Actor(by, begin + datetime.timedelta(hours=6)), appointment, "no_show", excuse=excuse
    )


def contact(client, by, when: str, channel: str, result: str, **more) -> Contact:
    """Log a contact at the moment it happened."""
    moment = at(when)
    language = client.client_languages.first().language
    row = Contact(
        client=client,
        happened_at=moment,
        happened_on=timezone.localdate(moment),
        channel=channel,
        result=result,
        direction=more.pop("direction", Direction.OUT),
        spoken_with=more.pop("spoken_with", SpokenWith.CLIENT),
        language=more.pop("language", language),
    )
    return log_contact(Actor(by, moment), row, **more)


def letter(client, by, when: str = "2019-02-22 09:00", **more) -> Contact:
    return contact(client, by, when, Channel.LETTER, Result.SENT, **more)


def call(client, by, when: str = "2019-03-04 10:20", **more) -> Contact:
    return contact(client, by, when, Channel.PHONE, Result.NOT_REACHED, spoken_with=SpokenWith.NOBODY, **more)


def talk(client, by, when: str, channel: str = Channel.PHONE, **more) -> Contact:
    return contact(client, by, when, channel, Result.TALK, **more)


def ladder(client) -> Ladder:
    """The newest stored ladder."""
    return Ladder.objects.unscoped(reason="test").of(client).latest("t0")


def waiting(client, kind="step") -> DueItem | None:
    """What waits in the file by its outreach, the first of what stands beforehand."""
    rows = DueItem.objects.unscoped(reason="test").of(client).filter(kind=kind)
    return rows.order_by("shows_on").first()


def due_on(client) -> datetime.date | None:
    """The day by which something is to be done."""
    item = waiting(client)
    return item.due_on if item is not None else None


def asked_from(client) -> datetime.date | None:
    """The day from which "new appointment, or none needed?" is asked."""
    item = waiting(client, "question")
    return item.shows_on if item is not None else None


def ladders(client) -> list[Ladder]:
    return list(Ladder.objects.unscoped(reason="test").of(client).order_by("t0"))
