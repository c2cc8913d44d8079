"""Funding, mounted at ``/funding/``."""

from django.urls import path

from funding.views import entries, papers, periods

app_name = "funding"
urlpatterns = [
    path("", periods.FundingListView.as_view(), name="list"),
    path("export.csv", periods.ExportView.as_view(), name="export"),
    path("new/", periods.PeriodNewView.as_view(), name="new"),
    path("<uuid:uuid>/", periods.PeriodView.as_view(), name="period"),
    path("<uuid:uuid>/export.csv", periods.PeriodExportView.as_view(), name="period_export"),
    path("<uuid:uuid>/edit/", periods.TermsView.as_view(), name="terms"),
    path("<uuid:uuid>/proof/new/", periods.ProofNewView.as_view(), name="proof_new"),
    path("<uuid:uuid>/deadlines/", periods.DeadlineMetView.as_view(), name="deadline_met"),
    path("<uuid:uuid>/deadlines/<uuid:row>/", periods.DeadlineReopenView.as_view(), name="deadline_reopen"),
    path("<uuid:uuid>/bookings/", entries.BookingListView.as_view(), name="bookings"),
    path("<uuid:uuid>/bookings/new/", entries.BookingNewView.as_view(), name="booking_new"),
    path("<uuid:uuid>/bookings/<uuid:row>/", entries.BookingCorrectView.as_view(), name="booking_correct"),
    path(
        "<uuid:uuid>/bookings/<uuid:row>/reverse/",
        entries.BookingReverseView.as_view(),
        name="booking_reverse",
    ),
    path("<uuid:uuid>/persons/new/", entries.PerCapitaNewView.as_view(), name="per_capita_new"),
    path(
        "<uuid:uuid>/persons/<uuid:row>/", entries.PerCapitaCorrectView.as_view(), name="per_capita_correct"
    ),
    path(
        "<uuid:uuid>/persons/<uuid:row>/reverse/",
        entries.PerCapitaReverseView.as_view(),
        name="per_capita_reverse",
    ),
    path("<uuid:uuid>/positions/new/", entries.PositionNewView.as_view(), name="position_new"),
    path("<uuid:uuid>/positions/<uuid:row>/", entries.PositionCorrectView.as_view(), name="position_correct"),
    path(
        "<uuid:uuid>/positions/<uuid:row>/reverse/",
        entries.PositionReverseView.as_view(),
        name="position_reverse",
    ),
    path("<uuid:uuid>/documents/new/", papers.PaperNewView.as_view(), name="paper_new"),
    path("<uuid:uuid>/documents/<uuid:row>/", papers.PaperView.as_view(), name="paper"),
    path("<uuid:uuid>/documents/<uuid:row>/delete/", papers.PaperDeleteView.as_view(), name="paper_delete"),
    path(
        "<uuid:uuid>/documents/<uuid:row>/restore/", papers.PaperRestoreView.as_view(), name="paper_restore"
    ),
]
