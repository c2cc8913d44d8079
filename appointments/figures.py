"""Figures about talks and appointments; numbers only, never a file or a contact (house.md §3).

Consultations, attempts and no-shows are separate counts (rules.md §1). A joint talk is one consultation,
whoever took part. Appointments count by their planned start, as they are known when the figures are made
(rules.md §10).
"""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from appointments.choices import AppointmentState, Channel, Excuse
from appointments.models import Appointment, Contact
from appointments.querysets import (
    ATTEMPT,
    CASE_WORK,
    HELD_TALK,
    TWO_WAY,
    ContactQuerySet,
)
from clients.querysets import ClientQuerySet


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


def consultations(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> int:
    """Beratungsgespräche with clients of these files from `first` to `last`, both included.

    A held appointment is a talk at its planned start, with or without a contact of its own (rules.md §10).
    """
    return _number(_talks(files, first, last)) + _bare_talks(files, first, last).count()


def consultations_by_month(
    files: ClientQuerySet, first: datetime.date, last: datetime.date
) -> dict[tuple[int, int], int]:
    """Consultations per (year, month); months without any are absent."""
    number = Counter[tuple[int, int]]()
    days = _talks(files, first, last).order_by().values("happened_on").annotate(number=ONCE)
    for row in days:
        number[row["happened_on"].year, row["happened_on"].month] += row["number"]
    for moment in _bare_talks(files, first, last).values_list("starts_at", flat=True):
        day = timezone.localdate(moment)
        number[day.year, day.month] += 1
    return dict(number)


def consultations_by_manager(
    files: ClientQuerySet, first: datetime.date, last: datetime.date
) -> dict[int | None, int]:
    """Consultations per user who had them: who logged the talk, or who left it for a colleague's client."""
    number = Counter[int | None]()
    talks = _talks(files, first, last).order_by().values(user=Coalesce("left_by_id", "recorded_by_id"))
    for row in talks.annotate(number=ONCE):
        number[row["user"]] += row["number"]
    held = _bare_talks(files, first, last).order_by().values(user=F("manager_id"))
    for row in held.annotate(number=Count("pk")):
        number[row["user"]] += row["number"]
    return dict(number)


def consultations_by_place(
    files: ClientQuerySet, first: datetime.date, last: datetime.date
) -> dict[int, int]:
    """Consultations per municipality; a joint talk across two counts in both."""
    number = Counter[int]()
    talks = (
        _talks(files, first, last)
        .order_by()
        .values(municipality=F("participants__client__municipality_id"))
        .annotate(number=ONCE)
    )
    held = (
        _bare_talks(files, first, last)
        .order_by()
        .values(municipality=F("client__municipality_id"))
        .annotate(number=Count("pk"))
    )
    for rows in (talks, held):
        for row in rows:
            number[row["municipality"]] += row["number"]
    return dict(number)


def without_topic(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> int:
    """Talks without a topic: two-way contacts nobody gave one, and held appointments nobody wrote about."""
    contacts = _contacts(files, first, last).filter(TWO_WAY, main_topic__isnull=True)
    return _number(contacts) + _bare_talks(files, first, last).count()


def outcomes(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> Outcomes:
    """Outcomes of the agreed appointments planned for the period."""
    return _outcomes(_agreed(files, first, last).aggregate(**_COUNTS))


def outcomes_by_manager(
    files: ClientQuerySet, first: datetime.date, last: datetime.date
) -> dict[int | None, Outcomes]:
    """Outcomes per manager in whose calendar the appointment stood."""
    rows = _agreed(files, first, last).order_by().values("manager_id").annotate(**_COUNTS)
    return {row["manager_id"]: _outcomes(row) for row in rows}


def outcomes_by_place(
    files: ClientQuerySet, first: datetime.date, last: datetime.date
) -> dict[int, Outcomes]:
    """Outcomes per municipality of the client."""
    rows = _agreed(files, first, last).order_by().values("client__municipality_id").annotate(**_COUNTS)
    return {row["client__municipality_id"]: _outcomes(row) for row in rows}


def undecided(
    files: ClientQuerySet, first: datetime.date, last: datetime.date, now: datetime.datetime
) -> int:
    """Appointments of the period that are over and wait for an outcome or for the excuse to be decided."""
    return _appointments(files, first, last).undecided(now).count()


@dataclass(frozen=True, slots=True)
class Activity:
    """What was done in a period, counted apart (rules.md §1); home visits are among the others."""

    consultations: int
    attempts: int
    case_work: int
    home_visits: int
    home_visits_met: int


def activity(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> Activity:
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


def _contacts(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> ContactQuerySet:
    """Contacts in which a client of these files took part, once per participant: count them with `ONCE`.

    A join, because asking every contact for its participants takes seconds where this takes milliseconds.
    """
    return (
        Contact.objects.unscoped(reason="figures")
        .between(first, last)
        .filter(
            participants__version__isnull=True,
            participants__relative__isnull=True,
            participants__client__in=files,
        )
    )


def _number(contacts: ContactQuerySet) -> int:
    """How many different contacts these are."""
    return int(contacts.order_by().aggregate(number=ONCE)["number"])


def _talks(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> ContactQuerySet:
    return _contacts(files, first, last).consultations()


def _bare_talks(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> Any:
    """Held appointments without a logged talk."""
    logged = Contact.objects.unscoped(reason="figures").consultations().filter(appointment_id=OuterRef("pk"))
    return _appointments(files, first, last).filter(state=AppointmentState.HELD).exclude(Exists(logged))


def _appointments(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> Any:
    return Appointment.objects.unscoped(reason="figures").filter(
        client__in=files,
        starts_at__gte=_midnight(first),
        starts_at__lt=_midnight(last + datetime.timedelta(days=1)),
    )


def _agreed(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> Any:
    return _appointments(files, first, last).filter(agreed_at__isnull=False)


def _midnight(day: datetime.date) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


def _outcomes(row: Mapping[str, Any]) -> Outcomes:
    return Outcomes(**{name: row[name] for name in _COUNTS})
