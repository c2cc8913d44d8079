from django.urls import path

from clients.views import absences, stand_in_sheets, stand_ins

app_name = "stand_ins"

urlpatterns = [
    path("", stand_ins.StandInListView.as_view(), name="list"),
    path("new/", stand_ins.StandInPlanView.as_view(), name="new"),
    path("emergency/", stand_ins.EmergencyView.as_view(), name="emergency"),
    path("<uuid:uuid>/end/", stand_ins.StandInEndView.as_view(), name="end"),
    path("<uuid:uuid>/sheet/", stand_in_sheets.SheetView.as_view(), name="sheet"),
    path("<uuid:uuid>/meanwhile/", stand_in_sheets.MeanwhileView.as_view(), name="meanwhile"),
    path("absences/new/", absences.AbsenceNewView.as_view(), name="absence_new"),
    path("absences/<uuid:uuid>/", absences.AbsenceEditView.as_view(), name="absence_edit"),
    path("absences/<uuid:uuid>/end/", absences.AbsenceEndView.as_view(), name="absence_end"),
]
