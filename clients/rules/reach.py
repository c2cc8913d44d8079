"""What the present rows of a file say about reaching a person, and how that differs from the record.

Most of it is dated in its own row: an address from–to, a number, a safety note, the birth date. When such a row
changes, the recorded past changes with it from then on; a number that ends now and a move entered wrongly are written
down in the same way. The *exceptions* (not to be called, letters come back, …) are bare ticks of the present. A tick
holds from the moment it is set until the moment it is taken away, and what was before stays as it was.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from accounts.rules.calendar import local_date, start_of_day
from clients.choices import PointKind, ReachKind, Reading

ONE_DAY = datetime.timedelta(days=1)
EXCEPTIONS = frozenset(
    {
        ReachKind.NO_CALLS,
        ReachKind.NO_LETTERS,
        ReachKind.MAIL_RETURNS,
        ReachKind.READS_NO_SCRIPT,
        ReachKind.NO_HOME_VISITS,
    }
)


@dataclass(frozen=True, slots=True)
class Present:
    """The rows of one file as they are now: the file, its accommodations, contact points and safety notes."""

    client: Any
    homes: Sequence[Any] = ()
    points: Sequence[Any] = ()
    notes: Sequence[Any] = ()


@dataclass(frozen=True, slots=True)
class Reach:
    """Something that holds from `since` until before `until`; `home` is the accommodation it is about."""

    kind: str
    since: datetime.datetime
    recorded_at: datetime.datetime
    until: datetime.datetime | None = None
    home: Any = None


@dataclass(frozen=True, slots=True)
class Difference:
    """What is to be withdrawn from the record, and what is to be added to it."""

    withdrawn: tuple[Any, ...]
    added: tuple[Reach, ...]

    def __bool__(self) -> bool:
        return bool(self.withdrawn or self.added)


def at_first(present: Present, now: datetime.datetime) -> list[Reach]:
    """Everything that holds by the present rows, as if they had been so since they were recorded.

    Args:
        present: the rows of a file nothing is on record of yet.
        now: nothing is recorded later.
    """
    return [*{_span(fact): fact for fact in _dated(present)}.values(), *_exceptions(present, now)]


def difference(present: Present, on_record: Iterable[Any], now: datetime.datetime) -> Difference:
    """What has to be recorded at `now` so that the record says what the rows say.

    Args:
        present: the rows of a file.
        on_record: the ``ReachPeriod`` rows on record.
        now: the instant of the change.
    """
    wanted = {_span(fact): fact for fact in _dated(present)}
    ticked = {_tick(fact): fact for fact in _exceptions(present, now)}
    withdrawn, added = [], []
    for row in on_record:
        if row.kind not in EXCEPTIONS:
            if wanted.pop(_span(row), None) is None:
                withdrawn.append(row)
        elif row.until is None and ticked.pop(_tick(row), None) is None:
            withdrawn.append(row)
            if not _was_misdated(row, present.client):
                added.append(Reach(row.kind, row.since, now, until=now, home=row.home))
    added += [replace(fact, recorded_at=now) for fact in wanted.values()]
    added += [replace(fact, since=_beginning(fact, now), recorded_at=now) for fact in ticked.values()]
    return Difference(tuple(withdrawn), tuple(fact for fact in added if _lasts(fact)))


def _dated(present: Present) -> list[Reach]:
    client = present.client
    found = [Reach(ReachKind.FILE, client.registered_at, client.registered_at)]
    if client.birth_date is not None:
        found.append(Reach(ReachKind.BORN, start_of_day(client.birth_date), client.registered_at))
    for home in present.homes:
        if home.is_known_address:
            until = start_of_day(home.until + ONE_DAY) if home.until else None
            found.append(Reach(ReachKind.HOME, start_of_day(home.since), home.recorded_at, until, home))
    for point in present.points:
        if point.may_use:
            kind = ReachKind.EMAIL if point.kind == PointKind.EMAIL else ReachKind.PHONE
            found.append(Reach(kind, point.since, point.since, point.until))
    for note in present.notes:
        if note.only_in_pairs:
            until = start_of_day(note.expires_on + ONE_DAY)
            ended = until if note.ended_at is None else min(note.ended_at, until)
            found.append(Reach(ReachKind.ONLY_IN_PAIRS, note.set_at, note.set_at, ended))
    return [fact for fact in found if _lasts(fact)]


def _exceptions(present: Present, now: datetime.datetime) -> list[Reach]:
    client = present.client
    ticks = {
        ReachKind.NO_CALLS: not client.may_be_called,
        ReachKind.NO_LETTERS: not client.may_be_written,
        ReachKind.READS_NO_SCRIPT: client.reading == Reading.NONE,
    }
    begun = client.registered_at
    found = [Reach(kind, begun, begun) for kind, is_set in ticks.items() if is_set]
    for home in present.homes:
        if not home.letters_reach:
            found.append(Reach(ReachKind.MAIL_RETURNS, home.recorded_at, home.recorded_at, home=home))
    if client.no_home_visits_since is not None:
        since = _when_said(client.no_home_visits_since, now)
        found.append(Reach(ReachKind.NO_HOME_VISITS, since, min(max(since, begun), now)))
    return found


def _when_said(day: datetime.date, now: datetime.datetime) -> datetime.datetime:
    """A wish said today holds from now on. The hour of an earlier day is not recorded: a visit made on that day was
    still made in good faith."""
    if day == local_date(now):
        return now
    return start_of_day(day + ONE_DAY) - datetime.timedelta(microseconds=1)


def _beginning(fact: Reach, now: datetime.datetime) -> datetime.datetime:
    """A tick holds from now on; only the wish against visits has its own date."""
    return fact.since if fact.kind == ReachKind.NO_HOME_VISITS else now


def _was_misdated(row: Any, client: Any) -> bool:
    """Whether a wish against visits got another day, rather than being taken back."""
    return row.kind == ReachKind.NO_HOME_VISITS and client.no_home_visits_since is not None


def _span(fact: Any) -> tuple[Any, ...]:
    return fact.kind, fact.since, fact.until, _key_of(fact.home)


def _tick(fact: Any) -> tuple[Any, ...]:
    day = local_date(fact.since) if fact.kind == ReachKind.NO_HOME_VISITS else None
    return fact.kind, _key_of(fact.home), day


def _key_of(home: Any) -> Any:
    return home.uuid if home is not None else None


def _lasts(fact: Reach) -> bool:
    return fact.until is None or fact.since < fact.until
