"""What waits in one file, below the file."""

from django.urls import path

from reports.views import day

app_name = "file_reports"
urlpatterns = [
    path("due/", day.FileDueView.as_view(), name="due"),
]
