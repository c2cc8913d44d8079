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
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.duties import FileDuty
from accounts.models import User
from accounts.records import StaleRecord, create_once, save_edited
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
    ContactVersion,
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
    people = _together(contact.client, participants)
    with change(
        actor, [person.client for person in people], allow_closed=True, needs="contact.log"
    ) as locked:
        files = _files(locked, people)
        _refuse_closed(files, contact.client)
        contact.appointment = appointment
        _store(locked.actor, contact, people, notes or {}, topics)
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
        _record(actor, actions.CONTACT_LOGGED, files, FACTS)
    return contact


def leave_drop_in(actor: Actor, contact: Contact, *, note: str = "", topics: Iterable[Topic] = ()) -> Contact:
    """Leave a contact in a colleague's file of the same municipality (rules.md §1 "Drop-in").

    It counts and ends the ladder at once; the responsible manager sees it until she accepts or corrects it.

    Args:
        actor: who acts, and when.
        contact: validated and unsaved, with the colleague's client.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the user leaves no contacts, or the file is closed, has no manager, is in the user's own
            scope or in another municipality.
    """
    actor.require("contact.drop_in")
    with change(actor, [contact.client]) as locked:
        client = locked.file(contact.client)
        if not may_leave(actor, client):
            raise PermissionDenied
        contact.left_by = actor.user
        _store(locked.actor, contact, [Participant(client)], {client: note}, topics)
        _record(actor, actions.DROP_IN_LEFT, [client], FACTS)
    return contact


def may_leave(actor: Actor, client: Client) -> bool:
    """Whether the user may leave a contact for this file: a colleague's, open, in the same municipality."""
    scope = actor.scope
    return bool(
        client.manager_id is not None
        and client.manager_id not in scope.caseloads
        and client.municipality_id in scope.municipalities
        and not client.is_closed
    )


def accept_drop_in(actor: Actor, contact: Contact, *, expected_version: int) -> Contact:
    """The responsible manager has read what a colleague left; from then on only she may correct it.

    Raises:
        StaleRecord: the author changed it meanwhile.
    """
    with change(actor, [contact.client], needs="contact.correct") as locked:
        if contact.waits_for_acceptance:
            contact.accepted_at = locked.now
            save_edited(contact, expected_version, ["accepted_at"])
            _record(actor, actions.DROP_IN_ACCEPTED, [contact.client], ["accepted_at"])
    return contact


class DropInDuty(FileDuty):
    """What a colleague left is read before its file is closed: afterwards it would stand in nobody's *Mein Tag*.

    When a manager leaves it goes with its file.
    """

    code = "drop_ins"
    label = _("contacts left by colleagues")

    def open_for(self, user: User, client: Client | None = None) -> int:
        return 0

    def open_in(self, client: Client) -> int:
        rows = Contact.objects.unscoped(reason="a file closes with nothing left to read")
        return int(rows.filter(client=client).waiting_for_acceptance().count())

    def transfer(self, actor: Actor, old: User, new: User | None, client: Client | None) -> int:
        return 0


def mark_returned(actor: Actor, contact: Contact, *, expected_version: int) -> Contact:
    """Record that a letter came back: from now on it does not count as a step (rules.md §10).

    Raises:
        StaleRecord: another user changed the contact meanwhile.
    """
    people = contact.participants.current_version().select_related("client")
    with change(actor, allow_closed=True) as locked:
        files = locked.lock(row.client for row in people)
        locked.require("contact.correct", contact.client)
        refuse_closed(locked.file(contact.client))
        if contact.returned_at is None:
            contact.returned_at = locked.now
            save_edited(contact, expected_version, ["returned_at"])
            _record(actor, actions.LETTER_RETURNED, files, ["returned_at"])
    return contact


def correct_contact(
    actor: Actor,
    contact: Contact,
    *,
    expected_version: int,
    participants: Sequence[Participant] = (),
    notes: Mapping[Client, str] | None = None,
    topics: Iterable[Topic] = (),
    reason: str = "",
) -> Contact:
    """Correct a contact, or move it to another file; the former version is kept (rules.md §1).

    Args:
        actor: who acts, and when.
        contact: the stored contact with changed, validated facts; another ``client`` moves it there.
        expected_version: the version the form was opened with.
        participants: who took part besides the client of the file.
        notes: text by file.
        topics: topics besides the main one.
        reason: why, kept with the former version.

    Raises:
        StaleRecord: another user corrected it meanwhile.
        IllegalOutcome: its appointment cannot have the outcome that now follows.
    """
    with change(actor) as locked:
        rows = Contact.objects.unscoped(reason="the contact the view let in, as it stood")
        former: Contact = rows.select_related("client", "appointment").get(pk=contact.pk)
        people = _together(contact.client, participants)
        before = [row.client for row in former.participants.current_version().select_related("client")]
        files = locked.lock([former.client, *before, *(person.client for person in people)])
        # The file of an earlier participant may have been closed meanwhile.
        kept = {client.pk for client in before} - {former.client_id, contact.client_id}
        _refuse_closed([file for file in files if file.pk not in kept], contact.client)
        if former.version != expected_version:
            raise StaleRecord(former)
        is_own_drop_in = former.waits_for_acceptance and former.left_by_id == actor.pk
        if is_own_drop_in:
            actor.require("contact.drop_in")
        else:
            locked.require("contact.correct", former.client)
        # Earlier participants stay, also those with a colleague's file; no other foreign file is written to.
        for key in sorted({person.client.pk for person in people} - {client.pk for client in before}):
            locked.require("contact.correct", locked[key])
        _keep_version(locked.actor, former, reason)
        moved = former.client_id != contact.client_id
        appointment = former.appointment
        if moved:
            contact.appointment = None
        contact.recorded_at = locked.now
        contact.recorded_by = actor.user
        if former.waits_for_acceptance and actor.user.pk != former.left_by_id:
            contact.accepted_at = locked.now
        save_edited(
            contact, expected_version, [*FACTS, "client", "recorded_at", "recorded_by", "accepted_at"]
        )
        contact.topics.set(_further(contact, topics))
        _attach(contact, people, notes or {})
        if appointment is not None:
            _correct_appointment(actor, contact, appointment, moved, reason)
        waits = contact.waits_for_acceptance
        _record(actor, actions.DROP_IN_CHANGED if waits else actions.CONTACT_CORRECTED, files, FACTS)
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


def _together(client: Client, others: Sequence[Participant]) -> list[Participant]:
    """The client of the file first, everybody once."""
    people: dict[tuple[int, int | None], Participant] = {(client.pk, None): Participant(client)}
    for person in others:
        people.setdefault((person.client.pk, person.relative.pk if person.relative else None), person)
    return list(people.values())


def _files(locked: Change, people: Iterable[Participant]) -> list[Client]:
    """The stored rows of everybody's files, each once."""
    return [locked[key] for key in sorted({person.client.pk for person in people})]


def _refuse_closed(files: Iterable[Client], own: Client) -> None:
    """Refuse a contact in a closed file; for a further participant the error is shown at that field.

    Raises:
        FileClosed: it was closed a moment ago.
    """
    for file in files:
        refuse_closed(file, field=None if file.pk == own.pk else "people")


def _store(
    actor: Actor,
    contact: Contact,
    people: Sequence[Participant],
    notes: Mapping[Client, str],
    topics: Iterable[Topic],
) -> None:
    contact.recorded_at = actor.now
    contact.recorded_by = actor.user
    create_once(contact)
    contact.topics.add(*_further(contact, topics))
    _attach(contact, people, notes)


def _further(contact: Contact, topics: Iterable[Topic]) -> list[Topic]:
    return [topic for topic in topics if topic.pk != contact.main_topic_id]


def _attach(contact: Contact, people: Sequence[Participant], notes: Mapping[Client, str]) -> None:
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


def _keep_version(actor: Actor, former: Contact, reason: str) -> ContactVersion:
    version = ContactVersion(
        contact=former,
        client=former.client,
        withdrawn_at=actor.now,
        withdrawn_by=actor.user,
        reason=reason,
        recorded_at=former.recorded_at,
        recorded_by=former.recorded_by,
        returned_at=former.returned_at,
        **{name: getattr(former, name) for name in FACTS},
    )
    version.save(force_insert=True)
    version.topics.set(former.topics.all())
    former.participants.current_version().update(version=version)
    former.notes.current_version().update(version=version)
    return version


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


def _correct_appointment(
    actor: Actor, contact: Contact, appointment: Appointment, moved: bool, reason: str
) -> None:
    """The outcome that followed from the contact follows the correction; moved away, it is undecided again."""
    outcome = AppointmentState.PLANNED if moved else outcome_of(contact)
    if outcome is None:
        outcome = AppointmentState.PLANNED
    # It was read before the lock: another outcome may have been recorded meanwhile.
    appointment.refresh_from_db(fields=["state"])
    if (
        appointment.state in (AppointmentState.HELD, AppointmentState.NOT_MET)
        and appointment.state != outcome
    ):
        record_outcome(actor, appointment, outcome, reason=reason)


def _record(actor: Actor, action: Action, files: Iterable[Client], fields: Sequence[str]) -> None:
    for client in files:
        record(actor, action, client=client, kind="contact", fields=fields)
