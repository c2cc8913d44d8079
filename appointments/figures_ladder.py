"""Figures about outreach ladders; numbers only, never a file (house.md §3).

They count the ladders as they were written down last: the services keep the rows, `refresh_ladders` repairs them.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef

from appointments.choices import EndReason, Stage
from appointments.models import Ladder
from appointments.querysets import LadderQuerySet
from clients.figures import FilesOverTime
from clients.querysets import ClientQuerySet

STEPS = (Stage.STEP1, Stage.STEP2, Stage.VISIT, Stage.VISIT2, Stage.UNREACHABLE, Stage.RECHECK)


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many ladders came to a step or past it, and what became of them there.

    `reached` were in contact again from here, `still_open` stand here, `went_on` took a later step or ended otherwise.
    A ladder on the fast lane passes the steps it skips.
    """

    stage: Stage
    begun: int
    reached: int
    still_open: int
    went_on: int


def funnel(files: FilesOverTime, first: datetime.date, last: datetime.date) -> Sequence[FunnelStep]:
    """Ladders whose t0 lies in the period, step by step; empty when none began."""
    begun = Ladder.objects.unscoped(reason="figures").filter(began_on__gte=first, began_on__lte=last)
    rows = (
        files.placed(begun, "began_on")
        .exclude(end_reason=EndReason.CORRECTED)
        .order_by()
        .values_list("reached", "end_reason")
        .annotate(number=Count("pk"))
    )
    counts: Counter[tuple[str, str]] = Counter()
    for stage, reason, number in rows:
        counts[stage, reason] += number
    if not counts:
        return []
    return [_step(position, counts) for position in range(len(STEPS))]


def _step(position: int, counts: Counter[tuple[str, str]]) -> FunnelStep:
    here = STEPS[position]
    later = set(STEPS[position:])
    begun = sum(number for (stage, _reason), number in counts.items() if stage in later)
    reached = sum(
        number
        for (stage, reason), number in counts.items()
        if stage == here and reason in (EndReason.TWO_WAY, EndReason.DECLINED)
    )
    still_open = counts[here, ""]
    return FunnelStep(here, begun, reached, still_open, begun - reached - still_open)


def stages_on(files: ClientQuerySet, now: datetime.datetime) -> dict[int, Stage]:
    """The present stage of the open ladder per file."""
    rows = _open(now).filter(client__in=files).values_list("client_id", "stage")
    return {client: Stage(stage) for client, stage in rows}


def in_outreach(files: ClientQuerySet, now: datetime.datetime, stage: str = "") -> ClientQuerySet:
    """Of these files those with an open ladder, at this stage if one is named."""
    ladders = _open(now).filter(client_id=OuterRef("pk"))
    return files.filter(Exists(ladders.filter(stage=stage) if stage else ladders))


def _open(now: datetime.datetime) -> LadderQuerySet:
    return Ladder.objects.unscoped(reason="figures").open().filter(t0__lte=now)


def overdue_steps_by_manager(files: ClientQuerySet, today: datetime.date) -> dict[int | None, int]:
    """Open outreach ladders whose next act was due before today, per responsible manager.

    Whoever is away with nobody standing in leaves these undone; the coordinator sees the count (rules.md §4).
    """
    rows = (
        Ladder.objects.unscoped(reason="figures")
        .open()
        .filter(client__in=files, act_on__lt=today)
        .order_by()
        .values("client__manager_id")
        .annotate(number=Count("pk"))
    )
    return {row["client__manager_id"]: row["number"] for row in rows}


def steps_waiting_by_manager(
    managers: Collection[int], files: ClientQuerySet, today: datetime.date
) -> dict[int, int]:
    """Open outreach ladders whose next act is due today or was before, per absent manager; those with none left out."""
    rows = (
        Ladder.objects.unscoped(reason="figures")
        .open()
        .filter(client__in=files, client__manager__in=managers, act_on__lte=today)
        .order_by()
        .values("client__manager_id")
        .annotate(number=Count("pk"))
    )
    return {row["client__manager_id"]: row["number"] for row in rows}
