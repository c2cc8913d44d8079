"""The dismissal "different persons" is remembered, and can be taken back (decision 0017)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q

from accounts.actor import Actor
from accounts.models import User
from audit.actions import Action
from audit.recording import record
from clients import actions
from clients.models import Client, DuplicateDismissal
from clients.services.change import Change, change
from clients.services.files import FirstFacts, register_client

REASON = "pairs among files the caller may read"


def known_file(user: User, uuid: Any) -> Client | None:
    """A file the user sees, or one that waits in her inbox; None for everything else."""
    found: Client | None = Client.objects.known_to(user).filter(uuid=uuid).first()
    return found


def dismissed_among(keys: Collection[int]) -> Mapping[int, frozenset[int]]:
    """For each of these files the others that it was told apart from; one query."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    pairs = (
        DuplicateDismissal.objects.unscoped(reason=REASON).holding().filter(client__in=keys, other__in=keys)
    )
    for one, other in pairs.values_list("client_id", "other_id"):
        found[one].add(other)
        found[other].add(one)
    return {key: frozenset(others) for key, others in found.items()}


def dismissed_for(client: Client) -> frozenset[int]:
    """Keys of the files this one was told apart from."""
    rows = (
        DuplicateDismissal.objects.unscoped(reason="keys only, to leave known files out").holding().of(client)
    )
    return frozenset(
        other if one == client.pk else one for one, other in rows.values_list("client_id", "other_id")
    )


def dismissals_about(client: Client, user: User) -> list[DuplicateDismissal]:
    """Pairs of this file whose other file the user knows too, the last dismissal first."""
    rows = DuplicateDismissal.objects.visible_to(user).of(client)
    people = ("client", "other", "dismissed_by", "reopened_by")
    return list(rows.select_related(*people).order_by("-dismissed_at", "-id"))


def dismiss_duplicates(actor: Actor, client: Client, others: Iterable[Client]) -> list[DuplicateDismissal]:
    """Remember that a file and others are about different persons; saying it twice changes nothing.

    Args:
        actor: who acts, and when.
        client: a file.
        others: files it was told apart from, which the actor sees or finds in her inbox; itself is left out.

    Raises:
        FileLost: one of the files is not known to the actor, or not any more.
    """
    different = list({other.pk: other for other in others if other.pk != client.pk}.values())
    with change(actor, [client, *different], allow_closed=True) as locked:
        _require(actor, locked, [client, *different])
        pairs = [_pair(client, other) for other in different]
        stored = {(row.client_id, row.other_id): row for row in _rows(pairs)}
        told = []
        for one, other in pairs:
            row = stored.get((one, other))
            if row is not None and row.holds:
                continue
            row = row or DuplicateDismissal(client=locked[one], other=locked[other])
            row.dismissed_at, row.dismissed_by = locked.now, actor.user
            row.reopened_at, row.reopened_by = None, None
            row.save()
            told.append(row)
        _record(actor, actions.DUPLICATE_DISMISSED, told)
    return told


def reopen(actor: Actor, client: Client, other: Client) -> None:
    """Take the dismissal back: the two are suspected again; nothing happens when none stands.

    Raises:
        FileLost: one of the files is not known to the actor, or not any more.
    """
    with change(actor, [client, other], allow_closed=True) as locked:
        _require(actor, locked, [client, other])
        rows = [row for row in _rows([_pair(client, other)]) if row.holds]
        for row in rows:
            row.reopened_at, row.reopened_by = locked.now, actor.user
            row.save(update_fields=["reopened_at", "reopened_by"])
        _record(actor, actions.DUPLICATE_REOPENED, rows)


def register_another_person(
    actor: Actor, client: Client, others: Iterable[Client], *, facts: FirstFacts, to_inbox: bool
) -> Client:
    """Register a person who is none of the suspected ones; the answer is kept with the new file.

    Args:
        actor: who acts, and when.
        others: the files that were shown as perhaps the same person.

    Raises:
        ValidationError: by field; nothing was written.
        DuplicateSubmission: the same form was posted before.
    """
    shown = list(others)
    with change(actor, shown, allow_closed=True) as locked:
        # Another manager may have taken one of them meanwhile; registering goes on all the same.
        known = [file for file in locked.lock(shown) if _is_known(actor, file)]
        file = register_client(actor, client, facts=facts, to_inbox=to_inbox)
        dismiss_duplicates(actor, file, known)
    return file


def dismiss_between_new_files(actor: Actor, pairs: Iterable[tuple[Client, Client]]) -> None:
    """The dismissals of an import; call it inside the transaction that made one file of each pair."""
    actor.require("import.run")
    rows = []
    for one, other in pairs:
        first, second = sorted((one, other), key=lambda file: file.pk)
        rows.append(
            DuplicateDismissal(client=first, other=second, dismissed_at=actor.now, dismissed_by=actor.user)
        )
    DuplicateDismissal.objects.bulk_create(rows, batch_size=500)
    _record(actor, actions.DUPLICATE_DISMISSED, rows)


def _is_known(actor: Actor, stored: Client) -> bool:
    """What ``known_to`` asks, of a row under its lock."""
    if stored.manager_id is None:
        return stored.municipality_id in actor.scope.municipalities
    return stored.manager_id in actor.scope.caseloads


def _require(actor: Actor, locked: Change, files: Iterable[Client]) -> None:
    actor.require("client.edit")
    for stored in map(locked.file, files):
        if stored.manager_id is not None or not _is_known(actor, stored):
            locked.require("client.edit", stored)


def _pair(one: Client, other: Client) -> tuple[int, int]:
    return min(one.pk, other.pk), max(one.pk, other.pk)


def _rows(pairs: Collection[tuple[int, int]]) -> Iterable[DuplicateDismissal]:
    if not pairs:
        return []
    wanted = Q()
    for one, other in pairs:
        wanted |= Q(client=one, other=other)
    rows: Iterable[DuplicateDismissal] = (
        DuplicateDismissal.objects.unscoped(reason=REASON).filter(wanted).select_related("client", "other")
    )
    return rows


def _record(actor: Actor, action: Action, rows: Iterable[DuplicateDismissal]) -> None:
    for row in rows:
        for file in (row.client, row.other):
            record(actor, action, client=file, kind="client", fields=["dismissed"])
