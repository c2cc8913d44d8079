"""A protected address (geschützte Anschrift): it is set on the file, and hidden wherever the file is not open."""

import datetime
from collections.abc import Callable, Iterable, Sequence

from accounts.actor import Actor
from accounts.models import User
from accounts.records import create_once, raise_if_submitted
from audit.recording import record
from clients import actions
from clients.choices import GrantKind
from clients.linked import linked_with
from clients.models import AccessGrant, Accommodation, AddressProtection, Client
from clients.services.change import change

REASON = "the protected address of files the view let in"

_FORGET: list[Callable[[Iterable[Client]], None]] = []


def register(forget: Callable[[Iterable[Client]], None]) -> None:
    """Say how an app to the right forgets copies of an address; called from ``contributions.py``."""
    _FORGET.append(forget)


def protected_among(clients: Iterable[Client]) -> frozenset[int]:
    """Keys of the files whose address is protected."""
    rows = AddressProtection.objects.unscoped(reason=REASON).in_force().filter(client__in=list(clients))
    return frozenset(rows.values_list("client_id", flat=True))


def reads_address(user: User, client: Client, now: datetime.datetime) -> bool:
    """Whether a user may read the address of a file she may see, and who lives there with the person.

    Args:
        user: the caller has checked that she may see the file.
        client: the file.
        now: the instant of the request.

    Returns:
        True for the responsible manager and while nothing is protected; for a stand-in while a grant is in force.
    """
    if client.manager_id == user.pk or not protected_among([client]):
        return True
    grants = AccessGrant.objects.visible_to(user).of(client)
    return grants.valid_for(user, now, GrantKind.ADDRESS).exists()


def protect_address(
    actor: Actor, protection: AddressProtection, *, along: Sequence[Client] = ()
) -> AddressProtection:
    """Protect the address of a person from now on, in every row of the file and of files linked with it.

    A closed file is protected as well: its address can still be read.

    Args:
        actor: who acts, and when.
        protection: validated and unsaved, with client.
        along: others who live there, of files the actor may change; unprotected they would tell the address.

    Raises:
        DuplicateSubmission: the same form was posted before.
        FileLost: the file of one of the others is not the actor's.
    """
    client = protection.client
    twice = Client.objects.visible_to(actor.user).filter(
        pk__in=linked_with(client), manager=client.manager_id
    )
    with change(actor, [client, *along, *twice], needs="client.protect", allow_closed=True) as locked:
        raise_if_submitted(protection)
        if client.pk not in protected_among([client]):
            protection.set_by, protection.set_at = actor.user, locked.now
            protection.full_clean()
            create_once(protection)
            _hide(actor, client)
        share_protection(locked.actor, client, [*along, *twice])
    return protection


def share_protection(actor: Actor, client: Client, others: Iterable[Client]) -> None:
    """Protect the address of those who live with a protected person, for the same reason."""
    others = list(others)
    if not others:
        return
    with change(actor, others, needs="client.protect", allow_closed=True) as locked:
        pattern = AddressProtection.objects.unscoped(reason=REASON).in_force().get(client=client)
        known = protected_among(others)
        for person in others:
            if person.pk not in known:
                AddressProtection.objects.create(
                    client=person,
                    reason=pattern.reason,
                    since=pattern.since,
                    set_by=actor.user,
                    set_at=locked.now,
                )
                _hide(actor, person)


def _hide(actor: Actor, client: Client) -> None:
    Accommodation.objects.unscoped(reason=REASON).filter(client=client).update(is_protected=True)
    for forget in _FORGET:
        forget([client])
    record(actor, actions.CHANGED, client=client, kind="address_protection", fields=["address_protection"])


def end_protection(actor: Actor, protection: AddressProtection) -> AddressProtection:
    """The address is not protected any more; twice changes nothing.

    Args:
        actor: the responsible manager.
        protection: the stored row.
    """
    client = protection.client
    with change(actor, [client], needs="client.unprotect", allow_closed=True) as locked:
        if protection.ended_at is None:
            protection.ended_at = locked.now
            protection.save(update_fields=["ended_at"])
            Accommodation.objects.unscoped(reason=REASON).filter(client=client).update(is_protected=False)
            record(
                actor,
                actions.CHANGED,
                client=client,
                kind="address_protection",
                fields=["address_protection"],
            )
    return protection
