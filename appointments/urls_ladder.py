"""Outreach inside one file; included by `urls_file`."""

from django.urls import path

from appointments.views import ladder

urlpatterns = [
    path("ladder/announce/", ladder.LadderAnnounceView.as_view(), name="ladder_announce"),
    path("ladder/postpone/", ladder.LadderPostponeView.as_view(), name="ladder_postpone"),
    path("ladder/clarify/", ladder.LadderClarifyView.as_view(), name="ladder_clarify"),
    path("ladder/end/", ladder.LadderEndView.as_view(), name="ladder_end"),
    path("ladder/visit/", ladder.LadderVisitView.as_view(), name="ladder_visit"),
    path("ladder/look-again/", ladder.LadderLookAgainView.as_view(), name="ladder_look_again"),
    path("ladder/<uuid:ladder>/answer/", ladder.LadderAnswerView.as_view(), name="ladder_answer"),
]
