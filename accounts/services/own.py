"""How somebody wants her own screen."""

from collections.abc import Iterable

from django.db import transaction

from accounts.actor import Actor
from accounts.models import User
from accounts.services.locking import as_stored


def choose_columns(actor: Actor, codes: Iterable[str]) -> None:
    """Keep which columns the client list shows; none means the usual ones.

    Args:
        actor: whose list it is.
        codes: checked by the caller, who knows the columns.
    """
    actor.require("client.list")
    _keep(actor, list_columns=",".join(codes))


def set_privacy_screen(actor: Actor, on: bool) -> None:
    """Show case numbers instead of names on every page, or names again."""
    actor.require("client.search")
    _keep(actor, privacy_screen=on)


def _keep(actor: Actor, **values: object) -> None:
    with transaction.atomic():
        user: User
        (user,) = as_stored(actor.user)
        for name, value in values.items():
            setattr(user, name, value)
            setattr(actor.user, name, value)
        user.save(update_fields=list(values))
