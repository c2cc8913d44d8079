"""Audit actions of the reading surfaces."""

from django.utils.translation import gettext_lazy as _

from audit.actions import READ, Action

DAY_VIEWED = Action("report.day_viewed", _("opened My day"), READ)
FILE_DUE_VIEWED = Action("report.file_due_viewed", _("looked at what waits in the file"), READ)
DASHBOARD_VIEWED = Action("report.dashboard_viewed", _("looked at the figures"), READ)
FIGURE_EXPORTED = Action("report.figure_exported", _("took a figure along as a file"), READ)
CASES_LISTED = Action("report.cases_listed", _("opened the list of cases"), READ)
CASES_EXPORTED = Action("report.cases_exported", _("took the list of cases away as a file"), READ)
TABLES_STORED = Action("report.tables_stored", _("stored the tables of people"))
SUMS_KEPT = Action("report.sums_kept", _("counted the figures of the whole district"))
CASES_JOINED = Action("report.cases_joined", _("let new files join the list of cases"))
TABLES_VIEWED = Action("report.tables_viewed", _("looked at the tables of people"), READ)
PERIOD_VIEWED = Action("report.period_viewed", _("looked at the figures of a period"), READ)
PERIOD_EXPORTED = Action("report.period_exported", _("exported a report on a period"), READ)
REPORT_FROZEN = Action("report.frozen", _("froze a report"))
REPORT_COMPARED = Action("report.compared", _("compared a frozen report with today"), READ)
NARRATIVE_WRITTEN = Action("report.narrative_written", _("wrote the report in words"))
MANAGERS_REMINDED = Action("report.reminded", _("reminded the managers of missing records"))
