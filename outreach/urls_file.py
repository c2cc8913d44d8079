"""Outreach inside one file, mounted at ``/clients/<uuid>/``."""

from django.urls import path

from outreach import views

app_name = "file_outreach"
urlpatterns = [
    path("ladder/announce/", views.LadderAnnounceView.as_view(), name="announce"),
    path("ladder/postpone/", views.LadderPostponeView.as_view(), name="postpone"),
    path("ladder/clarify/", views.LadderClarifyView.as_view(), name="clarify"),
    path("ladder/end/", views.LadderEndView.as_view(), name="end"),
    path("ladder/visit/", views.LadderVisitView.as_view(), name="visit"),
    path("ladder/look-again/", views.LadderLookAgainView.as_view(), name="look_again"),
    path("ladder/<uuid:ladder>/answer/", views.LadderAnswerView.as_view(), name="answer"),
]
