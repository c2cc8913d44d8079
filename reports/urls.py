"""Dashboards and case lists; the start page hangs at the root in the project's table of contents."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.DashboardView.as_view(), name="dashboard"),
    path("people/", views.PeopleView.as_view(), name="people"),
    path("cases/", views.CaseListView.as_view(), name="cases"),
]
