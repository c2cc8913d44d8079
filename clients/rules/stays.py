"""From when until when somebody lives in a household: whole days, one household a day."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

ONE_DAY = datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stay:
    """The first and the last day in a household; ``until`` is None while it goes on."""

    since: datetime.date
    until: datetime.date | None = None

    def holds_on(self, day: datetime.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def left_on(stay: Stay, day: datetime.date) -> Stay | None:
    """What becomes of a stay when the person lives elsewhere from a day on.

    Args:
        stay: not ended, and not begun after ``day`` (`earliest_departure`).
        day: the first day elsewhere.

    Returns:
        The stay with the day before as its last one; None when it did not hold a single day.
    """
    return replace(stay, until=day - ONE_DAY) if stay.since < day else None


def earliest_departure(stays: Iterable[Stay]) -> datetime.date:
    """The first day on which everybody of a household can have left it: nobody leaves before the own arrival."""
    return max(stay.since for stay in stays)


def earliest_arrival(stays: Iterable[Stay]) -> datetime.date:
    """The first day on which a person can arrive in another household.

    A stay that goes on ends with the arrival, so it may begin on that day at the latest; one that is over is not
    reached into.
    """
    return max(
        (stay.since if stay.until is None else stay.until + ONE_DAY for stay in stays),
        default=datetime.date.min,
    )
