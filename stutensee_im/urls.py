"""The table of contents: what exists, and in which app."""

from allauth.account import views as account_views
from django.contrib import admin
from django.urls import include, path

from accounts.views import OwnPasswordView
from appointments.views.feed import calendar_feed
from reports.views.day import DayPartView, HomeView
from stutensee_im import views

urlpatterns = [
    # The start page of each role
    path("", HomeView.as_view(), name="home"),
    path("day/<slug:code>/", DayPartView.as_view(), name="day_part"),
    # Who is at the keyboard
    path("login/", account_views.login, name="account_login"),
    path("login/inactive/", account_views.account_inactive, name="account_inactive"),
    path("logout/", account_views.logout, name="account_logout"),
    path("account/password/change/", OwnPasswordView.as_view(), name="account_change_password"),
    path("account/", include("accounts.urls")),
    # The person and their file; what other apps show and write in it lies below the file
    path("clients/", include("clients.urls")),
    path("clients/", include("intake.urls")),
    path("clients/<uuid:uuid>/", include("documents.urls_file")),
    path("clients/<uuid:uuid>/", include("intake.urls_file")),
    path("clients/<uuid:uuid>/", include("partners.urls_file")),
    path("clients/<uuid:uuid>/", include("integration_plans.urls_file")),
    path("clients/<uuid:uuid>/", include("appointments.urls_file")),
    path("clients/<uuid:uuid>/", include("outreach.urls_file")),
    path("clients/<uuid:uuid>/", include("reports.urls_file")),
    path("enquiries/", include("intake.urls_enquiries")),
    path("complaints/", include("intake.urls_complaints")),
    path("observations/", include("intake.urls_observations")),
    path("accommodations/", include("clients.urls_houses")),
    path("network/", include("partners.urls")),
    path("stand-ins/", include("clients.urls_stand_ins")),
    # What is done with files, across all of one's own
    path("plans/", include("integration_plans.urls")),
    path("appointments/", include("appointments.urls")),
    path("contacts/", include("appointments.urls_drop_ins")),
    # Read by calendar programmes without a log-in: the token is the key
    path("calendar/<str:token>.ics", calendar_feed, name="calendar_feed"),
    path("visits/", include("outreach.urls")),
    # Money
    path("funding/", include("funding.urls")),
    # Figures
    path("reports/", include("reports.urls")),
    # Users, catalogues, and what the law prolongs
    path("decrees/", include("clients.urls_decrees")),
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
