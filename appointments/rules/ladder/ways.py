"""Which ways to the client are open at a step, and so what is to be done (rules.md §4 "What counts as a step")."""

from __future__ import annotations

from datetime import date

from appointments.choices import Stage
from appointments.rules.calendar import add_working_days, local_date
from appointments.rules.contact import LETTER, PHONE, ContactFact
from appointments.rules.ladder.facts import Kind, Known
from appointments.rules.ladder.position import Position
from appointments.rules.ladder.view import Action


def usable(facts: Known, group: str, day: date) -> bool:
    """A valid, permitted address or number on `day`; letters only to someone who reads a script."""
    if group == LETTER:
        return facts.holds(Kind.LETTER, day) and not facts.holds(Kind.READS_NO_SCRIPT, day)
    return facts.holds(Kind.PHONE, day)


def must_clarify(position: Position, day: date) -> bool:
    """Whether there is no way to do the present step, so that an address or number is to be found."""
    facts = position.facts
    channels = usable(facts, LETTER, day) or usable(facts, PHONE, day)
    housed = facts.holds(Kind.ACCOMMODATION, day)
    no_visits = facts.holds(Kind.NO_HOME_VISITS, day)
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


def action_at(position: Position, today: date, not_before: date) -> Action:
    """What is to be done at the present step on `today`."""
    if must_clarify(position, today):
        return Action.CLARIFY
    facts = position.facts
    letter, phone = usable(facts, LETTER, today), usable(facts, PHONE, today)
    match position.present_stage:
        case Stage.STEP1:
            return Action.LETTER_OR_CALL if letter and phone else Action.LETTER if letter else Action.CALL
        case Stage.STEP2:
            other = position.other_group
            group = other if usable(facts, other, today) else position.first_group
            return Action.LETTER if group == LETTER else Action.CALL
        case Stage.VISIT:
            if facts.holds(Kind.NO_HOME_VISITS, today):
                return Action.LETTER if letter else Action.CALL
            return Action.VISIT
        case Stage.VISIT2:
            return Action.SECOND_VISIT
        case Stage.UNREACHABLE:
            return Action.DECIDE if today >= not_before else Action.WAIT
    if today < not_before:
        return Action.WAIT
    return Action.TRY_AGAIN if position.recheck_day is None else Action.CLOSE
