"""The plan inside one file, mounted at ``/clients/<uuid>/``."""

from django.urls import path

from integration_plans.views import agreement, assessments, plans, progress, scans, working_version

app_name = "file_plans"
urlpatterns = [
    path("plan/", plans.PlanView.as_view(), name="plan"),
    path("plan/print/", plans.PlanPrintView.as_view(), name="print"),
    path("plan/versions/<uuid:version>/", plans.VersionPrintView.as_view(), name="version_print"),
    path("plan/versions/<uuid:version>/scan/", scans.VersionScanView.as_view(), name="version_scan"),
    # What was found
    path("plan/assessment/new/", assessments.AssessmentNewView.as_view(), name="assess"),
    path(
        "plan/assessment/<uuid:assessment>/intensity/",
        assessments.IntensityDecideView.as_view(),
        name="intensity",
    ),
    path("health/", assessments.HealthGrantView.as_view(), name="health"),
    # The working version
    path("plan/draft/", working_version.WorkingVersionView.as_view(), name="working_version"),
    path(
        "plan/draft/start/", working_version.WorkingVersionStartView.as_view(), name="working_version_start"
    ),
    path(
        "plan/draft/discard/",
        working_version.WorkingVersionDiscardView.as_view(),
        name="working_version_discard",
    ),
    path("plan/draft/goals/new/", working_version.GoalNewView.as_view(), name="goal_new"),
    path("plan/draft/goals/<uuid:goal>/", working_version.GoalEditView.as_view(), name="goal_edit"),
    path(
        "plan/draft/goals/<uuid:goal>/remove/", working_version.GoalRemoveView.as_view(), name="goal_remove"
    ),
    path(
        "plan/draft/goals/<uuid:goal>/measures/new/",
        working_version.MeasureNewView.as_view(),
        name="measure_new",
    ),
    path(
        "plan/draft/measures/<uuid:measure>/", working_version.MeasureEditView.as_view(), name="measure_edit"
    ),
    path(
        "plan/draft/measures/<uuid:measure>/remove/",
        working_version.MeasureRemoveView.as_view(),
        name="measure_remove",
    ),
    path("plan/agree/", agreement.AgreeView.as_view(), name="agree"),
    # How far it is
    path("plan/review/", progress.ReviewView.as_view(), name="review"),
    path("plan/goals/<uuid:goal>/progress/", progress.GoalProgressView.as_view(), name="goal_progress"),
    path("plan/measures/<uuid:measure>/done/", progress.MeasureDoneView.as_view(), name="measure_done"),
]
