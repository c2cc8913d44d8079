"""What a policy version would ask for in three invented histories, before it is saved (rules.md §4).

Nobody answers, every step is made on the last day, and what is due follows from the rule itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from accounts.rules.calendar import (
    BERLIN,
    add_days,
    add_working_days,
    local_date,
    next_working_day,
    start_of_day,
)
from appointments.choices import AppointmentState, Channel, Excuse, Result, SpokenWith
from appointments.rules.contact import ContactFact
from clients.rules.reach_periods import Kind, PeriodFact
from outreach.choices import ActKind
from outreach.rules.facts import ActFact, AppointmentFact, LadderFacts, OutcomeFact, TakeFact
from outreach.rules.ladders import current, evaluate
from outreach.rules.policy import LadderPolicy
from outreach.rules.view import Action, LadderView

MOST = 24
"""More turns than any ladder takes."""
BEFORE = 14
"""Days between the two appointments missed for the fast lane."""
MORNING, EVENING, NIGHT = time(10), time(18), time(20)
A_MINUTE = timedelta(minutes=1)


class History(StrEnum):
    """The three invented histories."""

    NO_SHOW = "no_show"
    FIRST_CONTACT = "first_contact"
    FAST_LANE = "fast_lane"


@dataclass(frozen=True, slots=True)
class Due:
    """One step of the history: from when it may be done, by when it is due, by when it is announced."""

    action: Action
    not_before: date | None
    due_on: date
    announce_by: date | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One invented history under a policy."""

    history: History
    began_on: date
    steps: tuple[Due, ...]


def examples(policy: LadderPolicy, since: date) -> list[Example]:
    """The three histories under the thresholds of a version.

    Args:
        policy: the thresholds; from when and for which municipality they hold makes no difference here.
        since: the histories begin on this day or the next working day.
    """
    begin = next_working_day(since)
    always = replace(policy, valid_from=date.min, place=None)
    return [
        Example(history, begin, tuple(_steps(_facts(history, begin), always, begin))) for history in History
    ]


def _at(day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, BERLIN)


def _facts(history: History, begin: date) -> LadderFacts:
    long_ago = start_of_day(add_days(begin, -400))
    kinds = (Kind.LETTER, Kind.PHONE, Kind.ACCOMMODATION)
    facts = LadderFacts(
        own_file_since=local_date(long_ago),
        periods=tuple(PeriodFact(kind, long_ago, long_ago) for kind in kinds),
    )
    if history == History.FIRST_CONTACT:
        taken = _at(begin, MORNING)
        return replace(facts, takes=(TakeFact("take", taken, taken),))
    days = [begin]
    if history == History.FAST_LANE:
        days.insert(0, next_working_day(add_days(begin, -BEFORE)))
    return replace(facts, appointments=tuple(_missed(day, long_ago) for day in days))


def _missed(day: date, planned: datetime) -> AppointmentFact:
    outcome = OutcomeFact(AppointmentState.NO_SHOW, _at(day, EVENING), Excuse.UNEXCUSED)
    return AppointmentFact(
        f"missed {day}", _at(day, MORNING), planned, agreed_since=planned, outcomes=(outcome,)
    )


def _steps(facts: LadderFacts, policy: LadderPolicy, begin: date) -> Iterator[Due]:
    now = _at(begin, NIGHT)
    last: Action | None = None
    for _turn in range(MOST):
        view = current(evaluate(facts, [policy], now))
        if view is None or view.action is None:
            return
        if view.action == Action.WAIT:
            following = view.not_before or view.recheck_on
            if following is None or following <= view.today:
                return
            now = _at(following, MORNING)
            continue
        due = max(view.due_on or view.today, view.today)
        if view.action == last:
            # Made too late in the day to count, as with windows of no days at all: on the next one.
            due = max(due, add_days(view.today, 1))
        else:
            yield Due(view.action, view.not_before, due, view.announce_by)
        last = view.action
        if last == Action.CLOSE:
            return
        if last == Action.DECIDE:
            now = _at(max(view.recheck_on or due, add_days(view.today, 1)), MORNING)
            continue
        facts, now = _done(facts, view, due, now)


def _done(facts: LadderFacts, view: LadderView, due: date, now: datetime) -> tuple[LadderFacts, datetime]:
    """The history with the step made, and the evening after it."""
    if view.action == Action.VISIT and view.must_announce:
        told = max(view.announce_by or view.today, view.today)
        due = max(due, add_working_days(told, view.policy.visit_announced_wd))
        now = max(_at(told, MORNING), now)
        act = ActFact(f"told {now}", ActKind.ANNOUNCED, now, now, day=due)
        facts = replace(facts, acts=(*facts.acts, act))
    channel, result, clock = {
        Action.CALL: (Channel.PHONE, Result.NOT_REACHED, MORNING),
        Action.TRY_AGAIN: (Channel.PHONE, Result.NOT_REACHED, MORNING),
        Action.VISIT: (Channel.HOME_VISIT, Result.NOT_MET_CARD, MORNING),
        Action.SECOND_VISIT: (Channel.HOME_VISIT, Result.NOT_MET_CARD, EVENING),
    }.get(view.action or Action.LETTER, (Channel.LETTER, Result.SENT, MORNING))
    at = max(_at(due, clock), now + A_MINUTE)
    reached = SpokenWith.CLIENT if channel == Channel.LETTER else SpokenWith.NOBODY
    contact = ContactFact(
        f"step {len(facts.contacts)}", at, at, channel=channel, spoken_with=reached, result=result
    )
    return replace(facts, contacts=(*facts.contacts, contact)), max(_at(due, NIGHT), at + A_MINUTE)
