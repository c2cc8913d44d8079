"""Keeps on record how somebody may be reached, in two times (``ReachPeriod``)."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from clients.models import Accommodation, Client, ContactPoint, ReachPeriod, SafetyNote
from clients.rules.reach import Difference, Present, Reach, at_first, difference

REASON = "how the person of one file may be reached"


def note_reach(client: Client, now: datetime.datetime) -> Difference:
    """Record what changed in how somebody may be reached; the caller holds the transaction and the file.

    Args:
        client: the file; its stored rows are read again.
        now: the instant of the change.

    Returns:
        What was withdrawn and added; false when the record said so already.
    """
    found = unrecorded(client, now)
    if found.withdrawn:
        keys = [row.pk for row in found.withdrawn]
        ReachPeriod.objects.unscoped(reason=REASON).filter(pk__in=keys).update(withdrawn_at=now)
    ReachPeriod.objects.bulk_create([_row(client, fact) for fact in found.added])
    return found


def unrecorded(client: Client, now: datetime.datetime) -> Difference:
    """How the record differs from the rows of the file."""
    stored: Client = Client.objects.unscoped(reason=REASON).get(pk=client.pk)
    present = Present(
        stored,
        homes=list(Accommodation.objects.unscoped(reason=REASON).of(stored)),
        points=list(ContactPoint.objects.unscoped(reason=REASON).of(stored)),
        notes=list(SafetyNote.objects.unscoped(reason=REASON).of(stored)),
    )
    standing = list(ReachPeriod.objects.unscoped(reason=REASON).of(stored).on_record().select_related("home"))
    if not standing:
        return Difference((), tuple(at_first(present, now)))
    return difference(present, standing, now)


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
