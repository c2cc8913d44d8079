"""Figures about outreach ladders; numbers only, never a file (house.md §3)."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from appointments.choices import Stage
from clients.querysets import ClientQuerySet


@dataclass(frozen=True, slots=True)
class FunnelStep:
    """How many ladders came to a stage, and what became of them there."""

    stage: Stage
    begun: int
    reached: int
    still_open: int
    went_on: int


def funnel(files: ClientQuerySet, first: datetime.date, last: datetime.date) -> Sequence[FunnelStep]:
    """Ladders begun in the period, stage by stage."""
    return []


def stages_on(files: ClientQuerySet, now: datetime.datetime) -> dict[int, Stage]:
    """The present stage of the open ladder per file."""
    return {}
