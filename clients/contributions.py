"""What this app adds: to the file page, its timeline, what a leaver owes, and the daily run."""

from django.utils.translation import gettext_lazy as _

from accounts import checks, desk, duties
from clients import case_questions, drafts, due, due_items, recompute, sections, timeline, worklist
from clients.file_history import FileHistory
from clients.file_sections import SECTIONS
from clients.services.recompute_all import recompute_all
from clients.services.responsibility import CaseloadDuty
from daily import steps
from daily.steps import Step

checks.exempt("clients.CaseNumberCounter", "counts numbers, names nobody")
checks.exempt("clients.Household", "holds no data about anybody; its members do and are scoped")
checks.exempt("clients.PermitDecree", "a decree the administration keeps; names no client")
checks.exempt("clients.House", "a house of the municipality and its caretaker, nobody who lives there")
desk.register("questions", case_questions.answers, needs="case.ask")
duties.register(CaseloadDuty())
for section in SECTIONS:
    sections.register(section)
timeline.register(
    FileHistory(),
    timeline.Kind("fact", _("Facts"), 60),
    timeline.Kind("file", _("File and responsibility"), 70),
)
recompute.register("files", due_items.TABLES, items=due_items.due_items)
recompute.register("case_questions", case_questions.TABLES, items=case_questions.due_items)
worklist.register_items(case_questions.QuestionDue, case_questions.compose, case_questions.READ)
worklist.register("files", due.lines, *due.READ)
worklist.register_items(due_items.FileDue, due.compose)
steps.register(
    Step("forget_drafts", _("Drafts deleted after 30 days"), 20, lambda actor: drafts.forget_old(actor.now))
)
steps.register(Step("recompute", _("Files brought up to date"), 40, lambda actor: recompute_all().differed))
