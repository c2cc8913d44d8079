"""What this app adds: to the file page, its timeline, *Mein Tag*, the office, the recompute and a leaver's duties."""

from django.utils.translation import gettext_lazy as _

from accounts import checks, desk, duties
from clients import closing, file_rows, recompute, sections, timeline, worklist
from clients.closing import ClosingPart
from partners import due, due_items
from partners.file_rows import REFERRAL_TABLES
from partners.file_sections import SECTION
from partners.history import ReferralHistory
from partners.services.meetings import DecisionDuty

checks.exempt("partners.Organisation", "an institution everybody in the service knows")
checks.exempt("partners.ContactPerson", "whom to ask at an institution, removed by officers")
checks.exempt("partners.Offer", "what an institution offers")
checks.exempt("partners.Volunteer", "no client and no staff; known in her municipality, erased on request")
checks.exempt("partners.Meeting", "of the network, read by everybody in the service; names no client")
checks.exempt("partners.Decision", "what a member of staff does for the network; known to all staff")
closing.register(ClosingPart("referrals", _("Open referrals"), due.open_referrals, order=35))
duties.register(DecisionDuty())
file_rows.register(*REFERRAL_TABLES)
sections.register(SECTION)
timeline.register(ReferralHistory(), timeline.Kind("referral", _("Referrals"), 62))
recompute.register("partners", due_items.TABLES, items=due_items.due_items)
desk.register("network", due.for_the_office, needs="network.curate")
worklist.register("partners", due.lines)
worklist.register_items(due_items.ReferralDue, due.compose)
