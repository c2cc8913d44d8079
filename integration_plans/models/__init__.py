"""The plan by noun: catalogues, what was found, what was agreed and how far it is."""

from integration_plans.models.assessment import Assessment, AssessmentEntry, IntensityDecision
from integration_plans.models.catalogues import GoalTemplate, Module, PlanPolicy
from integration_plans.models.plan import GoalContent, MeasureContent, PlanVersion, Review
from integration_plans.models.progress import Goal, GoalProgress, Measure, MeasureProgress

__all__ = [
    "Assessment",
    "AssessmentEntry",
    "Goal",
    "GoalContent",
    "GoalProgress",
    "GoalTemplate",
    "IntensityDecision",
    "Measure",
    "MeasureContent",
    "MeasureProgress",
    "Module",
    "PlanPolicy",
    "PlanVersion",
    "Review",
]
