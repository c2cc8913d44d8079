"""What the dashboard says manager by manager: caseload, weighted load and work; dataclasses, never a file.

Whose work a reader sees is decided by rules.md §8: a manager her own, the coordinator everybody's, page by page.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Case, Exists, OuterRef, Q, Subquery, Sum, When
from django.utils.translation import gettext as _

from accounts.models import Role, Service, User
from appointments import figures as appointment_figures
from appointments.figures import Work
from integration_plans import figures as plan_figures
from integration_plans.figures import Stock
from outreach import figures as ladder_figures
from reports.rules import rates
from reports.rules.periods import Period

PAUSED = "paused"
"""Stands beside the levels: a paused file has its level, but weighs nothing and is shown apart (rules.md §5)."""

MANAGERS_ON_A_PAGE = 10
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
class Manager:
    """A manager by name, with her share of a full position there; staff are named in figures, clients never."""

    key: int
    username: str
    name: str
    share: Decimal | None
    is_active: bool
    belongs_there: bool
    overdue_steps: int

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
class Reader:
    """For whom the figures are: whose work per manager she may see.

    A manager knows the names of the files she stands in for, so a number of the team's levels, reviews or goals would
    tell her what a protected module decides: what comes out of plans she reads of her own caseload (decision 0018).

    Attributes:
        sees_all_managers: the coordinator, who reads them page by page.
        own_manager_id: a manager, who reads her own.
        after: user name of the last manager on the page before; any other text begins with the first.
        after_place: the same for the list of municipalities, by their code.
        whole: everybody is told on one page, for a file.
    """

    sees_all_managers: bool
    own_manager_id: int | None = None
    after: str = ""
    after_place: str = ""
    whole: bool = False


def page_of(reader: Reader, day: dt.date, municipalities: Collection[int], with_files: Q) -> ManagerPage:
    """Managers with files or a position there, in the order of lists (one query, up to two more where they are paged).

    The coordinator of a district reads them page by page; a town's officer has her few on one, a manager herself.

    Args:
        reader: for whom the page is.
        day: the reference date.
        municipalities: ids of those asked for.
        with_files: the condition on users that they had files there on the day.
    """
    positions = Service.objects.on(day).filter(
        municipality__in=municipalities, user=OuterRef("pk"), user__role=Role.MANAGER
    )
    share = positions.order_by().values("user").annotate(total=Sum("fte_share")).values("total")
    # Nearly all have a position, which is found sooner than files.
    belongs = Q(Exists(positions)) | with_files
    in_order = User.objects.order_by("last_name", "first_name", "username")
    own = reader.own_manager_id
    found = in_order.filter(belongs if own is None else Q(pk=own))
    after, is_part = "", False
    if reader.sees_all_managers and not reader.whole:
        anchor = User.objects.filter(username=reader.after).first() if reader.after else None
        if anchor is not None:
            found = found.filter(last_name__gte=anchor.last_name).filter(
                Q(last_name__gt=anchor.last_name)
                | Q(first_name__gt=anchor.first_name)
                | Q(first_name=anchor.first_name, username__gt=anchor.username)
            )
        # Who is on the page comes first, so that no more is asked of the others.
        names = list(found.values_list("pk", "username")[: MANAGERS_ON_A_PAGE + 1])
        shown = names[:MANAGERS_ON_A_PAGE]
        after = shown[-1][1] if len(names) > len(shown) else ""
        is_part = bool(after) or anchor is not None
        found = in_order.filter(pk__in=[key for key, _name in shown])
    rows = found.annotate(
        share=Subquery(share),
        steps=ladder_figures.overdue_steps(municipalities, day),
        belongs=Case(When(belongs, then=True), default=False),
    )
    people = [
        Manager(
            key=row.pk,
            username=row.username,
            name=str(row),
            share=None if row.share is None else row.share.quantize(CENT),
            is_active=row.is_active,
            belongs_there=row.belongs,
            overdue_steps=row.steps or 0,
        )
        for row in rows
    ]
    return ManagerPage(people, after, is_part)


def loads(
    reader: Reader,
    by_manager: Mapping[int, plan_figures.Load],
    unassigned: plan_figures.Load,
    page: ManagerPage,
) -> list[ManagerLoad]:
    """Every manager with files or a position there, then what lost its manager; what nobody took is left out.

    Who left keeps her position in the list of services, and is here as long as she had files on that day.
    """
    nothing = plan_figures.Load(by_level=dict.fromkeys(plan_figures.LEVELS, 0), paused=0, weighted=Decimal(0))
    found = [
        ManagerLoad(person.username, person.name, _by_level(load), load.weighted, person.share)
        for person in page.people
        if (load := by_manager.get(person.key, nothing)).files
        or person.works_there
        or person.key == reader.own_manager_id
    ]
    if unassigned.files and not page.after:
        name = _("without a manager")
        found.append(ManagerLoad("", name, _by_level(unassigned), unassigned.weighted, fte_share=None))
    return found


def _by_level(load: plan_figures.Load) -> dict[str, int]:
    return {**load.by_level, PAUSED: load.paused}


def levels(found: plan_figures.Caseload) -> Counter[str]:
    """Files per level over all managers."""
    total: Counter[str] = Counter()
    for load in (*found.by_manager.values(), found.unassigned):
        total.update(_by_level(load))
    return total


def work_of(
    reader: Reader,
    page: ManagerPage,
    stock: Stock,
    period: Period,
    work: Work,
) -> list[ManagerWork] | None:
    """What the managers of the page did in a period; None for who is not told (rules.md §8)."""
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
