"""Keeps the copies on the file that lists show: intensity and next review."""

import datetime
from typing import Any

from clients.services import standing as file_standing
from integration_plans.proposals import unprotected_levels
from integration_plans.rules.intensity import UNASSESSED
from integration_plans.standing import standing_of


def refresh_standing(client: Any, today: datetime.date) -> None:
    """Rewrite intensity and next review of one file from its rows; the caller holds the transaction."""
    now = standing_of(client, today)
    levels, _answered = unprotected_levels([client.pk], today)
    file_standing.note_intensity(
        client, now.intensity, now.intensity_since, unprotected=levels.get(client.pk, UNASSESSED)
    )
    file_standing.note_review(client, now.next_review_on)
