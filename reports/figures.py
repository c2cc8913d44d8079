"""The numbers of the dashboard, put together from each app's figures; dataclasses, never a file.

What may be shown to whom is decided by rules.md §8: these are steering figures and exact, and none of them has a base
chosen by a personal attribute. What is counted of personal attributes is stored apart, rounded (`reports.tables`).
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from accounts.models import Municipality, Service, User
from appointments import figures as appointment_figures
from appointments.figures import BareTalk, Consultations
from clients import figures as client_figures
from clients.choices import Phase
from clients.figures import FilesOverTime, PhaseHistory, Stock
from integration_plans import figures as plan_figures
from integration_plans.figures import PlansOn
from integration_plans.policies import policy_on
from integration_plans.rules.plan import Coverage
from outreach import figures as ladder_figures
from reports.rules import periods, rates
from reports.rules.periods import Period

PAUSED = "paused"
"""Stands beside the levels: a paused file has its level, but weighs nothing and is shown apart (rules.md §5)."""

LEVELS: tuple[str, ...] = (*plan_figures.LEVELS, PAUSED)


@dataclass(frozen=True, slots=True)
class ManagerLoad:
    """The caseload of one manager on the reference date; without user name, of nobody since somebody left."""

    username: str
    name: str
    levels: Mapping[str, int]
    weighted: Decimal
    fte_share: Decimal | None

    @property
    def files(self) -> int:
        return sum(self.levels.values())

    @property
    def per_position(self) -> Decimal | None:
        """Weighted load of a full position, comparable with the target band; None without a share of one."""
        return None if self.fte_share is None else rates.load_per_position(self.weighted, self.fte_share)


@dataclass(frozen=True, slots=True)
class ManagerWork:
    """Talks, no-shows and overdue items of one manager; for herself and the coordinator only (rules.md §8).

    Overdue steps of outreach are known for today only, so a finished period has none.
    """

    username: str
    name: str
    consultations: int
    outcomes: appointment_figures.Outcomes
    overdue_reviews: int
    overdue_steps: int | None


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
    files_without_assessment: int
    files_past_limit: int

    @property
    def anything(self) -> bool:
        return any(
            (
                self.undecided_appointments,
                self.contacts_without_topic,
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
    funnel: Sequence[ladder_figures.FunnelStep]
    missing: Missing
    trend: Trend
    managers: Sequence[ManagerWork] | None
    places: Sequence[PlaceLine] | None

    @property
    def levels(self) -> Counter[str]:
        """Files per level over all managers."""
        total: Counter[str] = Counter()
        for load in self.loads:
            total.update(load.levels)
        return total


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the figures are: whose work per manager she may see.

    A manager knows the names of the files she stands in for, so a number of the team's levels, reviews or goals would
    tell her what a protected module decides: what comes out of plans she reads of her own caseload (decision 0018).
    """

    sees_all_managers: bool
    own_manager_id: int | None = None


def dashboard(
    reader: Reader, municipalities: Sequence[Municipality], period: Period, today: dt.date, now: dt.datetime
) -> Dashboard:
    """Count everything once (a number of queries that does not depend on the rows).

    Args:
        reader: what the reader may see per manager.
        municipalities: those asked for; the caller has settled that the reader may.
        period: the period asked for; stocks are counted on its last day, or today while it runs.
        today: the local day.
        now: the instant, for what is already past.
    """
    asked = [place.pk for place in municipalities]
    counted = client_figures.counted_municipalities(asked, period.first, period.last)
    files = client_figures.files_over_time(counted)
    day = min(period.last, today)
    history = client_figures.phase_history(files)
    stock = client_figures.stock_on(files, day, history)
    began = client_figures.service_began_on(counted)
    before = periods.previous(period)
    before_until = periods.same_stretch(before, period, max(day, period.first))
    # Nothing is compared with days before the service began, nor a period that has not.
    has_before = began is not None and before_until >= began and day >= period.first
    months = periods.trend_months(day)
    talks = appointment_figures.consultations_between(
        files, min(months[0].first, before.first), max(months[-1].last, period.last)
    )
    bare_talks = talks.bare_between(period.first, period.last)
    outcomes = appointment_figures.outcomes(files, period.first, period.last)
    planned, planned_files = stock, files
    if reader.own_manager_id is not None:
        planned = stock.of(reader.own_manager_id)
        planned_files = files.only(planned.phases)
    plans = plan_figures.plans_on(planned_files.rows, day)
    overdue = plans.overdue & planned.open_files
    policy = policy_on(day)
    return Dashboard(
        period=period,
        stock_day=day,
        phases={phase: stock.by_phase[phase] for phase in Phase if phase != Phase.CLOSED},
        active_clients=stock.active_clients,
        active_clients_before=history.active_clients_on([before.last])[0] if has_before else None,
        consultations=talks.number(period.first, period.last),
        compared_until=before_until if has_before and before_until < before.last else None,
        consultations_before=talks.number(before.first, before_until) if has_before else None,
        outcomes=outcomes.total,
        coverage=plans.coverage_of(planned.files_in_active),
        goals=plan_figures.goal_attainment(planned_files, period.first, period.last),
        overdue_reviews=len(overdue),
        band=(policy.load_from, policy.load_to),
        loads=_loads(plan_figures.caseload_of(planned, plans.levels), counted, only=reader.own_manager_id),
        funnel=ladder_figures.funnel(files, period.first, period.last, now),
        missing=_missing(files, stock, planned.files_in_active - plans.assessed, period, bare_talks, now),
        trend=_trend(months, day, began, history, talks),
        managers=_work(reader, files, stock, overdue, period, counted, outcomes, bare_talks),
        places=(
            _places(
                [place for place in municipalities if place.pk in counted],
                files,
                stock,
                plans,
                period,
                outcomes,
                bare_talks,
            )
            if reader.sees_all_managers
            else None
        ),
    )


def _trend(
    months: Sequence[Period],
    day: dt.date,
    began: dt.date | None,
    history: PhaseHistory,
    talks: Consultations,
) -> Trend:
    stocks = history.active_clients_on([min(month.last, day) for month in months])
    by_month = talks.by_month
    exists = [began is not None and month.last >= began for month in months]
    return Trend(
        months=months,
        active_clients=[value if there else None for value, there in zip(stocks, exists, strict=True)],
        consultations=[
            by_month.get((month.first.year, month.first.month), 0) if there else None
            for month, there in zip(months, exists, strict=True)
        ],
    )


def _missing(
    files: FilesOverTime,
    stock: Stock,
    unassessed: Collection[int],
    period: Period,
    bare_talks: Sequence[BareTalk],
    now: dt.datetime,
) -> Missing:
    return Missing(
        undecided_appointments=appointment_figures.undecided(files, period.first, period.last, now),
        contacts_without_topic=appointment_figures.without_topic(
            files, period.first, period.last, bare_talks
        ),
        files_without_assessment=len(unassessed),
        files_past_limit=len(
            client_figures.past_limit_without_justification(files.rows, stock.day) & stock.open_files
        ),
    )


def _loads(
    found: plan_figures.Caseload, municipalities: Collection[int], *, only: int | None = None
) -> list[ManagerLoad]:
    """Every manager with files or a position there, then what lost its manager; what nobody took is left out.

    With ``only`` that manager alone.

    Who left keeps her position in the list of services, and is here as long as she had files on that day.
    """
    shares: dict[int, Decimal] = {}
    here = set()
    services = Service.objects.on(found.day).filter(municipality_id__in=municipalities, user__role="manager")
    for user_id, share, is_active in services.values_list("user_id", "fte_share", "user__is_active"):
        shares[user_id] = shares.get(user_id, Decimal(0)) + share
        here |= {user_id} if is_active else set()
    nothing = plan_figures.Load(by_level=dict.fromkeys(plan_figures.LEVELS, 0), paused=0, weighted=Decimal(0))
    people = []
    for person in _staff({*found.by_manager, *here} if only is None else {only}):
        load = found.by_manager.get(person.key, nothing)
        people.append(
            ManagerLoad(
                username=person.username,
                name=person.name,
                levels={**load.by_level, PAUSED: load.paused},
                weighted=load.weighted,
                fte_share=shares.get(person.key),
            )
        )
    if found.unassigned.files:
        levels = {**found.unassigned.by_level, PAUSED: found.unassigned.paused}
        people.append(
            ManagerLoad("", _("without a manager"), levels, found.unassigned.weighted, fte_share=None)
        )
    return people


@dataclass(frozen=True, slots=True)
class StaffMember:
    """A member of staff by name; staff are named in figures, clients never."""

    key: int
    username: str
    name: str


def _staff(keys: Collection[int]) -> list[StaffMember]:
    """Members of staff in the order of lists."""
    found = User.objects.filter(pk__in=set(keys)).order_by("last_name", "first_name", "username")
    return [StaffMember(user.pk, user.username, str(user)) for user in found]


def _work(
    reader: Reader,
    files: FilesOverTime,
    stock: Stock,
    overdue: Collection[int],
    period: Period,
    municipalities: Collection[int],
    outcomes: appointment_figures.OutcomeTable,
    bare_talks: Sequence[BareTalk],
) -> list[ManagerWork] | None:
    if not reader.sees_all_managers and reader.own_manager_id is None:
        return None
    served = Service.objects.on(stock.day).filter(municipality_id__in=municipalities, user__role="manager")
    keys = set(served.values_list("user_id", flat=True))
    keys |= {manager for key in stock.phases if (manager := stock.managers.get(key)) is not None}
    if not reader.sees_all_managers:
        keys &= {reader.own_manager_id}
    talks = appointment_figures.consultations_by_manager(files, period.first, period.last, bare_talks)
    by_manager = outcomes.by_manager
    reviews = Counter(stock.managers.get(key) for key in overdue)
    is_running = stock.day < period.last
    here = client_figures.files_of(municipalities)
    steps = ladder_figures.overdue_steps_by_manager(here, stock.day) if is_running else {}
    return [
        ManagerWork(
            username=person.username,
            name=person.name,
            consultations=talks.get(person.key, 0),
            outcomes=by_manager.get(person.key, appointment_figures.NO_OUTCOMES),
            overdue_reviews=reviews[person.key],
            overdue_steps=steps.get(person.key, 0) if is_running else None,
        )
        for person in _staff(keys)
    ]


def _places(
    municipalities: Sequence[Municipality],
    files: FilesOverTime,
    stock: Stock,
    plans: PlansOn,
    period: Period,
    outcomes: appointment_figures.OutcomeTable,
    bare_talks: Sequence[BareTalk],
) -> list[PlaceLine]:
    """One line per municipality; everything is counted once over all of them and split by place."""
    place_of = stock.places
    working = Counter(place_of[key] for key in stock.working_files)
    reviews = Counter(place_of[key] for key in plans.overdue & stock.open_files)
    talks = appointment_figures.consultations_by_place(files, period.first, period.last, bare_talks)
    by_place = outcomes.by_place
    active: dict[int, list[int]] = {}
    for key in stock.files_in_active:
        active.setdefault(place_of[key], []).append(key)
    return [
        PlaceLine(
            municipality_id=place.pk,
            name=place.name,
            code=place.code,
            active_clients=working[place.pk],
            consultations=talks.get(place.pk, 0),
            outcomes=by_place.get(place.pk, appointment_figures.NO_OUTCOMES),
            overdue_reviews=reviews[place.pk],
            coverage=plans.coverage_of(active.get(place.pk, [])),
        )
        for place in municipalities
    ]
