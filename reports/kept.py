"""The dashboard of the whole district from the sums that are kept (decision 0023).

What is told per manager is counted at once, for the managers of the page: nobody's work is kept, and the cost of ten
caseloads does not grow with the district.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from accounts.models import Municipality
from appointments import figures as appointment_figures
from appointments.figures import Parts
from appointments.figures_months import outcomes_from
from clients import figures as client_figures
from clients.choices import Phase
from clients.figures import FilesOverTime
from clients.figures_flow import ClockStretches
from integration_plans import figures as plan_figures
from integration_plans.figures import GoalAttainment, Stock, StockLine
from reports import figures, managers
from reports.figures import Counts, Dashboard, PlaceLine, Question
from reports.keeping import BETWEEN, GOALS, LADDERS, NOBODY
from reports.managers import ManagerPage, Reader
from reports.models import KeptSums
from reports.rules import periods
from reports.rules.periods import Kind, Period

SOMEBODY = 0
"""The manager of files that have one, where it does not matter who."""


def dashboard(
    reader: Reader, municipalities: Sequence[Municipality], period: Period, now: dt.datetime
) -> tuple[Dashboard | None, dt.datetime | None]:
    """The figures of the district, or None if those of the period were not counted; and when was counted last.

    Args:
        reader: what the reader may see per manager.
        municipalities: all there are.
        period: the period asked for; stocks are of its last day, or of the day of the count while it runs.
        now: the instant, for what is told per manager.
    """
    last, counted_at = last_month(period)
    if last is None or counted_at is None:
        return None, counted_at
    question = Question.of(municipalities, period, timezone.localdate(counted_at))
    kept = _Kept(question, last, are_all=len(question.places) == len(municipalities))
    return figures.arranged(reader, question, kept.counts(reader, now)), counted_at


def last_month(period: Period) -> tuple[dt.date | None, dt.datetime | None]:
    """The last month of a period that is kept, None if the period is not; and when was counted last (one query)."""
    known = KeptSums.objects.aggregate(
        first=Min("month"), last=Max("month", filter=Q(month__lte=period.last)), at=Max("counted_at")
    )
    first, last = known["first"], known["last"]
    is_kept = first is not None and last is not None and first <= period.first <= last
    return (last if is_kept else None), known["at"]


MonthSums = Sequence[tuple[dt.date, int, Mapping[str, int]]]
"""What is kept of each month and municipality."""


def flows_of(rows: MonthSums, first: dt.date, last: dt.date) -> Mapping[int, Counter[str]]:
    """Sums of a period per municipality; what is told of an earlier month, which it does not hold, is left out."""
    found: dict[int, Counter[str]] = defaultdict(Counter)
    begins = f"{first:%Y-%m}"
    for month, place, sums in rows:
        if not first <= month <= last:
            continue
        into = found[place]
        for name, number in sums.items():
            parts = name.split(BETWEEN)
            if len(parts) == 1:
                into[name] += number
            elif parts[1] >= begins:
                into[BETWEEN.join((parts[0], *parts[2:]))] += number
    return found


def summed(by_place: Mapping[int, Mapping[str, int]]) -> Counter[str]:
    """The municipalities together."""
    together: Counter[str] = Counter()
    for sums in by_place.values():
        together.update(sums)
    return together


def month_sums(rows: QuerySet[KeptSums], first: dt.date, last: dt.date) -> MonthSums:
    """The kept flows of some months (one query)."""
    return list(rows.filter(month__range=(first, last)).values_list("month", "municipality_id", "flows"))


def rows_of(question: Question, *, are_all: bool) -> QuerySet[KeptSums]:
    """The rows of the municipalities a question is about."""
    rows = KeptSums.objects.order_by()
    return rows if are_all else rows.filter(municipality__in=question.keys)


class _Kept:
    """What is kept for a question.

    Attributes:
        are_all: every municipality takes part.
        stocks: sums of the last day that was counted, by municipality.
        flows: sums of the period, by municipality.
        totals: active clients and consultations of the district by month.
    """

    def __init__(self, question: Question, last: dt.date, *, are_all: bool) -> None:
        self.question = question
        self.are_all = are_all
        self.rows = rows_of(question, are_all=are_all)
        self.stocks: Mapping[int, Mapping[str, int]] = dict(
            self.rows.filter(month=last).values_list("municipality_id", "stock")
        )
        first = question.period.first
        self.flows = flows_of(month_sums(self.rows, first, last), first, last)
        earliest = min(question.before.first, question.period.first, question.months[0].first)
        by_month = self.rows.filter(month__range=(earliest, last)).values_list("month")
        sums = by_month.annotate(Sum("active_clients"), Sum("consultations"))
        self.totals: Mapping[dt.date, tuple[int, int]] = {
            month: (files, talks) for month, files, talks in sums
        }

    def counts(self, reader: Reader, now: dt.datetime) -> Counts:
        """Put together what was kept, and what is counted now of the managers on the page."""
        question = self.question
        flows = summed(self.flows)
        stock = self._stock(self.stocks.values())
        files = client_figures.district() if self.are_all else client_figures.files_over_time(question.keys)
        page, loads, work = self._of_managers(reader, files, now)
        shown, next_places_after = figures.places_shown(reader, question)
        return Counts(
            stock=stock,
            plans=stock,
            goals=GoalAttainment(*(flows[BETWEEN.join((GOALS, name))] for name in ("reached", "reviewed"))),
            active_clients=[self._total(month)[0] for month in question.months],
            active_clients_before=self._total(periods.containing(Kind.MONTH, question.before.last))[0],
            consultations=[self._total(month)[1] for month in question.months],
            consultations_in_period=self._talks(question.period.first, question.day),
            consultations_before=self._talks(question.before.first, question.before_until),
            outcomes=outcomes_from(flows),
            undecided=flows["waiting"],
            without_topic=flows["topicless"],
            without_basis=flows["baseless"],
            clocks=ClockStretches.of(sum((Counter(sums) for sums in self.stocks.values()), Counter())),
            page=page,
            loads=loads,
            managers=work,
            places=[self._line(place) for place in shown],
            next_places_after=next_places_after,
        )

    def _total(self, month: Period) -> tuple[int, int]:
        return self.totals.get(month.first, (0, 0))

    def _talks(self, first: dt.date, last: dt.date) -> int:
        """Consultations from the first day of a month on; what was counted last may lie ahead of `last`."""
        month = periods.containing(Kind.MONTH, last)
        whole = sum(talks for begins, (_files, talks) in self.totals.items() if first <= begins < month.first)
        if last == month.last or last == self.question.day:
            return whole + self._total(month)[1]
        days = self.rows.filter(month=month.first).values_list("days", flat=True)
        return whole + sum(sum(numbers[: last.day]) for numbers in days)

    def _stock(self, sums: Iterable[Mapping[str, int]]) -> Stock:
        together: Counter[str] = Counter()
        for one in sums:
            together.update(one)
        numbers: dict[tuple[str, ...], dict[str, int]] = {}
        for name, number in together.items():
            *kind, what = name.split(BETWEEN)
            if kind:
                numbers.setdefault(tuple(kind), {})[what] = number
        nothing = {"files": 0, "unassessed": 0, "valid": 0, "overdue": 0}
        lines = [
            StockLine(
                place=0,
                manager=None if taken == NOBODY else SOMEBODY,
                phase=Phase(phase),
                level=level,
                **nothing | found,
            )
            for (phase, level, taken), found in numbers.items()
        ]
        return Stock(self.question.day, lines)

    def _line(self, place: Municipality) -> PlaceLine:
        flows, stock = self.flows[place.pk], self._stock([self.stocks.get(place.pk, {})])
        return PlaceLine(
            municipality_id=place.pk,
            name=place.name,
            code=place.code,
            active_clients=stock.active_clients,
            consultations=flows["here"],
            outcomes=outcomes_from(flows),
            overdue_reviews=stock.overdue_reviews,
            coverage=stock.coverage,
        )

    def _of_managers(
        self, reader: Reader, files: FilesOverTime, now: dt.datetime
    ) -> tuple[ManagerPage, Mapping[int, plan_figures.Load], Sequence[managers.ManagerWork] | None]:
        """The managers of the page with their caseloads and work, counted now (five queries)."""
        question, day = self.question, self.question.day
        page = managers.page_of(reader, day, question.keys, Q(client_figures.had_files(question.keys, day)))
        keys = [person.key for person in page.people]
        found = plan_figures.stock_with_plans(
            client_figures.files_once_with(files, keys), day, question.policy, only_reviews=True
        )
        theirs = Stock(day, [line for line in found.lines if line.manager in keys])
        period = question.period
        work = appointment_figures.work_of(files, Parts.of((period.first, period.last)), now, keys)
        loads = plan_figures.caseload_of(theirs, question.policy).by_manager
        return page, loads, managers.work_of(reader, page, theirs, period, work)


def ladders_of(flows: Mapping[str, int]) -> Mapping[tuple[str, str], int]:
    """Ladders by step and end."""
    named = ((name.split(BETWEEN), number) for name, number in flows.items())
    return {(parts[1], parts[2]): number for parts, number in named if parts[0] == LADDERS}
