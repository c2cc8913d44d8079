"""Outreach inside one file, mounted at ``/clients/<uuid>/``."""

from django.urls import path

from outreach.views import history, ladder, visits

app_name = "file_outreach"
urlpatterns = [
    path("ladder/announce/", ladder.LadderAnnounceView.as_view(), name="announce"),
    path("ladder/postpone/", ladder.LadderPostponeView.as_view(), name="postpone"),
    path("ladder/clarify/", ladder.LadderClarifyView.as_view(), name="clarify"),
    path("ladder/end/", ladder.LadderEndView.as_view(), name="end"),
    path("ladder/visit/", visits.VisitRecordView.as_view(), name="visit"),
    path("ladder/look-again/", ladder.LadderLookAgainView.as_view(), name="look_again"),
    path("ladder/<uuid:ladder>/answer/", ladder.LadderAnswerView.as_view(), name="answer"),
    path("outreach/history/", history.OutreachHistoryView.as_view(), name="history"),
    # Going there
    path("visits/take-along/", visits.TakeAlongView.as_view(), name="take_along"),
    path("visits/companion/", visits.CompanionAskView.as_view(), name="companion"),
    path(
        "visits/companion/<uuid:row>/withdraw/",
        visits.CompanionWithdrawView.as_view(),
        name="companion_withdraw",
    ),
    path("visits/back-by/", visits.BackByView.as_view(), name="back_by"),
]
