"""What the tests of the log need again and again: a file on the table and a routine talk to log."""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from accounts.actor import Actor
from appointments.choices import Channel, Direction, Result, SpokenWith
from appointments.models import Contact
from appointments.services.contacts import log_contact, place_in_time
from clients.models import Client, SpokenLanguage, Topic
from tests.factories.clients import (
    AccommodationFactory,
    ClientFactory,
    ClientLanguageFactory,
    ContactPointFactory,
)


def topic(code: str = "mail") -> Topic:
    """A topic of the catalogue; the first one when there is none with this code."""
    return Topic.objects.filter(code=code).first() or Topic.objects.order_by("order").first()


def language(code: str) -> SpokenLanguage:
    return SpokenLanguage.objects.get(code=code)


def text_of(response: Any) -> str:
    """What the browser was sent."""
    return response.content.decode()


def reachable(manager: Any, **extra: Any) -> Client:
    """A file with address, number and Dari."""
    client = ClientFactory(manager=manager, municipality=manager.services.get().municipality, **extra)
    ClientLanguageFactory(client=client, language=language("prs"))
    AccommodationFactory(client=client)
    ContactPointFactory(client=client)
    return client


def routine(**changes: Any) -> dict[str, Any]:
    """The fields of a routine talk as a browser posts them."""
    now = timezone.localtime()
    fields: dict[str, Any] = {
        "form_token": str(uuid.uuid4()),
        "channel": Channel.OFFICE,
        "result": Result.TALK,
        "spoken_with": SpokenWith.CLIENT,
        "organisation": "",
        "minutes": "30",
        "minutes_other": "",
        "main_topic": str(topic().pk),
        "note": "Bescheid der Familienkasse gelesen.",
        "date": now.date().isoformat(),
        "time": f"{now:%H:%M}",
        "direction": Direction.OUT,
        "language": str(language("prs").pk),
        "interpreter": "none",
        "follow_up_in": "",
        "next_minutes": "45",
        "next_channel": Channel.OFFICE,
        "next_interpreter": "none",
        "next_agreed": "on",
    }
    fields.update(changes)
    return {name: value for name, value in fields.items() if value is not None}


def talk(client: Client, by: Any, *, hours_ago: float = 1, **facts: Any) -> Contact:
    """A contact logged through the service."""
    now = timezone.now()
    contact = Contact(client=client, minutes=30, main_topic=facts.pop("main_topic", topic()))
    others = facts.pop("participants", ())
    notes = {client: facts.pop("note", "")}
    for name, value in facts.items():
        setattr(contact, name, value)
    at = timezone.localtime(now - datetime.timedelta(hours=hours_ago))
    place_in_time(contact, at.date(), at.time())
    return log_contact(Actor(by, now), contact, participants=others, notes=notes)
