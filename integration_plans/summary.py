"""The summary columns of a file that follow from its plan: intensity and next review."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone

from clients.models import Client
from integration_plans.proposals import unprotected_levels
from integration_plans.rules.intensity import UNASSESSED
from integration_plans.standing import standings


def plan_columns(clients: Sequence[Client], now: datetime.datetime) -> Mapping[int, Mapping[str, Any]]:
    """Confirmed intensity and the next review of the plan in force of each file."""
    today = timezone.localdate(now)
    keys = [client.pk for client in clients]
    levels, _answered = unprotected_levels(keys, today)
    return {
        key: {
            "intensity": found.intensity,
            "intensity_since": found.intensity_since,
            "unprotected_intensity": levels.get(key, UNASSESSED),
            "next_review_on": found.next_review_on,
        }
        for key, found in standings(keys, today).items()
    }
