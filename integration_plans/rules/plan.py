"""Plan and agreement: goal states, what an agreement needs, when a plan is valid or overdue.

Source of every rule in this module: rules.md §6 and §10 "Intensity, plan, clock".
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

from accounts.rules.calendar import is_working_day, next_working_day
from integration_plans.choices import AgreementOutcome, GoalState, ReviewState, Side

GRACE_DAYS = 30
"""A plan stays valid to its review date plus this many days, inclusive (default of the policy)."""

SOON_DAYS = 14
"""From this many days before its date on a review is announced as due soon (default of the policy)."""

_UNFINISHED = frozenset({GoalState.OPEN, GoalState.IN_PROGRESS})
_FINISHED = frozenset({GoalState.ACHIEVED, GoalState.PARTLY, GoalState.NOT_ACHIEVED})

_TRANSITIONS: dict[str, frozenset[GoalState]] = {
    GoalState.OPEN: frozenset(GoalState) - {GoalState.OPEN},
    GoalState.IN_PROGRESS: frozenset(GoalState) - {GoalState.IN_PROGRESS},
    # A finished goal can be judged again or taken up again; it can no longer be dropped.
    GoalState.ACHIEVED: _UNFINISHED | _FINISHED - {GoalState.ACHIEVED},
    GoalState.PARTLY: _UNFINISHED | _FINISHED - {GoalState.PARTLY},
    GoalState.NOT_ACHIEVED: _UNFINISHED | _FINISHED - {GoalState.NOT_ACHIEVED},
    # A dropped goal has to be taken up again before it can be finished.
    GoalState.DROPPED: _UNFINISHED,
}


def may_become(state: str, new: str) -> bool:
    """Whether progress may be noted as `new`; the same state again is a remark on it and always allowed."""
    return state == new or new in _TRANSITIONS[state]


def needs_reason(state: str) -> bool:
    """Whether this goal state must carry a reason: only dropping a goal does."""
    return state == GoalState.DROPPED


def is_carried_forward(state: str) -> bool:
    """Whether a goal in this state moves into the next version of the plan."""
    return state in _UNFINISHED or state == GoalState.PARTLY


class Fault(Enum):
    """What keeps a working version from being agreed."""

    NO_GOAL = "no_goal"
    NO_CLIENT_MEASURE = "no_client_measure"
    NO_SERVICE_MEASURE = "no_service_measure"
    DATE_IN_FUTURE = "date_in_future"
    REVIEW_NOT_AFTER = "review_not_after"


def agreement_faults(
    *,
    outcome: str,
    goals: int,
    sides: Iterable[str],
    agreed_on: date,
    review_on: date | None,
    today: date,
) -> list[Fault]:
    """What is missing before the version can be agreed with this outcome; empty when nothing is.

    One measure of the client and one of the service are needed in the agreement as a whole. A declined
    version needs neither: the refusal is recorded as it was offered.

    Args:
        outcome: an `AgreementOutcome` value.
        goals: number of goals in the version.
        sides: `Side` value of every measure in the version.
        agreed_on: day of the agreement or refusal.
        review_on: date of the next review; None is allowed and becomes missing data.
        today: the day of recording.
    """
    faults = []
    if outcome != AgreementOutcome.DECLINED:
        present = set(sides)
        if not goals:
            faults.append(Fault.NO_GOAL)
        if Side.CLIENT not in present:
            faults.append(Fault.NO_CLIENT_MEASURE)
        if Side.SERVICE not in present:
            faults.append(Fault.NO_SERVICE_MEASURE)
    if agreed_on > today:
        faults.append(Fault.DATE_IN_FUTURE)
    if review_on is not None and review_on <= agreed_on:
        faults.append(Fault.REVIEW_NOT_AFTER)
    return faults


@dataclass(frozen=True, slots=True)
class VersionFacts:
    """One closed version of a plan: how and when it was agreed, and when it is to be reviewed next.

    `review_on` is the date set last, by the agreement or by a later review.
    """

    number: int
    outcome: str
    agreed_on: date
    review_on: date | None


def agreed_version(
    versions: Sequence[VersionFacts], *, today: date, period_started_on: date | None
) -> VersionFacts | None:
    """The version in force: the last one signed or agreed orally in the present counselling period.

    A declined version supersedes nothing. Versions agreed before the present counselling period began
    do not count.
    """
    agreed = [
        version
        for version in _closed_by(versions, today, period_started_on)
        if version.outcome != AgreementOutcome.DECLINED
    ]
    return max(agreed, key=lambda version: version.number, default=None)


def was_declined(versions: Sequence[VersionFacts], *, today: date, period_started_on: date | None) -> bool:
    """Whether the client declined in the present counselling period and nothing was agreed in it."""
    closed = _closed_by(versions, today, period_started_on)
    return bool(closed) and all(version.outcome == AgreementOutcome.DECLINED for version in closed)


def _closed_by(
    versions: Sequence[VersionFacts], today: date, period_started_on: date | None
) -> list[VersionFacts]:
    return [
        version
        for version in versions
        if version.agreed_on <= today
        and (period_started_on is None or version.agreed_on >= period_started_on)
    ]


def review_due_on(review_on: date | None) -> date | None:
    """The working day a review is due; due dates move to one (rules.md §10). None without a date."""
    return next_working_day(review_on) if review_on is not None else None


def is_review_overdue(review_on: date | None, today: date) -> bool:
    """Whether the day a review was due has passed. Without a date nothing is overdue; the date is missing data."""
    due_on = review_due_on(review_on)
    return due_on is not None and due_on < today


def overdue_before(today: date) -> date:
    """A review set for an earlier day than this is overdue today, any other is not: `is_review_overdue` for many."""
    day = today
    while not is_working_day(day - timedelta(days=1)):
        day -= timedelta(days=1)
    return day


def lapsed_before(today: date, grace_days: int = GRACE_DAYS) -> date:
    """A plan with an earlier review date than this is no longer valid today: `is_valid` for many."""
    return today - timedelta(days=grace_days)


def is_valid(version: VersionFacts | None, today: date, grace_days: int = GRACE_DAYS) -> bool:
    """Whether the version in force is a valid plan: its review is at most `grace_days` days overdue.

    They count from the date itself, not from the working day the review is due.
    """
    if version is None or version.outcome == AgreementOutcome.DECLINED:
        return False
    return version.review_on is None or today <= version.review_on + timedelta(days=grace_days)


def review_state(
    *,
    assessed: bool,
    versions: Sequence[VersionFacts],
    today: date,
    period_started_on: date | None,
    grace_days: int = GRACE_DAYS,
    soon_days: int = SOON_DAYS,
) -> ReviewState:
    """Where the plan of one file stands today.

    Args:
        assessed: whether any assessment of the file answered at least one module.
        versions: the closed versions of the file, in any order.
        today: the day asked about.
        period_started_on: first day of the present counselling period.
        grace_days: days a plan stays valid after its review date.
        soon_days: days before the review date from which it is due soon.
    """
    current = agreed_version(versions, today=today, period_started_on=period_started_on)
    if current is None:
        if was_declined(versions, today=today, period_started_on=period_started_on):
            return ReviewState.DECLINED
        return ReviewState.NO_PLAN if assessed else ReviewState.UNASSESSED
    if current.review_on is None:
        return ReviewState.UNDATED
    if not is_valid(current, today, grace_days):
        return ReviewState.LAPSED
    if is_review_overdue(current.review_on, today):
        return ReviewState.OVERDUE
    if next_working_day(current.review_on) <= today + timedelta(days=soon_days):
        return ReviewState.DUE_SOON
    return ReviewState.CURRENT


@dataclass(frozen=True, slots=True)
class ReviewDate:
    """A next review date with the instant it was set; `review_on` None means it was left open."""

    set_at: datetime
    review_on: date | None


def review_date_in_force(by_plan: ReviewDate | None, by_intensity: ReviewDate | None) -> date | None:
    """When the file is to be looked at next.

    The agreement or the last review sets the date. An intensity confirmed afterwards can pull it forward
    (a crisis after four weeks) but never put it off: the review of a plan is not done by assessing again.
    Without an agreed plan the confirmed intensity alone sets it.

    Args:
        by_plan: date set last by the version in force or a review of it; None without such a version.
        by_intensity: date following from the last confirmed intensity.
    """
    if by_plan is None:
        return by_intensity.review_on if by_intensity else None
    if by_intensity is None or by_intensity.review_on is None or by_intensity.set_at <= by_plan.set_at:
        return by_plan.review_on
    if by_plan.review_on is None:
        return by_intensity.review_on
    return min(by_plan.review_on, by_intensity.review_on)
