"""What can be done with several files of the list at once: the apps that do it say so in ``contributions.py``.

The files that were ticked are kept in the session under a random key, which the address of the form carries: an
address would be too long for them, and a draft of the form keeps its address.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise

from accounts.actor import Actor
from accounts.records import uuids_of
from clients.list_filters import filtered, in_order, kept
from clients.models import Client
from clients.querysets import ClientQuerySet

MOST_AT_ONCE = 500
PICKED, KEY = "picked_files", "pick"


@dataclass(frozen=True, slots=True)
class ListAction:
    """One thing to do with the ticked files.

    Attributes:
        code: names it in the form of the list.
        label: text of its button.
        route: a form that takes no argument; it finds the files with ``picked``.
        permission: who is offered it.
    """

    code: str
    label: str | Promise
    route: str
    permission: str


_REGISTRY: dict[str, ListAction] = {}


def register(action: ListAction) -> None:
    """Offer an action below the list; called from ``contributions.py``."""
    _REGISTRY[action.code] = action


def registered() -> list[ListAction]:
    """All actions by code."""
    return [_REGISTRY[code] for code in sorted(_REGISTRY)]


def pick(request: HttpRequest, actor: Actor, said: Any) -> int:
    """Keep the ticked files, or all that the filters leave, in the session.

    Args:
        request: with the session.
        actor: only files she sees are kept.
        said: what the form of the list sends: ``file`` several times, or ``all``, and the filters.

    Returns:
        How many they are; more than ``MOST_AT_ONCE`` are not kept.
    """
    if said.get("all"):
        rows = in_order(filtered(actor, said), said)
    else:
        wanted = uuids_of(said.getlist("file")[: MOST_AT_ONCE + 1])
        rows = Client.objects.visible_to(actor.user).filter(uuid__in=wanted).in_list_order()
    keys = [str(key) for key in rows.values_list("uuid", flat=True)[: MOST_AT_ONCE + 1]]
    if 0 < len(keys) <= MOST_AT_ONCE:
        request.session[PICKED] = {
            "key": secrets.token_urlsafe(8),
            "files": keys,
            "back": list_address(kept(said)),
        }
    return len(keys)


def list_address(chosen: Mapping[str, str]) -> str:
    """The list under some filters."""
    return f"{reverse('clients:list')}?{urlencode(chosen)}" if chosen else reverse("clients:list")


def form_address(request: HttpRequest, action: ListAction) -> str:
    """The form of an action for the files picked last."""
    return f"{reverse(action.route)}?{KEY}={request.session[PICKED]['key']}"


def picked(request: HttpRequest, actor: Actor) -> ClientQuerySet:
    """The picked files that the actor still sees, in the order of the list; none for an unknown key."""
    stored = request.session.get(PICKED) or {}
    keys = stored["files"] if stored and stored["key"] == request.GET.get(KEY) else []
    rows: ClientQuerySet = Client.objects.visible_to(actor.user).filter(uuid__in=keys).in_list_order()
    return rows


def way_back(request: HttpRequest) -> str:
    """The list from which files were picked last."""
    return str((request.session.get(PICKED) or {}).get("back") or reverse("clients:list"))
