"""Audit actions of the reading surfaces."""

from django.utils.translation import gettext_lazy as _

from audit.actions import READ, Action

DAY_VIEWED = Action("report.day_viewed", _("opened My day"), READ)
DASHBOARD_VIEWED = Action("report.dashboard_viewed", _("looked at the figures"), READ)
CASES_LISTED = Action("report.cases_listed", _("opened the list of cases"), READ)
