"""Figures about talks and appointments; numbers only, never a file or a contact (architecture.md "Row access").

Consultations, attempts and no-shows are separate counts (rules.md §1). A joint talk is one consultation,
whoever took part. Appointments count by their planned start, as they are known when the figures are made
(rules.md §10).
"""

import datetime
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar, cast

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from accounts.rules.calendar import add_days, bounds, start_of_day
from appointments.choices import AppointmentState, Channel, Excuse
from appointments.models import Appointment, Contact, ContactParticipant
from appointments.querysets import (
    ATTEMPT,
    CASE_WORK,
    CONSULTATION,
    HELD_TALK,
    TWO_WAY,
    WITHOUT_BASIS,
    ContactQuerySet,
    CurrentVersionQuerySet,
    undecided_at,
)
from clients.figures import FilesOverTime


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Agreed appointments of a period by outcome; `held` and `unexcused` make the no-show rate (rules.md §3)."""

    held: int
    unexcused: int
    excused: int
    undecided: int
    cancelled: int


ONCE = Count("pk", distinct=True)
"""A joint talk is one consultation, however many took part."""

NO_OUTCOMES = Outcomes(0, 0, 0, 0, 0)

OUTCOMES = {
    "held": Q(state=AppointmentState.HELD),
    "unexcused": Q(state=AppointmentState.NO_SHOW, excuse=Excuse.UNEXCUSED),
    "excused": Q(state=AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED),
    "undecided": Q(state=AppointmentState.NO_SHOW, excuse=Excuse.UNDECIDED),
    "cancelled": Q(state__in=(AppointmentState.CANCELLED_CLIENT, AppointmentState.CANCELLED_US)),
}
COUNTS = {name: Count("pk", filter=state & Q(agreed_at__isnull=False)) for name, state in OUTCOMES.items()}

Span = tuple[datetime.date, datetime.date]
"""A first and a last day, both included."""


@dataclass(frozen=True)
class Parts:
    """The days that are asked about, cut wherever one of the questions begins or ends.

    Attributes:
        cuts: first days of the parts; the last one is the first day after all of them.
        period: the span of which more is asked than the number.
    """

    cuts: Sequence[datetime.date]
    period: Span

    @classmethod
    def of(cls, period: Span, *others: Span) -> "Parts":
        """Cut the days into parts, so that every span is made of whole parts; the parts leave no gap."""
        spans = (period, *others)
        return cls(sorted({cut for first, last in spans for cut in (first, add_days(last, 1))}), period)

    @property
    def days(self) -> Span:
        """The first and the last day of all."""
        return self.cuts[0], add_days(self.cuts[-1], -1)

    def number_of(self, path: str, beginnings: Sequence[datetime.date | datetime.datetime]) -> Case:
        """The number of the part something belongs to, by when each part begins; most lies in the last ones."""
        whens = [
            When(**{f"{path}__gte": begins}, then=Value(number))
            for number, begins in enumerate(beginnings[:-1])
        ]
        return Case(*reversed(whens))

    def within(self, first: datetime.date, last: datetime.date) -> range:
        """The parts of a span.

        Raises:
            ValueError: it was not among those asked about.
        """
        if first not in self.cuts or add_days(last, 1) not in self.cuts:
            raise ValueError("These days were not read.")
        return range(self.cuts.index(first), self.cuts.index(add_days(last, 1)))


@dataclass(frozen=True)
class Work:
    """Talks and appointments of some files over a stretch of days, counted once for many questions.

    A held appointment is a talk at its planned start, with or without a contact of its own (rules.md §10).

    Attributes:
        parts: the days.
        consultations: Beratungsgespräche per part.
        by_manager: those of the period per user who had them: who logged the talk, or who left it for a colleague's
            client; of an appointment nobody wrote about, in whose calendar it stood.
        bare_by_place: held appointments of the period nobody wrote about, per municipality.
        without_topic: talks of the period without a topic: two-way contacts nobody gave one, and bare appointments.
        without_basis: talks with third parties in the period, per user, of which nobody said what allowed them.
        outcomes: of the agreed appointments planned for the period.
        undecided: appointments of the period that are over and wait for an outcome or for the excuse to be decided.
    """

    parts: Parts
    consultations: Mapping[int, int]
    by_manager: Mapping[int | None, int]
    bare_by_place: Mapping[int, int]
    without_topic: int
    without_basis: Counter[int | None]
    outcomes: "OutcomeTable"
    undecided: int

    def number(self, first: datetime.date, last: datetime.date) -> int:
        """Consultations from `first` to `last`, both included and both among the days asked about."""
        return sum(self.consultations[part] for part in self.parts.within(first, last))

    def number_without_basis(self, user: int | None) -> int:
        """Talks without a basis of one user; everybody's where None."""
        return self.without_basis.total() if user is None else self.without_basis[user]


def work_of(
    files: FilesOverTime, parts: Parts, now: datetime.datetime, users: Collection[int] | None = None
) -> Work:
    """What was done in these files, counted in the database (two queries).

    Args:
        files: the files asked for.
        parts: the days asked about.
        now: the instant, for what is already past.
        users: only those whose work per user is asked for; everybody's without.
    """
    consultations, by_manager, bare_by_place = Counter[int](), Counter[int | None](), Counter[int]()
    outcomes: dict[tuple[int | None, int], Outcomes] = {}
    without_basis = Counter[int | None]()
    without_topic = undecided = 0
    period = parts.within(*parts.period)
    for row in _talks_by_day(files, parts, users):
        part = bisect_right(parts.cuts, row["day"]) - 1
        consultations[part] += row["talks"]
        if part in period:
            by_manager[row["user"]] += row["talks"]
            without_topic += row["topicless"]
            without_basis[row["user"]] += row["baseless"]
    for row in _appointments_by_part(files, parts, now, users):
        consultations[row["part"]] += row["bare"]
        if row["part"] in period:
            by_manager[row["user"]] += row["bare"]
            bare_by_place[row["town"]] += row["bare"]
            without_topic += row["bare"]
            undecided += row["waiting"]
            key = row["user"], row["town"]
            outcomes[key] = _sum([outcomes.get(key, NO_OUTCOMES), outcomes_of(row)])
    return Work(
        parts,
        consultations,
        +by_manager,
        +bare_by_place,
        without_topic,
        without_basis,
        OutcomeTable(outcomes),
        undecided,
    )


def _talks_by_day(
    files: FilesOverTime, parts: Parts, users: Collection[int] | None
) -> QuerySet[Any, dict[str, Any]]:
    """Two-way contacts, and what was said to others, by day; those of the period also by part and user."""
    # Over years asking for the contacts among those of the files beats joining and telling doubles apart.
    took_part = files.placed(participants(), "contact__happened_on").order_by().values("contact_id")
    whose = Q(pk__in=took_part)
    if users is not None:
        # The talks of a few users are found by their names and looked at one by one, whatever the files.
        since, until = bounds(add_days(parts.days[0], -1), add_days(parts.days[1], 1))
        by_them = Q(left_by__in=users) | Q(
            recorded_by__in=users, happened_at__gte=since, happened_at__lt=until
        )
        whose = by_them & Q(Exists(took_part.filter(contact=OuterRef("pk"))))
    in_period = Q(happened_on__range=parts.period)
    # Days of the period are put together, or there were a row for each day and manager.
    beginnings = [parts.cuts[part] for part in reversed(parts.within(*parts.period))]
    whole_parts = [When(in_period, happened_on__gte=day, then=Value(day)) for day in beginnings]
    return (
        Contact.objects.unscoped(reason="figures")
        .between(*parts.days)
        .filter(whose, TWO_WAY | WITHOUT_BASIS)
        .order_by()
        .values(
            day=Case(*whole_parts, default=F("happened_on")),
            user=Case(When(in_period, then=Coalesce("left_by_id", "recorded_by_id"))),
        )
        .annotate(
            talks=Count("pk", filter=CONSULTATION),
            topicless=Count("pk", filter=TWO_WAY & Q(main_topic__isnull=True)),
            baseless=Count("pk", filter=WITHOUT_BASIS),
        )
    )


def _appointments_by_part(
    files: FilesOverTime, parts: Parts, now: datetime.datetime, users: Collection[int] | None
) -> QuerySet[Any, dict[str, Any]]:
    """Appointments by part, those of the period by calendar and municipality; of other days bare talks only."""
    start, end = bounds(*parts.period)
    in_period = Q(starts_at__gte=start, starts_at__lt=end)
    rows = Appointment.objects.unscoped(reason="figures").between(*parts.days)
    bare = bare_talks()
    rows = rows.filter(in_period | bare, *([] if users is None else [Q(manager__in=users)])).order_by()
    return cast(
        QuerySet[Any, dict[str, Any]],
        files.placed(rows, "starts_at__date")
        .values(
            part=parts.number_of("starts_at", [start_of_day(cut) for cut in parts.cuts]),
            user=Case(When(in_period, then=F("manager_id"))),
            town=Case(When(in_period, then=F("belonged_to"))),
        )
        .annotate(
            bare=Count("pk", filter=bare),
            waiting=Count("pk", filter=undecided_at(now)),
            **COUNTS,
        ),
    )


def bare_talks() -> Q:
    """The condition on appointments that they were held and nobody wrote about the talk."""
    logged = Contact.objects.unscoped(reason="figures").consultations().filter(appointment_id=OuterRef("pk"))
    return Q(~Exists(logged), state=AppointmentState.HELD)


def consultations(files: FilesOverTime, first: datetime.date, last: datetime.date) -> int:
    """Beratungsgespräche with clients of these files from `first` to `last`, both included."""
    parts = Parts.of((first, last))
    return work_of(files, parts, start_of_day(first)).number(first, last)


def consultations_by_place(files: FilesOverTime, work: Work) -> dict[int, int]:
    """Consultations of the period per municipality; a joint talk across two counts in both (one query)."""
    number = Counter(work.bare_by_place)
    for row in talks(files, *work.parts.period).order_by().values("belonged_to").annotate(number=ONCE):
        number[row["belonged_to"]] += row["number"]
    return dict(number)


@dataclass(frozen=True)
class OutcomeTable:
    """Outcomes of agreed appointments by manager in whose calendar they stood and by the client's municipality."""

    rows: Mapping[tuple[int | None, int], Outcomes]

    @property
    def total(self) -> Outcomes:
        return _sum(self.rows.values())

    @property
    def by_manager(self) -> dict[int | None, Outcomes]:
        return _sums((manager, outcomes) for (manager, _place), outcomes in self.rows.items())

    @property
    def by_place(self) -> dict[int, Outcomes]:
        return _sums((place, outcomes) for (_manager, place), outcomes in self.rows.items())


def consultations_by(
    column: str, files: FilesOverTime, first: datetime.date, last: datetime.date
) -> list[tuple[int, str, int, int]]:
    """Everybody's part in the consultations of a period: key of the talk, what is asked, file, municipality.

    A protected figure: topics and kinds of interpreter are told by half-year and rounded (rules.md §8).

    Args:
        column: "main_topic__code" or "interpreter"; talks without a value are left out.
        files: the files asked for.
        first: first day, included.
        last: last day, included.
    """
    found = talks(files, first, last).exclude(**{f"{column.split('__')[0]}__isnull": True})
    return list(found.order_by().values_list("pk", column, "participants__client_id", "belonged_to"))


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done in a period, counted apart (rules.md §1); home visits are among the others."""

    consultations: int
    attempts: int
    case_work: int
    home_visits: int
    home_visits_met: int


def activity(files: FilesOverTime, first: datetime.date, last: datetime.date) -> Activity:
    """Consultations, attempts, work with third parties and home visits from `first` to `last`, both included."""
    visit = Q(channel=Channel.HOME_VISIT)
    return Activity(
        consultations=consultations(files, first, last),
        **contacts(files, first, last).aggregate(
            attempts=Count("pk", filter=ATTEMPT, distinct=True),
            case_work=Count("pk", filter=CASE_WORK, distinct=True),
            home_visits=Count("pk", filter=visit, distinct=True),
            home_visits_met=Count("pk", filter=visit & HELD_TALK, distinct=True),
        ),
    )


def contacts(files: FilesOverTime, first: datetime.date, last: datetime.date) -> ContactQuerySet:
    """Contacts in which a client of these files took part, once per participant: count them with `ONCE`.

    A join, because asking every contact for its participants takes seconds where this takes milliseconds.
    """
    rows = (
        Contact.objects.unscoped(reason="figures")
        .between(first, last)
        .filter(
            participants__version__isnull=True,
            participants__relative__isnull=True,
            **files.whose("participants__client"),
        )
    )
    return cast(ContactQuerySet, files.with_place(rows, "happened_on", "participants__client"))


def participants() -> CurrentVersionQuerySet:
    """Clients among those who took part in contacts as they stand now."""
    rows = ContactParticipant.objects.unscoped(reason="figures").current_version()
    return rows.filter(relative__isnull=True)


def talks(files: FilesOverTime, first: datetime.date, last: datetime.date) -> ContactQuerySet:
    """Beratungsgespräche with clients of these files, once per participant: count them with `ONCE`."""
    return contacts(files, first, last).consultations()


def outcomes_of(row: Mapping[str, Any]) -> Outcomes:
    """Outcomes from a row in which `COUNTS` were counted."""
    return Outcomes(**{name: row[name] for name in COUNTS})


def _sum(parts: Iterable[Outcomes]) -> Outcomes:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(asdict(part))
    return Outcomes(**{name: total[name] for name in COUNTS})


Key = TypeVar("Key")


def _sums(parts: Iterable[tuple[Key, Outcomes]]) -> dict[Key, Outcomes]:
    grouped: dict[Key, list[Outcomes]] = {}
    for key, part in parts:
        grouped.setdefault(key, []).append(part)
    return {key: _sum(found) for key, found in grouped.items()}
