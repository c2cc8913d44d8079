"""Which files the client list shows, and in which order; everything comes from codes in the address."""

from collections.abc import Mapping
from uuid import UUID

from django.db.models import Q

from accounts.actor import Actor
from clients.choices import AccommodationKind, Intensity, Phase
from clients.models import Client
from clients.querysets import ASSIGNED_LATELY, ClientQuerySet

ALL_PHASES = "all"
ORDERS = {"due": "next_due_on", "talk": "last_contact_on", "appointment": "next_appointment_at"}
FILTERS = ("phase", "intensity", "language", "whose", "missing", "new", "home")
KEPT = (*FILTERS, "order")
"""What a link to the same list carries."""


def filtered(actor: Actor, chosen: Mapping[str, str]) -> ClientQuerySet:
    """The rows the filters leave, in no order; an unknown code filters nothing."""
    rows = Client.objects.visible_to(actor.user).with_level_for(actor.user, actor.now)
    phase = chosen.get("phase", "")
    if phase in Phase.values:
        rows = rows.filter(phase=phase)
    elif phase != ALL_PHASES:
        rows = rows.open()
    intensity = chosen.get("intensity")
    if intensity in Intensity.values:
        rows = rows.filter(Q(level=intensity))
    elif intensity == "none":
        rows = rows.filter(Q(level=""))
    if language := chosen.get("language"):
        rows = rows.speaking(language)
    if chosen.get("missing") == "address":
        rows = rows.working().without_address(actor.today)
    if chosen.get("missing") == "appointment":
        rows = rows.working().filter(next_appointment_at__isnull=True)
    home = chosen.get("home", "")
    if home in AccommodationKind.values:
        rows = rows.living(home, actor.today)
    if chosen.get("new") == "assigned":
        rows = rows.assigned_since(actor.now - ASSIGNED_LATELY, actor.user)
    if chosen.get("whose") == "own":
        rows = rows.filter(manager=actor.user)
    elif chosen.get("whose") == "others":
        rows = rows.exclude(manager=actor.user)
    return rows


def in_order(rows: ClientQuerySet, chosen: Mapping[str, str], after: Client | None = None) -> ClientQuerySet:
    """By name unless a date was chosen; the page begins behind the last file of the one before."""
    column = ORDERS.get(chosen.get("order", ""))
    return rows.in_order_of(column, after) if column else rows.in_list_order(after)


def cursor(actor: Actor, chosen: Mapping[str, str]) -> Client | None:
    """The last file of the page before; one that left the caseload meanwhile begins anew."""
    try:
        last = UUID(chosen.get("after", ""))
    except ValueError:
        return None
    found: Client | None = Client.objects.visible_to(actor.user).filter(uuid=last).first()
    return found


def kept(chosen: Mapping[str, str]) -> dict[str, str]:
    """The filters and the order of an address, for a link to the same list."""
    return {name: chosen[name] for name in KEPT if chosen.get(name)}
