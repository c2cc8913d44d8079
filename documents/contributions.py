"""What this app adds: to the file page, its timeline, *Mein Tag*, the outbox and the daily run."""

from django.utils.translation import gettext_lazy as _

from clients import file_rows, recompute, sections, timeline, worklist
from daily import steps
from daily.services import outbox
from daily.steps import Step
from documents import due, due_items
from documents.file_rows import KEPT_TABLES
from documents.file_sections import SECTIONS
from documents.history import KeptHistory
from documents.models import ClientMail
from documents.services.files import sweep
from documents.services.mails import note_undelivered

file_rows.register(*KEPT_TABLES)
for section in SECTIONS:
    sections.register(section)
timeline.register(KeptHistory(), timeline.Kind("document", _("Consents and documents"), 65))
recompute.register("documents", due_items.TABLES, items=due_items.due_items)
worklist.register_items(due_items.ConsentDue, due.compose)
outbox.register(ClientMail, note_undelivered)
steps.register(Step("sweep_documents", _("Kept files cleaned up"), 25, sweep))
