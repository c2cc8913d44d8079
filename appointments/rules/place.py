"""When a place of the service is open."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Protocol

from accounts.rules.calendar import BERLIN, public_holidays

Span = tuple[datetime.time, datetime.time]
"""From, and until when; the end no longer belongs to it."""


class Hours(Protocol):
    """When a place is open on a weekday (0 is Monday), from a day on and, if an end is known, until a day."""

    weekday: int
    opens: datetime.time
    closes: datetime.time
    valid_from: datetime.date
    valid_until: datetime.date | None


def spans_on(hours: Iterable[Hours], day: datetime.date) -> list[Span]:
    """When a place is open on a local day, in order; never on a public holiday of Baden-Württemberg.

    Args:
        hours: all of the place, of whatever weekday and time.
        day: the local day.
    """
    if day in public_holidays():
        return []
    return sorted(
        (row.opens, row.closes)
        for row in hours
        if row.weekday == day.weekday()
        and row.valid_from <= day
        and (row.valid_until is None or day <= row.valid_until)
    )


def is_open(hours: Iterable[Hours], moment: datetime.datetime) -> bool:
    """Whether a place is open at an instant; at the very minute it closes it is not.

    Args:
        hours: all of the place.
        moment: an instant with its zone.
    """
    here = moment.astimezone(BERLIN)
    return any(opens <= here.time() < closes for opens, closes in spans_on(hours, here.date()))
