"""Dated facts of a file: they are ended and followed, and corrected only where they were wrong."""

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.records import create_once, refuse_repetition, save_edited
from clients import actions, changes
from clients.choices import FactKind
from clients.models import Accommodation, Client, ContactPoint, DatedFact, Residence, SafetyNote
from clients.services.files import fill_normalised, lock_open_file, now_under_lock, record_in_file

ONE_DAY = datetime.timedelta(days=1)


def _recorded(
    client: Client, kind: str, fields: Sequence[str], by: Any, now: datetime.datetime, *, tell: bool = True
) -> None:
    record_in_file(actions.CHANGED, client, by, kind, fields)
    if tell:
        changes.announce(client, now)


# --- Accommodation ---------------------------------------------------------------------------------

ADDRESS_FIELDS = ("kind", "name", "street", "postcode", "town", "quarter", "letters_reach")


def move_accommodation(accommodation: Accommodation, *, by: Any, now: datetime.datetime) -> Accommodation:
    """The person moved: the former accommodation ends the day before.

    Args:
        accommodation: validated and unsaved, with client and since.

    Raises:
        ValidationError: the move lies before the former one, or in the future beyond today.
        AlreadyDone: the same form was posted before.
    """
    client = accommodation.client
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(client))
        refuse_repetition(accommodation)
        accommodation.recorded_at = now
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
        _recorded(client, "accommodation", ["accommodation"], by, now)
    return accommodation


def correct_accommodation(
    accommodation: Accommodation, *, expected_version: int, by: Any, now: datetime.datetime
) -> Accommodation:
    """Correct what was recorded wrongly, or note that letters no longer arrive.

    Raises:
        StaleRecord: somebody else saved meanwhile.
    """
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(accommodation.client))
        accommodation.full_clean()
        save_edited(accommodation, expected_version, [*ADDRESS_FIELDS, "since"])
        _recorded(accommodation.client, "accommodation", ADDRESS_FIELDS, by, now)
    return accommodation


# --- Contact points --------------------------------------------------------------------------------


def add_contact_point(
    point: ContactPoint, *, by: Any, now: datetime.datetime, replaces: ContactPoint | None = None
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
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(client))
        refuse_repetition(point)
        point.since = now
        same = ContactPoint.objects.unscoped(reason="a number once per file").filter(
            client=client, kind=point.kind, normalised=point.normalised, until__isnull=True
        )
        if replaces is not None:
            same = same.exclude(pk=replaces.pk)
            replaces.until = now
            save_edited(replaces, replaces.version, ["until"])
        if same.exists():
            raise ValidationError({"value": _("This is in the file already.")})
        point.full_clean()
        create_once(point)
        _recorded(client, "contact_point", ["contact_point"], by, now)
    return point


def end_contact_point(point: ContactPoint, *, by: Any, now: datetime.datetime) -> ContactPoint:
    """A number or address is no longer valid; ending it twice changes nothing."""
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(point.client))
        if point.until is None:
            point.until = now
            save_edited(point, point.version, ["until"])
            _recorded(point.client, "contact_point", ["contact_point"], by, now)
    return point


# --- Residence -------------------------------------------------------------------------------------


def record_residence(residence: Residence, *, by: Any, now: datetime.datetime) -> Residence:
    """A new residence status or document; the former one ends.

    Raises:
        AlreadyDone: the same form was posted before.
    """
    client = residence.client
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(client))
        refuse_repetition(residence)
        residence.recorded_at = now
        former = (
            Residence.objects.unscoped(reason="the former status of this file")
            .filter(client=client, ended_on__isnull=True)
            .first()
        )
        if former is not None:
            former.ended_on = timezone.localdate(now)
            save_edited(former, former.version, ["ended_on"])
        residence.full_clean()
        create_once(residence)
        _recorded(client, "residence", ["residence"], by, now, tell=False)
    return residence


def correct_residence(
    residence: Residence, *, expected_version: int, by: Any, now: datetime.datetime
) -> Residence:
    """Correct a status, or enter the day until which it continues to be valid.

    Raises:
        StaleRecord: somebody else saved meanwhile.
    """
    fields = ["status", "since", "printed_until", "continues_until"]
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(residence.client))
        # Other dates are another reminder.
        residence.reminded_days = None
        residence.full_clean()
        save_edited(residence, expected_version, [*fields, "reminded_days"])
        _recorded(residence.client, "residence", fields, by, now, tell=False)
    return residence


def note_permit_reminded(residence: Residence, step: int, *, by: Any, now: datetime.datetime) -> Residence:
    """The manager dealt with a reminder; the next step speaks up again.

    Args:
        residence: the current status.
        step: the step dealt with, in days before the end.
    """
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(residence.client))
        residence.reminded_days = step
        save_edited(residence, residence.version, ["reminded_days"])
        _recorded(residence.client, "residence", ["reminded_days"], by, now, tell=False)
    return residence


# --- German level, course, employment, benefits, schooling -----------------------------------------


def add_fact(fact: DatedFact, *, by: Any, now: datetime.datetime) -> DatedFact:
    """A changing fact has a new value since a day; the former value ends the day before.

    Benefits may stand beside each other; everything else has one value at a time.

    Raises:
        ValidationError: a later value is recorded already.
        AlreadyDone: the same form was posted before.
    """
    client = fact.client
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(client))
        refuse_repetition(fact)
        fact.recorded_at = now
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
        _recorded(client, "fact", [fact.kind], by, now, tell=False)
    return fact


def end_fact(fact: DatedFact, *, on: datetime.date, by: Any, now: datetime.datetime) -> DatedFact:
    """A value no longer holds and none follows; ending it twice changes nothing.

    Args:
        fact: the value in force.
        on: its last day.
    """
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(fact.client))
        if fact.until is None:
            fact.until = max(on, fact.since)
            save_edited(fact, fact.version, ["until"])
            _recorded(fact.client, "fact", [fact.kind], by, now, tell=False)
    return fact


# --- Safety ----------------------------------------------------------------------------------------


def set_safety_note(note: SafetyNote, *, by: Any, now: datetime.datetime) -> SafetyNote:
    """Set a note for visits; it replaces the one in force and expires by itself.

    Raises:
        ValidationError: it would expire before today.
        AlreadyDone: the same form was posted before.
    """
    client = note.client
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(client))
        refuse_repetition(note)
        if note.expires_on < timezone.localdate(now):
            raise ValidationError({"expires_on": _("This day is over already.")})
        note.set_by, note.set_at = by, now
        for former in SafetyNote.objects.unscoped(reason="the note in force").filter(
            client=client, ended_at__isnull=True
        ):
            former.ended_at = now
            save_edited(former, former.version, ["ended_at"])
        note.full_clean()
        create_once(note)
        _recorded(client, "safety_note", ["safety_note"], by, now)
    return note


def end_safety_note(note: SafetyNote, *, by: Any, now: datetime.datetime) -> SafetyNote:
    """The note no longer holds; ending it twice changes nothing."""
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(note.client))
        if note.ended_at is None:
            note.ended_at = now
            save_edited(note, note.version, ["ended_at"])
            _recorded(note.client, "safety_note", ["safety_note"], by, now)
    return note
