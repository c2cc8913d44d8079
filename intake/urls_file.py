"""A file that changes hands, below /clients/<uuid>/."""

from django.urls import path

from intake.views import handovers, moves

app_name = "file_intake"
urlpatterns = [
    path("handover/", handovers.HandoverNewView.as_view(), name="handover_new"),
    path("handover/<uuid:row>/withdraw/", handovers.HandoverWithdrawView.as_view(), name="handover_withdraw"),
    path("move/", moves.MoveView.as_view(), name="move"),
]
