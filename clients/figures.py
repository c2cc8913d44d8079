"""Figures about files: how many there are in which phase and with whom.

Everything here takes a queryset of files and a day or a period and returns numbers in dataclasses, never a
file: officers read these (architecture.md "Row access"). Definitions: rules.md §9.
"""

import datetime
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from accounts.models import Membership
from accounts.rules.calendar import add_months
from clients.choices import Phase
from clients.models import (
    Client,
    CounsellingPeriod,
    FilePolicy,
    PhaseChange,
    Responsibility,
)
from clients.querysets import ClientQuerySet
from clients.rules.clock import DEFAULT_POLICY, ClockPolicy, ClockReading, Period, read_clock
from clients.rules.phases import WORKING_PHASES


@dataclass(frozen=True)
class Stock:
    """The files of a reference date: their phase, and who was responsible; nothing about the person."""

    day: datetime.date
    phases: Mapping[int, Phase]
    managers: Mapping[int, int | None]

    @cached_property
    def by_phase(self) -> Counter[Phase]:
        """Number of open files per phase."""
        return Counter(phase for phase in self.phases.values() if phase != Phase.CLOSED)

    @property
    def active_clients(self) -> int:
        """*Aktive Klient:innen*: files in contacting, intake or active; paused ones are counted apart."""
        return sum(self.by_phase[phase] for phase in WORKING_PHASES)

    @cached_property
    def open_files(self) -> frozenset[int]:
        return frozenset(key for key, phase in self.phases.items() if phase != Phase.CLOSED)

    @cached_property
    def working_files(self) -> frozenset[int]:
        return frozenset(key for key, phase in self.phases.items() if phase in WORKING_PHASES)

    @cached_property
    def files_in_active(self) -> frozenset[int]:
        """Files in phase active, exactly."""
        return frozenset(key for key, phase in self.phases.items() if phase == Phase.ACTIVE)

    def of(self, manager_id: int) -> "Stock":
        """The files one manager was responsible for."""
        phases = {key: phase for key, phase in self.phases.items() if self.managers.get(key) == manager_id}
        return Stock(self.day, phases, dict.fromkeys(phases, manager_id))


@dataclass(frozen=True)
class PhaseHistory:
    """Every change of phase of some files, read once for as many days as are asked about.

    `rows` are (file, day, phase), in the order in which they happened in each file, file after file.
    """

    rows: Sequence[tuple[int, datetime.date, str]]

    @cached_property
    def began_on(self) -> datetime.date | None:
        """The day the first of these files was one of an active client."""
        return min((day for _key, day, entered in self._moves if entered), default=None)

    def phases_on(self, day: datetime.date) -> dict[int, str]:
        """The phase of every file registered by the end of a day."""
        return {key: phase for key, on, phase in self.rows if on <= day}

    def active_clients_on(self, days: Sequence[datetime.date]) -> list[int]:
        """*Aktive Klient:innen* at the end of each of the days."""
        by_day: Counter[datetime.date] = Counter()
        for _key, day, entered in self._moves:
            by_day[day] += 1 if entered else -1
        ordered = sorted(by_day)
        sums = list(accumulate((by_day[day] for day in ordered), initial=0))
        return [sums[bisect_right(ordered, day)] for day in days]

    def files_on(self, days: Sequence[datetime.date]) -> list[set[int]]:
        """The files of active clients at the end of each of the days, which are in order."""
        found: list[set[int]] = [set() for _day in days]
        for key, day, entered in self._moves:
            for keys in found[bisect_left(days, day) :]:
                if entered:
                    keys.add(key)
                else:
                    keys.discard(key)
        return found

    @cached_property
    def _moves(self) -> list[tuple[int, datetime.date, bool]]:
        """Which file entered or left the phases of active clients on which day."""
        moves = []
        current, was_working = None, False
        for key, day, phase in self.rows:
            if key != current:
                current, was_working = key, False
            is_working = phase in WORKING_PHASES
            if is_working != was_working:
                moves.append((key, day, is_working))
                was_working = is_working
        return moves


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
    """Those that take part at some time of the period; that limits figures, no files (architecture.md "Data model")."""
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


def phase_history(files: ClientQuerySet) -> PhaseHistory:
    """The phases of these files over time (one query)."""
    changes = (
        PhaseChange.objects.unscoped(reason="figures")
        .filter(client__in=files)
        .order_by("client_id", "on", "id")
        .values_list("client_id", "on", "phase")
    )
    return PhaseHistory(list(changes))


def stock_on(files: ClientQuerySet, day: datetime.date, history: PhaseHistory | None = None) -> Stock:
    """Phase and responsible manager of every file registered by the end of a day (one query).

    Args:
        files: the files asked for.
        day: the reference date.
        history: their phases, when they have been read already; another query otherwise.
    """
    end = end_of(day)
    responsible = (
        Responsibility.objects.unscoped(reason="figures")
        .filter(client__in=files, since__lt=end)
        .filter(Q(until__isnull=True) | Q(until__gte=end))
        .order_by()
        .values_list("client_id", "manager_id")
    )
    phases = (history or phase_history(files)).phases_on(day)
    return Stock(day, {key: _PHASES[phase] for key, phase in phases.items()}, dict(responsible))


_PHASES = {phase.value: phase for phase in Phase}


def end_of(day: datetime.date) -> datetime.datetime:
    """The instant a local day is over."""
    return timezone.make_aware(datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time()))


def places_of(files: ClientQuerySet) -> dict[int, int]:
    """The municipality of every file."""
    return dict(files.order_by().values_list("pk", "municipality_id"))


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
        .order_by()
        .values_list("pk", "counselling_started_on")
    )
    started = dict(late)
    periods = _periods(list(started))
    return frozenset(
        key
        for key, started_on in started.items()
        if read_clock(started_on, periods.get(key, []), day, policy=policy).justification_missing
    )
