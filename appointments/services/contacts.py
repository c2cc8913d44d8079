"""The only writer of contacts (architecture.md "Where a rule lives").

One transaction writes the contact and everything that follows from it: who took part, the note, the outcome
of the appointment, the next appointment, the follow-up, progress of goals, what lists show, the ladder.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from accounts.records import create_once
from accounts.rules.calendar import end_of_day
from accounts.services.locking import lock
from appointments import actions
from appointments.choices import AppointmentState
from appointments.models import (
    Appointment,
    Contact,
    ContactFacts,
    ContactNote,
    ContactParticipant,
    FollowUp,
)
from appointments.rules.contact import ContactFact, is_two_way, is_visit
from appointments.rules.entry import is_outgoing_writing
from appointments.services.appointments import plan_appointment, record_outcome
from appointments.services.follow_ups import create_follow_up
from appointments.services.snapshots import Snapshot, take_snapshots
from audit.actions import Action
from audit.recording import record
from clients.models import Client, Relative, Topic
from clients.services.change import Change, change
from clients.services.closed_files import refuse_closed
from integration_plans.services.progress import note_progress

FACTS = [
    f.name
    for f in ContactFacts._meta.get_fields()
    if f.name not in ("topics", "returned_at", "recorded_at", "recorded_by")
]


@dataclass(frozen=True, slots=True)
class Participant:
    """A client who took part, or a relative named in that client's file."""

    client: Client
    relative: Relative | None = None


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """Progress of goals and measures noted in the same breath; keys are their uuids."""

    states: Mapping[UUID, str] = field(default_factory=dict)
    done: Mapping[UUID, bool] = field(default_factory=dict)
    remarks: Mapping[UUID, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.states or self.done or self.remarks)


@dataclass(frozen=True, slots=True)
class NextAppointment:
    """An appointment made in the same breath, validated and unsaved."""

    appointment: Appointment
    agreed: bool = True
    holder: User | None = None


def place_in_time(contact: ContactFacts, day: datetime.date, clock: datetime.time | None) -> None:
    """Set when a contact happened.

    Args:
        contact: the facts to fill.
        day: local date.
        clock: local time; None places the contact at the end of its day, also when it is logged on it (rules.md §10).
    """
    contact.happened_on = day
    contact.has_time = clock is not None
    if clock is not None:
        contact.happened_at = timezone.make_aware(datetime.datetime.combine(day, clock))
    else:
        contact.happened_at = end_of_day(day)


def log_contact(
    actor: Actor,
    contact: Contact,
    *,
    participants: Sequence[Participant] = (),
    notes: Mapping[Client, str] | None = None,
    topics: Iterable[Topic] = (),
    follow_up: FollowUp | None = None,
    next_appointment: NextAppointment | None = None,
    goal_progress: GoalProgress | None = None,
    appointment: Appointment | None = None,
) -> Contact:
    """Log an interaction and everything that follows from it.

    Args:
        actor: who acts, and when.
        contact: validated and unsaved, with ``client`` (the file) and the facts of rules.md §1.
        participants: who took part besides the client of the file; from the author's caseload only.
        notes: text by file.
        topics: topics besides the main one.
        follow_up: validated and unsaved.
        next_appointment: to be planned with it; one set by this letter is not agreed.
        goal_progress: states of goals and measures of the plan in force.
        appointment: the appointment this contact is the outcome of.

    Returns:
        The stored contact.

    Raises:
        DuplicateSubmission: the same form was posted before.
        Busy: the next appointment meets another one; nothing was written.
        IllegalOutcome: the appointment cannot have the outcome that follows from the contact.
        ValidationError: progress of goals does not fit the plan in force.
    """
    people = together(contact.client, participants)
    with change(
        actor, [person.client for person in people], allow_closed=True, needs="contact.log"
    ) as locked:
        files = _files(locked, people)
        refuse_closed_files(files, contact.client)
        contact.appointment = appointment
        store(contact, people, notes or {}, topics, locked.actor)
        if appointment is not None and next_appointment is not None:
            lock(
                *{key for key in (appointment.manager_id, (next_appointment.holder or actor.user).pk) if key}
            )
        if appointment is not None:
            _finish_appointment(actor, contact, appointment)
        if next_appointment is not None:
            plan_appointment(
                actor,
                next_appointment.appointment,
                agreed=next_appointment.agreed and is_two_way(fact_of(contact)),
                holder=next_appointment.holder,
                invited_by=contact if is_outgoing_writing(contact.channel, contact.result) else None,
            )
        if follow_up is not None:
            follow_up.client = contact.client
            create_follow_up(actor, follow_up, contact=contact)
        if goal_progress:
            note_progress(
                actor,
                contact.client,
                goal_states=goal_progress.states,
                measures_done=goal_progress.done,
                remarks=goal_progress.remarks,
                on=contact.happened_on,
            )
        write_down(actor, actions.CONTACT_LOGGED, files, FACTS)
    return contact


def fact_of(facts: ContactFacts, participant: ContactParticipant | None = None) -> ContactFact:
    """The values the pure rules look at."""
    return ContactFact(
        ref=str(facts.pk),
        happened_at=facts.happened_at,
        recorded_at=facts.recorded_at,
        channel=facts.channel,
        direction=facts.direction,
        spoken_with=facts.spoken_with,
        result=facts.result,
        address_valid=participant.address_valid if participant else True,
        script_ok=participant.script_ok if participant else True,
        language_ok=participant.language_ok if participant else True,
        returned_at=facts.returned_at,
        has_time=facts.has_time,
    )


def together(client: Client, others: Sequence[Participant]) -> list[Participant]:
    """The client of the file first, everybody once."""
    people: dict[tuple[int, int | None], Participant] = {(client.pk, None): Participant(client)}
    for person in others:
        people.setdefault((person.client.pk, person.relative.pk if person.relative else None), person)
    return list(people.values())


def _files(locked: Change, people: Iterable[Participant]) -> list[Client]:
    """The stored rows of everybody's files, each once."""
    return [locked[key] for key in sorted({person.client.pk for person in people})]


def refuse_closed_files(files: Iterable[Client], own: Client) -> None:
    """Refuse a contact in a closed file; for a further participant the error is shown at that field.

    Raises:
        FileClosed: it was closed a moment ago.
    """
    for file in files:
        refuse_closed(file, field=None if file.pk == own.pk else "people")


def store(
    contact: Contact,
    people: Sequence[Participant],
    notes: Mapping[Client, str],
    topics: Iterable[Topic],
    actor: Actor,
) -> None:
    """Write a new contact with who took part and what was noted; the service that calls it asked for the right."""
    contact.recorded_at = actor.now
    contact.recorded_by = actor.user
    create_once(contact)
    contact.topics.add(*further(contact, topics))
    attach(contact, people, notes)


def further(contact: Contact, topics: Iterable[Topic]) -> list[Topic]:
    """The topics besides the main one."""
    return [topic for topic in topics if topic.pk != contact.main_topic_id]


def attach(contact: Contact, people: Sequence[Participant], notes: Mapping[Client, str]) -> None:
    """Write who took part, with what is known of each today, and the notes by file."""
    snapshots = take_snapshots([person.client for person in people if person.relative is None], contact)
    rows = []
    for person in people:
        known = Snapshot() if person.relative is not None else snapshots[person.client.pk]
        rows.append(
            ContactParticipant(
                contact=contact,
                client=person.client,
                relative=person.relative,
                address_valid=known.address_valid,
                script_ok=known.script_ok,
                language_ok=known.language_ok,
            )
        )
    ContactParticipant.objects.bulk_create(rows)
    ContactNote.objects.bulk_create(
        [
            ContactNote(contact=contact, client=client, text=text)
            for client, text in notes.items()
            if text.strip()
        ]
    )


def outcome_of(contact: ContactFacts) -> str | None:
    """The outcome of an appointment a contact stands for; None when it settles nothing."""
    fact = fact_of(contact)
    if is_two_way(fact):
        return AppointmentState.HELD
    return AppointmentState.NOT_MET if is_visit(fact) else None


def _finish_appointment(actor: Actor, contact: Contact, appointment: Appointment) -> None:
    if appointment.client_id != contact.client_id:
        raise PermissionDenied
    outcome = outcome_of(contact)
    if outcome is not None:
        record_outcome(actor, appointment, outcome)


def write_down(actor: Actor, action: Action, files: Iterable[Client], fields: Sequence[str]) -> None:
    """Record one act about a contact in each of these files."""
    for client in files:
        record(actor, action, client=client, kind="contact", fields=fields)
