"""The chapter of work: what was done in a period beside the one before, counted just now or kept since the night."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import Municipality
from clients import figures as client_figures
from outreach import figures as ladder_figures
from reports import figures, flows, kept
from reports.figures import Question
from reports.flows import Flows
from reports.managers import Reader
from reports.rules.periods import Period


@dataclass(frozen=True, slots=True)
class PlaceFlows:
    """What one municipality did, for the coordinator."""

    name: str
    code: str
    flows: Flows


@dataclass(frozen=True, slots=True)
class WorkBoard:
    """What was done in a period.

    Attributes:
        period: the period asked for.
        day: the last day of it that is over, or the day of the count.
        now: its sums.
        before: the whole period before it with its sums; None before the service began.
        funnel: what became of the outreach ladders begun in it.
        months: those of the trend.
        opened: files opened in each of them; None before the service began.
        closed: files closed.
        places: one line per municipality, for the coordinator.
        next_places_after: the code of the last one if there are more.
    """

    period: Period
    day: dt.date
    now: Flows
    before: tuple[Period, Flows] | None
    funnel: Sequence[ladder_figures.FunnelStep]
    months: Sequence[Period]
    opened: Sequence[int | None]
    closed: Sequence[int | None]
    places: Sequence[PlaceFlows] | None = None
    next_places_after: str = ""


MonthFlows = Mapping[tuple[dt.date, str], int]


def counted(
    municipalities: Sequence[Municipality], period: Period, today: dt.date, now: dt.datetime
) -> WorkBoard:
    """Count the work of some municipalities together (a number of queries that does not depend on the rows).

    Args:
        municipalities: those asked for; the caller has checked that the reader may see them.
        period: the period asked for.
        today: the local day.
        now: the instant, for what is already past.
    """
    question = Question.of(municipalities, period, today)
    files = client_figures.files_over_time(question.keys)
    first = _first_of(question)
    since = min(first, question.months[0].first)
    sums = flows.counted(files, question.keys, first, period.last, since=since)
    both = [
        Flows.within(span, sums, flows.of_period(files, span)) for span in (question.period, question.before)
    ]
    funnel = ladder_figures.funnel(files, period.first, period.last, now)
    return _arranged(question, both, sums, funnel)


def from_kept(
    reader: Reader, municipalities: Sequence[Municipality], period: Period
) -> tuple[WorkBoard | None, dt.datetime | None]:
    """The work of the whole district, or None if the period was not counted; and when was counted last (three queries).

    Args:
        reader: which page of municipalities she reads.
        municipalities: all there are.
        period: the period asked for.
    """
    last, counted_at = kept.last_month(period)
    if last is None or counted_at is None:
        return None, counted_at
    question = Question.of(municipalities, period, timezone.localdate(counted_at))
    rows = kept.rows_of(question, are_all=len(question.places) == len(municipalities))
    first = min(_first_of(question), question.months[0].first)
    months = kept.month_sums(rows, first, last)
    by_place = kept.flows_of(months, period.first, last)
    together = kept.summed(by_place)
    before = kept.summed(kept.flows_of(months, question.before.first, question.before.last))
    shown, after = figures.places_shown(reader, question)
    by_month: Counter[tuple[dt.date, str]] = Counter()
    for month, _place, told in months:
        for name, number in told.items():
            by_month[month, name] += number
    lines = [PlaceFlows(place.name, place.code, Flows(by_place.get(place.pk, {}))) for place in shown]
    funnel = ladder_figures.funnel_of(kept.ladders_of(together))
    return _arranged(question, [Flows(together), Flows(before)], by_month, funnel, lines, after), counted_at


def _first_of(question: Question) -> dt.date:
    """The first day the period or the one before needs."""
    return min(question.before.first, question.period.first)


def _arranged(
    question: Question,
    both: Sequence[Flows],
    sums: MonthFlows,
    funnel: Sequence[ladder_figures.FunnelStep],
    places: Sequence[PlaceFlows] | None = None,
    after: str = "",
) -> WorkBoard:
    now, earlier = both
    before = question.before
    has_before = question.began is not None and before.last >= question.began

    def by_month(name: str) -> list[int | None]:
        return [
            sums.get((month.first, name), 0)
            if question.began is not None and month.last >= question.began
            else None
            for month in question.months
        ]

    return WorkBoard(
        period=question.period,
        day=question.day,
        now=now,
        before=(before, earlier) if has_before else None,
        funnel=funnel,
        months=question.months,
        opened=by_month(flows.OPENED),
        closed=by_month(flows.CLOSED),
        places=places,
        next_places_after=after,
    )
