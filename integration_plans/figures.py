"""Figures about plans and intensity: functions of files and a day that return numbers, never a file.

Definitions: rules.md §5, §6, §9 and §10. These are steering attributes and exact (rules.md §8).
"""

import datetime
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from django.db.models import Exists, OuterRef, QuerySet

from clients.choices import Intensity, Phase
from clients.figures import FilesOverTime, Stock, stock_on
from clients.models import CounsellingPeriod
from clients.querysets import ClientQuerySet
from integration_plans.choices import AgreementOutcome, GoalState
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    GoalProgress,
    IntensityDecision,
    PlanVersion,
    Review,
)
from integration_plans.policies import policy_on
from integration_plans.rules.intensity import UNASSESSED, weight
from integration_plans.rules.plan import (
    Coverage,
    FileFacts,
    ReviewDate,
    VersionFacts,
    coverage,
    is_review_overdue,
    review_date_in_force,
)

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
    """Open files by intensity on a day; those in phase access, which nobody has taken yet, are left out.

    Attributes:
        day: the reference date.
        by_manager: the files each manager is responsible for, by her id.
        unassigned: files that lost their manager and wait for another one.
    """

    day: datetime.date
    by_manager: Mapping[int, Load]
    unassigned: Load


@dataclass(frozen=True, slots=True)
class Reviews:
    """Plans in force of open files and how many of their reviews are overdue (review date < day)."""

    plans: int
    overdue: int
    undated: int


@dataclass(frozen=True)
class PlansOn:
    """Where the plans of files stand on a day; files without a plan, assessment or decision are absent.

    Attributes:
        day: the reference date.
        versions: the version in force per file, with the review date in force.
        declined: files whose client declined and agreed to nothing since.
        assessed: files with an assessment that answered at least one module.
        levels: the intensity confirmed last per file.
        grace_days: how long a plan stays valid past its review date, by the policy of the day.
    """

    day: datetime.date
    versions: Mapping[int, VersionFacts]
    declined: frozenset[int]
    assessed: frozenset[int]
    levels: Mapping[int, str]
    grace_days: int

    @cached_property
    def overdue(self) -> frozenset[int]:
        """Files whose plan in force should have been reviewed before the day."""
        return frozenset(
            key for key, version in self.versions.items() if is_review_overdue(version.review_on, self.day)
        )

    def coverage_of(self, active: Collection[int]) -> Coverage:
        """Active files with a valid plan among all active files (rules.md §6).

        Args:
            active: keys of the files in phase exactly active on the day.
        """
        facts = (
            FileFacts(active=True, version=self.versions.get(key), declined=key in self.declined)
            for key in active
        )
        return coverage(facts, self.day, self.grace_days)


@dataclass(frozen=True, slots=True)
class GoalAttainment:
    """Goals given a final state in a period: `reached` wholly or partly, of all `reviewed`, dropped ones too."""

    reached: int
    reviewed: int


FINAL_STATES = (GoalState.ACHIEVED, GoalState.PARTLY, GoalState.NOT_ACHIEVED, GoalState.DROPPED)


def plans_on(files: ClientQuerySet, day: datetime.date) -> PlansOn:
    """Where the plans of these files stand on a day (five queries); split by manager or place by whoever asked.

    The same answer as `plan_status.plan_statuses` gives file by file, read in one pass per fact.
    """
    decisions = _decisions_on(files, day)
    versions, declined = _versions_on(files, day)
    reviews = _reviews_on(files, day)
    in_force = {}
    for key, (plan_id, version, closed_at) in versions.items():
        by_plan = ReviewDate(*reviews.get(plan_id, (closed_at, version.review_on)))
        decision = decisions.get(key)
        by_intensity = ReviewDate(*decision[1:]) if decision else None
        review_on = review_date_in_force(by_plan, by_intensity)
        in_force[key] = version if review_on == version.review_on else replace(version, review_on=review_on)
    return PlansOn(
        day=day,
        versions=in_force,
        declined=frozenset(declined - in_force.keys()),
        assessed=frozenset(_assessments(day).filter(client__in=files).values_list("client_id", flat=True)),
        levels={key: level for key, (level, _at, _review_on) in decisions.items()},
        grace_days=policy_on(day).grace_days,
    )


SetReview = tuple[datetime.datetime, datetime.date | None]
"""When a next review was set, and for which day (`ReviewDate` as it is read)."""


def _decisions_on(
    files: ClientQuerySet, day: datetime.date
) -> dict[int, tuple[str, datetime.datetime, datetime.date | None]]:
    """The intensity confirmed last per file, and the review it set."""
    rows = (
        IntensityDecision.objects.unscoped(reason="figures")
        .filter(client__in=files, decided_on__lte=day)
        .order_by("decided_on", "id")
        .values_list("client_id", "chosen", "at", "next_review_on")
    )
    return {key: (level, at, review_on) for key, level, at, review_on in rows}


def _versions_on(
    files: ClientQuerySet, day: datetime.date
) -> tuple[dict[int, tuple[int, VersionFacts, datetime.datetime]], set[int]]:
    """The version agreed last per file, with its key and when it was closed; and files with a declined one.

    Versions of an earlier counselling period do not count, agreed or declined.
    """
    next_period = CounsellingPeriod.objects.unscoped(reason="figures").filter(
        client_id=OuterRef("client_id"), opened_on__lte=day, opened_on__gt=OuterRef("agreed_on")
    )
    rows = (
        PlanVersion.objects.unscoped(reason="figures")
        .closed()
        .filter(~Exists(next_period), client__in=files, agreed_on__lte=day)
        .order_by("number")
        .values_list("client_id", "pk", "number", "outcome", "agreed_on", "review_on", "closed_at")
    )
    agreed: dict[int, tuple[int, VersionFacts, datetime.datetime]] = {}
    declined: set[int] = set()
    for key, plan_id, number, outcome, agreed_on, review_on, closed_at in rows:
        if outcome == AgreementOutcome.DECLINED:
            declined.add(key)
        else:
            agreed[key] = plan_id, VersionFacts(number, outcome, agreed_on, review_on), closed_at
    return agreed, declined


def _reviews_on(files: ClientQuerySet, day: datetime.date) -> dict[int, SetReview]:
    """What the last review of each plan set."""
    rows = (
        Review.objects.unscoped(reason="figures")
        .filter(plan__client__in=files, reviewed_on__lte=day)
        .order_by("reviewed_on", "id")
        .values_list("plan_id", "at", "next_review_on")
    )
    return {plan_id: (at, review_on) for plan_id, at, review_on in rows}


def _assessments(day: datetime.date) -> QuerySet[Assessment]:
    """Assessments up to a day that answered at least one module."""
    answered = AssessmentEntry.objects.unscoped(reason="figures").filter(
        assessment_id=OuterRef("pk"), level__isnull=False
    )
    return Assessment.objects.unscoped(reason="figures").filter(Exists(answered), assessed_on__lte=day)


def plan_coverage(files: FilesOverTime, day: datetime.date) -> Coverage:
    """Plan coverage of files on a day, see `PlansOn.coverage_of`."""
    return plans_on(files.rows, day).coverage_of(stock_on(files, day).files_in_active)


def overdue_reviews(files: FilesOverTime, day: datetime.date) -> Reviews:
    """*Überfällige Überprüfungen*: plans in force of open files whose review date lies before the day."""
    open_files = stock_on(files, day).open_files
    plans = plans_on(files.rows, day)
    in_force = [version for key, version in plans.versions.items() if key in open_files]
    return Reviews(
        plans=len(in_force),
        overdue=len(plans.overdue & open_files),
        undated=sum(version.review_on is None for version in in_force),
    )


def goal_attainment(files: FilesOverTime, first: datetime.date, last: datetime.date) -> GoalAttainment:
    """*Zielerreichung* of a period: each goal once, with the last final state it was given in it."""
    rows = GoalProgress.objects.unscoped(reason="figures").filter(
        on__range=(first, last), state__in=FINAL_STATES
    )
    placed = files.placed(rows, "on", "goal__client")
    states = dict(placed.order_by("on", "id").values_list("goal_id", "state"))
    reached = sum(1 for state in states.values() if state in (GoalState.ACHIEVED, GoalState.PARTLY))
    return GoalAttainment(reached=reached, reviewed=len(states))


def caseload_of(stock: Stock, levels: Mapping[int, str]) -> Caseload:
    """Open files by confirmed intensity, weighted (rules.md §5); a paused file weighs nothing.

    Args:
        stock: the files of the reference date.
        levels: the intensity confirmed last per file (`PlansOn.levels`).
    """
    rule = policy_on(stock.day).rule()
    counts: dict[int | None, Counter[str]] = {None: Counter()}
    paused: Counter[int | None] = Counter()
    for key in stock.open_files:
        manager_id, phase = stock.managers.get(key), stock.phases[key]
        if manager_id is None and phase == Phase.ACCESS:
            continue
        numbers = counts.setdefault(manager_id, Counter())
        if phase == Phase.PAUSED:
            paused[manager_id] += 1
        else:
            numbers[levels.get(key, UNASSESSED)] += 1
    weights = {level: weight(level, paused=False, rule=rule) for level in LEVELS}
    loads = {key: _load(numbers, paused[key], weights) for key, numbers in counts.items()}
    unassigned = loads.pop(None)
    return Caseload(stock.day, {key: load for key, load in loads.items() if key is not None}, unassigned)


def _load(numbers: Counter[str], paused: int, weights: Mapping[str, Decimal]) -> Load:
    return Load(
        by_level={level: numbers[level] for level in LEVELS},
        paused=paused,
        weighted=sum((weights[level] * numbers[level] for level in LEVELS), Decimal(0)),
    )
