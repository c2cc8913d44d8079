"""Figures about files: how many there are in which phase, with whom, of what age and nationality.

Everything here takes a queryset of files and a day or a period and returns numbers in dataclasses, never a
file: officers read these (house.md §3). Definitions: domain.md §6 and rules.md §9.
"""

import datetime
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership
from clients.choices import Phase, Precision
from clients.models import (
    Client,
    CounsellingPeriod,
    Country,
    FilePolicy,
    PhaseChange,
    Responsibility,
)
from clients.querysets import ClientQuerySet
from clients.rules.clock import DEFAULT_POLICY, ClockPolicy, ClockReading, Period, read_clock
from clients.rules.dates import UncertainDate, add_months, age_on
from clients.rules.phases import WORKING_PHASES

ADULT_AGE = 18
"""Age from which a person counts as adult; unknown age is adult (rules.md §10)."""

MAIN_NATIONALITIES = 10
"""How many nationalities have a row of their own: the first of the catalogue. The choice must not depend on
the numbers, or the order of the rows would tell what suppression hides (rules.md §10)."""


class AgeGroup(StrEnum):
    """Age groups of the dashboard, completed years on the reference date."""

    UNDER_18 = "under_18"
    FROM_18 = "from_18"
    FROM_27 = "from_27"
    FROM_50 = "from_50"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class FileOn:
    """What is known about one file on a day, without the person."""

    phase: Phase
    manager_id: int | None


@dataclass(frozen=True, slots=True)
class Stock:
    """The files of a reference date."""

    day: datetime.date
    files: Mapping[int, FileOn]

    @property
    def by_phase(self) -> Counter[Phase]:
        """Number of open files per phase."""
        return Counter(file.phase for file in self.files.values() if file.phase != Phase.CLOSED)

    @property
    def active_clients(self) -> int:
        """*Aktive Klient:innen*: files in contacting, intake or active; paused ones are counted apart."""
        return sum(1 for file in self.files.values() if file.phase in WORKING_PHASES)

    @property
    def open_files(self) -> frozenset[int]:
        return frozenset(key for key, file in self.files.items() if file.phase != Phase.CLOSED)

    @property
    def working_files(self) -> frozenset[int]:
        return frozenset(key for key, file in self.files.items() if file.phase in WORKING_PHASES)

    @property
    def files_in_active(self) -> frozenset[int]:
        """Files in phase active, exactly."""
        return frozenset(key for key, file in self.files.items() if file.phase == Phase.ACTIVE)


@dataclass(frozen=True, slots=True)
class PhaseSpan:
    """A stretch of days one file spent in one phase; `until` is the first day after it, None while it lasts."""

    phase: Phase
    since: datetime.date
    until: datetime.date | None

    def covers(self, day: datetime.date) -> bool:
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Movement:
    """Files opened and closed within a period; re-opened ones count as opened again."""

    opened: int
    closed: int


def files_of(municipalities: Collection[int], manager_id: int | None = None) -> ClientQuerySet:
    """The files figures are made of.

    Args:
        municipalities: ids of the municipalities asked for; the caller has settled that the reader may.
        manager_id: only the caseload of this manager today.
    """
    files = Client.objects.unscoped(reason="figures count files and return none of them").filter(
        municipality_id__in=municipalities
    )
    return files if manager_id is None else files.filter(manager_id=manager_id)


def counted_municipalities(
    municipalities: Collection[int], first: datetime.date, last: datetime.date
) -> frozenset[int]:
    """Those that take part at some time of the period; membership limits figures, never files (house.md §3b)."""
    members = Membership.objects.filter(
        Q(until__isnull=True) | Q(until__gte=first),
        since__lte=last,
        municipality_id__in=municipalities,
    )
    return frozenset(members.values_list("municipality_id", flat=True))


def service_began_on(municipalities: Collection[int]) -> datetime.date | None:
    """The day the first of these municipalities took part; figures before it do not exist."""
    return (
        Membership.objects.filter(municipality_id__in=municipalities)
        .order_by("since")
        .values_list("since", flat=True)
        .first()
    )


def stock_on(files: ClientQuerySet, day: datetime.date) -> Stock:
    """Phase and responsible manager of every file registered by the end of a day (two queries)."""
    changes = (
        PhaseChange.objects.unscoped(reason="figures")
        .filter(client__in=files, on__lte=day)
        .order_by("on", "id")
        .values_list("client_id", "phase")
    )
    end = end_of(day)
    responsible = (
        Responsibility.objects.unscoped(reason="figures")
        .filter(client__in=files, since__lt=end)
        .filter(Q(until__isnull=True) | Q(until__gte=end))
        .values_list("client_id", "manager_id")
    )
    managers = dict(responsible)
    phases = {client_id: Phase(phase) for client_id, phase in changes}
    return Stock(day, {key: FileOn(phase, managers.get(key)) for key, phase in phases.items()})


def end_of(day: datetime.date) -> datetime.datetime:
    """The instant a local day is over."""
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))


def phase_spans(files: ClientQuerySet) -> list[PhaseSpan]:
    """Every phase of every file with its days (one query); a phase changed on its own day has none."""
    changes = (
        PhaseChange.objects.unscoped(reason="figures")
        .filter(client__in=files)
        .order_by("client_id", "on", "id")
        .values_list("client_id", "phase", "on")
    )
    return _spans(changes)


def _spans(changes: Iterable[tuple[int, str, datetime.date]]) -> list[PhaseSpan]:
    spans: list[PhaseSpan] = []
    before: tuple[int, str, datetime.date] | None = None
    for change in changes:
        if before is not None:
            spans.append(
                PhaseSpan(
                    Phase(before[1]),
                    before[2],
                    change[2] if change[0] == before[0] else None,
                )
            )
        before = change
    if before is not None:
        spans.append(PhaseSpan(Phase(before[1]), before[2], None))
    return spans


def active_clients_on(spans: Iterable[PhaseSpan], days: Iterable[datetime.date]) -> list[int]:
    """*Aktive Klient:innen* on each of the days, for trends."""
    working = [span for span in spans if span.phase in WORKING_PHASES]
    return [sum(1 for span in working if span.covers(day)) for day in days]


def places_of(files: ClientQuerySet) -> dict[int, int]:
    """The municipality of every file."""
    return dict(files.values_list("pk", "municipality_id"))


def movement(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> Movement:
    """Neuaufnahmen and Abschlüsse of a period."""
    periods = CounsellingPeriod.objects.unscoped(reason="figures").filter(client__in=files)
    return Movement(
        opened=periods.filter(opened_on__range=(first, last)).count(),
        closed=periods.filter(closed_on__range=(first, last)).count(),
    )


def age_group(born: UncertainDate | None, day: datetime.date) -> AgeGroup:
    """The group of the dashboard a person belongs to on a day."""
    if born is None:
        return AgeGroup.UNKNOWN
    age = age_on(born, day)
    if age < ADULT_AGE:
        return AgeGroup.UNDER_18
    if age < 27:
        return AgeGroup.FROM_18
    return AgeGroup.FROM_27 if age < 50 else AgeGroup.FROM_50


def adults_on(files: ClientQuerySet, day: datetime.date) -> frozenset[int]:
    """Keys of the files of people of 18 or more on a day, unknown age included."""
    rows = files.values_list("pk", "birth_date", "birth_precision")
    return frozenset(
        key for key, born, precision in rows if _age_group(born, precision, day) != AgeGroup.UNDER_18
    )


def _age_group(born: datetime.date | None, precision: str, day: datetime.date) -> AgeGroup:
    return age_group(None if born is None else UncertainDate(born, Precision(precision)), day)


Cells = Mapping[str, Mapping[AgeGroup, int]]


@dataclass(frozen=True, slots=True)
class NationalityByAge:
    """Exact numbers, for suppression only: nothing of this may reach a page by itself.

    `places` has a table per municipality with a row per nationality code, and `OTHER` for all without a row
    of their own; `labels` are the names of the rows.
    """

    day: datetime.date
    places: Mapping[int, Cells]
    labels: Mapping[str, str]


OTHER = "other"


def nationality_by_age(
    files: ClientQuerySet, keys: Collection[int], day: datetime.date, other_label: str
) -> NationalityByAge:
    """People by municipality, nationality and age group (two queries).

    Args:
        files: the files asked for.
        keys: which of them count on that day (`Stock.working_files`).
        day: the reference date, for the ages.
        other_label: name of the row for all other and unknown nationalities.
    """
    main = list(Country.objects.order_by("order", "label_de", "pk")[:MAIN_NATIONALITIES])
    main.sort(key=lambda country: country.label)
    labels = {country.code: country.label for country in main} | {OTHER: other_label}
    code_of = {country.pk: country.code for country in main}
    counted = frozenset(keys)
    places: dict[int, dict[str, dict[AgeGroup, int]]] = {}
    for key, place, nationality_id, born, precision in files.values_list(
        "pk", "municipality_id", "nationality_id", "birth_date", "birth_precision"
    ):
        table = places.setdefault(place, {code: dict.fromkeys(AgeGroup, 0) for code in labels})
        if key in counted:
            table[code_of.get(nationality_id, OTHER)][_age_group(born, precision, day)] += 1
    return NationalityByAge(day, places, labels)


def clock_policy_on(day: datetime.date) -> ClockPolicy:
    """The limits of counselling in force on a day."""
    policy: FilePolicy | None = FilePolicy.objects.in_force_on(day).first()
    return policy.clock if policy else DEFAULT_POLICY


@dataclass(frozen=True, slots=True)
class SteeringFacts:
    """The steering attributes of one file: everything a list of cases shows, and no personal one (rules.md §8)."""

    key: int
    uuid: UUID
    case_no: str
    municipality: str
    manager: str
    phase: Phase
    intensity: str
    last_contact_on: datetime.date | None
    clock: ClockReading


def steering_facts(files: ClientQuerySet, day: datetime.date) -> list[SteeringFacts]:
    """Steering attributes of these files in the given order (two queries); pass one page of them."""
    policy = clock_policy_on(day)
    rows = list(
        files.values_list(
            "pk",
            "uuid",
            "case_no",
            "municipality__name",
            "manager__first_name",
            "manager__last_name",
            "phase",
            "intensity",
            "last_contact_on",
            "counselling_started_on",
            "clock_justification",
        )
    )
    periods = _periods([row[0] for row in rows])
    return [
        SteeringFacts(
            key=key,
            uuid=uuid,
            case_no=case_no,
            municipality=place,
            manager=f"{first_name or ''} {last_name or ''}".strip(),
            phase=Phase(phase),
            intensity=intensity,
            last_contact_on=last_contact_on,
            clock=read_clock(
                started_on, periods.get(key, []), day, justified=bool(justification), policy=policy
            ),
        )
        for (
            key,
            uuid,
            case_no,
            place,
            first_name,
            last_name,
            phase,
            intensity,
            last_contact_on,
            started_on,
            justification,
        ) in rows
    ]


def _periods(keys: Collection[int]) -> dict[int, list[Period]]:
    """The counselling periods of these files."""
    periods: dict[int, list[Period]] = {}
    rows = CounsellingPeriod.objects.unscoped(reason="figures").filter(client_id__in=keys)
    for key, opened_on, closed_on in rows.values_list("client_id", "opened_on", "closed_on"):
        periods.setdefault(key, []).append(Period(opened_on, closed_on))
    return periods


def past_limit_without_justification(files: ClientQuerySet, day: datetime.date) -> frozenset[int]:
    """Keys of open files past the counselling limit without a written justification (rules.md §7)."""
    policy = clock_policy_on(day)
    late = (
        files.open()
        .filter(
            counselling_started_on__lte=add_months(day, -policy.limit),
            clock_justification="",
        )
        .values_list("pk", "counselling_started_on")
    )
    started = dict(late)
    periods = _periods(list(started))
    return frozenset(
        key
        for key, started_on in started.items()
        if read_clock(started_on, periods.get(key, []), day, policy=policy).justification_missing
    )
