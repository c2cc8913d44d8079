"""A stand-in reads what a file protects after giving a reason, for a few hours (rules.md §8)."""

import datetime
from collections.abc import Mapping

from django.core.exceptions import PermissionDenied

from accounts.actor import Actor
from audit.actions import Action
from audit.recording import record
from clients.actions import ADDRESS_GRANTED, HEALTH_GRANTED
from clients.choices import GrantKind
from clients.models import AccessGrant, Client
from clients.services.change import change

GRANTED_FOR = datetime.timedelta(hours=4)

_SAID: Mapping[str, tuple[str, Action]] = {
    GrantKind.HEALTH: ("client.health_grant", HEALTH_GRANTED),
    GrantKind.ADDRESS: ("client.address_grant", ADDRESS_GRANTED),
}


def grant_access(actor: Actor, client: Client, *, kind: GrantKind, reason: str) -> AccessGrant:
    """Open protected data of a file to a stand-in for four hours, after a reason; recorded.

    Args:
        actor: the stand-in.
        client: the file.
        kind: what is opened.
        reason: kept, and read by the responsible manager.

    Raises:
        PermissionDenied: it is the actor's own file, which needs no reason.
    """
    permission, action = _SAID[kind]
    with change(actor, [client], needs=permission, allow_closed=True) as locked:
        if actor.acting_for(locked.file(client)) is None:
            raise PermissionDenied
        grant = AccessGrant(
            client=client,
            user=actor.user,
            kind=kind,
            reason=reason,
            granted_at=locked.now,
            expires_at=locked.now + GRANTED_FOR,
        )
        grant.full_clean()
        grant.save()
        record(actor, action, client=client, kind=kind)
    return grant
