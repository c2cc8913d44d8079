"""What this app adds: to the daily run, to an officer's start page, and to *Mein Tag*."""

from django.utils.translation import gettext_lazy as _

from accounts import desk
from accounts.file_loader import Part
from clients import worklist
from daily import steps
from daily.steps import Step
from reports.digest import write_digests
from reports.due_tables import tables_ready
from reports.keeping import keep_sums
from reports.models import Reminder
from reports.periods import reminding
from reports.services import join_case_list, store_due_tables

desk.register("tables", tables_ready, needs="report.cases")
steps.register(
    Step("keep_sums", _("Sums of the district kept"), 45, lambda actor: keep_sums(actor, actor.today))
)
steps.register(Step("store_tables", _("Tables of people stored"), 50, store_due_tables))
steps.register(Step("join_case_list", _("Files that joined the list of cases"), 51, join_case_list))
steps.register(Step("digest", _("Morning digests written"), 60, write_digests))
worklist.register("reports", reminding.lines, Part(Reminder, "user", among=worklist.READER))
