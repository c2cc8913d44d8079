"""What this app adds: to the file page, its timeline, remarks on attempts, and what is derived after a change."""

from appointments import attempts
from clients import file_rows, recompute, sections, timeline, worklist
from outreach import due, due_items, page
from outreach.file_rows import OUTREACH_TABLES
from outreach.history import LadderHistory
from outreach.remarks import LadderRemarks
from outreach.services.ladders import write_ladders

attempts.register(LadderRemarks())
file_rows.register(*OUTREACH_TABLES)
recompute.register("outreach", due_items.TABLES, rows=write_ladders, items=due_items.due_items)
sections.register(page.SECTION)
timeline.register(LadderHistory())
worklist.register_items(due_items.OutreachDue, due.compose)
