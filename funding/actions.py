"""Audit actions about funding; entries name fields, never amounts."""

from django.utils.translation import gettext_lazy as _

from audit.actions import READ, Action

FUNDING_VIEWED = Action("funding.viewed", _("looked at funding"), READ)
FUNDING_EXPORTED = Action("funding.exported", _("took bookings of funding away as a file"), READ)
PERIOD_OPENED = Action("funding.opened", _("entered a funding period"))
TERMS_CHANGED = Action("funding.terms", _("changed the terms of a funding period"))
ENTERED = Action("funding.entered", _("made an entry in a funding period"))
CORRECTED = Action("funding.corrected", _("corrected an entry in a funding period"))
REVERSED = Action("funding.reversed", _("reversed an entry in a funding period"))
PROOF_STEPPED = Action("funding.proof", _("noted a step of the proof of use"))
DEADLINE_MET = Action("funding.deadline_met", _("noted that a deadline of funding was met"))
DEADLINE_OPEN = Action("funding.deadline_open", _("took back that a deadline of funding was met"))
PAPER_READ = Action("funding.paper_read", _("opened a document of funding"), READ)
PAPER_ADDED = Action("funding.paper_added", _("added a document of funding"))
PAPER_DELETED = Action("funding.paper_deleted", _("deleted a document of funding"))
PAPER_RESTORED = Action("funding.paper_restored", _("brought back a deleted document of funding"))
REMINDED = Action("funding.reminded", _("wrote reminders of deadlines of funding"))
