"""Keeps on record how a person may be reached, in two times (``ReachPeriod``)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.file_loader import Table, load_together
from clients.choices import ReachKind
from clients.file_rows import Rows
from clients.models import Accommodation, Client, ContactPoint, ReachPeriod, SafetyNote
from clients.rules.reach import Difference, Present, Reach, at_first, difference
from clients.rules.reach_periods import Kind, PeriodFact, without

REACH_TABLES: tuple[Table, ...] = (Accommodation, ContactPoint, SafetyNote, ReachPeriod)
REASON = "how the person of one file may be reached"


def note_reach(clients: Sequence[Client], now: datetime.datetime, rows: Rows | None = None) -> set[int]:
    """Record how reaching some people changed; call it inside a transaction that has locked the files.

    Args:
        clients: the files as stored; the number of statements does not grow with them.
        now: the instant of the change.
        rows: the rows of ``REACH_TABLES`` of these files, if they were read already.

    Returns:
        Keys of the files whose record changed.
    """
    found = unrecorded(clients, now, rows)
    withdrawn = [row.pk for _client, change in found for row in change.withdrawn]
    if withdrawn:
        ReachPeriod.objects.unscoped(reason=REASON).filter(pk__in=withdrawn).update(withdrawn_at=now)
    ReachPeriod.objects.bulk_create([_row(client, fact) for client, change in found for fact in change.added])
    return {client.pk for client, _change in found}


def unrecorded(
    clients: Sequence[Client], now: datetime.datetime, rows: Rows | None = None
) -> list[tuple[Client, Difference]]:
    """How the record differs from the rows of each file; files whose record is right are left out."""
    rows = rows or load_together([client.pk for client in clients], *REACH_TABLES)
    own: dict[type[Any], dict[int, list[Any]]] = {}
    for table in REACH_TABLES:
        own[table] = defaultdict(list)
        for row in rows[table]:
            own[table][row.client_id].append(row)
    changes = []
    for client in clients:
        key = client.pk
        present = Present(
            client, homes=own[Accommodation][key], points=own[ContactPoint][key], notes=own[SafetyNote][key]
        )
        on_record = [row for row in own[ReachPeriod][key] if row.withdrawn_at is None]
        change = (
            difference(present, on_record, now)
            if on_record
            else Difference((), tuple(at_first(present, now)))
        )
        if change:
            changes.append((client, change))
    return changes


def first_periods(
    clients: Sequence[Client],
    homes: Iterable[Accommodation],
    points: Iterable[ContactPoint],
    notes: Iterable[SafetyNote],
    now: datetime.datetime,
) -> list[ReachPeriod]:
    """The unsaved rows of new files that are written in bulk, past the services.

    Args:
        clients: the files, saved or not.
        homes: accommodations of these files, each with its client attached; so are the following.
        points: contact points.
        notes: safety notes.
        now: nothing is recorded later.
    """
    own: dict[str, dict[Any, list[Any]]] = {}
    for name, rows in (("homes", homes), ("points", points), ("notes", notes)):
        own[name] = defaultdict(list)
        for row in rows:
            own[name][row.client.uuid].append(row)
    return [
        _row(client, fact)
        for client in clients
        for fact in at_first(Present(client, **{name: own[name][client.uuid] for name in own}), now)
    ]


def _row(client: Client, fact: Reach) -> ReachPeriod:
    return ReachPeriod(
        client=client,
        kind=fact.kind,
        home=fact.home,
        since=fact.since,
        until=fact.until,
        recorded_at=fact.recorded_at,
    )


_KINDS = {
    ReachKind.BORN: Kind.BORN,
    ReachKind.HOME: Kind.ACCOMMODATION,
    ReachKind.EMAIL: Kind.EMAIL,
    ReachKind.READS_NO_SCRIPT: Kind.READS_NO_SCRIPT,
    ReachKind.NO_HOME_VISITS: Kind.NO_HOME_VISITS,
    ReachKind.ONLY_IN_PAIRS: Kind.ONLY_IN_PAIRS,
}


def reach_facts(rows: Iterable[ReachPeriod]) -> list[PeriodFact]:
    """What the rule knows about reaching a person: addresses and numbers that may be used.

    Args:
        rows: everything recorded of one file, in any order, or only what is on record.
    """
    own: dict[str, list[ReachPeriod]] = defaultdict(list)
    for row in rows:
        own[row.kind].append(row)
    found = [_period(kind, row) for stored, kind in _KINDS.items() for row in own[stored]]
    no_calls = [_period(Kind.PHONE, row) for row in own[ReachKind.NO_CALLS]]
    for row in own[ReachKind.PHONE]:
        found += without(_period(Kind.PHONE, row), no_calls)
    for home in own[ReachKind.HOME]:
        unwanted = [*own[ReachKind.NO_LETTERS]]
        unwanted += [row for row in own[ReachKind.MAIL_RETURNS] if row.home_id == home.home_id]
        found += without(_period(Kind.LETTER, home), [_period(Kind.LETTER, row) for row in unwanted])
    return found


def _period(kind: Kind, row: ReachPeriod) -> PeriodFact:
    return PeriodFact(kind, row.since, row.recorded_at, until=row.until, withdrawn_at=row.withdrawn_at)
