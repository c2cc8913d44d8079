"""The thresholds in force on a day."""

import datetime

from integration_plans.models import PlanPolicy


def policy_on(day: datetime.date) -> PlanPolicy:
    """The policy version valid on a day; before the first one, and without any, the defaults of rules.md §5 and §6."""
    stored = PlanPolicy.objects.in_force_on(day).first()
    return stored or PlanPolicy(valid_from=day)
