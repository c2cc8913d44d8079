"""Audit actions of the reading surfaces."""

from django.utils.translation import gettext_lazy as _

from audit.actions import READ, Action

DAY_VIEWED = Action("report.day_viewed", _("opened My day"), READ)
DASHBOARD_VIEWED = Action("report.dashboard_viewed", _("looked at the figures"), READ)
CASES_LISTED = Action("report.cases_listed", _("opened the list of cases"), READ)
TABLES_STORED = Action("report.tables_stored", _("stored the tables of people"))
CASES_JOINED = Action("report.cases_joined", _("let new files join the list of cases"))
TABLES_VIEWED = Action("report.tables_viewed", _("looked at the tables of people"), READ)
