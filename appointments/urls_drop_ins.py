"""What one left in a colleague's file: it does not lie under the file (architecture.md "Addresses")."""

from django.urls import path

from appointments.views import drop_ins

app_name = "drop_ins"
urlpatterns = [
    path("<uuid:uuid>/", drop_ins.DropInView.as_view(), name="detail"),
    path("<uuid:uuid>/change/", drop_ins.DropInCorrectView.as_view(), name="correct"),
]
