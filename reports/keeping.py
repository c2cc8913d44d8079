"""Counting the whole district once a day, in sums per municipality and month (decision 0023).

All months are counted every time, so that whatever is recorded late is in the figures of the next morning. Nobody is
locked out meanwhile: it is read without a transaction, and written in one that is short.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import Municipality
from appointments.figures_facts import counselled_by_month
from appointments.figures_months import work_by_place
from audit.recording import record
from clients import figures as client_figures
from clients.figures import FilesOverTime
from clients.figures_flow import clocks_by_place
from clients.rules.phases import WORKING_PHASES
from integration_plans import figures as plan_figures
from integration_plans.policies import policy_on
from outreach import figures as ladder_figures
from reports import flows as flow_sums
from reports.actions import SUMS_KEPT
from reports.definitions import RULE_VERSION
from reports.figures import service_began_on
from reports.models import KeptSums
from reports.rules import periods
from reports.rules.periods import Period

BETWEEN = ":"
"""Stands between the parts of a name under which a sum is stored."""
GOALS, LADDERS = "goals", "ladders"
SOMEBODY, NOBODY = "taken", ""
STOCK_NAMES = ("files", "unassessed", "valid", "overdue")


def keep_sums(actor: Actor, today: dt.date) -> int:
    """Count every month from January of the year the service began in, and keep the sums; returns how many rows.

    A second run counts the same. Until the first month has begun there is nothing to keep.

    Args:
        actor: who acts, and when; what is past is so by that instant.
        today: the local day.
    """
    municipalities = list(Municipality.objects.all())
    began = service_began_on(municipalities)
    if began is None or began > today:
        return 0
    rows = _rows(frozenset(place.pk for place in municipalities), _months(began, today), actor.now)
    with transaction.atomic():
        KeptSums.objects.bulk_create(
            rows,
            batch_size=500,
            update_conflicts=True,
            unique_fields=["month", "municipality"],
            update_fields=[
                "counted_at",
                "rules",
                "active_clients",
                "consultations",
                "days",
                "stock",
                "flows",
            ],
        )
        record(actor, SUMS_KEPT, kind="figures", count=len(rows))
    return len(rows)


def _months(began: dt.date, today: dt.date) -> list[Period]:
    count = (today.year - began.year) * 12 + today.month
    return periods.trend_months(today, count)


def are_kept() -> bool:
    """Whether there are sums, and all of them were counted by the present rules."""
    kept = KeptSums.objects.all()
    return kept.exists() and not kept.exclude(rules=RULE_VERSION).exists()


def _rows(places: frozenset[int], months: Sequence[Period], now: dt.datetime) -> list[KeptSums]:
    """One row for each municipality and month, also where nothing happened."""
    files = client_figures.district_by_place(places)
    days, flows = _flows(files, places, months, now)
    stocks = {month.first: _stocks(files, min(month.last, timezone.localdate(now))) for month in months}
    return [
        KeptSums(
            municipality_id=place,
            month=month.first,
            counted_at=now,
            rules=RULE_VERSION,
            active_clients=sum(
                number
                for name, number in stocks[month.first][place].items()
                if name[0] in WORKING_PHASES and name[-1] == "files"
            ),
            consultations=days[month.first, place].total(),
            days=[days[month.first, place][day] for day in range(1, month.last.day + 1)],
            stock=_told(stocks[month.first][place]),
            flows=_told(flows[month.first, place]),
        )
        for month in months
        for place in sorted(places)
    ]


Key = tuple[str, ...]


def _told(sums: Counter[Key]) -> dict[str, int]:
    """As it is stored: what is zero is left out."""
    return {BETWEEN.join(key): number for key, number in sums.items() if number}


def _stocks(files: FilesOverTime, day: dt.date) -> Mapping[int, Counter[Key]]:
    """Files by phase, level and whether a manager has them, and where their plans stand, per municipality."""
    found: dict[int, Counter[Key]] = defaultdict(Counter)
    for line in plan_figures.stock_with_plans(files, day, policy_on(day)).lines:
        for name in STOCK_NAMES:
            taken = NOBODY if line.manager is None else SOMEBODY
            found[line.place][line.phase, line.level, taken, name] += getattr(line, name)
    for place, clocks in clocks_by_place(files, day).items():
        found[place].update({(name,): number for name, number in clocks.items()})
    return found


def _flows(
    files: FilesOverTime, places: frozenset[int], months: Sequence[Period], now: dt.datetime
) -> tuple[Mapping[tuple[dt.date, int], Counter[int]], Mapping[tuple[dt.date, int], Counter[Key]]]:
    """Talks by day, and what else adds up, per month and municipality."""
    days: dict[tuple[dt.date, int], Counter[int]] = defaultdict(Counter)
    flows: dict[tuple[dt.date, int], Counter[Key]] = defaultdict(Counter)
    for day, place, name, number in work_by_place(files, months[0].first, months[-1].last, now):
        if name == "talks":
            days[day.replace(day=1), place][day.day] += number
        else:
            flows[day.replace(day=1), place][name,] += number
    for (month, place, began, name), number in plan_figures.goals_by_month(files).items():
        flows[month, place][GOALS, f"{began:%Y-%m}", name] += number
    first, last = months[0].first, months[-1].last
    for (month, place, began), number in counselled_by_month(files, first, last).items():
        flows[month, place][flow_sums.PERSONS, f"{began:%Y-%m}"] += number
    for month, place, name, number in flow_sums.without_talks(files, places, first, last, since=first):
        flows[month, place][name,] += number
    firsts = [month.first for month in months]
    ladders = ladder_figures.ladders_by_month(files, firsts, now)
    for (month, place, began, stage, reason), number in ladders.items():
        flows[month, place][LADDERS, f"{began:%Y-%m}", stage, reason] += number
    return days, flows
