"""Figures about talks and appointments; numbers only, never a file or a contact (architecture.md "Row access").

Consultations, attempts and no-shows are separate counts (rules.md §1). A joint talk is one consultation,
whoever took part. Appointments count by their planned start, as they are known when the figures are made
(rules.md §10).
"""

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, TypeVar, cast

from django.db.models import Count, Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from appointments.choices import AppointmentState, Channel, Excuse
from appointments.models import Appointment, Contact, ContactParticipant
from appointments.querysets import (
    ATTEMPT,
    CASE_WORK,
    HELD_TALK,
    TWO_WAY,
    AppointmentQuerySet,
    ContactQuerySet,
    CurrentVersionQuerySet,
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

_COUNTS = {
    "held": Count("pk", filter=Q(state=AppointmentState.HELD)),
    "unexcused": Count("pk", filter=Q(state=AppointmentState.NO_SHOW, excuse=Excuse.UNEXCUSED)),
    "excused": Count("pk", filter=Q(state=AppointmentState.NO_SHOW, excuse=Excuse.EXCUSED)),
    "undecided": Count("pk", filter=Q(state=AppointmentState.NO_SHOW, excuse=Excuse.UNDECIDED)),
    "cancelled": Count(
        "pk", filter=Q(state__in=(AppointmentState.CANCELLED_CLIENT, AppointmentState.CANCELLED_US))
    ),
}


@dataclass(frozen=True, slots=True)
class BareTalk:
    """A held appointment nobody wrote about."""

    day: datetime.date
    manager_id: int | None
    municipality_id: int


@dataclass(frozen=True)
class Consultations:
    """Beratungsgespräche with clients of some files over a stretch of days, read once for many questions.

    A held appointment is a talk at its planned start, with or without a contact of its own (rules.md §10).
    """

    first: datetime.date
    last: datetime.date
    by_day: Mapping[datetime.date, int]
    bare: Sequence[BareTalk]

    def number(self, first: datetime.date, last: datetime.date) -> int:
        """How many from `first` to `last`, both included and both within the stretch.

        Raises:
            ValueError: the days lie outside what was read.
        """
        if first < self.first or last > self.last:
            raise ValueError("These days were not read.")
        return sum(number for day, number in self.by_day.items() if first <= day <= last)

    @property
    def by_month(self) -> dict[tuple[int, int], int]:
        """How many per (year, month); months without any are absent."""
        months = Counter[tuple[int, int]]()
        for day, number in self.by_day.items():
            months[day.year, day.month] += number
        return dict(months)

    def bare_between(self, first: datetime.date, last: datetime.date) -> Sequence[BareTalk]:
        """Held appointments of these days nobody wrote about."""
        return [talk for talk in self.bare if first <= talk.day <= last]


def consultations_between(files: FilesOverTime, first: datetime.date, last: datetime.date) -> Consultations:
    """The consultations of these files from `first` to `last`, both included (two queries)."""
    # Over years asking for the contacts among those of the files beats joining and telling doubles apart.
    took_part = _participants(files).values("contact_id")
    talks = Contact.objects.unscoped(reason="figures").between(first, last).consultations()
    days = talks.filter(pk__in=took_part).order_by().values("happened_on").annotate(number=Count("pk"))
    by_day = Counter({row["happened_on"]: row["number"] for row in days})
    bare = [
        BareTalk(timezone.localdate(moment), manager_id, municipality_id)
        for moment, manager_id, municipality_id in _bare_talks(files, first, last)
        .order_by()
        .values_list("starts_at", "manager_id", "belonged_to")
    ]
    by_day.update(talk.day for talk in bare)
    return Consultations(first, last, by_day, bare)


def consultations(files: FilesOverTime, first: datetime.date, last: datetime.date) -> int:
    """Beratungsgespräche with clients of these files from `first` to `last`, both included."""
    return consultations_between(files, first, last).number(first, last)


def consultations_by_manager(
    files: FilesOverTime, first: datetime.date, last: datetime.date, bare: Sequence[BareTalk]
) -> dict[int | None, int]:
    """Consultations per user who had them: who logged the talk, or who left it for a colleague's client.

    Args:
        files: the files asked for.
        first: first day, included.
        last: last day, included.
        bare: the held appointments of these days nobody wrote about (`Consultations.bare_between`).
    """
    number = Counter[int | None]()
    talks = _talks(files, first, last).order_by().values(user=Coalesce("left_by_id", "recorded_by_id"))
    for row in talks.annotate(number=ONCE):
        number[row["user"]] += row["number"]
    number.update(talk.manager_id for talk in bare)
    return dict(number)


def consultations_by_place(
    files: FilesOverTime, first: datetime.date, last: datetime.date, bare: Sequence[BareTalk]
) -> dict[int, int]:
    """Consultations per municipality; a joint talk across two counts in both. Arguments as by manager."""
    number = Counter[int]()
    for row in _talks(files, first, last).order_by().values("belonged_to").annotate(number=ONCE):
        number[row["belonged_to"]] += row["number"]
    number.update(talk.municipality_id for talk in bare)
    return dict(number)


def without_topic(
    files: FilesOverTime, first: datetime.date, last: datetime.date, bare: Sequence[BareTalk]
) -> int:
    """Talks without a topic: two-way contacts nobody gave one, and held appointments nobody wrote about."""
    contacts = _contacts(files, first, last).filter(TWO_WAY, main_topic__isnull=True)
    return _number(contacts) + len(bare)


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


def outcomes(files: FilesOverTime, first: datetime.date, last: datetime.date) -> OutcomeTable:
    """Outcomes of the agreed appointments planned for the period (one query)."""
    rows = _agreed(files, first, last).order_by().values("manager_id", "belonged_to").annotate(**_COUNTS)
    return OutcomeTable({(row["manager_id"], row["belonged_to"]): _outcomes(row) for row in rows})


def undecided(files: FilesOverTime, first: datetime.date, last: datetime.date, now: datetime.datetime) -> int:
    """Appointments of the period that are over and wait for an outcome or for the excuse to be decided."""
    return _appointments(files, first, last).undecided(now).count()


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
    talks = _talks(files, first, last).exclude(**{f"{column.split('__')[0]}__isnull": True})
    return list(talks.order_by().values_list("pk", column, "participants__client_id", "belonged_to"))


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
        **_contacts(files, first, last).aggregate(
            attempts=Count("pk", filter=ATTEMPT, distinct=True),
            case_work=Count("pk", filter=CASE_WORK, distinct=True),
            home_visits=Count("pk", filter=visit, distinct=True),
            home_visits_met=Count("pk", filter=visit & HELD_TALK, distinct=True),
        ),
    )


def _contacts(files: FilesOverTime, first: datetime.date, last: datetime.date) -> ContactQuerySet:
    """Contacts in which a client of these files took part, once per participant: count them with `ONCE`.

    A join, because asking every contact for its participants takes seconds where this takes milliseconds.
    """
    contacts = (
        Contact.objects.unscoped(reason="figures")
        .between(first, last)
        .filter(
            participants__version__isnull=True,
            participants__relative__isnull=True,
            participants__client__in=files.rows,
        )
    )
    return cast(ContactQuerySet, files.with_place(contacts, "happened_on", "participants__client"))


def _participants(files: FilesOverTime) -> CurrentVersionQuerySet:
    """Clients of these files among those who took part in contacts as they stand now."""
    rows = (
        ContactParticipant.objects.unscoped(reason="figures").current_version().filter(relative__isnull=True)
    )
    return cast(CurrentVersionQuerySet, files.placed(rows, "contact__happened_on").order_by())


def _number(contacts: ContactQuerySet) -> int:
    """How many different contacts these are."""
    return int(contacts.order_by().aggregate(number=ONCE)["number"])


def _talks(files: FilesOverTime, first: datetime.date, last: datetime.date) -> ContactQuerySet:
    return _contacts(files, first, last).consultations()


def _bare_talks(files: FilesOverTime, first: datetime.date, last: datetime.date) -> AppointmentQuerySet:
    """Held appointments without a logged talk."""
    logged = Contact.objects.unscoped(reason="figures").consultations().filter(appointment_id=OuterRef("pk"))
    return _appointments(files, first, last).filter(state=AppointmentState.HELD).exclude(Exists(logged))


def _appointments(files: FilesOverTime, first: datetime.date, last: datetime.date) -> AppointmentQuerySet:
    rows = Appointment.objects.unscoped(reason="figures").between(first, last)
    return files.placed(rows, "starts_at__date")


def _agreed(files: FilesOverTime, first: datetime.date, last: datetime.date) -> AppointmentQuerySet:
    return _appointments(files, first, last).filter(agreed_at__isnull=False)


def _outcomes(row: Mapping[str, Any]) -> Outcomes:
    return Outcomes(**{name: row[name] for name in _COUNTS})


def _sum(parts: Iterable[Outcomes]) -> Outcomes:
    total: Counter[str] = Counter()
    for part in parts:
        total.update(asdict(part))
    return Outcomes(**{name: total[name] for name in _COUNTS})


Key = TypeVar("Key")


def _sums(parts: Iterable[tuple[Key, Outcomes]]) -> dict[Key, Outcomes]:
    grouped: dict[Key, list[Outcomes]] = {}
    for key, part in parts:
        grouped.setdefault(key, []).append(part)
    return {key: _sum(found) for key, found in grouped.items()}
