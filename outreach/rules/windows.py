"""From when and until when a step is to be done (rules.md §4, table).

Only due dates are moved to a working day.
"""

from __future__ import annotations

from datetime import date, datetime

from accounts.rules.calendar import add_days, add_working_days, local_date, next_working_day
from appointments.rules.contact import LETTER
from outreach.choices import Stage, Trigger
from outreach.rules.position import Position


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
    policy, opening = position.policy, position.opening
    wait = policy.step2_after_letter_wd if position.first_group == LETTER else policy.step2_after_call_wd
    day = add_working_days(position.anchor, wait)
    if opening.trigger == Trigger.MISSED_INVITATION:
        day = max(day, _hold(position, local_date(opening.t0)))
    return max([day, *(_hold(position, invited) for invited in _invited_for(position, at))])


def holding_date(position: Position, *, at: datetime) -> date | None:
    """The date our letter invited to, when it is what STEP2 waits for."""
    invited = max(_invited_for(position, at), default=None)
    if position.present_stage != Stage.STEP2 or invited is None:
        return None
    return invited if _hold(position, invited) == step2_not_before(position, at=at) else None


def _invited_for(position: Position, at: datetime) -> list[date]:
    """The dates a1 invited to that stand at `at`."""
    return [
        local_date(appointment.start)
        for appointment in position.facts.appointments
        if position.first is not None
        and appointment.invitation == position.first.ref
        and (appointment.off_since is None or appointment.off_since > at)
    ]


def _hold(position: Position, invited: date) -> date:
    return add_working_days(invited, position.policy.invitation_hold_wd)


def visit_window(position: Position) -> tuple[date, date]:
    """*Not before* and due of the home visit; on the fast lane it may be made at once."""
    policy = position.policy
    if position.fast_since is not None:
        return position.fast_anchor, add_working_days(position.fast_anchor, policy.visit_due_wd)
    return (
        add_working_days(position.anchor, policy.visit_after_wd),
        add_working_days(position.anchor, policy.visit_due_wd),
    )
