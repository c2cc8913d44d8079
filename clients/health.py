"""Health is a second filter: one's own file, or a stand-in with a time-limited grant (rules.md §8)."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from clients.choices import GrantKind, Intensity
from clients.grants import grant_access
from clients.models import AccessGrant, Client


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
    return AccessGrant.objects.visible_to(user).of(client).valid_for(user, now, GrantKind.HEALTH).exists()


def files_without_health(user: User, clients: Iterable[Client], now: datetime.datetime) -> frozenset[int]:
    """Keys of the files whose sensitive rows the user may not read; `may_read_health` for many, one query at most."""
    foreign = {client.pk for client in clients if client.manager_id is None or client.manager_id != user.pk}
    if not foreign:
        return frozenset()
    granted = (
        AccessGrant.objects.visible_to(user).valid_for(user, now, GrantKind.HEALTH).filter(client__in=foreign)
    )
    return frozenset(foreign.difference(granted.values_list("client_id", flat=True)))


def may_unmark_health(user: User, client: Client) -> bool:
    """Whether a user may take the marking away that keeps a row from stand-ins: the responsible manager alone.

    A grant opens health for a few hours to one reader; without the marking it would be open for good to all.
    """
    return client.manager_id is not None and client.manager_id == user.pk


def raise_if_unmarked(user: User, client: Client, row: Any) -> None:
    """Refuse to save a row without the marking that it has stored.

    Raises:
        ValidationError: at ``about_health``.
    """
    if row.about_health or may_unmark_health(user, client):
        return
    stored = type(row)._base_manager.filter(pk=row.pk, about_health=True)
    if stored.exists():
        raise ValidationError(
            {"about_health": _("Only the responsible manager can say that this is not about health.")}
        )


def level_text(level: str, *, with_health: bool) -> str:
    """A level as the user may read it; without health access it says that modules are left out (decision 0018)."""
    text = str(Intensity(level).label) if level else _("not yet assessed")
    return text if with_health else _("%(level)s, without protected modules") % {"level": text}


def grant_health(actor: Actor, client: Client, *, reason: str) -> AccessGrant:
    """Open the health data of a file to a stand-in for a few hours (``clients.grants.grant_access``)."""
    return grant_access(actor, client, kind=GrantKind.HEALTH, reason=reason)
