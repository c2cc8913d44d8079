"""What this app adds: to the file page, its timeline, and what is derived after a change."""

from clients import recompute, sections, timeline
from integration_plans.sections import SECTION, PlanTimeline
from integration_plans.summary import plan_columns

recompute.register_columns("plan", plan_columns)
sections.register(SECTION)
timeline.register(PlanTimeline())
