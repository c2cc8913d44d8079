"""Registering, the inbox and the import of allocation lists, below /clients/."""

from django.urls import path

from intake.views import caseloads, handovers, import_rows, imports, inbox, left_files, moves, register

app_name = "intake"
urlpatterns = [
    path("new/", register.ClientRegisterView.as_view(), name="new"),
    path("inbox/", inbox.InboxView.as_view(), name="inbox"),
    path("inbox/take/", inbox.TakeManyView.as_view(), name="inbox_take_many"),
    path("inbox/reopen/", left_files.LeftFileReopenView.as_view(), name="reopen_left"),
    path("inbox/<uuid:uuid>/take/", inbox.TakeView.as_view(), name="inbox_take"),
    path("inbox/give-back/", inbox.GiveBackManyView.as_view(), name="give_back_many"),
    path("<uuid:uuid>/give-back/", inbox.GiveBackView.as_view(), name="give_back"),
    path("inbox/caseloads/", caseloads.CaseloadListView.as_view(), name="caseload_list"),
    path("inbox/caseloads/<uuid:uuid>/", caseloads.CaseloadAssignView.as_view(), name="caseload_assign"),
    path("handovers/", handovers.HandoverListView.as_view(), name="handover_list"),
    path("handovers/new/", handovers.HandoverNewManyView.as_view(), name="handover_new_many"),
    path("handovers/accept/", handovers.HandoverAcceptAllView.as_view(), name="handover_accept_all"),
    path("handovers/<uuid:handover>/accept/", handovers.HandoverAcceptView.as_view(), name="handover_accept"),
    path(
        "handovers/<uuid:handover>/decline/", handovers.HandoverDeclineView.as_view(), name="handover_decline"
    ),
    path("moves/<uuid:districtmove>/take-back/", moves.MoveTakeBackView.as_view(), name="move_take_back"),
    path("import/", imports.ImportListView.as_view(), name="import_list"),
    path("import/<uuid:uuid>/", imports.ImportView.as_view(), name="import"),
    path("import/<uuid:uuid>/columns/", imports.ImportColumnsView.as_view(), name="import_columns"),
    path("import/<uuid:uuid>/rows/<uuid:row_uuid>/", import_rows.ImportRowView.as_view(), name="import_row"),
    path("import/<uuid:uuid>/run/", imports.ImportRunView.as_view(), name="import_run"),
    path("import/<uuid:uuid>/undo/", imports.ImportUndoView.as_view(), name="import_undo"),
    path("import/<uuid:uuid>/rest/", imports.ImportRestView.as_view(), name="import_rest"),
    path(
        "import/<uuid:uuid>/left-out.csv",
        imports.ImportLeftOutView.as_view(),
        {"kind": "csv"},
        name="import_left_out_csv",
    ),
    path(
        "import/<uuid:uuid>/left-out.xlsx",
        imports.ImportLeftOutView.as_view(),
        {"kind": "xlsx"},
        name="import_left_out_xlsx",
    ),
    path("import/<uuid:uuid>/discard/", imports.ImportDiscardView.as_view(), name="import_discard"),
]
