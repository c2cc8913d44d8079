"""Dated facts of a file: they are ended and followed, and corrected only where they were wrong."""

import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import create_once, refuse_repetition, save_edited
from audit.recording import record
from clients import actions
from clients.choices import FactKind
from clients.models import Accommodation, ContactPoint, DatedFact, Residence, SafetyNote
from clients.services.change import change
from clients.services.files import fill_normalised

ONE_DAY = datetime.timedelta(days=1)


# --- Accommodation ---------------------------------------------------------------------------------

ADDRESS_FIELDS = ("kind", "name", "street", "postcode", "town", "quarter", "letters_reach")


def move_accommodation(actor: Actor, accommodation: Accommodation) -> Accommodation:
    """The person moved: the former accommodation ends the day before.

    Args:
        actor: who acts, and when.
        accommodation: validated and unsaved, with client and since.

    Raises:
        ValidationError: the move lies before the former one, or in the future beyond today.
        AlreadyDone: the same form was posted before.
    """
    client = accommodation.client
    with change(actor, [client], needs="client.edit") as locked:
        refuse_repetition(accommodation)
        accommodation.recorded_at = locked.now
        former = (
            Accommodation.objects.unscoped(reason="the former accommodation of this file")
            .filter(client=client, until__isnull=True)
            .first()
        )
        if former is not None:
            if accommodation.since <= former.since:
                raise ValidationError(
                    {
                        "since": _("The present accommodation began on %(date)s; a move comes later.")
                        % {"date": f"{former.since:%d.%m.%Y}"}
                    }
                )
            former.until = accommodation.since - ONE_DAY
            save_edited(former, former.version, ["until"])
        accommodation.full_clean()
        create_once(accommodation)
        record(actor, actions.CHANGED, client=client, kind="accommodation", fields=["accommodation"])
    return accommodation


def correct_accommodation(
    actor: Actor, accommodation: Accommodation, *, expected_version: int
) -> Accommodation:
    """Correct what was recorded wrongly, or note that letters no longer arrive.

    Raises:
        StaleRecord: somebody else saved meanwhile.
    """
    with change(actor, [accommodation.client], needs="client.edit"):
        accommodation.full_clean()
        save_edited(accommodation, expected_version, [*ADDRESS_FIELDS, "since"])
        record(
            actor, actions.CHANGED, client=accommodation.client, kind="accommodation", fields=ADDRESS_FIELDS
        )
    return accommodation


# --- Contact points --------------------------------------------------------------------------------


def add_contact_point(
    actor: Actor, point: ContactPoint, *, replaces: ContactPoint | None = None
) -> ContactPoint:
    """Add a number or address; a replaced one ends at the same instant and stays in the file.

    Raises:
        ValidationError: not a number or address, or this one is current already.
        AlreadyDone: the same form was posted before.
        StaleRecord: the replaced one was ended meanwhile.
    """
    client = point.client
    fill_normalised(point)
    if not point.normalised:
        raise ValidationError({"value": _("This is no phone number. Please check the digits.")})
    with change(actor, [client], needs="client.edit") as locked:
        refuse_repetition(point)
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


# --- Residence -------------------------------------------------------------------------------------


def record_residence(actor: Actor, residence: Residence) -> Residence:
    """A new residence status or document; the former one ends.

    Raises:
        AlreadyDone: the same form was posted before.
    """
    client = residence.client
    with change(actor, [client], needs="client.edit") as locked:
        refuse_repetition(residence)
        residence.recorded_at = locked.now
        former = (
            Residence.objects.unscoped(reason="the former status of this file")
            .filter(client=client, ended_on__isnull=True)
            .first()
        )
        if former is not None:
            former.ended_on = locked.today
            save_edited(former, former.version, ["ended_on"])
        residence.full_clean()
        create_once(residence)
        record(actor, actions.CHANGED, client=client, kind="residence", fields=["residence"])
    return residence


def correct_residence(actor: Actor, residence: Residence, *, expected_version: int) -> Residence:
    """Correct a status, or enter the day until which it continues to be valid.

    Raises:
        StaleRecord: somebody else saved meanwhile.
    """
    fields = ["status", "since", "printed_until", "continues_until"]
    with change(actor, [residence.client], needs="client.edit"):
        # Other dates are another reminder.
        residence.reminded_days = None
        residence.full_clean()
        save_edited(residence, expected_version, [*fields, "reminded_days"])
        record(actor, actions.CHANGED, client=residence.client, kind="residence", fields=fields)
    return residence


def note_permit_reminded(actor: Actor, residence: Residence, step: int) -> Residence:
    """The manager dealt with a reminder; the next step speaks up again.

    Args:
        actor: who acts, and when.
        residence: the current status.
        step: the step dealt with, in days before the end.
    """
    with change(actor, [residence.client], needs="client.edit"):
        residence.reminded_days = step
        save_edited(residence, residence.version, ["reminded_days"])
        record(actor, actions.CHANGED, client=residence.client, kind="residence", fields=["reminded_days"])
    return residence


# --- German level, course, employment, benefits, schooling -----------------------------------------


def add_fact(actor: Actor, fact: DatedFact) -> DatedFact:
    """A changing fact has a new value since a day; the former value ends the day before.

    Benefits may stand beside each other; everything else has one value at a time.

    Raises:
        ValidationError: a later value is recorded already.
        AlreadyDone: the same form was posted before.
    """
    client = fact.client
    with change(actor, [client], needs="client.edit") as locked:
        refuse_repetition(fact)
        fact.recorded_at = locked.now
        former = DatedFact.objects.unscoped(reason="the former value in this file").filter(
            client=client, kind=fact.kind, until__isnull=True
        )
        for earlier in former:
            same = earlier.value_id == fact.value_id
            if fact.kind == FactKind.BENEFITS and not same:
                continue
            if fact.since < earlier.since or (same and fact.since == earlier.since):
                raise ValidationError({"since": _("A later or equal entry is in the file already.")})
            earlier.until = max(fact.since - ONE_DAY, earlier.since)
            save_edited(earlier, earlier.version, ["until"])
        fact.full_clean()
        create_once(fact)
        record(actor, actions.CHANGED, client=client, kind="fact", fields=[fact.kind])
    return fact


def end_fact(actor: Actor, fact: DatedFact, *, on: datetime.date) -> DatedFact:
    """A value no longer holds and none follows; ending it twice changes nothing.

    Args:
        actor: who acts, and when.
        fact: the value in force.
        on: its last day.
    """
    with change(actor, [fact.client], needs="client.edit"):
        if fact.until is None:
            fact.until = max(on, fact.since)
            save_edited(fact, fact.version, ["until"])
            record(actor, actions.CHANGED, client=fact.client, kind="fact", fields=[fact.kind])
    return fact


# --- Safety ----------------------------------------------------------------------------------------


def set_safety_note(actor: Actor, note: SafetyNote) -> SafetyNote:
    """Set a note for visits; it replaces the one in force and expires by itself.

    Raises:
        ValidationError: it would expire before today.
        AlreadyDone: the same form was posted before.
    """
    client = note.client
    with change(actor, [client], needs="client.edit") as locked:
        refuse_repetition(note)
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
