"""What happens when, and what happened, by noun."""

from appointments.models.appointment import Appointment, AppointmentOutcome
from appointments.models.contact import Contact, ContactFacts, ContactNote, ContactParticipant, ContactVersion
from appointments.models.follow_up import FollowUp

__all__ = [
    "Appointment",
    "AppointmentOutcome",
    "Contact",
    "ContactFacts",
    "ContactNote",
    "ContactParticipant",
    "ContactVersion",
    "FollowUp",
]
