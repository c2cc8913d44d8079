"""What this app adds: to the file page, its timeline, and what is derived after a change."""

from clients import file_rows, recompute, sections, timeline, worklist
from integration_plans import due, due_items
from integration_plans.file_rows import PLAN_TABLES
from integration_plans.sections import SECTION, PlanTimeline
from integration_plans.summary import plan_columns

file_rows.register(*PLAN_TABLES)
recompute.register("plans", due_items.TABLES, columns=plan_columns, items=due_items.due_items)
sections.register(SECTION)
timeline.register(PlanTimeline())
worklist.register_items(due_items.PlanDue, due.compose)
