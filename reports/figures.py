"""The numbers of the dashboard, put together from each app's figures; dataclasses, never a file.

What may be shown to whom is decided by rules.md §8: these are steering figures and exact, and none of them has a base
chosen by a personal attribute. What is counted of personal attributes is stored apart, rounded (`reports.tables`).
The database counts; what comes here are sums per municipality, manager, level or month.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext as _

from accounts.models import Municipality, Role, Service, User
from appointments import figures as appointment_figures
from appointments.figures import Parts, Work
from clients import figures as client_figures
from clients.choices import Phase
from clients.figures import FilesOverTime
from integration_plans import figures as plan_figures
from integration_plans.figures import Coverage, Stock
from integration_plans.policies import policy_on
from outreach import figures as ladder_figures
from reports.rules import periods, rates
from reports.rules.periods import Period

PAUSED = "paused"
"""Stands beside the levels: a paused file has its level, but weighs nothing and is shown apart (rules.md §5)."""

MANAGERS_ON_A_PAGE = 10
PLACES_ON_A_PAGE = 25
CENT = Decimal("0.01")

LEVELS: tuple[str, ...] = (*plan_figures.LEVELS, PAUSED)


@dataclass(frozen=True, slots=True)
class ManagerLoad:
    """The caseload of one manager on the reference date; without user name, files left without a manager."""

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
class Manager:
    """A manager by name, with her share of a full position there; staff are named in figures, clients never."""

    key: int
    username: str
    name: str
    share: Decimal | None
    is_active: bool
    has_files: bool
    overdue_steps: int

    @property
    def belongs_there(self) -> bool:
        return self.has_files or self.share is not None

    @property
    def works_there(self) -> bool:
        return self.is_active and self.share is not None


@dataclass(frozen=True, slots=True)
class ManagerPage:
    """Some managers in the order of lists; `after` leads to the next ones, `is_part` means that these are not all."""

    people: Sequence[Manager]
    after: str
    is_part: bool


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
    next_places_after: str
    levels: Mapping[str, int]
    page: ManagerPage


@dataclass(frozen=True, slots=True)
class Reader:
    """For whom the figures are: whose work per manager she may see.

    A manager knows the names of the files she stands in for, so a number of the team's levels, reviews or goals would
    tell her what a protected module decides: what comes out of plans she reads of her own caseload (decision 0018).

    Attributes:
        sees_all_managers: the coordinator, who reads them page by page.
        own_manager_id: a manager, who reads her own.
        after: user name of the last manager on the page before; any other text begins with the first.
        after_place: the same for the list of municipalities, by their code.
    """

    sees_all_managers: bool
    own_manager_id: int | None = None
    after: str = ""
    after_place: str = ""


def takes_part(place: Municipality, period: Period) -> bool:
    """Whether a municipality takes part at some time of the period: that limits figures, no files."""
    return any(
        term.since <= period.last and (term.until is None or term.until >= period.first)
        for term in place.memberships.all()
    )


def service_began_on(municipalities: Iterable[Municipality]) -> dt.date | None:
    """The day the first of these municipalities took part; figures before it do not exist."""
    return min((term.since for place in municipalities for term in place.memberships.all()), default=None)


def dashboard(
    reader: Reader,
    municipalities: Sequence[Municipality],
    period: Period,
    today: dt.date,
    now: dt.datetime,
    *,
    are_all: bool = False,
) -> Dashboard:
    """Count everything once (a number of queries that does not depend on the rows).

    Args:
        reader: what the reader may see per manager.
        municipalities: those asked for; the caller has checked that the reader may see them.
        period: the period asked for; stocks are counted on its last day, or today while it runs.
        today: the local day.
        now: the instant, for what is already past.
        are_all: there are no other municipalities.
    """
    counted = [place for place in municipalities if takes_part(place, period)]
    keys = frozenset(place.pk for place in counted)
    files = client_figures.files_over_time(keys, are_all=are_all and len(counted) == len(municipalities))
    day = min(period.last, today)
    policy = policy_on(day)
    stock = plan_figures.stock_with_plans(files, day, policy)
    began = service_began_on(counted)
    before = periods.previous(period)
    before_until = periods.same_stretch(before, period, max(day, period.first))
    # Nothing is compared with days before the service began, nor a period that has not.
    has_before = began is not None and before_until >= began and day >= period.first
    months = periods.trend_months(day)
    spans = [(month.first, month.last) for month in months]
    parts = Parts.of((period.first, period.last), (before.first, before_until), *spans)
    work = appointment_figures.work_of(files, parts, now)
    ends = [min(month.last, day) for month in months]
    *stocks, stock_before = client_figures.active_clients_on(files, [*ends, before.last])
    planned, planned_files = stock, files
    if reader.own_manager_id is not None:
        planned = stock.of(reader.own_manager_id)
        planned_files = client_figures.files_with(files, day, reader.own_manager_id)
    caseload = plan_figures.caseload_of(planned, policy)
    page = _managers(reader, stock, keys)
    codes = [place.code for place in counted]
    rest = counted[codes.index(reader.after_place) + 1 :] if reader.after_place in codes else counted
    shown = rest[:PLACES_ON_A_PAGE]
    exists = [began is not None and month.last >= began for month in months]
    return Dashboard(
        period=period,
        stock_day=day,
        phases={phase: stock.by_phase[phase] for phase in Phase if phase != Phase.CLOSED},
        active_clients=stock.active_clients,
        active_clients_before=stock_before if has_before else None,
        consultations=work.number(period.first, period.last),
        compared_until=before_until if has_before and before_until < before.last else None,
        consultations_before=work.number(before.first, before_until) if has_before else None,
        outcomes=work.outcomes.total,
        coverage=planned.coverage,
        goals=plan_figures.goal_attainment(planned_files, period.first, period.last),
        overdue_reviews=planned.overdue_reviews,
        band=(policy.load_from, policy.load_to),
        loads=_loads(reader, caseload, page),
        levels=_levels(caseload),
        funnel=ladder_figures.funnel(files, period.first, period.last, now),
        missing=Missing(
            undecided_appointments=work.undecided,
            contacts_without_topic=work.without_topic,
            files_without_assessment=planned.unassessed,
            files_past_limit=len(
                client_figures.past_limit_without_justification(client_figures.open_then(files, day), day)
            ),
        ),
        trend=Trend(
            months=months,
            active_clients=[value if there else None for value, there in zip(stocks, exists, strict=True)],
            consultations=[
                work.number(*span) if there else None for span, there in zip(spans, exists, strict=True)
            ],
        ),
        managers=_work(reader, page, stock, period, work),
        places=_places(shown, files, stock, work) if reader.sees_all_managers else None,
        next_places_after=shown[-1].code if len(shown) < len(rest) else "",
        page=page,
    )


def _managers(reader: Reader, stock: Stock, municipalities: Collection[int]) -> ManagerPage:
    """Managers with files or a position there, in the order of lists (one query, one more on later pages).

    The coordinator of a district reads them page by page; a town's officer has her few on one, a manager herself.
    """
    positions = Service.objects.on(stock.day).filter(
        municipality__in=municipalities, user=OuterRef("pk"), user__role=Role.MANAGER
    )
    share = positions.order_by().values("user").annotate(total=Sum("fte_share")).values("total")
    with_files = {line.manager for line in stock.lines if line.manager is not None}
    found = User.objects.filter(Q(pk__in=with_files) | Exists(positions))
    if reader.own_manager_id is not None:
        found = User.objects.filter(pk=reader.own_manager_id)
    steps = ladder_figures.overdue_steps(municipalities, stock.day)
    found = found.annotate(share=Subquery(share), steps=steps)
    found = found.order_by("last_name", "first_name", "username")
    anchor = User.objects.filter(username=reader.after).first() if reader.after else None
    if anchor is not None:
        found = found.filter(last_name__gte=anchor.last_name).filter(
            Q(last_name__gt=anchor.last_name)
            | Q(first_name__gt=anchor.first_name)
            | Q(first_name=anchor.first_name, username__gt=anchor.username)
        )
    rows = list(found[: MANAGERS_ON_A_PAGE + 1] if reader.sees_all_managers else found)
    shown = rows[:MANAGERS_ON_A_PAGE] if reader.sees_all_managers else rows
    people = [
        Manager(
            key=row.pk,
            username=row.username,
            name=str(row),
            share=None if row.share is None else row.share.quantize(CENT),
            is_active=row.is_active,
            has_files=row.pk in with_files,
            overdue_steps=row.steps or 0,
        )
        for row in shown
    ]
    after = shown[-1].username if len(rows) > len(shown) else ""
    return ManagerPage(people, after, is_part=bool(after) or anchor is not None)


def _loads(reader: Reader, found: plan_figures.Caseload, page: ManagerPage) -> list[ManagerLoad]:
    """Every manager with files or a position there, then what lost its manager; what nobody took is left out.

    Who left keeps her position in the list of services, and is here as long as she had files on that day.
    """
    nothing = plan_figures.Load(by_level=dict.fromkeys(plan_figures.LEVELS, 0), paused=0, weighted=Decimal(0))
    loads = [
        ManagerLoad(person.username, person.name, _by_level(load), load.weighted, person.share)
        for person in page.people
        if (load := found.by_manager.get(person.key, nothing)).files
        or person.works_there
        or person.key == reader.own_manager_id
    ]
    if found.unassigned.files and not page.after:
        unassigned = found.unassigned
        name = _("without a manager")
        loads.append(ManagerLoad("", name, _by_level(unassigned), unassigned.weighted, fte_share=None))
    return loads


def _by_level(load: plan_figures.Load) -> dict[str, int]:
    return {**load.by_level, PAUSED: load.paused}


def _levels(found: plan_figures.Caseload) -> Counter[str]:
    """Files per level over all managers."""
    total: Counter[str] = Counter()
    for load in (*found.by_manager.values(), found.unassigned):
        total.update(_by_level(load))
    return total


def _work(
    reader: Reader,
    page: ManagerPage,
    stock: Stock,
    period: Period,
    work: Work,
) -> list[ManagerWork] | None:
    if not reader.sees_all_managers and reader.own_manager_id is None:
        return None
    outcomes = work.outcomes.by_manager
    reviews: Counter[int | None] = Counter()
    for line in stock.open:
        reviews[line.manager] += line.overdue
    is_running = stock.day < period.last
    return [
        ManagerWork(
            username=person.username,
            name=person.name,
            consultations=work.by_manager.get(person.key, 0),
            outcomes=outcomes.get(person.key, appointment_figures.NO_OUTCOMES),
            overdue_reviews=reviews[person.key],
            overdue_steps=person.overdue_steps if is_running else None,
        )
        for person in page.people
        if person.belongs_there
    ]


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
