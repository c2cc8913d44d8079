"""Health is a second filter: one's own file, or a stand-in with a time-limited grant (rules.md §8)."""

import datetime
from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from audit.recording import record
from clients.actions import HEALTH_GRANTED
from clients.choices import Intensity
from clients.models import Client, HealthGrant
from clients.services.change import change

GRANTED_FOR = datetime.timedelta(hours=4)


def may_read_health(user: User, client: Client, now: datetime.datetime) -> bool:
    """Whether a user may read sensitive rows of a file they may see.

    Args:
        user: the user; the caller has checked that she may see the file.
        client: the file.
        now: the instant of the request.

    Returns:
        True for the responsible manager; for a stand-in only while a grant is in force.
    """
    if client.manager_id is not None and client.manager_id == user.pk:
        return True
    return HealthGrant.objects.visible_to(user).of(client).valid_for(user, now).exists()


def files_without_health(user: User, clients: Iterable[Client], now: datetime.datetime) -> frozenset[int]:
    """Keys of the files whose sensitive rows the user may not read; `may_read_health` for many, one query at most."""
    foreign = {client.pk for client in clients if client.manager_id is None or client.manager_id != user.pk}
    if not foreign:
        return frozenset()
    granted = HealthGrant.objects.visible_to(user).valid_for(user, now).filter(client__in=foreign)
    return frozenset(foreign.difference(granted.values_list("client_id", flat=True)))


def level_text(level: str, *, with_health: bool) -> str:
    """A level as the user may read it; without health access it says that modules are left out (decision 0018)."""
    text = str(Intensity(level).label) if level else _("not yet assessed")
    return text if with_health else _("%(level)s, without protected modules") % {"level": text}


def grant_health(actor: Actor, client: Client, *, reason: str) -> HealthGrant:
    """Open the health data of a file to a stand-in for four hours, after a reason; recorded.

    Raises:
        PermissionDenied: it is the actor's own file, which needs no reason.
    """
    with change(actor, [client], needs="client.health_grant", allow_closed=True) as locked:
        if actor.acting_for(locked.file(client)) is None:
            raise PermissionDenied
        grant = HealthGrant(
            client=client,
            user=actor.user,
            reason=reason,
            granted_at=locked.now,
            expires_at=locked.now + GRANTED_FOR,
        )
        grant.full_clean()
        grant.save()
        record(actor, HEALTH_GRANTED, client=client, kind="health")
    return grant
