"""Figures about files: how many there are in which phase and with whom.

Everything here takes a queryset of files and a day or a period and returns numbers in dataclasses, never a
file: officers read these (architecture.md "Row access"). Definitions: rules.md §9.
"""

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, Count, Exists, F, IntegerField, Max, OuterRef, Q, Subquery, Value, When
from django.utils import timezone

from accounts.models import Membership
from accounts.rules.calendar import bounds
from clients.choices import Phase
from clients.figures_clock import clock_policy_on, clocks_begun
from clients.figures_linked import PeopleTwice, kept_twice
from clients.models import (
    Client,
    CounsellingPeriod,
    PhaseChange,
    Responsibility,
)
from clients.querysets import ClientQuerySet
from clients.rules.clock import ClockReading, Period, read_clock
from clients.rules.phases import WORKING_PHASES


@dataclass(frozen=True)
class FilesOverTime:
    """The files that belong to some municipalities now or did once.

    A figure counts a file where it belonged on the day in question (rules.md §10). After a move the earlier days still
    count for the former town, and the days from the move on for the new one.

    Attributes:
        rows: every file that was there at some time.
        places: the municipalities; None when none of these files was ever anywhere else, which is nearly always so
            and saves asking for each fact.
        stays: of the files that moved, from which day on each was here or elsewhere; the first row counts from ever.
        are_all: there are no other files, so that facts need not be asked whose they are.
    """

    rows: ClientQuerySet
    places: frozenset[int] | None = None
    stays: Mapping[int, Sequence[tuple[datetime.date, bool]]] = field(default_factory=dict)
    are_all: bool = False

    def placed(self, rows: Any, day: str, client: str = "client") -> Any:
        """What happened in these files while they belonged here, each row with its municipality as `belonged_to`.

        Args:
            rows: a queryset of facts.
            day: path to the local day of the fact.
            client: path to its file.
        """
        return self.with_place(rows.filter(**self.whose(client)), day, client)

    def whose(self, client: str = "client") -> dict[str, Any]:
        """The condition that something happened in these files, wherever they belonged."""
        return {} if self.are_all else {f"{client}__in": self.rows}

    def with_place(self, rows: Any, day: str, client: str = "client") -> Any:
        """The same as `placed` for facts already narrowed to these files, over a join that must not be made twice."""
        today = F(f"{client}__municipality_id")
        if self.places is None:
            return rows.annotate(belonged_to=today)
        # The row of a day is the first not over by its end; before the first row there is none but that.
        spans = Responsibility.objects.unscoped(reason="figures").filter(
            Q(until__isnull=True) | Q(until__date__gt=OuterRef(day)), client=OuterRef(client)
        )
        then = Subquery(spans.order_by("since", "id").values("municipality")[:1])
        # Only who moved is looked up: a local day costs more than all the rest.
        moved = When(**{f"{client}__in": list(self.stays)}, then=then)
        place = Case(moved, default=today, output_field=IntegerField())
        return rows.annotate(belonged_to=place).filter(belonged_to__in=self.places)

    def was_here(self, key: int, day: datetime.date) -> bool:
        """Whether a file that moved belonged here at the end of a day."""
        return [here for since, here in self.stays[key] if since <= day][-1]


def files_over_time(municipalities: Collection[int]) -> FilesOverTime:
    """The files of some municipalities for figures about any day (one query).

    Args:
        municipalities: ids of the municipalities asked for; the caller has settled that the reader may.
    """
    places = frozenset(municipalities)
    spans = Responsibility.objects.unscoped(reason="figures")
    here = spans.filter(municipality_id__in=places).values("client_id")
    elsewhere = spans.exclude(municipality_id__in=places).filter(client=OuterRef("client"))
    stays: dict[int, list[tuple[datetime.date, bool]]] = {}
    moves = spans.filter(Exists(elsewhere), client_id__in=here).order_by("client_id", "since", "id")
    for key, since, place in moves.values_list("client_id", "since", "municipality_id"):
        known = stays.setdefault(key, [])
        known.append((timezone.localdate(since) if known else datetime.date.min, place in places))
    if not stays:
        return FilesOverTime(files_of(places))
    rows = Client.objects.unscoped(reason="figures count files and return none of them").filter(pk__in=here)
    return FilesOverTime(rows, places, stays)


def district() -> FilesOverTime:
    """Every file, wherever it belongs; facts are not told apart by municipality."""
    rows = Client.objects.unscoped(reason="figures count files and return none of them")
    return FilesOverTime(rows, are_all=True)


def district_by_place(municipalities: Collection[int]) -> FilesOverTime:
    """The same, each fact with its municipality (one query).

    Args:
        municipalities: ids of all municipalities.
    """
    spans = Responsibility.objects.unscoped(reason="figures").order_by()
    towns = spans.values("client_id").annotate(towns=Count("municipality", distinct=True))
    moved = towns.filter(towns__gt=1).values_list("client_id", flat=True)
    rows = Client.objects.unscoped(reason="figures count files and return none of them")
    return FilesOverTime(rows, frozenset(municipalities), dict.fromkeys(moved, ()), are_all=True)


@dataclass(frozen=True)
class Stock:
    """The files of a reference date: their phase, municipality and manager; nothing about the person."""

    day: datetime.date
    phases: Mapping[int, Phase]
    managers: Mapping[int, int | None]
    places: Mapping[int, int]


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


def as_they_stood(files: FilesOverTime, day: datetime.date) -> ClientQuerySet:
    """The files with `phase_then`, `manager_then` and `place_then`, as they were at the end of a day.

    One that was not registered yet has no phase; what lay elsewhere is among them, for its place tells.
    """
    changes = PhaseChange.objects.unscoped(reason="figures").filter(client=OuterRef("pk"), on__lte=day)
    _start, over = bounds(day)
    # The first not over yet is the one in force, or the first of all.
    responsibilities = Responsibility.objects.unscoped(reason="figures")
    spans = responsibilities.filter(Q(until__isnull=True) | Q(until__gte=over), client=OuterRef("pk"))
    spans = spans.order_by("since", "id")
    # What the file says of today is looked up in its history only where it is newer than the day.
    earlier_phase = Subquery(changes.order_by("-on", "-id").values("phase")[:1])
    passed_on = Exists(responsibilities.filter(until__gte=over, client=OuterRef("pk")))
    return files.rows.order_by().annotate(
        phase_then=Case(When(phase_since__lte=day, then=F("phase")), default=earlier_phase),
        manager_then=Case(
            When(passed_on, then=Subquery(spans.values("manager")[:1])),
            default=F("manager_id"),
            output_field=IntegerField(),
        ),
        place_then=Case(
            When(passed_on, then=Subquery(spans.values("municipality")[:1])),
            default=F("municipality_id"),
            output_field=IntegerField(),
        ),
    )


def stock_on(files: FilesOverTime, day: datetime.date) -> Stock:
    """Phase, municipality and manager of every file that belonged here on a day (one query)."""
    stood: Any = as_they_stood(files, day)
    rows = stood.values_list("pk", "phase_then", "manager_then", "place_then")
    here = files.places
    found = [row for row in rows if row[1] is not None and (here is None or row[3] in here)]
    # A person with two files, which were linked, counts by the one that leads as soon as there is that one.
    is_open = {key for key, phase, _manager, _place in found if phase != Phase.CLOSED}
    leading = kept_twice(files)
    found = [row for row in found if leading.get(row[0]) not in is_open]
    return Stock(
        day,
        phases={key: _PHASES[phase] for key, phase, _manager, _place in found},
        managers={key: manager for key, _phase, manager, _place in found},
        places={key: place for key, _phase, _manager, place in found},
    )


_PHASES = {phase.value: phase for phase in Phase}


def active_clients_on(files: FilesOverTime, days: Sequence[datetime.date]) -> list[int]:
    """*Aktive Klient:innen* at the end of each of the days (one query).

    Counted is, by day, how many entered the phases of active clients and how many left them; who moved is told apart.
    """
    first = min(days)
    changes = PhaseChange.objects.unscoped(reason="figures")
    earlier = changes.filter(client=OuterRef("client"), on__lte=OuterRef("on")).filter(
        Q(on__lt=OuterRef("on")) | Q(id__lt=OuterRef("pk"))
    )
    before = Subquery(earlier.order_by("-on", "-id").values("phase")[:1])
    day = Case(When(on__lte=first, then=Value(first)), default=F("on"))
    moved = Case(When(client__in=list(files.stays), then=F("client_id")), output_field=IntegerField())
    rows = (
        changes.filter(on__lte=max(days), **files.whose())
        .order_by()
        .annotate(before=before)
        .values(day=day, moved=moved)
        .annotate(
            now=Count("pk", filter=Q(phase__in=WORKING_PHASES)),
            no_more=Count("pk", filter=Q(before__in=WORKING_PHASES)),
        )
    )
    steps = [(row["moved"], row["day"], row["now"] - row["no_more"]) for row in rows]
    twice = PeopleTwice(files, max(days))
    return [
        sum(step for key, on, step in steps if on <= day and (key is None or files.was_here(key, day)))
        - twice.number_on(day)
        for day in days
    ]


def taken_over_since(municipalities: Collection[int], day: datetime.date) -> tuple[int, datetime.date | None]:
    """How many files were taken over as running cases after a day, and when the last one was (one query).

    Figures of earlier days contain them, as far as it was known what had happened (rules.md §10 "Taken over").
    """
    rows = files_of(municipalities).filter(taken_over_on__isnull=False, taken_over_on__gt=day).order_by()
    found = rows.aggregate(number=Count("pk"), last=Max("taken_over_on"))
    return found["number"], found["last"]


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
    """Steering attributes of the listed files, in their order (two queries); pass one page of files."""
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


def files_with(files: FilesOverTime, day: datetime.date, manager_id: int) -> FilesOverTime:
    """Of these files those that belonged here on a day with one manager responsible, wherever they were since."""
    hers = as_they_stood(files, day).filter(Q(manager_then=manager_id, phase_then__isnull=False))
    return FilesOverTime(files.rows.filter(pk__in=_here(hers, files).values("pk")))


def files_once_with(files: FilesOverTime, managers: Collection[int]) -> FilesOverTime:
    """Of these files those for which one of some managers is or was responsible."""
    hers = Responsibility.objects.unscoped(reason="figures").filter(manager__in=managers)
    return FilesOverTime(files.rows.filter(pk__in=hers.values("client")), files.places, files.stays)


def had_files(municipalities: Collection[int], day: datetime.date) -> Exists:
    """The condition on users that they were responsible for files of some municipalities on a day (`as_they_stood`)."""
    _start, over = bounds(day)
    spans = Responsibility.objects.unscoped(reason="figures").filter(
        Q(until__isnull=True) | Q(until__gte=over)
    )
    earlier = spans.filter(client=OuterRef("client")).filter(
        Q(since__lt=OuterRef("since")) | Q(since=OuterRef("since"), id__lt=OuterRef("pk"))
    )
    known = PhaseChange.objects.unscoped(reason="figures").filter(client=OuterRef("client"), on__lte=day)
    in_force = spans.filter(~Exists(earlier), Exists(known), municipality__in=municipalities)
    return Exists(in_force.filter(manager=OuterRef("pk")))


def open_then(files: FilesOverTime, day: datetime.date) -> ClientQuerySet:
    """Of these files those that belonged here on a day and were not closed."""
    phases = [phase for phase in Phase if phase != Phase.CLOSED]
    return _here(as_they_stood(files, day).filter(Q(phase_then__in=phases)), files)


def _here(rows: ClientQuerySet, files: FilesOverTime) -> ClientQuerySet:
    return rows if files.places is None else rows.filter(Q(place_then__in=files.places))


def past_limit_without_justification(files: ClientQuerySet, day: datetime.date) -> frozenset[int]:
    """Keys of open files past the counselling limit without a written justification (two queries; rules.md §7)."""
    policy = clock_policy_on(day)
    late = clocks_begun(files.filter(clock_justification=""), policy.limit, day, policy)
    return frozenset(key for key, clock in late.items() if clock.justification_missing)
