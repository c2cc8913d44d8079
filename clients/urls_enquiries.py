"""Enquiries: registered by officer or manager, taken from the inbox by a manager."""

from django.urls import path

from clients.views import inbox

app_name = "enquiries"
urlpatterns = [
    path("", inbox.EnquiryListView.as_view(), name="list"),
    path("new/", inbox.EnquiryNewView.as_view(), name="new"),
    path("answered/", inbox.EnquiryAnsweredView.as_view(), name="answered"),
    path("<uuid:uuid>/", inbox.EnquiryView.as_view(), name="detail"),
    path("<uuid:uuid>/take/", inbox.EnquiryTakeView.as_view(), name="take"),
    path("<uuid:uuid>/answer/", inbox.EnquiryAnswerView.as_view(), name="answer"),
    path("<uuid:uuid>/file/", inbox.EnquiryFileView.as_view(), name="file"),
    path("<uuid:uuid>/connect/", inbox.EnquiryConnectView.as_view(), name="connect"),
]
