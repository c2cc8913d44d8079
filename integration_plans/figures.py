"""Figures about plans and intensity: functions of files and a day that return numbers, never a file.

Definitions: rules.md §5, §6, §9 and §10. These are steering attributes and exact (rules.md §8).
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from clients.choices import Intensity, Phase
from clients.figures import FilesOverTime, as_they_stood
from clients.models import CounsellingPeriod
from clients.rules.phases import WORKING_PHASES
from integration_plans.choices import GoalState
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    GoalProgress,
    IntensityDecision,
    PlanPolicy,
    PlanVersion,
    Review,
)
from integration_plans.rules.intensity import UNASSESSED, weight
from integration_plans.rules.plan import lapsed_before, overdue_before

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
class Coverage:
    """Plan coverage: active files, of people of every age, and those with a valid plan (rules.md §6)."""

    files: int
    valid: int


@dataclass(frozen=True, slots=True)
class StockLine:
    """How many files have municipality, manager, phase and confirmed level in common, and where their plans stand.

    Attributes:
        unassessed: files without an assessment that answered at least one module.
        valid: files with a valid plan.
        overdue: files whose plan in force should have been reviewed before the day.
    """

    place: int
    manager: int | None
    phase: Phase
    level: str
    files: int
    unassessed: int
    valid: int
    overdue: int


@dataclass(frozen=True)
class Stock:
    """The files of a reference date, counted by municipality, manager, phase and level."""

    day: datetime.date
    lines: Sequence[StockLine]

    def of(self, manager_id: int) -> "Stock":
        """The files one manager was responsible for."""
        return Stock(self.day, [line for line in self.lines if line.manager == manager_id])

    @cached_property
    def open(self) -> Sequence[StockLine]:
        return [line for line in self.lines if line.phase != Phase.CLOSED]

    @cached_property
    def by_phase(self) -> Counter[Phase]:
        """Number of open files per phase."""
        number = Counter[Phase]()
        for line in self.open:
            number[line.phase] += line.files
        return number

    @cached_property
    def by_place(self) -> Mapping[int, "Stock"]:
        """The files of each municipality that has some."""
        lines: dict[int, list[StockLine]] = {}
        for line in self.lines:
            lines.setdefault(line.place, []).append(line)
        return {place: Stock(self.day, found) for place, found in lines.items()}

    @property
    def active_clients(self) -> int:
        """*Aktive Klient:innen*: files in contacting, intake or active; paused ones are counted apart."""
        return sum(self.by_phase[phase] for phase in WORKING_PHASES)

    @property
    def coverage(self) -> Coverage:
        """Of the files in phase active, exactly."""
        active = [line for line in self.lines if line.phase == Phase.ACTIVE]
        return Coverage(sum(line.files for line in active), sum(line.valid for line in active))

    @property
    def unassessed(self) -> int:
        """Files in phase active without an assessment."""
        return sum(line.unassessed for line in self.lines if line.phase == Phase.ACTIVE)

    @property
    def overdue_reviews(self) -> int:
        """*Überfällige Überprüfungen*: plans in force of open files whose review date lies before the day."""
        return sum(line.overdue for line in self.open)


@dataclass(frozen=True, slots=True)
class GoalAttainment:
    """Goals given a final state in a period: `reached` wholly or partly, of all `reviewed`, dropped ones too."""

    reached: int
    reviewed: int


REACHED = (GoalState.ACHIEVED, GoalState.PARTLY)
FINAL_STATES = (*REACHED, GoalState.NOT_ACHIEVED, GoalState.DROPPED)


def stock_with_plans(
    files: FilesOverTime, day: datetime.date, policy: PlanPolicy, *, only_reviews: bool = False
) -> Stock:
    """The files of a day and where their plans stand, counted in the database (one query).

    The same as `plan_status.plan_statuses` says file by file.

    Args:
        files: the files asked for.
        day: the reference date.
        policy: the thresholds of that day.
        only_reviews: only the reviews are asked for; `unassessed` stays 0.
    """
    stood = with_plans(files, day, policy, only_reviews=only_reviews)
    rows = stood.values_list(
        "place_then", "manager_then", "phase_then", "level_then", "plan_then", "assessed_then"
    )
    found: dict[tuple[Any, ...], Counter[str]] = defaultdict(Counter)
    for *key, plan, assessed, number in rows.annotate(number=Count("pk")):
        found[tuple(key)].update(
            files=number,
            unassessed=0 if assessed else number,
            valid=0 if plan is None or plan & LAPSED else number,
            overdue=number if plan and plan & OVERDUE else 0,
        )
    lines = [
        StockLine(place, manager, Phase(phase), level, **numbers)
        for (place, manager, phase, level), numbers in found.items()
        if phase is not None and (files.places is None or place in files.places)
    ]
    return Stock(day, lines)


def with_plans(
    files: FilesOverTime, day: datetime.date, policy: PlanPolicy, *, only_reviews: bool = False
) -> Any:
    """Files as they stood on a day (`as_they_stood`) with `level_then`, `plan_then` and `assessed_then`."""
    decisions = IntensityDecision.objects.unscoped(reason="figures").filter(
        client=OuterRef("pk"), decided_on__lte=day
    )
    brought_along = Case(When(taken_over_on__lte=day, then=F("former_intensity")), default=Value(UNASSESSED))
    earlier_level = Coalesce(
        Subquery(decisions.order_by("-decided_on", "-id").values("chosen")[:1]), brought_along
    )
    level = Case(
        When(intensity_since__isnull=True, then=Value(UNASSESSED)),
        When(intensity_since__lte=day, then=F("intensity")),
        default=earlier_level,
    )
    return as_they_stood(files, day).annotate(
        level_then=level,
        plan_then=_plan_then(day, policy),
        assessed_then=Value(True)
        if only_reviews
        else Exists(_assessments(day).filter(client=OuterRef("pk"))),
    )


OVERDUE, LAPSED = 1, 2
"""What is true of a plan in force, in one number: its review is overdue, it is no longer valid."""


def _plan_then(day: datetime.date, policy: PlanPolicy) -> Subquery:
    """The plan in force of a file on a day as such a number; NULL where there is none."""
    late = Case(When(_before(overdue_before(day)), then=OVERDUE), default=0)
    lapsed = Case(When(_before(lapsed_before(day, policy.grace_days)), then=LAPSED), default=0)
    return Subquery(_in_force(day).values(late=late + lapsed)[:1])


def to_be_reviewed_before(limit: datetime.date, day: datetime.date) -> Exists:
    """The condition on files that the review date in force on a day lies before a limit (`review_date_in_force`)."""
    return Exists(_in_force(day).filter(_before(limit)))


def _before(limit: datetime.date) -> Q:
    """The condition on versions in force that they were to be reviewed before a limit."""
    by_plan = Q(reviewed_for__lt=limit) | (Q(review_on__lt=limit) & ~Q(was_reviewed=True))
    return by_plan | Q(decided_for__lt=limit, decided_at__gt=F("set_at"))


def _in_force(day: datetime.date) -> QuerySet[PlanVersion]:
    """The version of a file that is in force on a day, with what says when it is to be reviewed."""
    last = _agreed(day).filter(client=OuterRef("client"), number__gt=OuterRef("number"))
    reviews = Review.objects.unscoped(reason="figures").filter(plan=OuterRef("pk"), reviewed_on__lte=day)
    reviews = reviews.order_by("-reviewed_on", "-id")
    decisions = IntensityDecision.objects.unscoped(reason="figures").filter(
        client=OuterRef("client"), decided_on__lte=day
    )
    decisions = decisions.order_by("-decided_on", "-id")
    versions = _agreed(day).filter(~Exists(last), client=OuterRef("pk")).order_by()
    return versions.annotate(
        was_reviewed=Exists(reviews),
        reviewed_for=Subquery(reviews.values("next_review_on")[:1]),
        set_at=Coalesce(Subquery(reviews.values("at")[:1]), F("closed_at")),
        decided_for=Subquery(decisions.values("next_review_on")[:1]),
        decided_at=Subquery(decisions.values("at")[:1]),
    )


def _agreed(day: datetime.date) -> QuerySet[PlanVersion]:
    """Versions agreed up to a day in the present counselling period; earlier periods do not count."""
    next_period = CounsellingPeriod.objects.unscoped(reason="figures").filter(
        client_id=OuterRef("client_id"), opened_on__lte=day, opened_on__gt=OuterRef("agreed_on")
    )
    versions = PlanVersion.objects.unscoped(reason="figures").agreed()
    return versions.filter(~Exists(next_period), agreed_on__lte=day)


def _assessments(day: datetime.date) -> QuerySet[Assessment]:
    """Assessments up to a day that answered at least one module."""
    answered = AssessmentEntry.objects.unscoped(reason="figures").filter(
        assessment_id=OuterRef("pk"), level__isnull=False
    )
    return Assessment.objects.unscoped(reason="figures").filter(Exists(answered), assessed_on__lte=day)


def goal_attainment(files: FilesOverTime, first: datetime.date, last: datetime.date) -> GoalAttainment:
    """*Zielerreichung* of a period: each goal once, with the last final state it was given in it (one query)."""
    counted: dict[str, Any] = (
        final_states(files, first, last)
        .order_by()
        .aggregate(
            reached=Count("pk", filter=Q(state__in=REACHED)),
            reviewed=Count("pk"),
        )
    )
    return GoalAttainment(**counted)


def final_states(files: FilesOverTime, first: datetime.date, last: datetime.date) -> Any:
    """The last final state each goal was given from `first` to `last`, both included."""
    rows = GoalProgress.objects.unscoped(reason="figures").filter(
        on__range=(first, last), state__in=FINAL_STATES
    )
    later = rows.filter(
        Q(on__gt=OuterRef("on")) | Q(on=OuterRef("on"), id__gt=OuterRef("pk")), goal=OuterRef("goal")
    )
    return files.placed(rows, "on", "goal__client").filter(
        ~Exists(files.with_place(later, "on", "goal__client"))
    )


def goals_by_month(files: FilesOverTime) -> Counter[tuple[datetime.date, int, datetime.date, str]]:
    """The goals of `goal_attainment` in sums per month that add up over any months (one query).

    A goal counts once in a period, with its last final state. What it was given counts in its month, and is taken back
    in the month of the next one: of a period that holds both only the second is left.

    Args:
        files: all files, to be told apart by municipality.

    Returns:
        By first day of the month, municipality, month of the state meant, and name: how many more or fewer.
    """
    rows = GoalProgress.objects.unscoped(reason="figures").filter(state__in=FINAL_STATES)
    placed = files.placed(rows, "on", "goal__client").order_by("goal_id", "on", "id")
    sums: Counter[tuple[datetime.date, int, datetime.date, str]] = Counter()
    former: tuple[int, datetime.date, int, list[str]] | None = None
    for goal, on, state, place in placed.values_list("goal_id", "on", "state", "belonged_to").iterator():
        month = on.replace(day=1)
        if former is not None and former[0] == goal:
            _goal, began, there, names = former
            sums.subtract((month, there, began, name) for name in names)
        names = ["reviewed", "reached"] if state in REACHED else ["reviewed"]
        sums.update((month, place, month, name) for name in names)
        former = goal, month, place, names
    return sums


def caseload_of(stock: Stock, policy: PlanPolicy) -> Caseload:
    """Open files by confirmed intensity, weighted (rules.md §5); a paused file weighs nothing."""
    rule = policy.rule()
    counts: dict[int | None, Counter[str]] = {None: Counter()}
    paused: Counter[int | None] = Counter()
    for line in stock.open:
        if line.manager is None and line.phase == Phase.ACCESS:
            continue
        numbers = counts.setdefault(line.manager, Counter())
        if line.phase == Phase.PAUSED:
            paused[line.manager] += line.files
        else:
            numbers[line.level] += line.files
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
