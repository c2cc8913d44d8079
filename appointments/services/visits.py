"""Logging a visit at one address: a result per person, a joint talk with everybody who was met."""

from __future__ import annotations

import copy
import datetime
import uuid
from collections.abc import Mapping, Sequence

from accounts.actor import Actor
from appointments.choices import Channel, Direction
from appointments.models import Contact
from appointments.rules.visit import LOGGED, VisitResult
from appointments.services.contacts import Participant, log_contact
from clients.models import Client
from clients.querysets import ClientQuerySet
from clients.services.change import change


def people_at(client: Client, editable: ClientQuerySet, day: datetime.date) -> list[Client]:
    """The client, and the others of the household with a file of their own that the user may write in.

    Args:
        client: the file the visit is about.
        editable: `Client.objects.editable_by(user)`.
        day: who lives there on that day.
    """
    households = client.memberships.filter(until__isnull=True).values("household")
    together = editable.filter(
        memberships__household__in=households, memberships__until__isnull=True, memberships__since__lte=day
    )
    others = together.exclude(pk=client.pk).distinct().order_by("birth_date", "pk")
    return [client, *others]


def log_visit(actor: Actor, contact: Contact, results: Mapping[Client, str], *, note: str) -> Contact:
    """Log one visit for everybody it was about.

    Those who were met share one contact, a joint talk; everybody else has a contact with the own result.

    Args:
        actor: who acts, and when.
        contact: validated and unsaved: file, time, and for a talk duration, topic and language; carries the
            one-time token.
        results: a `VisitResult` per file; the file of the contact is among them.
        note: kept in the file of the contact only.

    Returns:
        The contact of the file the visit was logged in, or the first one written.

    Raises:
        AlreadyDone: the same form was posted before.
    """
    met = [client for client, result in results.items() if result == VisitResult.MET]
    alone = [
        (client, result)
        for client, result in results.items()
        if result not in (VisitResult.MET, VisitResult.SKIPPED)
    ]
    written: list[Contact] = []
    stops = [(met, VisitResult.MET.value)] if met else []
    stops += [([client], result) for client, result in alone]
    # All of them at once: the files of those who were met may come behind the others in the order of locks.
    with change(
        actor, [*met, *(client for client, _result in alone)], allow_closed=True, needs="contact.log"
    ):
        for people, result in stops:
            # The first row keeps the token: the same form posted twice finds it and writes none of them.
            written.append(_log(actor, contact, people, result, note=note, once=not written))
    own = [logged for logged in written if logged.client_id == contact.client_id]
    return (own or written)[0]


def _log(
    actor: Actor, pattern: Contact, people: Sequence[Client], result: str, *, note: str, once: bool
) -> Contact:
    own = next((client for client in people if client.pk == pattern.client_id), people[0])
    contact = copy.copy(pattern)
    contact.pk, contact._state = None, copy.copy(pattern._state)
    contact.uuid = uuid.uuid4()
    contact.client = own
    if not once:
        contact.form_token, contact.form_digest = None, ""
    contact.channel, contact.direction = Channel.HOME_VISIT, Direction.OUT
    contact.result, contact.spoken_with = LOGGED[result]
    if result != VisitResult.MET:
        contact.minutes = contact.main_topic = None
    return log_contact(
        actor,
        contact,
        participants=[Participant(client) for client in people],
        notes={own: note} if note and own.pk == pattern.client_id else {},
    )
