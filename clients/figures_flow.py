"""Files that came and went in a period, and how far the counselling clock of the open ones has run (rules.md §7, §9).

Steering figures: numbers of files and exact, never a file (rules.md §8).
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth

from accounts.rules.calendar import add_months
from clients.choices import KEPT_TWICE, Phase
from clients.figures import FilesOverTime, clock_policy_on, open_then
from clients.models import CounsellingPeriod
from clients.rules.clock import ClockPolicy, Period, months_complete_on

OPENED, CLOSED = "opened", "closed"
NEAR, PAST, BEYOND, UNJUSTIFIED = "clock_near", "clock_past", "clock_beyond", "past_limit"

Sum = tuple[datetime.date, int, str]
"""First day of a month, municipality, and what is counted."""


def opened_and_closed(files: FilesOverTime, first: datetime.date, last: datetime.date) -> Counter[Sum]:
    """Files opened and closed from `first` to `last`, each where it belonged that day (two queries).

    A file that is re-opened comes once more. One that was kept twice ended no counselling when it was closed.
    """
    rows = CounsellingPeriod.objects.unscoped(reason="figures")
    ended = rows.exclude(closing_reason__code=KEPT_TWICE)
    sums: Counter[Sum] = Counter()
    for name, day, found in ((OPENED, "opened_on", rows), (CLOSED, "closed_on", ended)):
        placed = files.placed(found.filter(**{f"{day}__range": (first, last)}), day).order_by()
        counted: Any = placed.values_list(TruncMonth(day), "belonged_to").annotate(number=Count("pk"))
        sums.update({(month, place, name): number for month, place, number in counted})
    return sums


@dataclass(frozen=True, slots=True)
class ClockStretches:
    """Open files by how far their counselling clock has run on a day.

    Attributes:
        near: in the months from the first warning to the limit.
        past: after the limit.
        beyond: after the hard limit, past which nothing extends.
        unjustified: past the limit without a written justification, as far as they are open still.
    """

    near: int = 0
    past: int = 0
    beyond: int = 0
    unjustified: int = 0

    @classmethod
    def of(cls, sums: Mapping[str, int]) -> "ClockStretches":
        """From sums under the names of `clocks_by_place`."""
        return cls(*(sums.get(name, 0) for name in (NEAR, PAST, BEYOND, UNJUSTIFIED)))


def clocks_by_place(
    files: FilesOverTime, day: datetime.date, policy: ClockPolicy | None = None
) -> Mapping[int, Counter[str]]:
    """`ClockStretches` of the files open on a day, in sums per municipality (two queries).

    Args:
        files: the files asked for.
        day: the reference date.
        policy: the limits in force that day, where they are known already.
    """
    policy = policy or clock_policy_on(day)
    begun = add_months(day, -months_before(policy))
    stood: Any = open_then(files, day).filter(counselling_started_on__lte=begun)
    rows = stood.values_list(
        "pk",
        "place_then",
        "phase",
        "counselling_started_on",
        "clock_justification",
        "periods__opened_on",
        "periods__closed_on",
    )
    known: dict[int, tuple[int, str, datetime.date, str]] = {}
    periods: dict[int, list[Period]] = defaultdict(list)
    for key, place, phase, started_on, justification, opened_on, closed_on in rows:
        known[key] = place, phase, started_on, justification
        periods[key].extend([Period(opened_on, closed_on)] if opened_on else [])
    sums: dict[int, Counter[str]] = defaultdict(Counter)
    for key, (place, phase, started_on, justification) in known.items():
        stretch = _stretch(started_on, periods[key], day, policy)
        if stretch:
            sums[place][stretch] += 1
        if stretch in (PAST, BEYOND) and not justification and phase != Phase.CLOSED:
            sums[place][UNJUSTIFIED] += 1
    return sums


def months_before(policy: ClockPolicy) -> int:
    """Complete months after which the first counted month has begun: month 30 runs when 29 are complete."""
    return policy.warnings[0] - 1


def _stretch(
    started_on: datetime.date, periods: list[Period], day: datetime.date, policy: ClockPolicy
) -> str:
    """The furthest stretch a clock has come to; empty before the first."""
    found = ""
    for name, months in ((NEAR, months_before(policy)), (PAST, policy.limit), (BEYOND, policy.hard_limit)):
        reached = months_complete_on(started_on, months, periods)
        if reached is None or reached > day:
            break
        found = name
    return found
