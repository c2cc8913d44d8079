from django.urls import path

from clients.views import stand_ins

app_name = "stand_ins"

urlpatterns = [
    path("", stand_ins.StandInListView.as_view(), name="list"),
    path("new/", stand_ins.StandInPlanView.as_view(), name="new"),
    path("emergency/", stand_ins.EmergencyView.as_view(), name="emergency"),
    path("<uuid:uuid>/end/", stand_ins.StandInEndView.as_view(), name="end"),
]
