"""What this app adds: to an officer's start page, what a leaver owes, the file, its timeline, and the recompute."""

from django.utils.translation import gettext_lazy as _

from accounts import checks, desk, duties
from accounts.models import Municipality
from clients import closing, file_rows, list_actions, recompute, sections, timeline, worklist
from clients.closing import ClosingPart
from clients.sections import Section
from daily import steps
from daily.steps import Step
from intake import due, due_office, file_sections
from intake.history import EnquiryHistory, HandoverHistory
from intake.importing import undoing
from intake.models import DistrictMove, Enquiry, Handover
from intake.services.enquiries import EnquiryDuty
from intake.services.handovers import lapse

checks.exempt("intake.EnquiryCounter", "counts numbers, names nobody")
closing.register(ClosingPart("move", _("Moving within the district?"), file_sections.moving, order=60))
desk.register("enquiries", due_office.enquiries, needs="enquiry.answer")
desk.register("complaints", due_office.complaints, needs="complaint.handle")
desk.register("observations", due_office.observations, needs="observation.answer")
duties.register(EnquiryDuty())
file_rows.register(Enquiry, Handover, DistrictMove, Municipality)
list_actions.register(
    list_actions.ListAction("handover", _("Propose handover"), "intake:handover_new_many", "handover.propose")
)
recompute.register(
    "handovers", {Handover: ("id", "client", "proposed_by", "proposed_at", "state")}, rows=lapse
)
steps.register(
    Step(
        "forget_imports",
        _("Rows of imported lists emptied"),
        22,
        lambda actor: undoing.forget_imported(actor),
    )
)
sections.register(
    Section(
        code="handover",
        title=_("Handover"),
        template="intake/_file_handover.html",
        context=file_sections.handover,
        order=91,
        place="aside",
    )
)
timeline.register(EnquiryHistory())
timeline.register(HandoverHistory())
worklist.register("intake", due.lines, *due.READ)
