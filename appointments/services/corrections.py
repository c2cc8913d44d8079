"""What is put right afterwards: a corrected contact, one moved to another file, a letter that came back."""

from collections.abc import Iterable, Mapping, Sequence

from accounts.actor import Actor
from accounts.records import StaleRecord, save_edited
from appointments import actions
from appointments.choices import AppointmentState
from appointments.models import Appointment, Contact, ContactVersion, FollowUp
from appointments.services.appointments import record_outcome
from appointments.services.contacts import (
    FACTS,
    Participant,
    attach,
    further,
    outcome_of,
    refuse_closed_files,
    together,
    write_down,
)
from clients.models import Client, Topic
from clients.services.change import change
from clients.services.closed_files import refuse_closed


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
            write_down(actor, actions.LETTER_RETURNED, files, ["returned_at"])
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
        people = together(contact.client, participants)
        before = [row.client for row in former.participants.current_version().select_related("client")]
        files = locked.lock([former.client, *before, *(person.client for person in people)])
        # The file of an earlier participant may have been closed meanwhile.
        kept = {client.pk for client in before} - {former.client_id, contact.client_id}
        refuse_closed_files([file for file in files if file.pk not in kept], contact.client)
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
        contact.topics.set(further(contact, topics))
        attach(contact, people, notes or {})
        if appointment is not None:
            _correct_appointment(actor, contact, appointment, moved, reason)
        if moved:
            locked.require("contact.correct", contact.client)
            _move_follow_ups(actor, contact, former.client)
            # A date there was not set by a letter to somebody else.
            invited = Appointment.objects.unscoped(reason="dates the moved letter had set").of(former.client)
            invited.filter(invited_by=contact).update(invited_by=None)
            write_down(actor, actions.CONTACT_MOVED, [former.client, contact.client], ["client"])
        else:
            waits = contact.waits_for_acceptance
            write_down(actor, actions.DROP_IN_CHANGED if waits else actions.CONTACT_CORRECTED, files, FACTS)
    return contact


def move_contact(
    actor: Actor, contact: Contact, to: Client, *, expected_version: int, reason: str
) -> Contact:
    """Move a contact logged for the wrong person, with its note and its open follow-ups (rules.md §10).

    From now on both files are computed as if it had always been right. Who else took part in a joint talk stays.

    Args:
        actor: who acts, and when; she must be allowed to correct in both files.
        contact: the stored contact.
        to: the file of the right person.
        expected_version: the version the form was opened with.
        reason: why, kept with the former version.

    Raises:
        StaleRecord: another user corrected it meanwhile.
    """
    with change(actor, [contact.client, to], needs="contact.correct"):
        people = contact.participants.current_version().select_related("client", "relative")
        others = [
            Participant(row.client, row.relative)
            for row in people
            if row.client_id != contact.client_id or row.relative_id is not None
        ]
        texts = contact.notes.current_version().filter(client=contact.client).values_list("text", flat=True)
        topics = list(contact.topics.all())
        notes = {to: "".join(texts)}
        contact.client = to
        return correct_contact(
            actor,
            contact,
            expected_version=expected_version,
            participants=others,
            notes=notes,
            topics=topics,
            reason=reason,
        )


def _move_follow_ups(actor: Actor, contact: Contact, former: Client) -> None:
    """What is still to be done after the talk is to be done for the right person."""
    rows = FollowUp.objects.unscoped(reason="what came from the contact that moves").open()
    for follow_up in rows.filter(contact=contact, client=former):
        follow_up.client, follow_up.owner = contact.client, contact.client.manager or actor.user
        save_edited(follow_up, follow_up.version, ["client", "owner"])


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
