"""A log written by a slip of the finger is taken back within minutes, with all that came with it (decision 0024)."""

import datetime

from accounts.actor import Actor
from appointments import actions
from appointments.choices import AppointmentState
from appointments.models import Appointment, AppointmentOutcome, Contact, ContactVersion, FollowUp
from appointments.services.appointments import record_outcome
from appointments.services.contacts import FACTS, refuse_closed_files, write_down
from audit.actions import ACCESS, CHANGE, codes_of
from audit.models import AuditEntry
from clients.models import Client
from clients.services.change import change
from integration_plans.actions import PROGRESS_NOTED

UNDONE_WITHIN = datetime.timedelta(minutes=15)
REASON = "what was logged a moment ago, in the file the view let in"


class TooLate(Exception):
    """The contact is not the actor's own of a moment ago any more, or something rests on it."""


def undo_log(actor: Actor, contact: Contact) -> None:
    """Take back a contact logged a moment ago, with its follow-up, its next appointment and its outcome.

    Args:
        actor: who logged it.
        contact: the stored contact, without progress of goals.

    Raises:
        TooLate: a quarter of an hour has passed, it was changed, or what came with it was; nothing was written.
    """
    with change(actor, allow_closed=True) as locked:
        people = contact.participants.current_version().select_related("client")
        files: list[Client] = locked.lock([contact.client, *(row.client for row in people)])
        locked.require("contact.log", contact.client)
        refuse_closed_files(files, contact.client)
        stored: Contact | None = Contact.objects.unscoped(reason=REASON).filter(pk=contact.pk).first()
        if stored is None or not _is_fresh(stored, locked.actor):
            raise TooLate
        follow_ups = FollowUp.objects.unscoped(reason=REASON).filter(contact=stored)
        planned = Appointment.objects.unscoped(reason=REASON).filter(
            client=stored.client_id, recorded_at=stored.recorded_at
        )
        if any(row.version > 1 for row in (*follow_ups, *planned)):
            raise TooLate
        appointment = stored.appointment
        outcomes = AppointmentOutcome.objects.unscoped(reason=REASON).filter(appointment=appointment)
        since = outcomes.filter(recorded_at__gte=stored.recorded_at)
        if since.exclude(recorded_at=stored.recorded_at).exists():
            raise TooLate
        takes_outcome_back = appointment is not None and since.exists()
        follow_ups.delete()
        planned.delete()
        stored.delete()
        if appointment is not None and takes_outcome_back:
            record_outcome(actor, appointment, AppointmentState.PLANNED)
        write_down(actor, actions.CONTACT_UNDONE, files, FACTS)


def _is_fresh(contact: Contact, actor: Actor) -> bool:
    is_own = contact.recorded_by_id == actor.pk and contact.recorded_at >= actor.now - UNDONE_WITHIN
    versions = ContactVersion.objects.unscoped(reason=REASON).filter(contact=contact)
    is_as_logged = contact.returned_at is None and not contact.left_by_id and not versions.exists()
    return is_own and is_as_logged and not _was_gone_on_with(contact)


def _was_gone_on_with(contact: Contact) -> bool:
    """Whether goals were noted with it, or anything was written in the file since: whatever writes leaves an entry."""
    entries = AuditEntry.objects.about(contact.client.subject_ref).filter(at__gte=contact.recorded_at)
    logged = entries.filter(action=actions.CONTACT_LOGGED.code, actor=contact.recorded_by_id).last()
    if logged is None or entries.filter(action=PROGRESS_NOTED.code).exists():
        return True
    writing = [*codes_of(CHANGE), *codes_of(ACCESS)]
    return entries.filter(pk__gt=logged.pk, action__in=writing).exists()
