"""When a consent holds, when its end is told, and what is the same recipient (rules.md §13)."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from documents.choices import Informed

TOLD_BEFORE = datetime.timedelta(days=30)
TOLD_AFTER = datetime.timedelta(days=14)
TOLD_BY_THEMSELVES = frozenset({"self", "open_hour"})
"""Sources of a file whose data came from the person, so that Art. 13 holds and not Art. 14."""


@dataclass(frozen=True, slots=True)
class Given:
    """The dates of a consent."""

    given_on: datetime.date
    valid_until: datetime.date | None = None
    revoked_on: datetime.date | None = None


def holds_on(given: Given, day: datetime.date) -> bool:
    """Whether a consent is in force: from its day on, through its last day, and no longer on the day it was revoked."""
    if day < given.given_on or (given.valid_until is not None and day > given.valid_until):
        return False
    return given.revoked_on is None or day < given.revoked_on


def folded(recipient: str) -> str:
    """What of a recipient's name tells one from another."""
    return " ".join(recipient.casefold().split())


def is_followed(given: Given, later: Given) -> bool:
    """Whether another consent of the same kind and recipient takes over where this one ends."""
    if given.valid_until is None or later.revoked_on is not None:
        return False
    lasts = later.valid_until is None or later.valid_until > given.valid_until
    return lasts and later.given_on <= given.valid_until + TOLD_AFTER


def duty_of(source: str) -> Informed:
    """Which article applies to a file by where it came from; unknown counts as told by others."""
    return Informed.DIRECT if source in TOLD_BY_THEMSELVES else Informed.INDIRECT
