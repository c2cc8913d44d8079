"""Keeps on record how somebody may be reached, in two times (``ReachPeriod``)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.together import load_together
from clients.models import Accommodation, Client, ContactPoint, ReachPeriod, SafetyNote
from clients.rules.reach import Difference, Present, Reach, at_first, difference

REASON = "how the person of one file may be reached"


def note_reach(clients: Sequence[Client], now: datetime.datetime) -> set[int]:
    """Record what changed in how some people may be reached; the caller holds the transaction and the files.

    Args:
        clients: the files as stored; the same statements however many there are.
        now: the instant of the change.

    Returns:
        Keys of the files whose record changed.
    """
    found = unrecorded(clients, now)
    withdrawn = [row.pk for _client, change in found for row in change.withdrawn]
    if withdrawn:
        ReachPeriod.objects.unscoped(reason=REASON).filter(pk__in=withdrawn).update(withdrawn_at=now)
    ReachPeriod.objects.bulk_create(_row(client, fact) for client, change in found for fact in change.added)
    return {client.pk for client, _change in found}


def unrecorded(clients: Sequence[Client], now: datetime.datetime) -> list[tuple[Client, Difference]]:
    """How the record differs from the rows of each file; files whose record is right are left out."""
    keys = [client.pk for client in clients]
    rows = load_together(keys, Accommodation, ContactPoint, SafetyNote, ReachPeriod)
    own: dict[type[Any], dict[int, list[Any]]] = {}
    for table, found in rows.items():
        own[table] = defaultdict(list)
        for row in found:
            own[table][row.client_id].append(row)
    changes = []
    for client in clients:
        key = client.pk
        present = Present(
            client, homes=own[Accommodation][key], points=own[ContactPoint][key], notes=own[SafetyNote][key]
        )
        standing = [row for row in own[ReachPeriod][key] if row.withdrawn_at is None]
        change = (
            difference(present, standing, now) if standing else Difference((), tuple(at_first(present, now)))
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
