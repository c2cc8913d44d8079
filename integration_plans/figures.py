"""Figures about plans and intensity: functions of files and a day that return numbers, never a file.

Definitions: rules.md §5, §6 and §10, domain.md §6. These are steering attributes and exact (rules.md §8).
"""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from clients.choices import Intensity, Phase
from clients.figures import adults_on, stock_on
from clients.querysets import ClientQuerySet
from integration_plans.models import IntensityDecision
from integration_plans.policies import policy_on
from integration_plans.rules.intensity import UNASSESSED, weight
from integration_plans.rules.plan import Coverage, FileFacts, coverage, is_review_overdue
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


def plan_coverage(files: ClientQuerySet, day: datetime.date) -> Coverage:
    """Active adults with a valid plan among all active adults on a day (rules.md §6).

    Args:
        files: the files asked for.
        day: the reference date.
    """
    stock = stock_on(files, day)
    adults = adults_on(files, day)
    counted = stock.files_in_active & adults
    found = standings(counted, day)
    return coverage(
        (
            FileFacts(active=True, adult=True, version=standing.current, declined=standing.declined)
            for standing in found.values()
        ),
        day,
        policy_on(day).grace_days,
    )


def overdue_reviews(files: ClientQuerySet, day: datetime.date) -> Reviews:
    """*Überfällige Überprüfungen*: plans in force of open files whose review date lies before the day."""
    stock = stock_on(files, day)
    current = [
        standing.current
        for standing in standings(stock.open_files, day).values()
        if standing.current is not None
    ]
    return Reviews(
        plans=len(current),
        overdue=sum(is_review_overdue(version.review_on, day) for version in current),
        undated=sum(version.review_on is None for version in current),
    )


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
