"""The day and the log, across all of one's own files."""

from django.urls import path

from appointments.views import (
    calendar,
    drop_ins,
    feed,
    follow_ups,
    follow_ups_many,
    group_events,
    log,
    office_desk,
    office_hours,
    sick_day,
)

app_name = "appointments"
urlpatterns = [
    path("", calendar.CalendarView.as_view(), name="day"),
    path("working-hours/", calendar.WorkingHoursView.as_view(), name="working_hours"),
    path("feed/", feed.FeedView.as_view(), name="feed"),
    path("feed/close/", feed.FeedCloseView.as_view(), name="feed_close"),
    path("sick-day/", sick_day.SickDayView.as_view(), name="sick_day"),
    path("call-list/", sick_day.CallListView.as_view(), name="call_list"),
    # Log a consultation: first the person
    path("contacts/new/", log.PersonChooseView.as_view(), name="contact_new"),
    path("contacts/drop-in/", drop_ins.DropInFindView.as_view(), name="drop_in_find"),
    path("contacts/drop-in/<str:key>/", drop_ins.DropInNewView.as_view(), name="drop_in_new"),
    # Follow-ups without a file
    path("follow-ups/files/", follow_ups_many.FollowUpManyView.as_view(), name="follow_up_many"),
    path(
        "follow-ups/<uuid:follow_up>/take-back/",
        follow_ups_many.FollowUpManyUndoView.as_view(),
        name="follow_up_many_undo",
    ),
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
    path("group-events/new/", group_events.GroupEventNewView.as_view(), name="group_event_new"),
    path("group-events/<uuid:uuid>/", group_events.GroupEventView.as_view(), name="group_event"),
    # Open office hours
    path("office-hours/", office_hours.OfficeHourListView.as_view(), name="office_hours"),
    path("office-hours/series/new/", office_hours.SeriesNewView.as_view(), name="office_hour_series_new"),
    path(
        "office-hours/at/<uuid:uuid>/",
        office_hours.HouseOfficeHourView.as_view(),
        name="office_hour_at_house",
    ),
    path(
        "office-hours/series/<uuid:uuid>/end/",
        office_hours.SeriesEndView.as_view(),
        name="office_hour_series_end",
    ),
    path("office-hours/<uuid:uuid>/", office_desk.DeskView.as_view(), name="office_hour"),
    path("office-hours/<uuid:uuid>/arrive/", office_desk.ArriveView.as_view(), name="office_hour_arrive"),
    path("office-hours/<uuid:uuid>/call/", office_desk.CallView.as_view(), name="office_hour_call"),
    path(
        "office-hours/<uuid:uuid>/arrivals/<uuid:arrival>/",
        office_desk.ArrivalView.as_view(),
        name="office_hour_arrival",
    ),
    path("office-hours/<uuid:uuid>/close/", office_desk.CloseView.as_view(), name="office_hour_close"),
    path("office-hours/<uuid:uuid>/move/", office_hours.SessionMoveView.as_view(), name="office_hour_move"),
    path(
        "office-hours/<uuid:uuid>/cancel/",
        office_hours.SessionCancelView.as_view(),
        name="office_hour_cancel",
    ),
    path(
        "office-hours/<uuid:uuid>/reinstate/",
        office_hours.SessionReinstateView.as_view(),
        name="office_hour_reinstate",
    ),
]
