"""From when and until when a step is to be done (rules.md §4, table).

Only due dates are moved to a working day.
"""

from __future__ import annotations

from datetime import date, datetime

from appointments.choices import Stage, Trigger
from appointments.rules.calendar import add_days, add_working_days, local_date, next_working_day
from appointments.rules.contact import LETTER
from appointments.rules.ladder.position import Position


def window_of(position: Position, now: datetime) -> tuple[date, date]:
    """*Not before* and due of the present step, without postponing."""
    policy, anchor = position.policy, position.anchor
    match position.present_stage:
        case Stage.STEP1:
            first_contact = position.opening.trigger == Trigger.FIRST_CONTACT
            wait = policy.first_contact_due_wd if first_contact else policy.step1_due_wd
            return anchor, add_working_days(anchor, wait)
        case Stage.STEP2:
            not_before = step2_not_before(position, at=now)
            return not_before, add_working_days(not_before, policy.step2_due_wd)
        case Stage.VISIT:
            return visit_window(position)
        case Stage.VISIT2:
            due = next_working_day(add_days(anchor, policy.visit2_due_days))
            return add_days(anchor, policy.visit2_after_days), due
        case Stage.UNREACHABLE:
            decide = add_days(anchor, policy.decide_after_days)
            return decide, next_working_day(decide)
    if position.recheck_day is not None:
        close = add_working_days(position.recheck_day, policy.close_after_wd)
        return close, close
    return anchor, add_working_days(anchor, policy.recheck_due_wd)


def step2_not_before(position: Position, *, at: datetime) -> date:
    """The wait after a1; a date our letter invited to holds it while the invitation stands at `at`."""
    policy, opening, first = position.policy, position.opening, position.first
    wait = policy.step2_after_letter_wd if position.first_group == LETTER else policy.step2_after_call_wd
    day = add_working_days(position.anchor, wait)
    if opening.trigger == Trigger.MISSED_INVITATION:
        day = max(day, add_working_days(local_date(opening.t0), policy.invitation_hold_wd))
    for appointment in position.facts.appointments:
        if (
            first is not None
            and appointment.invitation == first.ref
            and (appointment.off_since is None or appointment.off_since > at)
        ):
            day = max(day, add_working_days(local_date(appointment.start), policy.invitation_hold_wd))
    return day


def visit_window(position: Position) -> tuple[date, date]:
    """*Not before* and due of the home visit; on the fast lane it may be made at once."""
    policy = position.policy
    if position.fast_since is not None:
        return position.fast_anchor, add_working_days(position.fast_anchor, policy.visit_due_wd)
    return (
        add_working_days(position.anchor, policy.visit_after_wd),
        add_working_days(position.anchor, policy.visit_due_wd),
    )
