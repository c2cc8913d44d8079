"""What this app adds: to the file page, its timeline, and what a leaver owes."""

from accounts import checks, duties
from accounts.models import Absence, AccountChange, StandIn
from clients import due, due_items, recompute, sections, timeline, worklist
from clients.file_history import FileHistory
from clients.file_sections import SECTIONS
from clients.services.responsibility import CaseloadDuty

checks.exempt("clients.CaseNumberCounter", "counts numbers, names nobody")
checks.exempt("clients.Household", "holds no data about anybody; its members do and are scoped")
duties.register(CaseloadDuty())
for section in SECTIONS:
    sections.register(section)
timeline.register(FileHistory())
recompute.register("files", due_items.TABLES, items=due_items.due_items)
worklist.register("files", due.lines, {Absence: "user", AccountChange: "user", StandIn: "absent"})
worklist.register_items(due_items.FileDue, due.compose)
