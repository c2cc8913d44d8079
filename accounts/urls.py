from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.AccountView.as_view(), name="own"),
    path("csrf/", views.FreshTokenView.as_view(), name="csrf"),
]
