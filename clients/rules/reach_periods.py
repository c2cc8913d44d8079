"""What holds of a person in a period, in two times: when it holds, and from when until when that was on record.

A period is a rectangle: `since` to `until` in the time of the world, `recorded_at` to `withdrawn_at` in the time of the
record. The end of each span is not part of it. A change ("from now on no calls") and a correction ("the move was a
week earlier") are written down in the same way: the former rectangle is withdrawn and another one recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

JUST_BEFORE = timedelta.resolution
"""No instant lies between a moment and the one this much earlier."""


class Kind(StrEnum):
    """What holds in a period of time."""

    LETTER = "letter"
    """An address one may write to by post."""
    EMAIL = "email"
    """An e-mail address one may write to."""
    PHONE = "phone"
    """A number one may call or send a message to."""
    ACCOMMODATION = "accommodation"
    """A known place to visit."""
    READS_NO_SCRIPT = "reads_no_script"
    NO_HOME_VISITS = "no_home_visits"
    ONLY_IN_PAIRS = "only_in_pairs"
    BORN = "born"
    """From the birth date on."""


@dataclass(frozen=True, slots=True)
class PeriodFact:
    """`kind` holds from `since` until before `until`, as recorded from `recorded_at` until before `withdrawn_at`."""

    kind: Kind
    since: datetime
    recorded_at: datetime
    until: datetime | None = None
    withdrawn_at: datetime | None = None

    def covers(self, instant: datetime) -> bool:
        """Whether it holds at `instant`."""
        return self.since <= instant and (self.until is None or instant < self.until)

    def touches(self, begin: datetime, end: datetime) -> bool:
        """Whether it holds at some moment from `begin` until before `end`."""
        return self.since < end and (self.until is None or begin < self.until)


def without(period: PeriodFact, exceptions: Iterable[PeriodFact]) -> list[PeriodFact]:
    """What is left of a period where, and as long as it is on record that, an exception holds.

    Args:
        period: for example an address.
        exceptions: for example that no letters are wanted; of any kind.

    Returns:
        Rectangles that do not overlap, of the kind of `period`.
    """
    left = [period]
    for exception in exceptions:
        left = [rest for piece in left for rest in _cut(piece, exception)]
    return left


def _cut(piece: PeriodFact, out: PeriodFact) -> list[PeriodFact]:
    """At most four rectangles: recorded before and after the exception, holding before and after it."""
    since, until = max(piece.since, out.since), _earlier(piece.until, out.until)
    begin, end = max(piece.recorded_at, out.recorded_at), _earlier(piece.withdrawn_at, out.withdrawn_at)
    if (until is not None and until <= since) or (end is not None and end <= begin):
        return [piece]
    rest = []
    if piece.recorded_at < begin:
        rest.append(replace(piece, withdrawn_at=begin))
    if end is not None and (piece.withdrawn_at is None or end < piece.withdrawn_at):
        rest.append(replace(piece, recorded_at=end))
    if piece.since < since:
        rest.append(replace(piece, until=since, recorded_at=begin, withdrawn_at=end))
    if until is not None and (piece.until is None or until < piece.until):
        rest.append(replace(piece, since=until, recorded_at=begin, withdrawn_at=end))
    return rest


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    ends = [end for end in (one, other) if end is not None]
    return min(ends) if ends else None


def points_that_change_the_past(
    periods: Sequence[PeriodFact], after: datetime, until: datetime
) -> set[datetime]:
    """The instants of recording from which on something else holds at an earlier moment.

    What begins or ends at the instant it was recorded changes the future only.

    Args:
        periods: of all kinds.
        after: only instants later than this.
        until: and not later than this.
    """
    moments = {
        (period.kind, at)
        for period in periods
        for at in (period.recorded_at, period.withdrawn_at)
        if at is not None and after < at <= until
    }
    found = set()
    for kind, at in moments:
        own = [period for period in periods if period.kind == kind]
        if _past(own, at, at - JUST_BEFORE) != _past(own, at, at):
            found.add(at)
    return found


def _past(periods: Iterable[PeriodFact], at: datetime, known: datetime) -> list[tuple[datetime, datetime]]:
    """The spans before `at` in which one kind holds, as on record at `known`."""
    spans: list[tuple[datetime, datetime]] = []
    for period in sorted(periods, key=lambda period: period.since):
        end = at if period.until is None else min(period.until, at)
        if period.since >= end or not is_on_record(period.recorded_at, period.withdrawn_at, known):
            continue
        if spans and period.since <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], end)
        else:
            spans.append((period.since, end))
    return spans


def is_on_record(recorded_at: datetime, withdrawn_at: datetime | None, at: datetime) -> bool:
    """Whether something recorded, and perhaps withdrawn, stands at `at`."""
    return recorded_at <= at and (withdrawn_at is None or at < withdrawn_at)
