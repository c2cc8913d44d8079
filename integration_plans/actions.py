"""Audit actions about plans."""

from django.utils.translation import gettext_lazy as _

from audit.actions import READ, Action

LISTED = Action("plan.listed", _("opened the list of plans"), READ)
VIEWED = Action("plan.viewed", _("read the plan"), READ)
PRINTED = Action("plan.printed", _("printed the plan"), READ)
ASSESSED = Action("plan.assessed", _("recorded a needs assessment"))
INTENSITY_DECIDED = Action("plan.intensity_decided", _("confirmed the counselling intensity"))
STARTED = Action("plan.started", _("began a version of the plan"))
EDITED = Action("plan.edited", _("edited the working version of the plan"))
DISCARDED = Action("plan.discarded", _("discarded the working version of the plan"))
CLOSED = Action("plan.closed", _("recorded how the plan was agreed"))
SCANNED = Action("plan.scanned", _("attached a signed sheet to the plan"))
PROGRESS_NOTED = Action("plan.progress_noted", _("noted progress of the plan"))
REVIEWED = Action("plan.reviewed", _("reviewed the plan"))
