"""Referrals inside one file, mounted at ``/clients/<uuid>/``."""

from django.urls import path

from partners.views import referrals

app_name = "file_partners"
urlpatterns = [
    path("referrals/", referrals.ReferralsView.as_view(), name="referrals"),
    path("referrals/find/", referrals.ReferralFindView.as_view(), name="referral_find"),
    path("referrals/new/", referrals.ReferralNewView.as_view(), name="referral_new"),
    path("referrals/<uuid:referral>/", referrals.ReferralStepView.as_view(), name="referral_step"),
    path(
        "referrals/<uuid:referral>/take-back/",
        referrals.ReferralTakeBackView.as_view(),
        name="referral_take_back",
    ),
]
