"""Health is a second filter: one's own file, or a stand-in with a time-limited grant (rules.md §8)."""

import datetime
from typing import Any

from django.db import transaction

from audit.recording import record
from clients.actions import HEALTH_GRANTED
from clients.models import Client, HealthGrant

GRANTED_FOR = datetime.timedelta(hours=4)


def may_read_health(user: Any, client: Client, now: datetime.datetime) -> bool:
    """Whether a user may read sensitive rows of a file they may see.

    Args:
        user: the user; seeing the file at all is settled elsewhere.
        client: the file.
        now: the instant of the request.

    Returns:
        True for the responsible manager; for a stand-in only while a grant is in force.
    """
    if client.manager_id is not None and client.manager_id == user.pk:
        return True
    return HealthGrant.objects.visible_to(user).of(client).valid_for(user, now).exists()


def grant_health(client: Client, *, by: Any, reason: str, now: datetime.datetime) -> HealthGrant:
    """Open the health data of a file to a stand-in for four hours, after a reason; recorded."""
    with transaction.atomic():
        grant = HealthGrant(
            client=client, user=by, reason=reason, granted_at=now, expires_at=now + GRANTED_FOR
        )
        grant.full_clean()
        grant.save()
        record(
            HEALTH_GRANTED,
            by=by,
            subject=client.subject_ref,
            kind="health",
            acting_for=client.manager_id,
        )
    return grant
