"""The day and the log, across all of one's own files."""

from django.urls import path

from appointments.views import appointments, drop_ins, follow_ups, log

app_name = "appointments"
urlpatterns = [
    path("", appointments.DayView.as_view(), name="day"),
    # Log a consultation: first the person
    path("contacts/new/", log.PersonChooseView.as_view(), name="contact_new"),
    path("contacts/drop-in/", drop_ins.DropInFindView.as_view(), name="drop_in_find"),
    path("contacts/drop-in/<str:key>/", drop_ins.DropInNewView.as_view(), name="drop_in_new"),
    # Follow-ups without a file
    path("follow-ups/new/", follow_ups.OwnFollowUpNewView.as_view(), name="follow_up_new"),
    path("follow-ups/<uuid:follow_up>/", follow_ups.OwnFollowUpView.as_view(), name="follow_up"),
    path(
        "follow-ups/<uuid:follow_up>/done/", follow_ups.OwnFollowUpDoneView.as_view(), name="follow_up_done"
    ),
    path(
        "follow-ups/<uuid:follow_up>/reopen/",
        follow_ups.OwnFollowUpReopenView.as_view(),
        name="follow_up_reopen",
    ),
    path(
        "follow-ups/<uuid:follow_up>/pass-on/",
        follow_ups.OwnFollowUpPassOnView.as_view(),
        name="follow_up_pass_on",
    ),
]
