"""Accommodation, numbers and addresses, the note for visits: ended and followed, corrected only where wrong."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from audit.recording import record
from clients import actions
from clients.models import ContactPoint, SafetyNote
from clients.services.change import change
from clients.services.files import fill_normalised

ONE_DAY = datetime.timedelta(days=1)


# --- Contact points --------------------------------------------------------------------------------


def add_contact_point(
    actor: Actor, point: ContactPoint, *, replaces: ContactPoint | None = None
) -> ContactPoint:
    """Add a number or address; a replaced one ends at the same instant and stays in the file.

    Raises:
        ValidationError: not a number or address, or this one is current already.
        DuplicateSubmission: the same form was posted before.
        StaleRecord: the replaced one was ended meanwhile.
    """
    client = point.client
    fill_normalised(point)
    if not point.normalised:
        raise ValidationError({"value": _("This is no phone number. Please check the digits.")})
    with change(actor, [client], needs="client.edit") as locked:
        raise_if_submitted(point)
        point.since = locked.now
        same = ContactPoint.objects.unscoped(reason="a number once per file").filter(
            client=client, kind=point.kind, normalised=point.normalised, until__isnull=True
        )
        if replaces is not None:
            same = same.exclude(pk=replaces.pk)
            replaces.until = locked.now
            save_edited(replaces, replaces.version, ["until"])
        if same.exists():
            raise ValidationError({"value": _("This is in the file already.")})
        point.full_clean()
        create_once(point)
        record(actor, actions.CHANGED, client=client, kind="contact_point", fields=["contact_point"])
    return point


def end_contact_point(actor: Actor, point: ContactPoint) -> ContactPoint:
    """A number or address is no longer valid; ending it twice changes nothing."""
    with change(actor, [point.client], needs="client.edit") as locked:
        if point.until is None:
            point.until = locked.now
            save_edited(point, point.version, ["until"])
            record(
                actor, actions.CHANGED, client=point.client, kind="contact_point", fields=["contact_point"]
            )
    return point


# --- Safety ----------------------------------------------------------------------------------------


def set_safety_note(actor: Actor, note: SafetyNote) -> SafetyNote:
    """Set a note for visits; it replaces the one in force and expires by itself.

    Raises:
        ValidationError: it would expire before today.
        DuplicateSubmission: the same form was posted before.
    """
    client = note.client
    with change(actor, [client], needs="client.edit") as locked:
        raise_if_submitted(note)
        if note.expires_on < locked.today:
            raise ValidationError({"expires_on": _("This day is over already.")})
        note.set_by, note.set_at = actor.user, locked.now
        for former in SafetyNote.objects.unscoped(reason="the note in force").filter(
            client=client, ended_at__isnull=True
        ):
            former.ended_at = locked.now
            save_edited(former, former.version, ["ended_at"])
        note.full_clean()
        create_once(note)
        record(actor, actions.CHANGED, client=client, kind="safety_note", fields=["safety_note"])
    return note


def end_safety_note(actor: Actor, note: SafetyNote) -> SafetyNote:
    """The note no longer holds; ending it twice changes nothing."""
    with change(actor, [note.client], needs="client.edit") as locked:
        if note.ended_at is None:
            note.ended_at = locked.now
            save_edited(note, note.version, ["ended_at"])
            record(actor, actions.CHANGED, client=note.client, kind="safety_note", fields=["safety_note"])
    return note
