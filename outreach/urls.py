"""Visits across one's own files, mounted at ``/visits/``."""

from django.urls import path

from outreach.views import houses, incidents, rounds

app_name = "visits"
urlpatterns = [
    path("", rounds.RoundView.as_view(), name="round"),
    path("houses/<uuid:uuid>/", houses.HouseRoundView.as_view(), name="house"),
    path("order/", rounds.RoundOrderView.as_view(), name="order"),
    path(
        "companions/<uuid:visit_companion>/answer/",
        rounds.CompanionAnswerView.as_view(),
        name="companion_answer",
    ),
    path("back/<uuid:back_by>/", rounds.BackView.as_view(), name="back"),
    # Incidents of the staff
    path("incidents/", incidents.IncidentListView.as_view(), name="incidents"),
    path("incidents/new/", incidents.IncidentNewView.as_view(), name="incident_new"),
    path("incidents/<uuid:incident>/", incidents.IncidentView.as_view(), name="incident"),
]
