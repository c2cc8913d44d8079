"""Figures about what reaches the office: structural observations, for the yearly report."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from accounts.rules.calendar import bounds
from intake.choices import ObservationState
from intake.models import Observation


@dataclass(frozen=True, slots=True)
class ObservationFigure:
    """How many observations about a topic were reported in a municipality, and how many of these are answered."""

    topic: str
    municipality: str
    reported: int
    answered: int


@dataclass(frozen=True, slots=True)
class ObservationTold:
    """One observation as a report prints it: without who reported it."""

    topic: str
    municipality: str
    text: str
    state: str
    answer: str


def observation_figures(
    places: Collection[int], first: datetime.date, last: datetime.date
) -> list[ObservationFigure]:
    """Observations reported from one day to another, by topic and municipality; one query.

    Args:
        places: keys of municipalities; the caller has settled that the reader may.
        first: the first day.
        last: the last one.
    """
    rows = (
        _reported(places, first, last)
        .order_by("topic__order", "topic__label_de", "municipality__name")
        .values("topic__label_de", "municipality__name")
        .annotate(reported=Count("pk"), answered=Count("pk", filter=Q(state=ObservationState.ANSWERED)))
    )
    return [
        ObservationFigure(row["topic__label_de"], row["municipality__name"], row["reported"], row["answered"])
        for row in rows
    ]


def observations_of(
    places: Collection[int], first: datetime.date, last: datetime.date
) -> list[ObservationTold]:
    """The observations behind these figures, in the same order and by day; one query."""
    rows = _reported(places, first, last).select_related("topic", "municipality")
    return [
        ObservationTold(str(row.topic), row.municipality.name, row.text, row.get_state_display(), row.answer)
        for row in rows.order_by("topic__order", "topic__label_de", "municipality__name", "recorded_at", "pk")
    ]


def _reported(places: Collection[int], first: datetime.date, last: datetime.date) -> QuerySet[Observation]:
    begins, _end = bounds(first)
    _start, over = bounds(last)
    rows: QuerySet[Observation] = Observation.objects.unscoped(reason="figures name no reporter")
    return rows.filter(municipality__in=places, recorded_at__gte=begins, recorded_at__lt=over)
