"""The accommodations of the municipality, mounted at ``/accommodations/``."""

from django.urls import path

from clients.views import houses

app_name = "houses"
urlpatterns = [
    path("", houses.HouseListView.as_view(), name="list"),
    path("new/", houses.HouseNewView.as_view(), name="new"),
    path("<uuid:uuid>/", houses.HouseView.as_view(), name="detail"),
    path("<uuid:uuid>/edit/", houses.HouseEditView.as_view(), name="edit"),
]
