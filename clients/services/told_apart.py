"""The verdict "different persons" is remembered, and can be taken back (decision 0017)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db.models import Q

from accounts.actor import Actor
from accounts.models import User
from audit.actions import Action
from audit.recording import record
from clients import actions
from clients.models import Client, ToldApart
from clients.services.change import change
from clients.services.files import FirstFacts, register_client

REASON = "pairs among files the caller has settled"


def known_file(user: User, uuid: Any) -> Client | None:
    """A file the user sees, or one that waits in her inbox; None for everything else."""
    found: Client | None = Client.objects.known_to(user).filter(uuid=uuid).first()
    return found


def apart_among(keys: Collection[int]) -> Mapping[int, frozenset[int]]:
    """For each of these files those among them it was told apart from; one query."""
    found: defaultdict[int, set[int]] = defaultdict(set)
    pairs = ToldApart.objects.unscoped(reason=REASON).holding().filter(client__in=keys, other__in=keys)
    for one, other in pairs.values_list("client_id", "other_id"):
        found[one].add(other)
        found[other].add(one)
    return {key: frozenset(others) for key, others in found.items()}


def apart_from(client: Client) -> frozenset[int]:
    """Keys of the files this one was told apart from."""
    rows = ToldApart.objects.unscoped(reason="keys only, to leave known files out").holding().of(client)
    return frozenset(
        other if one == client.pk else one for one, other in rows.values_list("client_id", "other_id")
    )


def verdicts_about(client: Client, user: User) -> list[ToldApart]:
    """Pairs of this file whose other file the user knows too, the last verdict first."""
    rows = ToldApart.objects.visible_to(user).of(client)
    people = ("client", "other", "told_apart_by", "asked_again_by")
    return list(rows.select_related(*people).order_by("-told_apart_at", "-id"))


def tell_apart(actor: Actor, client: Client, others: Iterable[Client]) -> list[ToldApart]:
    """Remember that a file and others are about different persons; saying it twice changes nothing.

    Args:
        actor: who acts, and when.
        client: a file.
        others: files it was told apart from; itself among them is left out.
    """
    twins = list({other.pk: other for other in others if other.pk != client.pk}.values())
    with change(actor, [client, *twins], allow_closed=True) as locked:
        pairs = [_pair(client, other) for other in twins]
        standing = {(row.client_id, row.other_id): row for row in _rows(pairs)}
        told = []
        for one, other in pairs:
            row = standing.get((one, other))
            if row is not None and row.holds:
                continue
            row = row or ToldApart(client=locked[one], other=locked[other])
            row.told_apart_at, row.told_apart_by = locked.now, actor.user
            row.asked_again_at, row.asked_again_by = None, None
            row.save()
            told.append(row)
        _record(actor, actions.TOLD_APART, told)
    return told


def ask_again(actor: Actor, client: Client, other: Client) -> None:
    """Take the verdict back: the two are suspected again; nothing happens when none stands."""
    with change(actor, [client, other], allow_closed=True) as locked:
        rows = [row for row in _rows([_pair(client, other)]) if row.holds]
        for row in rows:
            row.asked_again_at, row.asked_again_by = locked.now, actor.user
            row.save(update_fields=["asked_again_at", "asked_again_by"])
        _record(actor, actions.ASKED_AGAIN, rows)


def register_another_person(
    actor: Actor, client: Client, others: Iterable[Client], *, facts: FirstFacts, to_inbox: bool
) -> Client:
    """Register a person who is none of those suspected; the verdict is remembered with the new file.

    Args:
        actor: who acts, and when.
        others: the files that were shown as perhaps the same person.

    Raises:
        ValidationError: by field; nothing was written.
        AlreadyDone: the same form was posted before.
    """
    known = list(others)
    with change(actor, known, allow_closed=True):
        file = register_client(actor, client, facts=facts, to_inbox=to_inbox)
        tell_apart(actor, file, known)
    return file


def tell_new_files_apart(actor: Actor, pairs: Iterable[tuple[Client, Client]]) -> None:
    """The verdicts of an import; inside the caller's transaction, which has just made one file of each pair."""
    rows = []
    for one, other in pairs:
        first, second = sorted((one, other), key=lambda file: file.pk)
        rows.append(ToldApart(client=first, other=second, told_apart_at=actor.now, told_apart_by=actor.user))
    ToldApart.objects.bulk_create(rows, batch_size=500)
    _record(actor, actions.TOLD_APART, rows)


def _pair(one: Client, other: Client) -> tuple[int, int]:
    return min(one.pk, other.pk), max(one.pk, other.pk)


def _rows(pairs: Collection[tuple[int, int]]) -> Iterable[ToldApart]:
    if not pairs:
        return []
    wanted = Q()
    for one, other in pairs:
        wanted |= Q(client=one, other=other)
    rows: Iterable[ToldApart] = (
        ToldApart.objects.unscoped(reason=REASON).filter(wanted).select_related("client", "other")
    )
    return rows


def _record(actor: Actor, action: Action, rows: Iterable[ToldApart]) -> None:
    for row in rows:
        for file in (row.client, row.other):
            record(actor, action, client=file, kind="client", fields=["told_apart"])
