"""What this app adds: to the file page, its timeline, and what is derived after a change."""

from clients import file_rows, recompute, sections, timeline, worklist
from integration_plans import due
from integration_plans.file_rows import PLAN_TABLES
from integration_plans.sections import SECTION, PlanTimeline
from integration_plans.summary import plan_columns

file_rows.register(*PLAN_TABLES)
recompute.register_columns("plan", plan_columns)
sections.register(SECTION)
timeline.register(PlanTimeline())
worklist.register("plans", due.lines)
