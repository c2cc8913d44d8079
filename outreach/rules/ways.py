"""Which ways to the client are open at a step, and so what is to be done (rules.md §4 "What counts as a step")."""

from __future__ import annotations

from datetime import date, datetime

from accounts.rules.calendar import add_working_days, local_date
from appointments.rules.contact import LETTER, PHONE, ContactFact
from clients.rules.reach_periods import Kind
from outreach.choices import Stage
from outreach.rules.facts import FactsAsOf
from outreach.rules.position import Position
from outreach.rules.view import Action


def usable(facts: FactsAsOf, group: str, at: datetime) -> bool:
    """A valid, permitted address or number at that moment; letters only to someone who reads a script."""
    if group == LETTER:
        written = facts.holds(Kind.LETTER, at) or facts.holds(Kind.EMAIL, at)
        return written and not facts.holds(Kind.READS_NO_SCRIPT, at)
    return facts.holds(Kind.PHONE, at)


def must_clarify(position: Position, at: datetime) -> bool:
    """Whether there is no way to do the present step, so that an address or number is to be found."""
    facts = position.facts
    channels = usable(facts, LETTER, at) or usable(facts, PHONE, at)
    housed = facts.holds(Kind.ACCOMMODATION, at)
    no_visits = facts.holds(Kind.NO_HOME_VISITS, at)
    match position.present_stage:
        case Stage.STEP1 | Stage.STEP2:
            return not channels
        case Stage.VISIT:
            return not channels if no_visits else not housed
        case Stage.VISIT2:
            return not housed
        case Stage.RECHECK:
            return position.recheck_day is None and not channels and (no_visits or not housed)
    return False


def was_announced(position: Position, visit: ContactFact, day: date) -> bool:
    """Whether the visit was announced early enough; one planned as an appointment is announced by its date."""
    policy = position.policy
    if not policy.visit_announced:
        return True
    for act in position.announcements:
        if add_working_days(local_date(act.at), policy.visit_announced_wd) <= day and (
            act.day is None or act.day <= day
        ):
            return True
    return any(
        appointment.ref == visit.appointment
        and add_working_days(local_date(appointment.recorded_at), policy.visit_announced_wd) <= day
        for appointment in position.facts.appointments
    )


def action_at(position: Position, now: datetime, not_before: date) -> Action:
    """What is to be done at the present step."""
    if must_clarify(position, now):
        return Action.CLARIFY
    facts, today = position.facts, local_date(now)
    letter, phone = usable(facts, LETTER, now), usable(facts, PHONE, now)
    match position.present_stage:
        case Stage.STEP1:
            return Action.LETTER_OR_CALL if letter and phone else Action.LETTER if letter else Action.CALL
        case Stage.STEP2:
            other = position.other_group
            group = other if usable(facts, other, now) else position.first_group
            return Action.LETTER if group == LETTER else Action.CALL
        case Stage.VISIT:
            if facts.holds(Kind.NO_HOME_VISITS, now):
                return Action.LETTER if letter else Action.CALL
            return Action.VISIT
        case Stage.VISIT2:
            return Action.SECOND_VISIT
        case Stage.UNREACHABLE:
            return Action.DECIDE if today >= not_before else Action.WAIT
    if today < not_before:
        return Action.WAIT
    return Action.TRY_AGAIN if position.recheck_day is None else Action.CLOSE
