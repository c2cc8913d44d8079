"""What lists show of a file without asking the apps to the right (architecture.md "Recompute").

Only these functions write the standing columns; right-hand services call them inside their transaction.
They write exactly their columns and leave the file's ``version`` alone: a talk logged meanwhile is no
conflict with somebody editing the address.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from clients.models import Client


def _write(client: Client, **values: Any) -> None:
    Client.objects.unscoped(reason="standing columns follow facts of the right-hand apps").filter(
        pk=client.pk
    ).update(**values)
    for name, value in values.items():
        setattr(client, name, value)


def recount_contacts(
    client: Client, held_days: Iterable[datetime.date], next_at: datetime.datetime | None = None
) -> None:
    """All days of held talks decide anew, none leaves both columns empty; with the next planned appointment."""
    days = sorted(held_days)
    _write(
        client,
        last_contact_on=days[-1] if days else None,
        counselling_started_on=days[0] if days else None,
        next_appointment_at=next_at,
    )


def note_intensity(client: Client, level: str, since: datetime.date | None, *, unprotected: str = "") -> None:
    """The confirmed intensity and the day of its confirmation; "" means not yet assessed.

    Args:
        client: the file.
        level: the confirmed level.
        since: the day of its confirmation.
        unprotected: what the modules that are not protected propose, for whoever may not read health.
    """
    _write(client, intensity=level, intensity_since=since, unprotected_intensity=unprotected)


def note_review(client: Client, on: datetime.date | None) -> None:
    """The next review of the valid plan, None when there is none."""
    _write(client, next_review_on=on)
