"""Figures about talks and appointments; numbers only, never a file or a contact (house.md §3).

Consultations, attempts and no-shows are separate counts (rules.md §1). A joint talk is one consultation,
whoever took part. Appointments count by their planned start, as they are known when the figures are made
(rules.md §10).
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce, ExtractMonth, ExtractYear
from django.utils import timezone

from appointments.choices import AppointmentState, Channel, Direction, Excuse, Result
from appointments.models import Appointment, Contact, ContactParticipant
from appointments.rules.contact import CLIENT_SIDE, INBOUND_MESSAGE, WRITING
from clients.querysets import ClientQuerySet

TWO_WAY = (
    Q(spoken_with__in=CLIENT_SIDE)
    & ~Q(channel=Channel.GROUP)
    & (
        Q(direction=Direction.IN, result__in=INBOUND_MESSAGE)
        | Q(direction=Direction.OUT, result__in=(Result.TALK, Result.ANSWERED))
    )
)
"""`rules.contact.is_two_way` as a condition of the database; a test holds both together."""

HELD_TALK = TWO_WAY & Q(result=Result.TALK) & ~Q(channel__in=WRITING)
"""`rules.contact.is_held_talk`."""

CONSULTATION = HELD_TALK | (TWO_WAY & Q(channel__in=WRITING, main_topic__isnull=False))
"""`rules.contact.is_consultation`; writing counts when it was on a matter, so when a topic was given."""


@dataclass(frozen=True, slots=True)
class Outcomes:
    """Agreed appointments of a period by outcome; `held` and `unexcused` make the no-show rate (rules.md §3)."""

    held: int
    unexcused: int
    excused: int
    undecided: int
    cancelled: int


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
    """Beratungsgespräche with clients of these files from `first` to `last`, both included."""
    return _talks(files, first, last).count()


def consultations_by_month(
    files: ClientQuerySet, first: datetime.date, last: datetime.date
) -> dict[tuple[int, int], int]:
    """Consultations per (year, month); months without any are absent."""
    rows = (
        _talks(files, first, last)
        .order_by()
        .values(year=ExtractYear("happened_on"), month=ExtractMonth("happened_on"))
        .annotate(number=Count("pk"))
    )
    return {(row["year"], row["month"]): row["number"] for row in rows}


def consultations_by_manager(
    files: ClientQuerySet, first: datetime.date, last: datetime.date
) -> dict[int, int]:
    """Consultations per user who had them: who logged the talk, or who left it for a colleague's client."""
    rows = (
        _talks(files, first, last)
        .order_by()
        .values(user=Coalesce("left_by_id", "recorded_by_id"))
        .annotate(number=Count("pk"))
    )
    return {row["user"]: row["number"] for row in rows}


def consultations_by_place(
    files: ClientQuerySet, first: datetime.date, last: datetime.date
) -> dict[int, int]:
    """Consultations per municipality; a joint talk across two counts in both."""
    rows = (
        _standing(files)
        .filter(contact__in=_talks(files, first, last))
        .order_by()
        .values("client__municipality_id")
        .annotate(number=Count("contact_id", distinct=True))
    )
    return {row["client__municipality_id"]: row["number"] for row in rows}


def without_topic(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> int:
    """Two-way contacts without a topic: missing data, and in writing not yet a consultation."""
    return _contacts(files, first, last).filter(TWO_WAY, main_topic__isnull=True).count()


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


def _contacts(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> QuerySet[Contact]:
    here = _standing(files).filter(contact_id=OuterRef("pk"))
    return Contact.objects.unscoped(reason="figures").between(first, last).filter(Exists(here))


def _standing(files: ClientQuerySet) -> QuerySet[ContactParticipant]:
    """Clients of these files who took part themselves, as the contacts stand now."""
    return (
        ContactParticipant.objects.unscoped(reason="figures")
        .standing()
        .filter(relative__isnull=True, client__in=files)
    )


def _talks(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> QuerySet[Contact]:
    return _contacts(files, first, last).filter(CONSULTATION)


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
