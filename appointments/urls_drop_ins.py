"""What one left in a colleague's file: the one exception to "everything under the file" (house.md §3b)."""

from django.urls import path

from appointments.views import drop_ins

app_name = "drop_ins"
urlpatterns = [
    path("<uuid:uuid>/", drop_ins.DropInView.as_view(), name="detail"),
    path("<uuid:uuid>/change/", drop_ins.DropInCorrectView.as_view(), name="correct"),
]
