"""Dashboards and case lists; the start page hangs at the root in the project's table of contents."""

from django.urls import path

from reports.views.cases import CaseAskView, CaseExportView, CaseListView
from reports.views.dashboard import DashboardView
from reports.views.frozen import (
    FreezeView,
    FrozenCompareView,
    FrozenFileView,
    FrozenReportView,
    NarrativeView,
)
from reports.views.people import PeopleView
from reports.views.period import PeriodFileView, PeriodRemindView, PeriodReportView
from reports.views.work import WorkView

app_name = "reports"
urlpatterns = [
    path("", DashboardView.as_view(), name="dashboard"),
    path("work/", WorkView.as_view(), name="work"),
    path("people/", PeopleView.as_view(), name="people"),
    path("cases/", CaseListView.as_view(), name="cases"),
    path("cases/list.csv", CaseExportView.as_view(), {"kind": "csv"}, name="cases_csv"),
    path("cases/list.xlsx", CaseExportView.as_view(), {"kind": "xlsx"}, name="cases_xlsx"),
    path("cases/ask/", CaseAskView.as_view(), name="case_ask"),
    path("period/", PeriodReportView.as_view(), name="period"),
    path("period/file/<slug:kind>/", PeriodFileView.as_view(), name="period_file"),
    path("period/remind/", PeriodRemindView.as_view(), name="period_remind"),
    path("period/freeze/", FreezeView.as_view(), name="freeze"),
    path("frozen/<uuid:uuid>/", FrozenReportView.as_view(), name="frozen"),
    path("frozen/<uuid:uuid>/compare/", FrozenCompareView.as_view(), name="frozen_compare"),
    path("frozen/<uuid:uuid>/words/", NarrativeView.as_view(), name="frozen_words"),
    path("frozen/<uuid:uuid>/file/<slug:kind>/", FrozenFileView.as_view(), name="frozen_file"),
]
