"""What this app adds: to the file page, its timeline, and what is derived after a change."""

from django.utils.translation import gettext_lazy as _

from clients import closing, file_rows, recompute, sections, timeline, worklist
from clients.closing import ClosingPart
from integration_plans import closing as own_closing
from integration_plans import due, due_items
from integration_plans.file_rows import PLAN_TABLES
from integration_plans.sections import SECTION, PlanTimeline
from integration_plans.summary import plan_columns

file_rows.register(*PLAN_TABLES)
recompute.register("plans", due_items.TABLES, columns=plan_columns, items=due_items.due_items)
sections.register(SECTION)
timeline.register(PlanTimeline(), timeline.Kind("plan", _("Plan"), 50))
worklist.register_items(due_items.PlanDue, due.compose, *due.READ)
closing.register(ClosingPart("goals", _("Open goals"), own_closing.open_goals, order=40))
closing.register(ClosingPart("assessment", _("Last assessment"), own_closing.last_assessment, order=50))
