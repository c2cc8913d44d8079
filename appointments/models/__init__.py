"""What happens when, and what happened, by noun."""

from appointments.models.appointment import Appointment, AppointmentOutcome
from appointments.models.calendar import CalendarFeed, WorkingHours
from appointments.models.contact import Contact, ContactFacts, ContactNote, ContactParticipant, ContactVersion
from appointments.models.follow_up import FollowUp
from appointments.models.group_event import GroupEvent
from appointments.models.office_hour import (
    OfficeHourArrival,
    OfficeHourCount,
    OfficeHourSeries,
    OfficeHourSession,
)
from appointments.models.place import Place, PlaceHours
from appointments.models.reminder import ReminderText

__all__ = [
    "Appointment",
    "AppointmentOutcome",
    "CalendarFeed",
    "Contact",
    "ContactFacts",
    "ContactNote",
    "ContactParticipant",
    "ContactVersion",
    "FollowUp",
    "GroupEvent",
    "OfficeHourArrival",
    "OfficeHourCount",
    "OfficeHourSeries",
    "OfficeHourSession",
    "Place",
    "PlaceHours",
    "ReminderText",
    "WorkingHours",
]
