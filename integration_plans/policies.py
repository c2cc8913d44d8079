"""The thresholds in force on a day."""

import datetime
from collections.abc import Iterable

from accounts.catalogues import in_force_among
from integration_plans.models import PlanPolicy


def policy_on(day: datetime.date) -> PlanPolicy:
    """The policy version valid on a day; before the first one, and without any, the defaults of rules.md §5 and §6."""
    return PlanPolicy.objects.in_force_on(day).first() or PlanPolicy(valid_from=day)


def policy_among(versions: Iterable[PlanPolicy], day: datetime.date) -> PlanPolicy:
    """The same, among all versions as a page has read them."""
    return in_force_among(versions, day) or PlanPolicy(valid_from=day)
