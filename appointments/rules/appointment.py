"""Outcomes of appointments, what they count for, and overlap (rules.md §3 and §10 "Appointments")."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from accounts.rules.calendar import local_date
from appointments.choices import AppointmentState, Channel, Excuse

OUTCOMES = frozenset(AppointmentState.values) - {AppointmentState.PLANNED}
#: A cancelled or moved appointment takes no room in the calendar.
NOT_BLOCKING = frozenset(
    {AppointmentState.CANCELLED_CLIENT, AppointmentState.CANCELLED_US, AppointmentState.MOVED}
)


def legal_outcomes(channel: str, planned_start: datetime, now: datetime) -> frozenset[str]:
    """The outcomes an appointment may be given at `now`, also as a correction of another outcome.

    A home visit is held or *not met*, never a no-show; nobody fails to come before the planned start; a talk may
    take place from the day of the appointment on.
    """
    outcomes = {AppointmentState.CANCELLED_CLIENT, AppointmentState.CANCELLED_US, AppointmentState.MOVED}
    if local_date(now) >= local_date(planned_start):
        outcomes.add(AppointmentState.HELD)
    if now >= planned_start:
        outcomes.add(AppointmentState.NOT_MET if channel == Channel.HOME_VISIT else AppointmentState.NO_SHOW)
    return frozenset(outcomes)


def next_free(
    start: datetime, length: timedelta, taken: Iterable[tuple[datetime, datetime]], latest_end: datetime
) -> datetime | None:
    """The first start from `start` on at which `length` fits between the spans taken (half-open, rules.md §10).

    Args:
        start: where the look begins.
        length: how long it takes.
        taken: begin and end of what is in the calendar, in any order.
        latest_end: when it has to be over.

    Returns:
        The start, or None when nothing fits any more.
    """
    for begin, end in sorted(taken):
        if start + length <= begin:
            break
        start = max(start, end)
    return start if start + length <= latest_end else None


def is_miss(state: str, excuse: str) -> bool:
    """A no-show that is unexcused or still undecided: it triggers a ladder."""
    return state == AppointmentState.NO_SHOW and excuse != Excuse.EXCUSED


def counts_as_held(state: str, *, agreed: bool) -> bool:
    """In the denominator of the no-show rate as held."""
    return agreed and state == AppointmentState.HELD


def counts_as_unexcused(state: str, excuse: str, *, agreed: bool) -> bool:
    """In the no-show rate as unexcused; undecided stays out, not met and cancelled never count."""
    return agreed and state == AppointmentState.NO_SHOW and excuse == Excuse.UNEXCUSED


@dataclass(frozen=True, slots=True)
class NoShowRate:
    """Unexcused / (held + unexcused) of agreed appointments; `value` is None (shown as –) without any."""

    held: int
    unexcused: int

    @property
    def value(self) -> Fraction | None:
        total = self.held + self.unexcused
        return Fraction(self.unexcused, total) if total else None


def no_show_rate(outcomes: Iterable[tuple[str, str, bool]]) -> NoShowRate:
    """The rate over (state, excuse, agreed) of appointments chosen by planned start."""
    held = unexcused = 0
    for state, excuse, agreed in outcomes:
        held += counts_as_held(state, agreed=agreed)
        unexcused += counts_as_unexcused(state, excuse, agreed=agreed)
    return NoShowRate(held, unexcused)


def is_undecided(state: str, excuse: str, planned_start: datetime, now: datetime) -> bool:
    """Work left over: past without outcome, or a no-show whose excuse is undecided. Never guessed."""
    if state == AppointmentState.PLANNED:
        return planned_start <= now
    return state == AppointmentState.NO_SHOW and excuse == Excuse.UNDECIDED


def blocks(state: str) -> bool:
    """Whether the appointment takes its time in the calendar."""
    return state not in NOT_BLOCKING
