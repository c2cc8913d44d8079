"""Bookings, per-capita amounts and positions: entered, corrected by a new version, reversed; never overwritten."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Service
from accounts.records import create_once, raise_if_submitted
from accounts.rules.days import Days
from audit.recording import record
from clients.services.change import change
from funding import actions
from funding.choices import BookingKind
from funding.models import Booking, Entry, PerCapita, Position
from funding.rules.money import in_euros
from funding.rules.shares import FULL, Excess, Share, first_excess
from funding.services.periods import lock_period
from ui.dates import date_de

E = TypeVar("E", bound=Entry)
FIELDS: dict[type[Entry], tuple[str, ...]] = {
    Booking: ("line", "kind", "day", "amount", "about"),
    PerCapita: ("reference_on", "persons", "amount"),
    Position: ("person", "share", "since", "until"),
}
REASON = "what stands beside an entry counts, whoever may read it"


def enter(actor: Actor, entry: E) -> E:
    """Make an entry, or the correction of the one it ``replaces``, which stays as it was.

    Args:
        actor: who acts, and when.
        entry: validated and unsaved, with its period; a correction with its reason.

    Raises:
        PermissionDenied: the period is not the actor's to write.
        DuplicateSubmission: the same form was posted before.
        ValidationError: it is reversed, somebody else corrected it meanwhile, or it does not fit what stands already.
    """
    people = [entry.person_id] if isinstance(entry, Position) else []
    with change(actor, needs="funding.edit", users=people) as locked:
        entry.period = lock_period(actor, entry.period)
        return _write(locked.actor, entry, actions.CORRECTED if entry.replaces else actions.ENTERED)


def reverse(actor: Actor, entry: E, *, reason: str, **once: Any) -> E:
    """Say that an entry counts no more; it stays, with who reversed it, when and why.

    Args:
        actor: who acts, and when.
        entry: as it stands.
        reason: why.
        once: token and digest of the form.

    Raises:
        PermissionDenied: the period is not the actor's to write.
        DuplicateSubmission: the same form was posted before.
        ValidationError: somebody else corrected it meanwhile, or a sum would fall below zero.
    """
    with change(actor, needs="funding.edit") as locked:
        reversal = follow(entry)
        reversal.is_reversal, reversal.reason = True, reason
        for name, value in once.items():
            setattr(reversal, name, value)
        reversal.period = lock_period(actor, entry.period)
        return _write(locked.actor, reversal, actions.REVERSED)


def follow(entry: E) -> E:
    """An unsaved entry that says the same and takes the place of this one."""
    said = {name: getattr(entry, name) for name in FIELDS[type(entry)]}
    return type(entry)(period=entry.period, replaces=entry, **said)


def _write(actor: Actor, entry: E, action: Any) -> E:
    raise_if_submitted(entry)
    kind: Any = type(entry)
    if entry.replaces and entry.replaces.is_reversal:
        raise ValidationError(_("This entry was reversed and counts no more. Please enter it anew."))
    if entry.replaces and kind._base_manager.filter(replaces=entry.replaces).exists():
        raise ValidationError(_("Somebody else has corrected or reversed this entry in the meantime."))
    entry.recorded_by, entry.recorded_at = actor.user, actor.now
    if not entry.is_reversal:
        entry.full_clean()
    if isinstance(entry, Booking):
        _stay_above_zero(entry)
    if isinstance(entry, Position) and not entry.is_reversal:
        _fit_position(entry)
    create_once(entry)
    record(actor, action, kind=kind._meta.model_name, fields=FIELDS[kind])
    return entry


def _stay_above_zero(booking: Booking) -> None:
    """A reduction or a repayment takes back no more than was there, also where a corrected booking stood before."""
    for line, kind in {_place_of(one) for one in (booking, booking.replaces) if isinstance(one, Booking)}:
        rows = Booking.objects.unscoped(reason=REASON).current().filter(period=booking.period)
        others = rows.filter(line=line, kind=kind).exclude(pk=booking.replaces_id).aggregate(Sum("amount"))
        besides = others["amount__sum"] or 0
        counts_here = not booking.is_reversal and _place_of(booking) == (line, kind)
        if besides + (booking.amount if counts_here else 0) < 0:
            text = _("Then less than nothing would be %(kind)s in this line: there are %(amount)s besides.")
            said = text % {"kind": BookingKind(kind).label, "amount": in_euros(besides)}
            raise ValidationError({"amount": said})


def _place_of(booking: Booking) -> tuple[int, str]:
    return booking.line_id, booking.kind


def _fit_position(position: Position) -> None:
    excess = first_excess(position.as_share, _other_shares(position), _held(position))
    if excess is not None:
        raise ValidationError({"share": _told(excess)})


def _other_shares(position: Position) -> list[Share]:
    rows = Position.objects.unscoped(reason=REASON).current().filter(person=position.person_id)
    return [row.as_share for row in rows.exclude(pk=position.replaces_id)]


def _held(position: Position) -> list[Share]:
    """Her position over time as the administration entered it; who serves the whole district has a full one."""
    if position.person.whole_district:
        return [Share(Days(position.since, position.until), FULL)]
    rows = Service.objects.filter(user=position.person_id, since__lte=position.until)
    return [
        Share(Days(row.since, row.until or position.until), row.fte_share)
        for row in rows
        if row.until is None or row.until >= position.since
    ]


def _told(excess: Excess) -> str:
    words = {"day": date_de(excess.day), "free": _german(excess.free), "held": _german(excess.held)}
    if not excess.held:
        return _("On %(day)s she has no position; the administration enters positions.") % words
    if excess.free <= 0:
        return _("On %(day)s her position of %(held)s is paid elsewhere in full.") % words
    return _("On %(day)s only %(free)s of her position of %(held)s are free.") % words


def _german(number: Decimal) -> str:
    return f"{number:.2f}".replace(".", ",")
