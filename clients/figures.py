"""Figures about files: how many there are in which phase and with whom.

Everything here takes a queryset of files and a day or a period and returns numbers in dataclasses, never a
file: officers read these (architecture.md "Row access"). Definitions: rules.md §9.
"""

import datetime
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate, groupby
from typing import Any

from django.db.models import F, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import Membership
from accounts.rules.calendar import add_months, bounds
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
class FilesOverTime:
    """The files that belong to some municipalities now or did once.

    A figure counts a file where it belonged on the day of what is counted (rules.md §10): whoever moved stays in the
    figures of the town left behind and enters those of the new one from that day on.

    Attributes:
        rows: every file that was there at some time.
        places: the municipalities; None when none of these files was ever anywhere else, which is nearly always so
            and saves asking for each fact.
        stays: of the files that moved, from which day on each was here or elsewhere; the first row counts from ever.
    """

    rows: ClientQuerySet
    places: frozenset[int] | None = None
    stays: Mapping[int, Sequence[tuple[datetime.date, bool]]] = field(default_factory=dict)

    def only(self, keys: Collection[int]) -> "FilesOverTime":
        """Of these files those with the given keys, wherever they were."""
        return FilesOverTime(self.rows.filter(pk__in=keys))

    def placed(self, rows: Any, day: str, client: str = "client") -> Any:
        """What happened in these files while they belonged here, each row with its municipality as `belonged_to`.

        Args:
            rows: a queryset of facts.
            day: path to the local day of the fact.
            client: path to its file.
        """
        return self.with_place(rows.filter(**{f"{client}__in": self.rows}), day, client)

    def with_place(self, rows: Any, day: str, client: str) -> Any:
        """The same for facts already narrowed to these files, over a join that must not be made twice."""
        if self.places is None:
            return rows.annotate(belonged_to=F(f"{client}__municipality_id"))
        # The row of a day is the first not over by its end; before the first row there is none but that.
        spans = Responsibility.objects.unscoped(reason="figures").filter(
            Q(until__isnull=True) | Q(until__date__gt=OuterRef(day)), client=OuterRef(client)
        )
        place = Subquery(spans.order_by("since", "id").values("municipality")[:1])
        return rows.annotate(belonged_to=place).filter(belonged_to__in=self.places)


def files_over_time(municipalities: Collection[int]) -> FilesOverTime:
    """The files of some municipalities for figures about any day (one query).

    Args:
        municipalities: ids of the municipalities asked for; the caller has settled that the reader may.
    """
    places = frozenset(municipalities)
    spans = Responsibility.objects.unscoped(reason="figures")
    here = spans.filter(municipality_id__in=places).values("client_id")
    rows = Client.objects.unscoped(reason="figures count files and return none of them").filter(pk__in=here)
    moved = spans.filter(client__in=rows).exclude(municipality_id__in=places).values("client_id")
    stays: dict[int, list[tuple[datetime.date, bool]]] = {}
    moves = spans.filter(client_id__in=moved).order_by("client_id", "since", "id")
    for key, since, place in moves.values_list("client_id", "since", "municipality_id"):
        known = stays.setdefault(key, [])
        known.append((timezone.localdate(since) if known else datetime.date.min, place in places))
    return FilesOverTime(rows, places, stays) if stays else FilesOverTime(files_of(places))


@dataclass(frozen=True)
class Stock:
    """The files of a reference date: their phase, municipality and manager; nothing about the person."""

    day: datetime.date
    phases: Mapping[int, Phase]
    managers: Mapping[int, int | None]
    places: Mapping[int, int]

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
        return Stock(self.day, phases, dict.fromkeys(phases, manager_id), self.places)


@dataclass(frozen=True)
class PhaseHistory:
    """Every change of phase of some files, read once for as many days as are asked about.

    `rows` are (file, day, phase), in the order in which they happened in each file, file after file. `stays` says
    of the files that moved from which day on they belonged to the municipalities asked for, or no longer did.
    """

    rows: Sequence[tuple[int, datetime.date, str]]
    stays: Mapping[int, Sequence[tuple[datetime.date, bool]]] = field(default_factory=dict)

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
        """Which file entered or left the active clients of these municipalities on which day."""
        moves = []
        for key, changes in groupby(self.rows, key=lambda row: row[0]):
            steps = [(day, phase in WORKING_PHASES, None) for _key, day, phase in changes]
            stays = [(day, None, is_here) for day, is_here in self.stays.get(key, ())]
            is_working, is_here, was_counted = False, not stays, False
            for day, working, here in sorted([*steps, *stays], key=lambda step: step[0]):
                is_working = is_working if working is None else working
                is_here = is_here if here is None else here
                if (is_working and is_here) != was_counted:
                    was_counted = not was_counted
                    moves.append((key, day, was_counted))
        return moves


def files_of(municipalities: Collection[int]) -> ClientQuerySet:
    """The files that belong to some municipalities today.

    Args:
        municipalities: ids of the municipalities asked for; the caller has settled that the reader may.
    """
    return Client.objects.unscoped(reason="figures count files and return none of them").filter(
        municipality_id__in=municipalities
    )


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


def phase_history(files: FilesOverTime) -> PhaseHistory:
    """The phases of these files over time (one query)."""
    changes = (
        PhaseChange.objects.unscoped(reason="figures")
        .filter(client__in=files.rows)
        .order_by("client_id", "on", "id")
        .values_list("client_id", "on", "phase")
    )
    return PhaseHistory(list(changes), files.stays)


def stock_on(files: FilesOverTime, day: datetime.date, history: PhaseHistory | None = None) -> Stock:
    """Phase, municipality and manager of every file that belonged here on a day (one query).

    Args:
        files: the files asked for.
        day: the reference date.
        history: their phases, when they have been read already; another query otherwise.
    """
    _start, over = bounds(day)
    spans = (
        Responsibility.objects.unscoped(reason="figures")
        .filter(Q(until__isnull=True) | Q(until__gte=over), client__in=files.rows)
        # Later rows are written over: what is left is the one in force, or the first of all.
        .order_by("client_id", "-since", "-id")
        .values_list("client_id", "manager_id", "municipality_id")
    )
    managers, places = {}, {}
    for key, manager_id, place in spans:
        managers[key], places[key] = manager_id, place
    here = files.places
    phases = {
        key: _PHASES[phase]
        for key, phase in (history or phase_history(files)).phases_on(day).items()
        if here is None or places[key] in here
    }
    return Stock(day, phases, managers, places)


_PHASES = {phase.value: phase for phase in Phase}


def clock_policy_on(day: datetime.date) -> ClockPolicy:
    """The limits of counselling in force on a day."""
    policy: FilePolicy | None = FilePolicy.objects.in_force_on(day).first()
    return policy.clock if policy else DEFAULT_POLICY


@dataclass(frozen=True, slots=True)
class SteeringFacts:
    """The steering attributes of one file: everything a list of cases shows, and no personal one (rules.md §8).

    It is named by its list number, never by the case number.
    """

    key: int
    list_number: int
    municipality: str
    manager: str
    phase: Phase
    intensity: str
    last_contact_on: datetime.date | None
    clock: ClockReading


def steering_facts(files: ClientQuerySet, day: datetime.date) -> list[SteeringFacts]:
    """Steering attributes of those of these files that are listed, in their order (two queries); pass one page."""
    policy = clock_policy_on(day)
    rows = list(
        files.values_list(
            "pk",
            "list_number",
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
            list_number=list_number,
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
            list_number,
            place,
            first_name,
            last_name,
            phase,
            intensity,
            last_contact_on,
            started_on,
            justification,
        ) in rows
        if list_number is not None
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
