from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("", views.AccountView.as_view(), name="own"),
    path("digest/", views.DigestView.as_view(), name="digest"),
    path("privacy-screen/", views.PrivacyScreenView.as_view(), name="privacy_screen"),
    path("csrf/", views.FreshTokenView.as_view(), name="csrf"),
]
