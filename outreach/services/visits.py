"""Logging a visit at one address: a result per person, a joint talk with everybody who was met."""

from __future__ import annotations

import copy
import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from accounts.actor import Actor
from appointments.choices import AppointmentState, Channel, Direction
from appointments.models import Appointment, Contact, FollowUp
from appointments.rules.appointment import legal_outcomes
from appointments.services.appointments import record_outcome
from appointments.services.contacts import NextAppointment, Participant, log_contact
from clients.models import Client, HouseholdMember, Topic
from clients.querysets import ClientQuerySet
from clients.services.change import change
from clients.services.protection import reads_address
from outreach.rules.visit import LOGGED, VisitResult


def people_at(client: Client, editable: ClientQuerySet, day: datetime.date, reader: Actor) -> list[Client]:
    """The client, and the others of the household with a file of their own that the user may write in.

    Args:
        client: the file the visit is about.
        editable: `Client.objects.editable_by(user)`.
        day: who lives there on that day.
        reader: whoever may not read a protected address does not learn who lives there either.
    """
    if not reads_address(reader.user, client, reader.now):
        return [client]
    rows = HouseholdMember.objects.unscoped(reason="the household of a file the view let in").current()
    beside = rows.disclosed_to(client).filter(
        household__in=rows.filter(client=client).values("household"), client__isnull=False, since__lte=day
    )
    together = editable.filter(pk__in=beside.values("client"))
    others = together.exclude(pk=client.pk).order_by("birth_date", "pk")
    return [client, *others]


def last_topic(client: Client) -> int | None:
    """The main topic of the last talk, by key: what a visit is most likely about again."""
    talks = Contact.objects.unscoped(reason="talks of a file the view let in").with_client(client)
    last = talks.held_talks().filter(main_topic__isnull=False).order_by("-happened_at").first()
    return last.main_topic_id if last is not None else None


@dataclass(frozen=True, slots=True)
class NextSteps:
    """What is said in the same breath, for the file the visit is logged in.

    Attributes:
        topics: topics of the talk besides the main one.
        follow_up: validated and unsaved.
        next_appointment: to be planned with it.
        appointments: the appointments at home of that day, by key of the file; the visit is their outcome.
    """

    topics: Sequence[Topic] = ()
    follow_up: FollowUp | None = None
    next_appointment: NextAppointment | None = None
    appointments: Mapping[int, Appointment] = field(default_factory=dict)


def log_visit(
    actor: Actor,
    contact: Contact,
    results: Mapping[Client, str],
    *,
    note: str,
    steps: NextSteps | None = None,
) -> Contact:
    """Log one visit for everybody it was about.

    Those who were met share one contact, a joint talk; everybody else has a contact with the own result.

    Args:
        actor: who acts, and when.
        contact: validated and unsaved: file, time, and for a talk duration, topic and language; carries the
            one-time token.
        results: a `VisitResult` per file; the file of the contact is among them.
        note: kept in the file of the contact only.
        steps: what follows from it.

    Returns:
        The contact of the file the visit was logged in, or the first one written.

    Raises:
        DuplicateSubmission: the same form was posted before.
        Busy: the next appointment meets another one; nothing was written.
    """
    steps = steps or NextSteps()
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
    ) as locked:
        for people, result in stops:
            # The first row keeps the token: the same form posted twice finds it and writes none of them.
            due = _decided(steps.appointments, people, locked.now, met=result == VisitResult.MET)
            written.append(
                _log(actor, contact, people, result, note=note, steps=steps, visits=due, once=not written)
            )
    own = [logged for logged in written if logged.client_id == contact.client_id]
    return (own or written)[0]


def _log(
    actor: Actor,
    pattern: Contact,
    people: Sequence[Client],
    result: str,
    *,
    note: str,
    steps: NextSteps,
    visits: Mapping[int, Appointment],
    once: bool,
) -> Contact:
    own = next((client for client in people if client.pk == pattern.client_id), people[0])
    is_own = own.pk == pattern.client_id
    contact = copy.copy(pattern)
    contact.pk, contact._state = None, copy.copy(pattern._state)
    contact.uuid = uuid.uuid4()
    contact.client = own
    if not once:
        contact.form_token, contact.form_digest = None, ""
    contact.channel, contact.direction = Channel.HOME_VISIT, Direction.OUT
    contact.result, contact.spoken_with = LOGGED[result]
    was_met = result == VisitResult.MET
    if not was_met:
        contact.minutes = contact.main_topic = None
    logged = log_contact(
        actor,
        contact,
        participants=[Participant(client) for client in people],
        notes={own: note} if note and is_own else {},
        topics=steps.topics if was_met else (),
        follow_up=steps.follow_up if is_own else None,
        next_appointment=steps.next_appointment if is_own else None,
        appointment=visits.get(own.pk),
    )
    for key, visit in visits.items():
        if key != own.pk:
            record_outcome(actor, visit, AppointmentState.HELD)
    return logged


def _decided(
    appointments: Mapping[int, Appointment], people: Sequence[Client], now: datetime.datetime, *, met: bool
) -> dict[int, Appointment]:
    """The appointments the visit can be the outcome of: nobody is missed before the planned time (rules.md §3)."""
    outcome = AppointmentState.HELD if met else AppointmentState.NOT_MET
    planned = {client.pk: appointments[client.pk] for client in people if client.pk in appointments}
    return {
        key: visit
        for key, visit in planned.items()
        if outcome in legal_outcomes(visit.channel, visit.starts_at, now)
    }
