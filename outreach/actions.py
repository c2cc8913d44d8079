"""Audit actions about outreach."""

from django.utils.translation import gettext_lazy as _

from audit.actions import Action

LADDER_ACT = Action("ladder.act", _("took a step in outreach"))
LADDER_ANSWERED = Action("ladder.answered", _("answered whether a new appointment is needed"))
