"""Registering, the inbox and the import of allocation lists, below /clients/."""

from django.urls import path

from intake.views import caseloads, imports, inbox, register

app_name = "intake"
urlpatterns = [
    path("new/", register.ClientRegisterView.as_view(), name="new"),
    path("inbox/", inbox.InboxView.as_view(), name="inbox"),
    path("inbox/take/", inbox.TakeManyView.as_view(), name="inbox_take_many"),
    path("inbox/<uuid:uuid>/take/", inbox.TakeView.as_view(), name="inbox_take"),
    path("inbox/caseloads/", caseloads.CaseloadListView.as_view(), name="caseload_list"),
    path("inbox/caseloads/<uuid:uuid>/", caseloads.CaseloadAssignView.as_view(), name="caseload_assign"),
    path("import/", imports.ImportListView.as_view(), name="import_list"),
    path("import/<uuid:uuid>/", imports.ImportView.as_view(), name="import"),
    path("import/<uuid:uuid>/columns/", imports.ImportColumnsView.as_view(), name="import_columns"),
    path("import/<uuid:uuid>/rows/<uuid:row_uuid>/", imports.ImportRowView.as_view(), name="import_row"),
    path("import/<uuid:uuid>/run/", imports.ImportRunView.as_view(), name="import_run"),
    path("import/<uuid:uuid>/discard/", imports.ImportDiscardView.as_view(), name="import_discard"),
]
