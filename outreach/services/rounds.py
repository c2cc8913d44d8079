"""What a manager does with the round of a day: order it by hand or by street, and take second visits along."""

import datetime
from collections.abc import Sequence

from django.db import transaction

from accounts.actor import Actor
from audit.recording import record
from clients.models import Client
from clients.services.change import change
from outreach import actions
from outreach.models import RoundStop

REASON = "the acting user's own round"


def order_by_hand(actor: Actor, day: datetime.date, stops: Sequence[Sequence[Client]]) -> None:
    """Keep the order of a round; those at one address keep one place.

    Args:
        actor: whose round it is.
        day: of the round.
        stops: the people of each stop, in the new order; the caller may see their files.
    """
    actor.require("visit.plan")
    rows = [
        RoundStop(user=actor.user, day=day, client=client, position=position)
        for position, people in enumerate(stops, start=1)
        for client in people
    ]
    with transaction.atomic():
        RoundStop.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["user", "day", "client"],
            update_fields=["position"],
        )
        record(actor, actions.ROUND_ORDERED, kind="visit", count=len(stops))


def order_by_street(actor: Actor, day: datetime.date) -> None:
    """Forget the order by hand."""
    actor.require("visit.plan")
    with transaction.atomic():
        own = RoundStop.objects.unscoped(reason=REASON).filter(user=actor.user, day=day)
        own.update(position=None)
        record(actor, actions.ROUND_ORDERED, kind="visit")


def take_along(actor: Actor, client: Client, day: datetime.date, *, on: bool = True) -> None:
    """Put a visit that is due on the round of a day, or take it off again.

    Args:
        actor: whose round it is.
        client: the file.
        day: of the round.
        on: False takes it off.
    """
    with change(actor, [client], needs="visit.plan"):
        RoundStop.objects.update_or_create(user=actor.user, day=day, client=client, defaults={"added": on})
        record(actor, actions.ROUND_ORDERED, client=client, kind="visit", fields=["added"])


def take_several_along(actor: Actor, clients: Sequence[Client], day: datetime.date) -> None:
    """Put people on the round of a day, those of one house above all.

    Args:
        actor: whose round it is.
        clients: files of the actor.
        day: of the round.
    """
    with change(actor, clients, needs="visit.plan"):
        for client in clients:
            take_along(actor, client, day)
