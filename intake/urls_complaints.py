"""Complaints and wishes for another manager: from an officer to the coordinator, past every inbox."""

from django.urls import path

from intake.views import complaints

app_name = "complaints"
urlpatterns = [
    path("", complaints.ComplaintListView.as_view(), name="list"),
    path("new/", complaints.ComplaintNewView.as_view(), name="new"),
    path("<uuid:complaint>/", complaints.ComplaintView.as_view(), name="detail"),
]
