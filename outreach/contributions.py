"""What this app adds: to the file page, its timeline, remarks on attempts, and what is derived after a change."""

from django.utils.translation import gettext_lazy as _

from appointments import attempts, busy
from clients import file_rows, house_actions, recompute, sections, timeline, worklist
from clients.house_actions import HouseAction
from clients.services import protection
from outreach import due, due_items, due_visits, page
from outreach.file_rows import OUTREACH_TABLES
from outreach.history import LadderHistory
from outreach.models import VisitCompanion
from outreach.remarks import LadderRemarks
from outreach.services import companions
from outreach.services.addresses import forget_addresses
from outreach.services.ladders import write_ladders

attempts.register(LadderRemarks())
busy.register(
    "visits", companions.spans, files=companions.promised_files, release=companions.take_promises_back
)
file_rows.register(*OUTREACH_TABLES)
recompute.register("outreach", due_items.TABLES, rows=write_ladders, items=due_items.due_items)
recompute.register("outreach_visits", {VisitCompanion: ()}, rows=companions.withdraw_moved)
house_actions.register(
    HouseAction(_("Begin a round of visits"), "pin", "visits:house", "visit.plan"),
)
protection.register(forget_addresses)
sections.register(page.SECTION)
timeline.register(LadderHistory(), timeline.Kind("ladder", _("Outreach"), 40))
worklist.register_items(due_items.OutreachDue, due.compose)
worklist.register("visits", due_visits.lines, *due_visits.READ)
