"""Two unexcused no-shows in a row lead straight to the home visit (rules.md §4 and §10 "Fast lane")."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from appointments.choices import AppointmentState, Excuse
from appointments.rules.calendar import add_months, local_date
from appointments.rules.ladder.facts import Known, KnownAppointment
from appointments.rules.ladder.openings import TwoWay
from appointments.rules.ladder.policy import LadderPolicy

SKIPPED = frozenset(
    {
        AppointmentState.CANCELLED_CLIENT,
        AppointmentState.CANCELLED_US,
        AppointmentState.MOVED,
        AppointmentState.NOT_MET,
    }
)


def fast_lane_pair(
    facts: Known, two_ways: Sequence[TwoWay], policy: LadderPolicy, moment: datetime
) -> tuple[datetime, datetime] | None:
    """When the two no-shows that open the fast lane at `moment` were, or None.

    The last two agreed appointments, at most six months apart, both unexcused no-shows, nobody met in person
    between them. Cancelled, moved, not-met and excused ones are skipped; one undecided or without outcome blocks.
    """
    agreed = [a for a in facts.appointments if weighs_in_fast_lane(a) and a.start <= moment]
    if not policy.fast_lane or len(agreed) < 2:
        return None
    first, second = agreed[-2:]
    for miss in (first, second):
        if miss.state != AppointmentState.NO_SHOW or miss.excuse != Excuse.UNEXCUSED:
            return None
    if local_date(second.start) > add_months(local_date(first.start), policy.fast_lane_months):
        return None
    if any(talk.in_person and first.start <= talk.at <= second.start for talk in two_ways):
        return None
    return first.start, second.start


def weighs_in_fast_lane(appointment: KnownAppointment) -> bool:
    return (
        appointment.agreed
        and not appointment.withdrawn
        and appointment.state not in SKIPPED
        and not appointment.excused
    )
