"""Plans across all of one's own files."""

from django.urls import path

from integration_plans.views.plans import PlanListView

app_name = "plans"
urlpatterns = [
    path("", PlanListView.as_view(), name="list"),
]
