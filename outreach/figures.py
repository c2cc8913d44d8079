"""Figures about outreach ladders; numbers only, never a file (architecture.md "Row access").

They count the ladders as they were written down last: every change keeps the rows, `recompute` repairs them. What
went on after a period is computed as it stood at its end: a finished period says the same next month.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Count, Exists, OuterRef, Q, Subquery

from accounts.rules.calendar import add_days, add_months, bounds
from clients.figures import FilesOverTime
from clients.models import Client, DueItem
from clients.querysets import ClientQuerySet, DueItemQuerySet
from outreach.choices import EndReason, Stage
from outreach.due_items import OutreachDue
from outreach.models import Ladder
from outreach.querysets import LadderQuerySet
from outreach.services.ladders import ladders_of

FROM_VISIT = (Stage.VISIT, Stage.VISIT2, Stage.UNREACHABLE, Stage.RECHECK)
"""The stages an officer sees of a single file: before a visit nothing but a letter or a call is due (rules.md §8)."""

Begun = TypeVar("Begun")

STEPS = (Stage.STEP1, Stage.STEP2, *FROM_VISIT)


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many ladders reached a step, and how they went on from it.

    `reached` were in contact again from here, `still_open` stand here, `went_on` took a later step or ended otherwise.
    A ladder on the fast lane passes the steps it skips.
    """

    stage: Stage
    begun: int
    reached: int
    still_open: int
    went_on: int


def funnel(
    files: FilesOverTime, first: datetime.date, last: datetime.date, now: datetime.datetime
) -> Sequence[FunnelStep]:
    """Ladders whose t0 lies in the period, each where it stood at the end of it; empty when none began.

    Args:
        files: the files asked for.
        first: first day, included.
        last: last day, included.
        now: the present instant; while the period runs the ladders stand as they do now.
    """
    begun = Ladder.objects.unscoped(reason="figures").filter(began_on__gte=first, began_on__lte=last)
    placed = files.placed(begun, "began_on")
    _start, over = bounds(first, last)
    went_further = Q(ended_at__isnull=True) | Q(ended_at__gte=over) if over <= now else Q(pk__in=())
    rows = placed.exclude(went_further).order_by().values_list("reached", "end_reason")
    counts: Counter[tuple[str, str]] = Counter()
    for stage, reason, number in rows.annotate(number=Count("pk")):
        counts[stage, reason] += number
    ladders = dict.fromkeys(placed.filter(went_further).values_list("client_id", "key"), None)
    counts.update((stage, reason) for _ladder, stage, reason in _stood_at(ladders, over))
    return funnel_of(counts)


def funnel_of(counts: Mapping[tuple[str, str], int]) -> Sequence[FunnelStep]:
    """The steps from the number of ladders by stage and reason of the end; empty when there are none."""
    counted = Counter(
        {key: number for key, number in counts.items() if key[1] != EndReason.CORRECTED and number}
    )
    return [_step(position, counted) for position in range(len(STEPS))] if counted else []


def _stood_at(
    ladders: Mapping[tuple[int, str], Begun], instant: datetime.datetime
) -> Iterator[tuple[Begun, str, str]]:
    """Step and end of some ladders, by file and key, as known at an instant; with what is said of each."""
    if not ladders:
        return
    keys = {client for client, _key in ladders}
    clients = list(Client.objects.unscoped(reason="figures").filter(pk__in=keys))
    for client, views in ladders_of(clients, instant).items():
        for view in views:
            known = [ladders[client, key] for key in sorted(view.keys) if (client, key) in ladders]
            if known:
                yield known[0], view.reached, view.end.reason if view.end is not None else ""


def ladders_by_month(
    files: FilesOverTime, months: Sequence[datetime.date], now: datetime.datetime
) -> Counter[tuple[datetime.date, int, datetime.date, str, str]]:
    """The ladders of `funnel` in sums per month that add up over any months (two queries, five more per month).

    Where a ladder stands at the end of a month counts there; where it stood a month before is taken back.

    Args:
        files: all files, to be told apart by municipality.
        months: first days of the months one after the other, up to the running one.
        now: the present instant.

    Returns:
        By month, municipality, month the ladder began in, step and end: how many more or fewer.
    """
    begun = Ladder.objects.unscoped(reason="figures").filter(began_on__gte=months[0])
    rows = files.placed(begun, "began_on").order_by()
    ladders = list(
        rows.values_list("client_id", "key", "began_on", "belonged_to", "ended_at", "reached", "end_reason")
    )
    sums: Counter[tuple[datetime.date, int, datetime.date, str, str]] = Counter()
    before: Counter[tuple[int, datetime.date, str, str]] = Counter()
    for month in months:
        _start, over = bounds(month, add_days(add_months(month, 1), -1))
        here: Counter[tuple[int, datetime.date, str, str]] = Counter()
        went_further: dict[tuple[int, str], tuple[int, datetime.date]] = {}
        for client, key, began_on, place, ended_at, reached, reason in ladders:
            began = began_on.replace(day=1)
            if began > month:
                continue
            if over <= now and (ended_at is None or ended_at >= over):
                went_further[client, key] = place, began
            else:
                here[place, began, reached, reason] += 1
        here.update((*begun, stage, reason) for begun, stage, reason in _stood_at(went_further, over))
        for key in here.keys() | before.keys():
            sums[(month, *key)] = here[key] - before[key]
        before = here
    return sums


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


def in_outreach(files: ClientQuerySet, now: datetime.datetime, stages: Collection[Stage]) -> ClientQuerySet:
    """Of these files those with an open ladder at one of these stages."""
    return files.filter(Exists(_open(now).filter(client_id=OuterRef("pk"), stage__in=stages)))


def _open(now: datetime.datetime) -> LadderQuerySet:
    return Ladder.objects.unscoped(reason="figures").open().filter(t0__lte=now)


def overdue_steps(municipalities: Collection[int], today: datetime.date) -> Subquery:
    """For a query of users: the number of a manager's open ladders whose next act was due before today.

    During an absence without a stand-in they stay undone; the coordinator sees the count (rules.md §4).
    """
    rows = _due_steps(today).filter(
        due_on__lt=today, client__manager=OuterRef("pk"), client__municipality__in=municipalities
    )
    counted = rows.order_by().values("client__manager_id").annotate(number=Count("pk"))
    return Subquery(counted.values("number"))


def steps_waiting_by_manager(
    managers: Collection[int], files: ClientQuerySet | None, today: datetime.date
) -> dict[int | None, int]:
    """Steps of outreach due today or before, per absent manager; those with none left out. Without files, in all."""
    rows = _due_steps(today).filter(client__manager__in=managers)
    if files is not None:
        rows = rows.filter(client__in=files)
    return dict(rows.order_by().values_list("client__manager_id").annotate(number=Count("pk")))


def _due_steps(today: datetime.date) -> DueItemQuerySet:
    """What outreach wants done today or wanted before."""
    rows: DueItemQuerySet = DueItem.objects.unscoped(reason="figures").standing(today)
    return rows.filter(kind=OutreachDue.STEP, due_on__lte=today)
