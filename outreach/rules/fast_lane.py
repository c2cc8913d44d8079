"""Two unexcused no-shows in a row lead straight to the home visit (rules.md §4 and §10 "Fast lane")."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from accounts.rules.calendar import add_months, local_date
from appointments.choices import AppointmentState, Excuse
from outreach.rules.facts import AppointmentAsOf, FactsAsOf
from outreach.rules.openings import TwoWay
from outreach.rules.policy import LadderPolicy

SKIPPED = frozenset(
    {
        AppointmentState.CANCELLED_CLIENT,
        AppointmentState.CANCELLED_US,
        AppointmentState.MOVED,
        AppointmentState.NOT_MET,
    }
)
Pair = tuple[datetime, datetime]


def fast_lane_pair(
    facts: FactsAsOf,
    two_ways: Sequence[TwoWay],
    policy: LadderPolicy,
    second: AppointmentAsOf,
    standing: Collection[Pair],
) -> Pair | None:
    """The instants of the two no-shows that open the fast lane, or None.

    The last two agreed appointments, at most six months apart, both unexcused no-shows, nobody met in person
    between them. Cancelled, moved, not-met and excused ones are skipped; one undecided or without outcome between
    them blocks.

    Args:
        facts: what is known.
        two_ways: all two-way contacts.
        policy: of the ladder.
        second: an unexcused no-show of an agreed appointment.
        standing: pairs on which a fast lane stood already: nothing undecided takes their basis any more.
    """
    weighing = [a for a in facts.appointments if _weighs(a)]
    earlier = weighing[: weighing.index(second)]
    candidates = (a for a in reversed(earlier) if is_unexcused(a))
    first = next((a for a in candidates if a == earlier[-1] or (a.start, second.start) in standing), None)
    if not policy.fast_lane or first is None:
        return None
    if local_date(second.start) > add_months(local_date(first.start), policy.fast_lane_months):
        return None
    if any(talk.in_person and first.start <= talk.at <= second.start for talk in two_ways):
        return None
    return first.start, second.start


def is_unexcused(appointment: AppointmentAsOf) -> bool:
    """An unexcused no-show of an agreed appointment."""
    return (
        _weighs(appointment)
        and appointment.state == AppointmentState.NO_SHOW
        and appointment.excuse == Excuse.UNEXCUSED
    )


def _weighs(appointment: AppointmentAsOf) -> bool:
    return (
        appointment.agreed
        and not appointment.withdrawn
        and appointment.state not in SKIPPED
        and not appointment.excused
    )
