"""Decrees that prolong residence documents; for the administration."""

from django.urls import path

from clients.views import permits

app_name = "decrees"

urlpatterns = [
    path("", permits.DecreeListView.as_view(), name="list"),
    path("new/", permits.DecreeNewView.as_view(), name="new"),
    path("<uuid:uuid>/withdraw/", permits.DecreeWithdrawView.as_view(), name="withdraw"),
    path("<uuid:uuid>/reinstate/", permits.DecreeReinstateView.as_view(), name="reinstate"),
]
