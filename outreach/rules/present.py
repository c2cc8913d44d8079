"""From where a ladder stands to what is shown of it."""

from __future__ import annotations

from datetime import date, datetime

from accounts.rules.calendar import local_date, next_working_day, subtract_working_days
from appointments.rules.contact import ContactFact, is_attempt
from clients.rules.reach_periods import Kind
from outreach.choices import ActKind, Stage
from outreach.rules.facts import ActFact, miss_trigger
from outreach.rules.policy import LadderPolicy
from outreach.rules.position import Position
from outreach.rules.view import Action, LadderView, Miss, NotCounted, Step
from outreach.rules.ways import action_at
from outreach.rules.windows import holding_date, window_of


def view_of(position: Position, now: datetime) -> LadderView:
    """The ladder as the screens and lists show it at `now`."""
    ladder, opening, facts, today = position.ladder, position.opening, position.facts, local_date(now)
    over = ladder.end is not None or position.suspended
    not_before, due = window_of(position, now)
    if position.postponed_to is not None:
        due = max(due, next_working_day(position.postponed_to))
    if position.looks_again:
        not_before = position.recheck_from
    action = None if over else action_at(position, now, not_before)
    announced = position.announcement
    return LadderView(
        key=opening.key,
        keys=ladder.keys,
        trigger=opening.trigger,
        t0=opening.t0,
        policy=position.policy,
        today=today,
        stage=Stage.ENDED if ladder.end is not None else position.present_stage,
        suspended=position.suspended and ladder.end is None,
        clarify=action == Action.CLARIFY,
        fast_lane=position.fast_pair is not None,
        fast_lane_misses=position.fast_pair,
        fast_lane_basis=position.fast_basis,
        only_in_pairs=facts.holds(Kind.ONLY_IN_PAIRS, now),
        no_home_visits=facts.holds(Kind.NO_HOME_VISITS, now),
        action=action,
        not_before=None if over else not_before,
        due_on=None if over else due,
        postponed_to=None if over else position.postponed_to,
        postponed_on=None if over else _postponed_on(position),
        announced_on=local_date(announced.at) if announced is not None else None,
        visit_on=announced.day if announced is not None else None,
        invited_for=None if over else holding_date(position, at=now),
        announce_by=_announce_by(position.policy, action, announced, due),
        closing_proposed=action == Action.CLOSE,
        steps=_steps(position),
        attempts=_attempts(position),
        not_counted=_not_counted(position),
        window_starts=tuple(position.window_starts),
        misses=tuple(
            Miss(miss.ref, miss.start, miss_trigger(agreed=miss.agreed), miss.dead_since, miss.excused)
            for miss in ladder.misses
        ),
        reached=position.present_stage,
        recheck_on=None if over else _recheck_on(position),
        end=ladder.end,
        question=None,
    )


def _steps(position: Position) -> tuple[Step, ...]:
    """The steps done; under an open fast lane those weighed since are none yet."""
    since = position.fast_since
    return tuple(step for step in position.steps if since is None or step.at < since)


def _attempts(position: Position) -> tuple[ContactFact, ...]:
    begin, end = position.opening.t0, position.ladder.end
    return tuple(
        contact
        for contact in position.facts.contacts
        if begin <= contact.happened_at and (end is None or contact.has_come(end.at)) and is_attempt(contact)
    )


def _not_counted(position: Position) -> tuple[NotCounted, ...]:
    """The attempts that were no step; one weighed under a fast lane that fell back is one after all."""
    done = {step.contact for step in _steps(position)}
    return tuple(found for found in position.not_counted if found.contact not in done)


def _postponed_on(position: Position) -> date | None:
    """When the present step was put off to its day."""
    days = [
        local_date(act.at)
        for act in position.facts.acts
        if act.kind == ActKind.POSTPONED and act.day == position.postponed_to
    ]
    return days[-1] if days else None


def _recheck_on(position: Position) -> date | None:
    if position.present_stage not in {Stage.UNREACHABLE, Stage.RECHECK}:
        return None
    return position.recheck_from


def _announce_by(
    policy: LadderPolicy, action: Action | None, announced: ActFact | None, due: date
) -> date | None:
    if action != Action.VISIT or not policy.visit_announced or announced is not None:
        return None
    return subtract_working_days(due, policy.visit_announced_wd)
