"""The numbers of the dashboard, put together from each app's figures; dataclasses, never a file.

What may be shown to whom is decided by rules.md §8: these are steering figures and exact, and none of them has a base
chosen by a personal attribute. What is counted of personal attributes is stored apart, rounded (`reports.tables`).
The database counts; what comes here are sums per municipality, manager, level or month.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Q, prefetch_related_objects

from accounts.models import Municipality
from appointments import figures as appointment_figures
from appointments.figures import Parts, Work
from clients import figures as client_figures
from clients.choices import Phase
from clients.figures import FilesOverTime
from clients.figures_flow import ClockStretches, clocks_by_place, months_before
from clients.rules.clock import ClockPolicy
from integration_plans import figures as plan_figures
from integration_plans.figures import Coverage, Stock
from integration_plans.models import PlanPolicy
from integration_plans.policies import policy_on
from reports import managers
from reports.managers import ManagerLoad, ManagerPage, ManagerWork, Reader
from reports.rules import periods
from reports.rules.periods import Period

PLACES_ON_A_PAGE = 25


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """The main numbers of one municipality, for the coordinator."""

    municipality_id: int
    name: str
    code: str
    active_clients: int
    consultations: int
    outcomes: appointment_figures.Outcomes
    overdue_reviews: int
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class Missing:
    """What is not recorded yet and makes figures incomplete; listed first in every report (rules.md §9)."""

    undecided_appointments: int
    contacts_without_topic: int
    talks_without_basis: int
    files_without_assessment: int
    files_past_limit: int

    @property
    def anything(self) -> bool:
        return any(
            (
                self.undecided_appointments,
                self.contacts_without_topic,
                self.talks_without_basis,
                self.files_without_assessment,
                self.files_past_limit,
            )
        )


@dataclass(frozen=True, slots=True)
class Trend:
    """Twenty-four months: files on the last day, talks within; None before the service began."""

    months: Sequence[Period]
    active_clients: Sequence[int | None]
    consultations: Sequence[int | None]


@dataclass(frozen=True, slots=True)
class Dashboard:
    """Everything the dashboard shows for a period and its municipalities."""

    period: Period
    stock_day: dt.date
    phases: Mapping[Phase, int]
    active_clients: int
    active_clients_before: int | None
    compared_until: dt.date | None
    consultations: int
    consultations_before: int | None
    outcomes: appointment_figures.Outcomes
    coverage: Coverage
    goals: plan_figures.GoalAttainment
    overdue_reviews: int
    band: tuple[int, int]
    loads: Sequence[ManagerLoad]
    clocks: ClockStretches
    clock_months: tuple[int, int, int]
    missing: Missing
    trend: Trend
    managers: Sequence[ManagerWork] | None
    places: Sequence[PlaceLine] | None
    next_places_after: str
    levels: Mapping[str, int]
    page: ManagerPage


def _with_terms(municipalities: Iterable[Municipality]) -> list[Municipality]:
    """Municipalities with the terms they take part in; whoever asks again about the same ones has them already."""
    places = list(municipalities)
    prefetch_related_objects(places, "memberships")
    return places


def service_began_on(municipalities: Iterable[Municipality]) -> dt.date | None:
    """The day the first of these municipalities took part; figures before it do not exist (one query, asked once)."""
    terms = (term for place in _with_terms(municipalities) for term in place.memberships.all())
    return min((term.since for term in terms), default=None)


@dataclass(frozen=True)
class Question:
    """What is asked of a dashboard, and the days that follow from it.

    Attributes:
        places: the municipalities that take part at some time of the period: that limits figures, no files.
        began: the day the first of them took part.
        period: the period asked for.
        day: the day stocks are of: its last one, or while it runs the day of the count.
    """

    places: Sequence[Municipality]
    began: dt.date | None
    period: Period
    day: dt.date

    @classmethod
    def of(cls, municipalities: Iterable[Municipality], period: Period, counted_on: dt.date) -> Question:
        """The question as it stands on the day of the count (one query, unless the terms are known)."""
        places = [
            place
            for place in _with_terms(municipalities)
            if any(
                term.since <= period.last and (term.until is None or term.until >= period.first)
                for term in place.memberships.all()
            )
        ]
        first = min((term.since for place in places for term in place.memberships.all()), default=None)
        return cls(places, first, period, min(period.last, counted_on))

    @property
    def keys(self) -> frozenset[int]:
        return frozenset(place.pk for place in self.places)

    @cached_property
    def before(self) -> Period:
        return periods.previous(self.period)

    @cached_property
    def before_until(self) -> dt.date:
        """The last day of the period before that is compared with this one."""
        return periods.same_stretch(self.before, self.period, max(self.day, self.period.first))

    @property
    def has_before(self) -> bool:
        """Nothing is compared with days before the service began, nor a period that has not."""
        return self.began is not None and self.before_until >= self.began and self.day >= self.period.first

    @cached_property
    def policy(self) -> PlanPolicy:
        """The thresholds of the day (one query)."""
        return policy_on(self.day)

    @cached_property
    def clock(self) -> ClockPolicy:
        """The limits of counselling of the day (one query)."""
        return client_figures.clock_policy_on(self.day)

    @cached_property
    def months(self) -> Sequence[Period]:
        """Those of the trend."""
        return periods.trend_months(self.day)


@dataclass(frozen=True, slots=True)
class Counts:
    """What was counted for a question: of its files just now, or kept since the night (`reports.kept`).

    Attributes:
        stock: the files of the day.
        plans: of them those whose plans are told: all, or a manager's own.
        active_clients: at the end of each month of the trend.
        consultations: in each month of the trend.
        without_basis: talks with third parties of which nobody said what allowed them; a manager's own.
        by_manager: files by intensity of the managers on the page, and of nobody.
    """

    stock: Stock
    plans: Stock
    goals: plan_figures.GoalAttainment
    active_clients: Sequence[int]
    active_clients_before: int
    consultations: Sequence[int]
    consultations_in_period: int
    consultations_before: int
    outcomes: appointment_figures.Outcomes
    undecided: int
    without_topic: int
    without_basis: int
    clocks: ClockStretches
    page: ManagerPage
    loads: Mapping[int, plan_figures.Load]
    managers: Sequence[ManagerWork] | None
    places: Sequence[PlaceLine] | None
    next_places_after: str


def dashboard(
    reader: Reader,
    municipalities: Sequence[Municipality],
    period: Period,
    today: dt.date,
    now: dt.datetime,
) -> Dashboard:
    """Count everything once (a number of queries that does not depend on the rows).

    Args:
        reader: what the reader may see per manager.
        municipalities: those asked for; the caller has checked that the reader may see them.
        period: the period asked for; stocks are counted on its last day, or today while it runs.
        today: the local day.
        now: the instant, for what is already past.
    """
    question = Question.of(municipalities, period, today)
    return arranged(reader, question, _counted(reader, question, now))


def _counted(reader: Reader, question: Question, now: dt.datetime) -> Counts:
    period, day, before = question.period, question.day, question.before
    files = client_figures.files_over_time(question.keys)
    policy = question.policy
    stock = plan_figures.stock_with_plans(files, day, policy)
    spans = [(month.first, month.last) for month in question.months]
    before_span = (before.first, question.before_until)
    work = appointment_figures.work_of(files, Parts.of((period.first, period.last), before_span, *spans), now)
    ends = [min(month.last, day) for month in question.months]
    *active_clients, active_before = client_figures.active_clients_on(files, [*ends, before.last])
    plans, planned_files = stock, files
    if reader.own_manager_id is not None:
        plans = stock.of(reader.own_manager_id)
        planned_files = client_figures.files_with(files, day, reader.own_manager_id)
    with_files = {line.manager for line in stock.lines if line.manager is not None}
    page = managers.page_of(reader, day, question.keys, Q(pk__in=with_files))
    clocks = Counter[str]()
    for sums in clocks_by_place(files, day, question.clock).values():
        clocks.update(sums)
    shown, next_places_after = places_shown(reader, question)
    return Counts(
        stock=stock,
        plans=plans,
        goals=plan_figures.goal_attainment(planned_files, period.first, period.last),
        active_clients=active_clients,
        active_clients_before=active_before,
        consultations=[work.number(*span) for span in spans],
        consultations_in_period=work.number(period.first, period.last),
        consultations_before=work.number(*before_span),
        outcomes=work.outcomes.total,
        undecided=work.undecided,
        without_topic=work.without_topic,
        without_basis=work.number_without_basis(reader.own_manager_id),
        clocks=ClockStretches.of(clocks),
        page=page,
        loads=plan_figures.caseload_of(plans, policy).by_manager,
        managers=managers.work_of(reader, page, stock, period, work),
        places=_places(shown, files, stock, work) if reader.sees_all_managers else None,
        next_places_after=next_places_after,
    )


def places_shown(reader: Reader, question: Question) -> tuple[Sequence[Municipality], str]:
    """The municipalities on the page asked for, and the code of the last one if there are more."""
    if reader.whole:
        return question.places, ""
    codes = [place.code for place in question.places]
    first = codes.index(reader.after_place) + 1 if reader.after_place in codes else 0
    shown = question.places[first : first + PLACES_ON_A_PAGE]
    return shown, shown[-1].code if len(shown) < len(codes) - first else ""


def arranged(reader: Reader, question: Question, counts: Counts) -> Dashboard:
    """The dashboard of what was counted."""
    stock, day, has_before = counts.stock, question.day, question.has_before
    policy = question.policy
    caseload = plan_figures.caseload_of(counts.plans, policy)
    exists = [question.began is not None and month.last >= question.began for month in question.months]
    is_part = has_before and question.before_until < question.before.last
    return Dashboard(
        period=question.period,
        stock_day=day,
        phases={phase: stock.by_phase[phase] for phase in Phase if phase != Phase.CLOSED},
        active_clients=stock.active_clients,
        active_clients_before=counts.active_clients_before if has_before else None,
        consultations=counts.consultations_in_period,
        compared_until=question.before_until if is_part else None,
        consultations_before=counts.consultations_before if has_before else None,
        outcomes=counts.outcomes,
        coverage=counts.plans.coverage,
        goals=counts.goals,
        overdue_reviews=counts.plans.overdue_reviews,
        band=(policy.load_from, policy.load_to),
        loads=managers.loads(reader, counts.loads, caseload.unassigned, counts.page),
        levels=managers.levels(caseload),
        clocks=counts.clocks,
        clock_months=(months_before(question.clock) + 1, question.clock.limit, question.clock.hard_limit),
        missing=Missing(
            undecided_appointments=counts.undecided,
            contacts_without_topic=counts.without_topic,
            talks_without_basis=counts.without_basis,
            files_without_assessment=counts.plans.unassessed,
            files_past_limit=counts.clocks.unjustified,
        ),
        trend=Trend(
            months=question.months,
            active_clients=[
                n if there else None for n, there in zip(counts.active_clients, exists, strict=True)
            ],
            consultations=[
                n if there else None for n, there in zip(counts.consultations, exists, strict=True)
            ],
        ),
        managers=counts.managers,
        places=counts.places,
        next_places_after=counts.next_places_after,
        page=counts.page,
    )


def _places(
    municipalities: Sequence[Municipality], files: FilesOverTime, stock: Stock, work: Work
) -> list[PlaceLine]:
    """One line per municipality; all municipalities are counted together and split afterwards."""
    talks = appointment_figures.consultations_by_place(files, work)
    outcomes = work.outcomes.by_place
    by_place = stock.by_place
    return [
        PlaceLine(
            municipality_id=place.pk,
            name=place.name,
            code=place.code,
            active_clients=there.active_clients,
            consultations=talks.get(place.pk, 0),
            outcomes=outcomes.get(place.pk, appointment_figures.NO_OUTCOMES),
            overdue_reviews=there.overdue_reviews,
            coverage=there.coverage,
        )
        for place in municipalities
        for there in [by_place.get(place.pk, Stock(stock.day, []))]
    ]
