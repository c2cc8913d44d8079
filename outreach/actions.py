"""Audit actions about outreach."""

from django.utils.translation import gettext_lazy as _

from audit.actions import READ, Action

LADDER_ACT = Action("ladder.act", _("took a step in outreach"))
LADDER_ANSWERED = Action("ladder.answered", _("answered whether a new appointment is needed"))
ROUND_VIEWED = Action("visit.round_viewed", _("looked at a round of visits"), READ)
ROUND_ORDERED = Action("visit.round_ordered", _("put a round of visits in order"))
COMPANION_ASKED = Action("visit.companion_asked", _("asked a colleague to come along and told the address"))
COMPANION_ANSWERED = Action("visit.companion_answered", _("answered whether to come along on a visit"))
COMPANION_WITHDRAWN = Action("visit.companion_withdrawn", _("called off a visit in pairs"))
WENT_OUT = Action("visit.went_out", _("said by when to be back and told a colleague the address"))
CAME_BACK = Action("visit.came_back", _("noted the return from a visit"))
INCIDENT_REPORTED = Action("incident.reported", _("reported an incident"))
INCIDENTS_VIEWED = Action("incident.viewed", _("read own incidents"), READ)
INCIDENTS_COUNTED = Action("incident.counted", _("looked at the number of incidents"), READ)
LADDER_HISTORY_VIEWED = Action("ladder.history_viewed", _("opened the history of outreach"), READ)
