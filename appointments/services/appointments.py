"""Planning, moving and finishing appointments (rules.md §3)."""

import datetime
from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.duties import FileDuty
from accounts.models import User
from accounts.records import DuplicateSubmission, StaleRecord, create_once, save_edited
from accounts.services.locking import lock, lock_free, lock_taker
from appointments import actions
from appointments.busy import Block, blocks_between
from appointments.choices import AppointmentState, Excuse
from appointments.models import Appointment, AppointmentOutcome, Contact
from appointments.rules.appointment import blocks, legal_outcomes, next_free
from audit.recording import record
from clients.models import Client
from clients.services.change import change

LATEST_HOUR = 20
"""No time later than this hour is suggested."""
DETAILS = ("channel", "place", "room", "matter", "interpreter")


class Busy(Exception):
    """The manager has another appointment at that time.

    Attributes:
        other: the appointment in the way, shown only to a user who may see it, or what else takes the time.
        free_at: the next start on that day at which the same length fits, if there is one.
    """

    def __init__(self, other: Appointment | Block, free_at: datetime.datetime | None = None) -> None:
        super().__init__("another appointment at that time")
        self.other = other
        self.free_at = free_at


class IllegalOutcome(Exception):
    """The appointment cannot have this outcome now."""


def _stored(rows: QuerySet[Appointment], pk: int) -> Appointment:
    found: Appointment = rows.select_related("client").get(pk=pk)
    return found


def lock_calendar(manager_id: int | None) -> None:
    """Make two plans for one manager take turns; call it inside a transaction.

    SQLite runs only one writing transaction at a time anyway.
    """
    if manager_id is not None:
        lock(manager_id)


def _check_free(appointment: Appointment) -> None:
    if appointment.manager_id is not None:
        check_free(appointment.manager_id, appointment.starts_at, appointment.ends_at, besides=appointment.pk)


def check_free(
    manager: int, start: datetime.datetime, end: datetime.datetime, *, besides: int | None = None
) -> None:
    """Refuse a time that is taken in a manager's calendar; call it under ``lock_calendar``.

    Args:
        manager: whose calendar.
        start: when it begins.
        end: when it is over.
        besides: the appointment that may stand there itself.

    Raises:
        Busy: an appointment, or a block of another app, lies there.
    """
    rows = Appointment.objects.unscoped(reason="a manager is in one place at a time, with every client")
    rows = rows.exclude(pk=besides)
    other: Appointment | Block | None = (
        rows.blocking(manager, start, end).select_related("client", "manager").first()
    )
    other = other or next(iter(blocks_between(manager, start, end)), None)
    if other is None:
        return
    evening = timezone.localtime(start).replace(hour=LATEST_HOUR, minute=0, second=0, microsecond=0)
    spans = list(rows.blocking(manager, start, evening).values_list("starts_at", "ends_at"))
    spans += [(block.starts_at, block.ends_at) for block in blocks_between(manager, start, evening)]
    raise Busy(other, next_free(start, end - start, spans, evening))


def plan_appointment(
    actor: Actor,
    appointment: Appointment,
    *,
    agreed: bool,
    holder: User | None = None,
    invited_by: Contact | None = None,
) -> Appointment:
    """Put an appointment into a manager's calendar.

    Args:
        actor: who acts, and when.
        appointment: validated and unsaved, with its client.
        agreed: the client agreed to it; False for a date set by our letter.
        holder: whose calendar it goes into; the acting user by default.
        invited_by: the letter the date was sent with.

    Raises:
        DuplicateSubmission: the same form was posted before.
        Busy: the holder has another appointment then; nothing was written.
        ValidationError: the holder was deactivated meanwhile; nothing was written.
    """
    with change(actor, [appointment.client], needs="appointment.edit") as locked:
        if holder is None:
            lock_calendar(actor.user.pk)
        else:
            lock_taker(holder)
        _insert(locked.actor, appointment, agreed=agreed, holder=holder, invited_by=invited_by)
        record(
            actor,
            actions.APPOINTMENT_PLANNED,
            client=appointment.client,
            kind="appointment",
            fields=["starts_at", "ends_at", *DETAILS],
        )
    return appointment


def _insert(
    actor: Actor, appointment: Appointment, *, agreed: bool, holder: User | None, invited_by: Contact | None
) -> None:
    appointment.manager = holder or actor.user
    appointment.agreed_at = actor.now if agreed else None
    appointment.invited_by = invited_by
    appointment.recorded_at = actor.now
    appointment.recorded_by = actor.user
    if appointment.form_token is not None:
        rows = Appointment.objects.unscoped(reason="the same form posted twice")
        earlier = rows.filter(form_token=appointment.form_token).first()
        if earlier is not None:
            raise DuplicateSubmission(earlier)
    _check_free(appointment)
    create_once(appointment)


def move_appointment(
    actor: Actor,
    appointment: Appointment,
    replacement: Appointment,
    *,
    expected_version: int,
    agreed: bool,
    reason: str = "",
) -> Appointment:
    """Give an appointment another time: the old one stays as moved, the new one takes its place.

    Args:
        actor: who acts, and when.
        appointment: the stored appointment.
        replacement: validated and unsaved, with the new time.
        expected_version: the version the form was opened with.
        agreed: the client agreed to the new time.
        reason: why, optional.

    Returns:
        The new appointment.

    Raises:
        DuplicateSubmission: the same form was posted before.
        StaleRecord: somebody else changed the appointment meanwhile.
        IllegalOutcome: it has an outcome already.
        Busy: the new time is taken; nothing was written.
    """
    with change(actor, [appointment.client], needs="appointment.edit") as locked:
        client = locked.file(appointment.client)
        rows = Appointment.objects.unscoped(reason="the appointment the view let in")
        if replacement.form_token is not None:
            earlier = rows.filter(form_token=replacement.form_token).first()
            if earlier is not None:
                raise DuplicateSubmission(earlier)
        stored = _stored(rows, appointment.pk)
        if stored.version != expected_version:
            raise StaleRecord(stored)
        if stored.state != AppointmentState.PLANNED:
            raise IllegalOutcome
        replacement.client = client
        lock_calendar(stored.manager_id or actor.user.pk)
        # The old time is given up before the new one is taken: moving by half an hour is no overlap.
        _write_outcome(locked.actor, stored, AppointmentState.MOVED, Excuse.UNDECIDED, reason)
        _insert(
            locked.actor, replacement, agreed=agreed, holder=stored.manager or actor.user, invited_by=None
        )
        Appointment.objects.unscoped(reason="link to the new time").filter(pk=stored.pk).update(
            moved_to=replacement
        )
        record(
            actor,
            actions.APPOINTMENT_MOVED,
            client=client,
            kind="appointment",
            fields=["starts_at", "ends_at"],
        )
    return replacement


def record_outcome(
    actor: Actor,
    appointment: Appointment,
    outcome: str,
    *,
    excuse: str = Excuse.UNDECIDED,
    reason: str = "",
    expected_version: int | None = None,
) -> Appointment:
    """Record what became of an appointment, or correct it; the former outcome stays in the history.

    Args:
        actor: who acts, and when.
        appointment: the stored appointment.
        outcome: held, no-show, not met or cancelled; ``planned`` takes a wrong outcome back.
        excuse: of a no-show; undecided until the manager decides.
        reason: what was said, optional.
        expected_version: the version the page was opened with; None for an outcome that follows from a talk.

    Raises:
        IllegalOutcome: the rules do not allow it now (rules.md §3).
        StaleRecord: another user recorded another outcome meanwhile.
        Busy: taking back a cancellation meets an appointment that took the time.
    """
    with change(actor, [appointment.client], needs="appointment.edit") as locked:
        client = locked.file(appointment.client)
        rows = Appointment.objects.unscoped(reason="the appointment the view let in")
        stored = _stored(rows, appointment.pk)
        excuse = excuse if outcome == AppointmentState.NO_SHOW else Excuse.UNDECIDED
        if (stored.state, stored.excuse) == (outcome, excuse):
            return stored
        if expected_version is not None and stored.version != expected_version:
            raise StaleRecord(stored)
        if outcome == AppointmentState.MOVED or stored.state == AppointmentState.MOVED:
            raise IllegalOutcome
        if outcome != AppointmentState.PLANNED and outcome not in legal_outcomes(
            stored.channel, stored.starts_at, locked.now
        ):
            raise IllegalOutcome
        if blocks(outcome) and not blocks(stored.state):
            lock_calendar(stored.manager_id)
            _check_free(stored)
        _write_outcome(locked.actor, stored, outcome, excuse, reason)
        record(actor, actions.OUTCOME_RECORDED, client=client, kind="appointment", fields=["excuse", "state"])
    return stored


def _write_outcome(actor: Actor, stored: Appointment, outcome: str, excuse: str, reason: str) -> None:
    AppointmentOutcome.objects.create(
        appointment=stored, state=outcome, excuse=excuse, recorded_at=actor.now, by=actor.user, reason=reason
    )
    stored.state, stored.excuse = outcome, excuse
    save_edited(stored, stored.version, ["state", "excuse"])


def confirm_with_client(actor: Actor, appointment: Appointment, *, expected_version: int) -> Appointment:
    """A date set by our letter becomes agreed from now on (rules.md §10 "Appointments").

    Confirming it again keeps the first moment: what was known before then must not change.

    Raises:
        IllegalOutcome: it has an outcome already.
        StaleRecord: somebody else changed the appointment meanwhile.
    """
    with change(actor, [appointment.client], needs="appointment.edit") as locked:
        client = locked.file(appointment.client)
        rows = Appointment.objects.unscoped(reason="the appointment the view let in")
        stored = _stored(rows, appointment.pk)
        if stored.state != AppointmentState.PLANNED:
            raise IllegalOutcome
        if stored.agreed_at is not None:
            return stored
        appointment.agreed_at = locked.now
        save_edited(appointment, expected_version, ["agreed_at"])
        record(actor, actions.APPOINTMENT_CONFIRMED, client=client, kind="appointment", fields=["agreed_at"])
    return appointment


def change_details(actor: Actor, appointment: Appointment, *, expected_version: int) -> Appointment:
    """Save place, channel, matter and interpreter; another time is a move.

    Raises:
        StaleRecord: somebody else changed the appointment meanwhile.
    """
    with change(actor, [appointment.client], needs="appointment.edit") as locked:
        client = locked.file(appointment.client)
        save_edited(appointment, expected_version, list(DETAILS))
        record(actor, actions.APPOINTMENT_CHANGED, client=client, kind="appointment", fields=list(DETAILS))
    return appointment


def take_over(actor: Actor, appointment: Appointment, *, expected_version: int) -> Appointment:
    """Put an appointment that nobody holds since a handover into one's own calendar.

    Raises:
        Busy: the acting user has another appointment then.
        StaleRecord: somebody else took it meanwhile.
    """
    with change(actor, [appointment.client], needs="appointment.edit") as locked:
        client = locked.file(appointment.client)
        lock_calendar(actor.user.pk)
        if appointment.manager_id is not None or appointment.state != AppointmentState.PLANNED:
            raise IllegalOutcome
        appointment.manager = actor.user
        _check_free(appointment)
        save_edited(appointment, expected_version, ["manager"])
        record(actor, actions.APPOINTMENT_CHANGED, client=client, kind="appointment", fields=["manager"])
    return appointment


class AppointmentDuty(FileDuty):
    """Planned appointments go to the successor; one that meets hers waits without a holder to be moved.

    What the leaving manager holds as stand-in goes to the manager of its file: the successor may not see it.
    """

    code = "appointments"
    label = _("appointments")

    def open_for(self, user: User, client: Client | None = None) -> int:
        return self._rows(user, client).count()

    def open_in(self, client: Client) -> int:
        rows = Appointment.objects.unscoped(reason="a file closes with nothing left to decide")
        now = timezone.now()
        return int((rows.undecided(now) | rows.upcoming(now)).filter(client=client).count())

    def files(self, user: User) -> Iterable[int]:
        return self._rows(user, None).values_list("client_id", flat=True)

    def accounts(self, user: User) -> Iterable[int]:
        managers = self._rows(user, None).values_list("client__manager_id", flat=True)
        return [key for key in managers.order_by().distinct() if key is not None]

    def transfer(self, actor: Actor, old: User, new: User | None, client: Client | None) -> int:
        moved = 0
        with change(actor) as locked:
            rows = self._rows(old, client).select_related("client")
            files = locked.lock(row.client for row in rows)
            calendars = {old.pk, *(file.manager_id for file in files)}
            calendars.add(new.pk if new is not None else old.pk)
            # Locked with the leaver's account. Of a file that changed hands since, nobody waits for the calendar here:
            # that would be against everybody's order.
            free = lock_free(*(key for key in calendars if key is not None))
            successor = new.pk if new is not None else None
            # Each is read once its file is free: somebody may just have changed it.
            for appointment in rows.filter(client__in=files).order_by("starts_at", "pk"):
                responsible = appointment.client.manager_id
                holder = successor if responsible == old.pk else responsible
                appointment.manager_id = holder if holder in free else None
                try:
                    _check_free(appointment)
                except Busy:
                    appointment.manager_id = None
                save_edited(appointment, appointment.version, ["manager"])
                record(
                    actor,
                    actions.APPOINTMENT_TRANSFERRED,
                    client=appointment.client,
                    kind="appointment",
                    fields=["manager"],
                )
                moved += 1
        return moved

    def _rows(self, user: User, client: Client | None) -> QuerySet[Appointment]:
        rows = Appointment.objects.unscoped(reason="what a leaving manager still owes")
        rows = rows.filter(manager=user).upcoming(timezone.now())
        return rows if client is None else rows.filter(client=client)
