"""The summary columns of a file that follow from its plan: intensity and next review."""

from collections.abc import Mapping
from typing import Any

from clients.stored_facts import StoredFacts
from integration_plans.plan_status import derived_plans
from integration_plans.rules.intensity import UNASSESSED


def plan_columns(facts: StoredFacts) -> Mapping[int, Mapping[str, Any]]:
    """Confirmed intensity and the next review of the plan in force of each file."""
    plans = facts.once(derived_plans)
    return {
        key: {
            "intensity": found.intensity,
            "intensity_since": found.intensity_since,
            "unprotected_intensity": plans.unprotected.get(key, UNASSESSED),
            "next_review_on": found.next_review_on,
        }
        for key, found in plans.statuses.items()
    }
