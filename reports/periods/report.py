"""A period report with its numbers: just counted, or as it was frozen; every page, sheet and print is made of it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Sum

from accounts.models import Municipality, Role, Service, User
from appointments import figures as appointment_figures
from appointments.figures import Parts
from clients import figures as client_figures
from intake.figures import observation_figures
from integration_plans import figures as plan_figures
from integration_plans.policies import policy_on
from reports.definitions import RULE_VERSION
from reports.figures import Missing
from reports.models import FrozenReport, ProtectedTable
from reports.people import PeopleTable, as_stored, last_tables
from reports.periods.sources import Asked, counted
from reports.rules import periods
from reports.rules.counting import Numbers, Tally
from reports.rules.periods import Kind, Period
from reports.rules.protected import rounded


@dataclass(frozen=True, slots=True)
class PlaceNumbers:
    """The numbers of one municipality."""

    code: str
    name: str
    numbers: Numbers


@dataclass(frozen=True, slots=True)
class ManagerNumbers:
    """The numbers of one manager with her share of a full position on the last day; for the coordinator alone."""

    username: str
    name: str
    share: str
    numbers: Numbers

    @property
    def position(self) -> Decimal | None:
        return Decimal(self.share) if self.share else None


@dataclass(frozen=True, slots=True)
class TopicNumbers:
    """How many structural observations about a topic were reported, and how many of them are answered."""

    topic: str
    reported: int
    answered: int


@dataclass(frozen=True)
class PeriodReport:
    """Everything a period report says.

    Attributes:
        before: the numbers of the same months a year before; None before the service began.
        missing: what is not recorded and makes the numbers incomplete, as the reader may know it.
        tables: the stored tables of people of the last reference day; none are counted for a report.
        observations: by topic; counted when a report is frozen, for the report in words.
        frozen: the frozen report they come from; None for numbers that were just counted.
    """

    period: Period
    counted_at: dt.datetime
    rule_version: int
    total: Numbers
    before: Numbers | None
    places: Sequence[PlaceNumbers]
    managers: Sequence[ManagerNumbers]
    missing: Missing
    tables: Sequence[PeopleTable]
    observations: Sequence[TopicNumbers] = ()
    frozen: FrozenReport | None = None

    def figures(self) -> dict[str, Any]:
        """What a frozen report keeps of the numbers."""
        return {
            "total": self.total,
            "before": self.before,
            "places": [asdict(place) for place in self.places],
            "managers": [asdict(manager) for manager in self.managers],
            "missing": asdict(self.missing),
            "observations": [asdict(topic) for topic in self.observations],
        }


def counted_report(
    municipalities: Sequence[Municipality], period: Period, now: dt.datetime, *, by_manager: bool
) -> PeriodReport:
    """Count a report just now.

    Args:
        municipalities: those asked for; the caller has checked that the reader may see them.
        period: whole months that are over.
        now: the instant.
        by_manager: whether the sheets per manager are asked for (rules.md §8: the coordinator's).
    """
    asked = Asked.of(municipalities, period)
    tallies = counted(asked, by_user=by_manager)
    return PeriodReport(
        period=period,
        counted_at=now,
        rule_version=RULE_VERSION,
        total=tallies.total.numbers(RULE_VERSION),
        before=numbers_before(municipalities, period),
        places=of_places(asked, tallies.places),
        managers=of_managers(asked, tallies.users) if by_manager else [],
        missing=missing_of(asked, now),
        tables=as_stored((one.content, one.day) for one in tables_of(asked)),
    )


def numbers_before(municipalities: Sequence[Municipality], period: Period) -> Numbers | None:
    """The numbers of the same months a year before; None where nobody took part then."""
    before = Asked.of(municipalities, year_before(period))
    if not before.places:
        return None
    return counted(before, by_user=False).total.numbers(RULE_VERSION)


def year_before(period: Period) -> Period:
    """The same months of the year before."""
    year = relativedelta(years=1)
    return periods.months(
        *(periods.containing(Kind.MONTH, day - year) for day in (period.first, period.last))
    )


def of_places(asked: Asked, tallies: Mapping[int, Tally]) -> list[PlaceNumbers]:
    """The municipalities in the order of lists, those without any record too."""
    return [
        PlaceNumbers(place.code, place.name, tallies.get(place.pk, Tally()).numbers(RULE_VERSION))
        for place in asked.places
    ]


def of_managers(asked: Asked, tallies: Mapping[int, Tally]) -> list[ManagerNumbers]:
    """Managers with work or a position there, in the order of lists (two queries)."""
    services = Service.objects.on(asked.period.last).filter(
        municipality__in=asked.keys, user__role=Role.MANAGER
    )
    shares = dict(services.order_by().values_list("user").annotate(share=Sum("fte_share")))
    people = User.objects.filter(pk__in=shares.keys() | tallies.keys()).order_by(
        "last_name", "first_name", "username"
    )
    return [
        ManagerNumbers(
            username=person.username,
            name=str(person),
            share=f"{shares[person.pk]:.2f}" if person.pk in shares else "",
            numbers=tallies.get(person.pk, Tally()).numbers(RULE_VERSION),
        )
        for person in people
    ]


def missing_of(asked: Asked, now: dt.datetime) -> Missing:
    """What is missing in the records of the period; talks without a topic or a basis are rounded (rules.md §9)."""
    first, last = asked.period.first, asked.period.last
    work = appointment_figures.work_of(asked.files, Parts.of((first, last)), now)
    stock = plan_figures.stock_with_plans(asked.files, last, policy_on(last))
    late = client_figures.past_limit_without_justification(client_figures.open_then(asked.files, last), last)
    return Missing(
        undecided_appointments=work.undecided,
        contacts_without_topic=rounded(work.without_topic),
        talks_without_basis=rounded(work.number_without_basis(None)),
        files_without_assessment=stock.unassessed,
        files_past_limit=len(late),
    )


def observations_of(asked: Asked) -> list[TopicNumbers]:
    """Structural observations of the period by topic, all municipalities together (one query)."""
    sums: dict[str, Counter[str]] = {}
    for one in observation_figures(asked.keys, asked.period.first, asked.period.last):
        sums.setdefault(one.topic, Counter()).update(reported=one.reported, answered=one.answered)
    return [TopicNumbers(topic, numbers["reported"], numbers["answered"]) for topic, numbers in sums.items()]


def tables_of(asked: Asked) -> list[ProtectedTable]:
    """The last tables stored until the end: of the municipality, or of the district where all of it is asked for."""
    if len(asked.places) == 1:
        return last_tables(asked.places[0], asked.period.last)
    return last_tables(None, asked.period.last) if asked.files.are_all else []


def frozen_report(frozen: FrozenReport, *, by_manager: bool) -> PeriodReport:
    """A report as it was frozen; sheets per manager only for whom they are.

    Args:
        frozen: which.
        by_manager: whether the reader may see the sheets per manager.
    """
    figures = frozen.figures
    return PeriodReport(
        period=frozen.period,
        counted_at=frozen.frozen_at,
        rule_version=frozen.rule_version,
        total=figures["total"],
        before=figures["before"],
        places=[PlaceNumbers(**place) for place in figures["places"]],
        managers=[ManagerNumbers(**one) for one in figures["managers"]] if by_manager else [],
        missing=Missing(**figures["missing"]),
        tables=as_stored((one["content"], dt.date.fromisoformat(one["day"])) for one in frozen.tables),
        observations=[TopicNumbers(**one) for one in figures.get("observations", [])],
        frozen=frozen,
    )
