"""Planning, moving and finishing appointments (rules.md §3)."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.duties import FileDuty
from accounts.records import AlreadyDone, StaleRecord, create_once, save_edited
from accounts.services.locking import lock, lock_taker
from appointments import actions
from appointments.choices import AppointmentState, Excuse
from appointments.models import Appointment, AppointmentOutcome, Contact
from appointments.rules.appointment import blocks, legal_outcomes, next_free
from appointments.services.ladder import sync_ladder
from appointments.services.standing import refresh
from clients.models import Client
from clients.services.files import lock_open_file, now_under_lock, record_in_file

LATEST_HOUR = 20
"""No time later than this hour is suggested."""
DETAILS = ("channel", "place", "matter", "interpreter")


class Busy(Exception):
    """The manager has another appointment at that time.

    Attributes:
        other: the appointment in the way; show it only to somebody who may see it.
        free_at: the next start on that day at which the same length fits, if there is one.
    """

    def __init__(self, other: Appointment, free_at: datetime.datetime | None = None) -> None:
        super().__init__("another appointment at that time")
        self.other = other
        self.free_at = free_at


class IllegalOutcome(Exception):
    """The appointment cannot have this outcome now."""


def _stored(rows: QuerySet[Appointment], pk: int) -> Appointment:
    found: Appointment = rows.select_related("client").get(pk=pk)
    return found


def lock_calendar(manager_id: int | None) -> None:
    """Make two plans for one manager take turns; the caller holds the transaction.

    SQLite lets one writing transaction in at a time anyway.
    """
    if manager_id is not None:
        lock(manager_id)


def _check_free(appointment: Appointment) -> None:
    if appointment.manager_id is None:
        return
    rows: Any = Appointment.objects.unscoped(reason="a manager is in one place, whoever's client it is")
    other = (
        rows.blocking(appointment.manager_id, appointment.starts_at, appointment.ends_at)
        .exclude(pk=appointment.pk)
        .select_related("client", "manager")
        .first()
    )
    if other is not None:
        evening = timezone.localtime(appointment.starts_at).replace(
            hour=LATEST_HOUR, minute=0, second=0, microsecond=0
        )
        taken = rows.blocking(appointment.manager_id, appointment.starts_at, evening).exclude(
            pk=appointment.pk
        )
        length = appointment.ends_at - appointment.starts_at
        spans = taken.values_list("starts_at", "ends_at")
        raise Busy(other, next_free(appointment.starts_at, length, spans, evening))


def plan_appointment(
    appointment: Appointment,
    *,
    agreed: bool,
    by: Any,
    now: datetime.datetime,
    holder: Any | None = None,
    invited_by: Contact | None = None,
) -> Appointment:
    """Put an appointment into a manager's calendar.

    Args:
        appointment: validated and unsaved, with its client.
        agreed: the client agreed to it; False for a date set by our letter.
        by: the acting user.
        now: the instant of planning.
        holder: whose calendar it goes into; the acting user by default.
        invited_by: the letter the date was sent with.

    Raises:
        AlreadyDone: the same form was posted before.
        Busy: the holder has another appointment then; nothing was written.
        ValidationError: the holder was deactivated meanwhile; nothing was written.
    """
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(appointment.client))
        if holder is None:
            lock_calendar(by.pk)
        else:
            lock_taker(holder)
        _insert(appointment, agreed=agreed, by=by, now=now, holder=holder, invited_by=invited_by)
        record_in_file(
            actions.APPOINTMENT_PLANNED,
            appointment.client,
            by,
            "appointment",
            ["starts_at", "ends_at", *DETAILS],
        )
        _after(appointment.client, now)
    return appointment


def _insert(
    appointment: Appointment,
    *,
    agreed: bool,
    by: Any,
    now: datetime.datetime,
    holder: Any | None,
    invited_by: Contact | None,
) -> None:
    appointment.manager = holder or by
    appointment.agreed_at = now if agreed else None
    appointment.invited_by = invited_by
    appointment.recorded_at = now
    appointment.recorded_by = by
    if appointment.form_token is not None:
        rows: Any = Appointment.objects.unscoped(reason="the same form posted twice")
        earlier = rows.filter(form_token=appointment.form_token).first()
        if earlier is not None:
            raise AlreadyDone(earlier)
    _check_free(appointment)
    create_once(appointment)


def move_appointment(
    appointment: Appointment,
    replacement: Appointment,
    *,
    expected_version: int,
    agreed: bool,
    by: Any,
    now: datetime.datetime,
    reason: str = "",
) -> Appointment:
    """Give an appointment another time: the old one stays as moved, the new one takes its place.

    Args:
        appointment: the stored appointment.
        replacement: validated and unsaved, with the new time.
        expected_version: the version the form was opened with.
        agreed: the client agreed to the new time.
        reason: why, optional.

    Returns:
        The new appointment.

    Raises:
        AlreadyDone: the same form was posted before.
        StaleRecord: somebody else changed the appointment meanwhile.
        IllegalOutcome: it has an outcome already.
        Busy: the new time is taken; nothing was written.
    """
    with transaction.atomic():
        client = lock_open_file(appointment.client)
        now = now_under_lock(now, client)
        rows: Any = Appointment.objects.unscoped(reason="the appointment the view let in")
        if replacement.form_token is not None:
            earlier = rows.filter(form_token=replacement.form_token).first()
            if earlier is not None:
                raise AlreadyDone(earlier)
        stored = _stored(rows, appointment.pk)
        if stored.version != expected_version:
            raise StaleRecord(stored)
        if stored.state != AppointmentState.PLANNED:
            raise IllegalOutcome
        replacement.client = client
        lock_calendar(stored.manager_id or by.pk)
        # The old time is given up before the new one is taken: moving by half an hour is no overlap.
        _write_outcome(stored, AppointmentState.MOVED, Excuse.UNDECIDED, reason, by, now)
        _insert(
            replacement,
            agreed=agreed,
            by=by,
            now=now,
            holder=stored.manager or by,
            invited_by=None,
        )
        Appointment.objects.unscoped(reason="link to the new time").filter(pk=stored.pk).update(
            moved_to=replacement
        )
        record_in_file(actions.APPOINTMENT_MOVED, client, by, "appointment", ["starts_at", "ends_at"])
        _after(client, now)
    return replacement


def record_outcome(
    appointment: Appointment,
    outcome: str,
    *,
    by: Any,
    now: datetime.datetime,
    excuse: str = Excuse.UNDECIDED,
    reason: str = "",
    expected_version: int | None = None,
) -> Appointment:
    """Record what became of an appointment, or correct it; the former outcome stays in the history.

    Args:
        appointment: the stored appointment.
        outcome: held, no-show, not met or cancelled; ``planned`` takes a wrong outcome back.
        excuse: of a no-show; undecided until somebody decides.
        reason: what was said, optional.
        expected_version: the version the page was opened with; None for an outcome that follows from a talk.

    Raises:
        IllegalOutcome: the rules do not allow it now (rules.md §3).
        StaleRecord: somebody else recorded another outcome meanwhile.
        Busy: taking back a cancellation meets an appointment that took the time.
    """
    with transaction.atomic():
        client = lock_open_file(appointment.client)
        now = now_under_lock(now, client)
        rows: Any = Appointment.objects.unscoped(reason="the appointment the view let in")
        stored = _stored(rows, appointment.pk)
        excuse = excuse if outcome == AppointmentState.NO_SHOW else Excuse.UNDECIDED
        if (stored.state, stored.excuse) == (outcome, excuse):
            return stored
        if expected_version is not None and stored.version != expected_version:
            raise StaleRecord(stored)
        if outcome == AppointmentState.MOVED or stored.state == AppointmentState.MOVED:
            raise IllegalOutcome
        if outcome != AppointmentState.PLANNED and outcome not in legal_outcomes(
            stored.channel, stored.starts_at, now
        ):
            raise IllegalOutcome
        if blocks(outcome) and not blocks(stored.state):
            lock_calendar(stored.manager_id)
            _check_free(stored)
        _write_outcome(stored, outcome, excuse, reason, by, now)
        record_in_file(actions.OUTCOME_RECORDED, client, by, "appointment", ["excuse", "state"])
        _after(client, now)
    return stored


def _write_outcome(
    stored: Appointment, outcome: str, excuse: str, reason: str, by: Any, now: datetime.datetime
) -> None:
    AppointmentOutcome.objects.create(
        appointment=stored, state=outcome, excuse=excuse, recorded_at=now, by=by, reason=reason
    )
    stored.state, stored.excuse = outcome, excuse
    save_edited(stored, stored.version, ["state", "excuse"])


def confirm_with_client(
    appointment: Appointment, *, expected_version: int, by: Any, now: datetime.datetime
) -> Appointment:
    """A date set by our letter becomes agreed from now on (rules.md §10 "Appointments").

    Confirming it again keeps the first moment: what was known before then must not change.

    Raises:
        IllegalOutcome: it has an outcome already.
        StaleRecord: somebody else changed the appointment meanwhile.
    """
    with transaction.atomic():
        client = lock_open_file(appointment.client)
        now = now_under_lock(now, client)
        rows: Any = Appointment.objects.unscoped(reason="the appointment the view let in")
        stored = _stored(rows, appointment.pk)
        if stored.state != AppointmentState.PLANNED:
            raise IllegalOutcome
        if stored.agreed_at is not None:
            return stored
        appointment.agreed_at = now
        save_edited(appointment, expected_version, ["agreed_at"])
        record_in_file(actions.APPOINTMENT_CONFIRMED, client, by, "appointment", ["agreed_at"])
        _after(client, now)
    return appointment


def change_details(
    appointment: Appointment, *, expected_version: int, by: Any, now: datetime.datetime
) -> Appointment:
    """Save place, channel, matter and interpreter; another time is a move.

    Raises:
        StaleRecord: somebody else changed the appointment meanwhile.
    """
    with transaction.atomic():
        client = lock_open_file(appointment.client)
        now = now_under_lock(now, client)
        save_edited(appointment, expected_version, list(DETAILS))
        record_in_file(actions.APPOINTMENT_CHANGED, client, by, "appointment", list(DETAILS))
        _after(client, now)
    return appointment


def take_over(
    appointment: Appointment, *, expected_version: int, by: Any, now: datetime.datetime
) -> Appointment:
    """Put an appointment that nobody holds since a handover into one's own calendar.

    Raises:
        Busy: the acting user has another appointment then.
        StaleRecord: somebody else took it meanwhile.
    """
    with transaction.atomic():
        client = lock_open_file(appointment.client)
        now = now_under_lock(now, client)
        lock_calendar(by.pk)
        appointment.manager = by
        _check_free(appointment)
        save_edited(appointment, expected_version, ["manager"])
        record_in_file(actions.APPOINTMENT_CHANGED, client, by, "appointment", ["manager"])
    return appointment


def _after(client: Client, now: datetime.datetime) -> None:
    refresh(client, now)
    sync_ladder(client, now)


class AppointmentDuty(FileDuty):
    """Planned appointments go to the successor; one that meets hers waits without a holder to be moved.

    What the leaving manager holds as stand-in goes to the manager of its file: the successor may not see it.
    """

    code = "appointments"
    label = _("appointments")

    def open_for(self, user: Any, client: Any | None = None) -> int:
        return self._rows(user, client).count()

    def open_in(self, client: Any) -> int:
        rows: Any = Appointment.objects.unscoped(reason="a file closes with nothing left to decide")
        now = timezone.now()
        return int((rows.undecided(now) | rows.upcoming(now)).filter(client=client).count())

    def lock(self, user: Any) -> Collection[int]:
        managers = self._rows(user, None).values_list("client__manager_id", flat=True)
        return [key for key in managers.order_by().distinct() if key is not None]

    def transfer(self, old: Any, new: Any | None, client: Any | None, by: Any) -> int:
        moved = 0
        with transaction.atomic():
            rows = self._rows(old, client)
            calendars = {old.pk, *rows.values_list("client__manager_id", flat=True)}
            calendars.add(new.pk if new is not None else old.pk)
            lock(*(key for key in calendars if key is not None))
            successor = new.pk if new is not None else None
            # Those in files of others may just be changed by somebody: each is read once it is free.
            held = rows.select_related("client").select_for_update(of=("self",), no_key=True)
            for appointment in held.order_by("starts_at", "pk"):
                responsible = appointment.client.manager_id
                appointment.manager_id = successor if responsible == old.pk else responsible
                try:
                    _check_free(appointment)
                except Busy:
                    appointment.manager_id = None
                save_edited(appointment, appointment.version, ["manager"])
                record_in_file(
                    actions.APPOINTMENT_TRANSFERRED, appointment.client, by, "appointment", ["manager"]
                )
                moved += 1
        return moved

    def _rows(self, user: Any, client: Any | None) -> Any:
        rows: Any = Appointment.objects.unscoped(reason="what a leaving manager still owes")
        rows = rows.filter(manager=user).upcoming(timezone.now())
        return rows if client is None else rows.filter(client=client)
