"""What somebody chooses most often when she logs: the few chips that stand on the first screen."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from dateutil.relativedelta import relativedelta
from django.db.models import Subquery

from accounts.models import User
from appointments.choices import InterpreterKind
from appointments.models import Contact
from clients.models import Client

MONTHS = 6
MOST = 200
"""So many of her last contacts are looked at: enough to know a habit, whatever the caseload."""
IN_SIGHT = 5


@dataclass(frozen=True, slots=True)
class Habits:
    """How often she used what lately, and who interpreted this client's last talk."""

    channels: Counter[str] = field(default_factory=Counter)
    topics: Counter[str] = field(default_factory=Counter)
    interpreter: str = InterpreterKind.NONE


def habits_of(user: User, client: Client, now: datetime.datetime) -> Habits:
    """Her own contacts of the last six months, at most the last 200, in one statement.

    Args:
        user: whose habits.
        client: whose last interpreter; most likely it is the same again.
        now: the instant of the request.
    """
    held = (
        Contact.objects.unscoped(reason="talks with the client of a file the view let in")
        .with_client(client)
        .held_talks()
        .order_by("-happened_at")
        .values("interpreter")[:1]
    )
    logged = (
        Contact.objects.unscoped(reason="channels and topics of one's own contacts, counted")
        .filter(recorded_by=user, happened_at__gte=now - relativedelta(months=MONTHS), happened_at__lte=now)
        .order_by("-happened_at")
        .annotate(last_interpreter=Subquery(held))
        .values_list("channel", "main_topic", "last_interpreter")[:MOST]
    )
    rows = list(logged)
    last = rows[0][2] if rows else held.values_list("interpreter", flat=True).first()
    return Habits(
        Counter(channel for channel, _topic, _kind in rows),
        Counter(str(topic) for _channel, topic, _kind in rows if topic),
        last or InterpreterKind.NONE,
    )


def in_sight(offered: Iterable[str], used: Counter[str]) -> frozenset[str]:
    """The five most used of what is offered; where nothing was used, the first ones."""
    order = list(offered)
    return frozenset(sorted(order, key=lambda value: (-used[value], order.index(value)))[:IN_SIGHT])
