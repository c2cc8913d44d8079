"""The table of contents: what exists, and in which app."""

from allauth.account import views as account_views
from django.contrib import admin
from django.urls import include, path

from accounts.views import OwnPasswordView
from reports.views import DaySectionView, HomeView
from stutensee_im import views

urlpatterns = [
    # The start page of each role
    path("", HomeView.as_view(), name="home"),
    path("day/<slug:section>/", DaySectionView.as_view(), name="day_section"),
    # Who is at the keyboard
    path("login/", account_views.login, name="account_login"),
    path("login/inactive/", account_views.account_inactive, name="account_inactive"),
    path("logout/", account_views.logout, name="account_logout"),
    path("account/password/change/", OwnPasswordView.as_view(), name="account_change_password"),
    path("account/", include("accounts.urls")),
    # The person and their file; what other apps show and write in it lies below the file
    path("clients/", include("clients.urls")),
    path("clients/<uuid:uuid>/", include("integration_plans.urls_file")),
    path("clients/<uuid:uuid>/", include("appointments.urls_file")),
    path("enquiries/", include("clients.urls_enquiries")),
    path("stand-ins/", include("clients.urls_stand_ins")),
    # What is done with files, across all of one's own
    path("plans/", include("integration_plans.urls")),
    path("appointments/", include("appointments.urls")),
    path("contacts/", include("appointments.urls_drop_ins")),
    # Figures
    path("reports/", include("reports.urls")),
    # Users and catalogues
    path("admin/login/", views.admin_login),
    path("admin/", admin.site.urls),
    # For the machines that watch
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
]

handler400 = "stutensee_im.errors.bad_request"
handler403 = "stutensee_im.errors.permission_denied"
handler404 = "stutensee_im.errors.not_found"
handler429 = "stutensee_im.errors.too_many_requests"
handler500 = "stutensee_im.errors.server_error"
