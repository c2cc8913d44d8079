"""Appointments, contacts and follow-ups inside one file, mounted at ``/clients/<uuid>/``."""

from django.urls import path

from appointments.views import appointments, contacts, follow_ups, log, planning, reminders

app_name = "file_appointments"
urlpatterns = [
    # The log
    path("contacts/new/", log.ContactLogView.as_view(), name="contact_new"),
    path("contacts/<uuid:contact>/", contacts.ContactView.as_view(), name="contact"),
    path("contacts/<uuid:contact>/undo/", log.ContactUndoView.as_view(), name="contact_undo"),
    path("contacts/<uuid:contact>/correct/", contacts.ContactCorrectView.as_view(), name="contact_correct"),
    path("contacts/<uuid:contact>/move/", contacts.ContactMoveView.as_view(), name="contact_move"),
    path("contacts/<uuid:contact>/accept/", contacts.ContactAcceptView.as_view(), name="contact_accept"),
    path(
        "contacts/<uuid:contact>/returned/", contacts.ContactReturnedView.as_view(), name="contact_returned"
    ),
    # Appointments
    path("appointments/new/", planning.AppointmentNewView.as_view(), name="appointment_new"),
    path("appointments/next-times/", planning.NextTimesView.as_view(), name="next_times"),
    path("appointments/<uuid:appointment>/", appointments.AppointmentView.as_view(), name="appointment"),
    path(
        "appointments/<uuid:appointment>/edit/",
        appointments.AppointmentEditView.as_view(),
        name="appointment_edit",
    ),
    path(
        "appointments/<uuid:appointment>/move/",
        planning.AppointmentMoveView.as_view(),
        name="appointment_move",
    ),
    path(
        "appointments/<uuid:appointment>/outcome/",
        appointments.AppointmentOutcomeView.as_view(),
        name="outcome",
    ),
    path(
        "appointments/<uuid:appointment>/confirm/",
        appointments.AppointmentConfirmView.as_view(),
        name="appointment_confirm",
    ),
    path(
        "appointments/<uuid:appointment>/interpreter/",
        appointments.AppointmentInterpreterView.as_view(),
        name="interpreter",
    ),
    path(
        "appointments/<uuid:appointment>/take-over/",
        appointments.AppointmentTakeOverView.as_view(),
        name="appointment_take_over",
    ),
    path(
        "appointments/<uuid:appointment>/reminded/",
        reminders.ReminderSentView.as_view(),
        name="reminder_sent",
    ),
    path(
        "appointments/<uuid:appointment>/mail/",
        reminders.ReminderMailView.as_view(),
        name="reminder_mail",
    ),
    # Follow-ups
    path("follow-ups/new/", follow_ups.FollowUpNewView.as_view(), name="follow_up_new"),
    path("follow-ups/<uuid:follow_up>/", follow_ups.FollowUpView.as_view(), name="follow_up"),
    path("follow-ups/<uuid:follow_up>/done/", follow_ups.FollowUpDoneView.as_view(), name="follow_up_done"),
    path(
        "follow-ups/<uuid:follow_up>/reopen/",
        follow_ups.FollowUpReopenView.as_view(),
        name="follow_up_reopen",
    ),
    path(
        "follow-ups/<uuid:follow_up>/pass-on/",
        follow_ups.FollowUpPassOnView.as_view(),
        name="follow_up_pass_on",
    ),
]
