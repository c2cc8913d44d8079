"""Structural observations: reported by managers, answered by the office."""

from django.urls import path

from intake.views import observations

app_name = "observations"
urlpatterns = [
    path("", observations.ObservationListView.as_view(), name="list"),
    path("new/", observations.ObservationNewView.as_view(), name="new"),
    path("<uuid:observation>/", observations.ObservationAnswerView.as_view(), name="answer"),
]
