"""Enquiries: registering, taking and answering them."""

import datetime
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import scope_of
from accounts.actor import Actor
from accounts.duties import FileDuty
from accounts.models import Municipality, User
from accounts.permissions import Column, column_of
from accounts.records import DuplicateSubmission, create_once, raise_if_submitted
from accounts.services.locking import lock_taker
from audit.recording import record
from clients.models import Client, SpokenLanguage, Topic
from clients.services.change import change
from clients.services.closed_files import refuse_closed
from clients.services.duplicate_dismissals import register_another_person
from clients.services.files import FirstFacts
from intake import actions
from intake.choices import EnquiryState
from intake.models import Enquiry, EnquiryCounter
from intake.querysets import EnquiryQuerySet
from intake.services.inbox import JUST_NOW, AlreadyTaken, WorkedOn

# --- the inbox ------------------------------------------------------------------------------------------


def enquiry_left_inbox_lately(key: uuid.UUID, *, user: User, now: datetime.datetime) -> bool:
    """The same for an enquiry."""
    rows = Enquiry.objects.unscoped(reason="who was slower is told that the entry is gone")
    return rows.filter(
        uuid=key, municipality_id__in=scope_of(user).municipalities, taken_at__gte=now - JUST_NOW
    ).exists()


# --- enquiries ------------------------------------------------------------------------------------------


def _draw_number(municipality: Municipality, year: int) -> str:
    rows = EnquiryCounter.objects.select_for_update(no_key=True).filter(municipality=municipality, year=year)
    counter = rows.first()
    if counter is None:
        try:
            # A savepoint: on PostgreSQL the first two enquiries of a year may meet here.
            with transaction.atomic():
                counter = EnquiryCounter.objects.create(municipality=municipality, year=year)
        except IntegrityError:
            counter = rows.get()
    counter.last += 1
    counter.save(update_fields=["last"])
    return f"{municipality.code}-A-{year:04d}-{counter.last:04d}"


def _refuse_elsewhere(actor: Actor, enquiry: Enquiry) -> None:
    if enquiry.municipality_id not in actor.scope.municipalities:
        raise PermissionDenied


def _store_new(actor: Actor, enquiry: Enquiry) -> None:
    _refuse_elsewhere(actor, enquiry)
    enquiry.registered_by = actor.user
    enquiry.registered_at = actor.now
    raise_if_submitted(enquiry)
    enquiry.number = _draw_number(enquiry.municipality, actor.today.year)
    enquiry.full_clean(exclude=["number", "form_token"])
    create_once(enquiry)


def register_enquiry(actor: Actor, enquiry: Enquiry) -> Enquiry:
    """Register an enquiry; it waits in the municipality's inbox under its own number.

    Args:
        actor: who acts, and when.
        enquiry: validated and unsaved, with municipality, name, way to reach, reason, source.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the actor registers none, or none in this municipality.
    """
    actor.require("enquiry.register")
    enquiry.state = EnquiryState.OPEN
    with transaction.atomic():
        _store_new(actor, enquiry)
        record(actor, actions.ENQUIRY_REGISTERED, kind="enquiry")
    return enquiry


def log_answered(actor: Actor, enquiry: Enquiry) -> Enquiry:
    """Log an enquiry the officer answered herself: topic, language, duration; nobody is named, no file made.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the actor answers none, or none in this municipality.
    """
    actor.require("enquiry.answer")
    enquiry.state = EnquiryState.ANSWERED
    enquiry.surname = enquiry.given_name = enquiry.reach = enquiry.reason = ""
    enquiry.answered_by, enquiry.answered_at = actor.user, actor.now
    with transaction.atomic():
        _store_new(actor, enquiry)
        record(actor, actions.ENQUIRY_ANSWERED, kind="enquiry")
    return enquiry


def _locked(enquiry: Enquiry) -> Enquiry:
    row: Enquiry = (
        Enquiry.objects.unscoped(reason="lock of an enquiry the view let in")
        .select_for_update(of=("self",), no_key=True)
        .select_related("municipality")
        .get(pk=enquiry.pk)
    )
    return row


def answer_enquiry(
    actor: Actor,
    enquiry: Enquiry,
    *,
    topic: Topic | None,
    language: SpokenLanguage | None,
    minutes: int | None,
) -> Enquiry:
    """Close an enquiry without a file, by the officer while it is open or by the manager who took it.

    Name, way to reach and reason are erased: nothing is done with them any more.

    Raises:
        AlreadyTaken: it is not open to ``by`` any more; nothing was written.
        PermissionDenied: ``by`` answers no enquiries, or none of this municipality.
    """
    actor.require("enquiry.view")
    with transaction.atomic():
        row = _locked(enquiry)
        mine = row.state == EnquiryState.TAKEN and row.taken_by_id == actor.user.pk and row.client_id is None
        if not mine and (row.state != EnquiryState.OPEN or column_of(actor.user) == Column.MANAGER):
            raise AlreadyTaken
        if not mine:
            _refuse_elsewhere(actor, row)
        row.state = EnquiryState.ANSWERED
        row.surname = row.given_name = row.reach = row.reason = ""
        row.topic, row.language, row.minutes = topic, language, minutes
        row.answered_by, row.answered_at = actor.user, actor.now
        row.version += 1
        row.full_clean(exclude=["number"])
        row.save()
        record(actor, actions.ENQUIRY_ANSWERED, kind="enquiry")
    return row


def take_enquiry(actor: Actor, enquiry: Enquiry) -> Enquiry:
    """Take an open enquiry; from now on name and reason are the taker's alone.

    Raises:
        AlreadyTaken: another manager was faster; nothing was written.
        PermissionDenied: ``by`` takes no enquiries, or none of this municipality.
        ValidationError: ``by`` is no active manager any more; nothing was written.
    """
    actor.require("enquiry.take")
    with transaction.atomic():
        row = _locked(enquiry)
        if row.state != EnquiryState.OPEN:
            raise AlreadyTaken
        _refuse_elsewhere(actor, row)
        lock_taker(actor.user)
        row.state, row.taken_by, row.taken_at = EnquiryState.TAKEN, actor.user, actor.now
        row.version += 1
        row.save(update_fields=["state", "taken_by", "taken_at", "version"])
        record(actor, actions.ENQUIRY_TAKEN, kind="enquiry")
    return row


def give_enquiry_back(actor: Actor, enquiry: Enquiry) -> Enquiry:
    """Take taking an enquiry back the same day: it waits in the inbox again.

    Raises:
        WorkedOn: it was not taken today by the actor, or it was answered or filed since; nothing was written.
    """
    actor.require("enquiry.take")
    with transaction.atomic():
        row = _locked(enquiry)
        is_hers = (
            row.state == EnquiryState.TAKEN and row.taken_by_id == actor.user.pk and row.client_id is None
        )
        if not is_hers or row.taken_at is None or timezone.localdate(row.taken_at) != actor.today:
            raise WorkedOn
        row.state, row.taken_by, row.taken_at = EnquiryState.OPEN, None, None
        row.version += 1
        row.save(update_fields=["state", "taken_by", "taken_at", "version"])
        record(actor, actions.ENQUIRY_GIVEN_BACK, kind="enquiry")
    return row


def open_file_from(
    actor: Actor, enquiry: Enquiry, client: Client, *, facts: FirstFacts, dismissed: Iterable[Client] = ()
) -> Client:
    """Make a file from an enquiry one has taken; making it is its taking, so the first-contact ladder starts.

    Args:
        actor: who acts, and when.
        client: validated and unsaved; municipality and source come from the enquiry.
        facts: languages and numbers known from the enquiry.
        dismissed: files that were shown as perhaps the same person, and are not.

    Raises:
        AlreadyTaken: the enquiry was dealt with meanwhile.
        ValidationError: by field; nothing was written.
        DuplicateSubmission: the same form was posted before.
    """
    known = list(dismissed)
    with change(actor, needs="enquiry.take") as locked:
        row = _locked(enquiry)
        if row.client is not None and row.client.form_digest == client.form_digest:
            raise DuplicateSubmission(row.client)
        if row.client is not None or row.state != EnquiryState.TAKEN or row.taken_by_id != actor.user.pk:
            raise AlreadyTaken
        client.municipality = row.municipality
        client.source = row.source
        file = register_another_person(locked.actor, client, known, facts=facts, to_inbox=False)
        _connect(actor, row, file)
    return file


def connect_with_file(actor: Actor, enquiry: Enquiry, client: Client) -> Enquiry:
    """The enquiry is about a client one has already.

    Args:
        actor: who acts, and when.
        client: a file of the caseload of ``by``.

    Raises:
        AlreadyTaken: the enquiry was dealt with meanwhile.
        PermissionDenied: the file is not hers any more.
        FileClosed: the file was closed a moment ago.
    """
    with change(actor, needs="enquiry.take") as locked:
        row = _locked(enquiry)
        if row.client_id == client.pk:
            return row
        if row.state != EnquiryState.TAKEN or row.taken_by_id != actor.user.pk or row.client_id is not None:
            raise AlreadyTaken
        locked.lock([client])
        locked.require("enquiry.take", client)
        refuse_closed(locked.file(client))
        _connect(actor, row, client)
    return row


def _connect(actor: Actor, enquiry: Enquiry, client: Client) -> None:
    enquiry.client = client
    enquiry.version += 1
    enquiry.save(update_fields=["client", "version"])
    record(actor, actions.ENQUIRY_FILED, client=client, kind="enquiry")


class EnquiryDuty(FileDuty):
    """Enquiries taken and still open: they go to the successor, or wait in the inbox again.

    Nobody else sees a taken enquiry, so with a manager who leaves the person who asked would be forgotten.
    """

    code = "enquiries"
    locks_first = True
    label = _("enquiries")

    def open_for(self, user: User, client: Client | None = None) -> int:
        return self._rows(user, client).count()

    def rows(self, user: User, *, lock: bool) -> Iterable[int]:
        rows = self._rows(user, None).order_by("pk")
        return (rows.select_for_update(no_key=True) if lock else rows).values_list("pk", flat=True)

    def transfer(self, actor: Actor, old: User, new: User | None, client: Client | None) -> int:
        moved = 0
        with transaction.atomic():
            for enquiry in self._rows(old, client).select_for_update(no_key=True).order_by("pk"):
                enquiry.taken_by = new
                if new is None:
                    enquiry.state, enquiry.taken_at = EnquiryState.OPEN, None
                enquiry.version += 1
                enquiry.save(update_fields=["state", "taken_by", "taken_at", "version"])
                record(actor, actions.ENQUIRY_PASSED_ON, kind="enquiry")
                moved += 1
        return moved

    def _rows(self, user: User, client: Client | None) -> QuerySet[Enquiry]:
        rows = Enquiry.objects.unscoped(reason="what a leaving manager still owes")
        # An open enquiry belongs to no file yet: handing over one file moves none.
        return rows.none() if client else rows.filter(taken_by=user, state=EnquiryState.TAKEN, client=None)


# --- what the officer sees ------------------------------------------------------------------------------


@dataclass(frozen=True)
class OfficerEnquiry:
    """An enquiry as the officer may see it (rules.md §8): once it is taken, number, month and state are all."""

    uuid: uuid.UUID
    number: str
    month: datetime.date
    state: EnquiryState
    registered_at: datetime.datetime | None = None
    municipality: str = ""
    source: str = ""
    language: str = ""
    topic: str = ""
    minutes: int | None = None
    name: str = ""
    reach: str = ""
    reason: str = ""

    @property
    def is_open(self) -> bool:
        return self.state == EnquiryState.OPEN


def _for_officer(row: Enquiry) -> OfficerEnquiry:
    told = OfficerEnquiry(
        uuid=row.uuid,
        number=row.number,
        month=timezone.localdate(row.registered_at).replace(day=1),
        state=EnquiryState(row.state),
    )
    if row.taken_at is not None:
        # Also when its taker answered it: what she wrote down then is hers.
        return told
    return replace(
        told,
        registered_at=row.registered_at,
        municipality=row.municipality.name,
        source=str(row.source or ""),
        language=str(row.language or ""),
        topic=str(row.topic or ""),
        minutes=row.minutes,
        name=row.display_name,
        reach=row.reach,
        reason=row.reason,
    )


def _officer_rows(user: User) -> EnquiryQuerySet:
    if column_of(user) not in (Column.OFFICER, Column.COORDINATOR):
        return Enquiry.objects.none()
    rows = Enquiry.objects.of_officer(user)
    return rows.select_related("municipality", "source", "language", "topic")


def enquiries_for_officer(
    user: User, *, state: str = "", after: uuid.UUID | None = None, limit: int = 50
) -> tuple[list[OfficerEnquiry], bool]:
    """Enquiries of the officer's municipalities, newest first, and whether there are more.

    Args:
        state: only these; empty for all.
        after: the last row shown before.
    """
    rows = _officer_rows(user)
    if state:
        rows = rows.filter(state=state)
    cursor = _officer_rows(user).filter(uuid=after).first() if after else None
    if cursor is not None:
        rows = rows.older_than(cursor)
    found = list(rows.order_by("-registered_at", "-id")[: limit + 1])
    return [_for_officer(row) for row in found[:limit]], len(found) > limit


def enquiry_for_officer(user: User, key: uuid.UUID) -> OfficerEnquiry | None:
    """One enquiry of the officer's municipalities as she may see it."""
    row = _officer_rows(user).filter(uuid=key).first()
    return _for_officer(row) if row is not None else None


def officers_open_enquiry(user: User, key: uuid.UUID) -> Enquiry | None:
    """An open enquiry the officer may answer herself."""
    row: Enquiry | None = _officer_rows(user).filter(uuid=key, state=EnquiryState.OPEN).first()
    return row
