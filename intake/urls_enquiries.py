"""Enquiries: registered by officer or manager, taken from the inbox by a manager."""

from django.urls import path

from intake.views import enquiries

app_name = "enquiries"
urlpatterns = [
    path("", enquiries.EnquiryListView.as_view(), name="list"),
    path("new/", enquiries.EnquiryNewView.as_view(), name="new"),
    path("answered/", enquiries.EnquiryAnsweredView.as_view(), name="answered"),
    path("<uuid:uuid>/", enquiries.EnquiryView.as_view(), name="detail"),
    path("<uuid:uuid>/take/", enquiries.EnquiryTakeView.as_view(), name="take"),
    path("<uuid:uuid>/give-back/", enquiries.EnquiryGiveBackView.as_view(), name="give_back"),
    path("<uuid:uuid>/answer/", enquiries.EnquiryAnswerView.as_view(), name="answer"),
    path("<uuid:uuid>/file/", enquiries.EnquiryFileView.as_view(), name="file"),
    path("<uuid:uuid>/connect/", enquiries.EnquiryConnectView.as_view(), name="connect"),
]
