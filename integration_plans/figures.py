"""Figures about plans and intensity: functions of files and a day that return numbers, never a file.

Definitions: rules.md §5, §6 and §10, domain.md §6. These are steering attributes and exact (rules.md §8).
"""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

from clients.choices import Intensity, Phase
from clients.figures import adults_on, stock_on
from clients.querysets import ClientQuerySet
from integration_plans.choices import GoalState
from integration_plans.models import AssessmentEntry, GoalProgress, IntensityDecision
from integration_plans.policies import policy_on
from integration_plans.rules.intensity import UNASSESSED, weight
from integration_plans.rules.plan import Coverage, FileFacts, VersionFacts, coverage, is_review_overdue
from integration_plans.standing import standings

LEVELS = (*Intensity.values, UNASSESSED)
"""The rows of a chart: from crisis to punctual, then not yet assessed."""


@dataclass(frozen=True, slots=True)
class Load:
    """The caseload of one manager, or of nobody.

    Attributes:
        by_level: open files per intensity value, "" for not yet assessed; paused files are left out.
        paused: files in phase paused; they weigh nothing.
        weighted: sum of the weights of the policy in force.
    """

    by_level: Mapping[str, int]
    paused: int
    weighted: Decimal

    @property
    def files(self) -> int:
        """All open files, paused ones included."""
        return sum(self.by_level.values()) + self.paused


@dataclass(frozen=True, slots=True)
class Caseload:
    """Open files by intensity on a day, in total and per responsible manager.

    Attributes:
        day: the reference date.
        total: all files asked for that somebody is responsible for.
        by_manager: the same per manager's id.
        in_inbox: open files nobody is responsible for; they are in no load.
    """

    day: datetime.date
    total: Load
    by_manager: Mapping[int, Load]
    in_inbox: int


@dataclass(frozen=True, slots=True)
class Reviews:
    """Plans in force of open files and how many of their reviews are overdue (review date < day)."""

    plans: int
    overdue: int
    undated: int


@dataclass(frozen=True, slots=True)
class PlanOn:
    """The plan of one file on a day: the version in force, or that the client declined; whether it was assessed."""

    version: VersionFacts | None
    declined: bool
    assessed: bool


@dataclass(frozen=True, slots=True)
class GoalAttainment:
    """Goals given a final state in a period: `reached` wholly or partly, of all `reviewed`, dropped ones too."""

    reached: int
    reviewed: int


FINAL_STATES = (GoalState.ACHIEVED, GoalState.PARTLY, GoalState.NOT_ACHIEVED, GoalState.DROPPED)


def plans_on(files: ClientQuerySet, day: datetime.date) -> dict[int, PlanOn]:
    """The plan of every file on a day; split by manager or municipality by whoever asked."""
    keys = list(files.values_list("pk", flat=True))
    return {
        key: PlanOn(found.current, found.declined, found.assessed)
        for key, found in standings(keys, day).items()
    }


def coverage_of(plans: Mapping[int, PlanOn], active_adults: Collection[int], day: datetime.date) -> Coverage:
    """Active adults with a valid plan among all active adults on a day (rules.md §6).

    Args:
        plans: result of `plans_on` for the same day.
        active_adults: keys of the files of adults in phase active on that day.
        day: the reference date.
    """
    facts = (
        FileFacts(active=True, adult=True, version=plans[key].version, declined=plans[key].declined)
        for key in active_adults
    )
    return coverage(facts, day, policy_on(day).grace_days)


def overdue_in(plans: Mapping[int, PlanOn], day: datetime.date) -> frozenset[int]:
    """Keys of files whose plan in force should have been reviewed before the day."""
    return frozenset(
        key
        for key, plan in plans.items()
        if plan.version is not None and is_review_overdue(plan.version.review_on, day)
    )


def plan_coverage(files: ClientQuerySet, day: datetime.date) -> Coverage:
    """Plan coverage of files on a day, see `coverage_of`."""
    adults = stock_on(files, day).files_in_active & adults_on(files, day)
    return coverage_of(plans_on(files, day), adults, day)


def overdue_reviews(files: ClientQuerySet, day: datetime.date) -> Reviews:
    """*Überfällige Überprüfungen*: plans in force of open files whose review date lies before the day."""
    open_files = stock_on(files, day).open_files
    plans = {key: plan for key, plan in plans_on(files, day).items() if key in open_files and plan.version}
    return Reviews(
        plans=len(plans),
        overdue=len(overdue_in(plans, day)),
        undated=sum(plan.version is not None and plan.version.review_on is None for plan in plans.values()),
    )


def assessed_files(files: ClientQuerySet, day: datetime.date) -> frozenset[int]:
    """Keys of files with an assessment that answered at least one module."""
    entries = AssessmentEntry.objects.unscoped(reason="figures").filter(
        assessment__client__in=files, assessment__assessed_on__lte=day, level__isnull=False
    )
    return frozenset(entries.values_list("assessment__client_id", flat=True))


def goal_attainment(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> GoalAttainment:
    """*Zielerreichung* of a period: each goal once, with the last final state it was given in it."""
    states = dict(
        GoalProgress.objects.unscoped(reason="figures")
        .filter(goal__client__in=files, on__range=(first, last), state__in=FINAL_STATES)
        .order_by("on", "id")
        .values_list("goal_id", "state")
    )
    reached = sum(1 for state in states.values() if state in (GoalState.ACHIEVED, GoalState.PARTLY))
    return GoalAttainment(reached=reached, reviewed=len(states))


def caseload_by_intensity(files: ClientQuerySet, day: datetime.date) -> Caseload:
    """Open files by confirmed intensity, weighted (rules.md §5); a paused file weighs nothing.

    Args:
        files: the files asked for.
        day: the reference date; levels confirmed later do not count.
    """
    stock = stock_on(files, day)
    levels = _levels_on(files, day)
    rule = policy_on(day).rule()
    counts: dict[int, Counter[str]] = {}
    paused: Counter[int] = Counter()
    in_inbox = 0
    for key in stock.open_files:
        file = stock.files[key]
        if file.manager_id is None:
            in_inbox += 1
        elif file.phase == Phase.PAUSED:
            paused[file.manager_id] += 1
            counts.setdefault(file.manager_id, Counter())
        else:
            counts.setdefault(file.manager_id, Counter())[levels.get(key, UNASSESSED)] += 1
    weights = {level: weight(level, paused=False, rule=rule) for level in LEVELS}
    total: Counter[str] = Counter()
    for numbers in counts.values():
        total.update(numbers)
    return Caseload(
        day=day,
        total=_load(total, paused.total(), weights),
        by_manager={manager: _load(numbers, paused[manager], weights) for manager, numbers in counts.items()},
        in_inbox=in_inbox,
    )


def _load(numbers: Counter[str], paused: int, weights: Mapping[str, Decimal]) -> Load:
    return Load(
        by_level={level: numbers[level] for level in LEVELS},
        paused=paused,
        weighted=sum((weights[level] * numbers[level] for level in LEVELS), Decimal(0)),
    )


def _levels_on(files: ClientQuerySet, day: datetime.date) -> dict[int, str]:
    rows = (
        IntensityDecision.objects.unscoped(reason="figures")
        .filter(client__in=files, decided_on__lte=day)
        .order_by("decided_on", "id")
        .values_list("client_id", "chosen")
    )
    return dict(rows)
