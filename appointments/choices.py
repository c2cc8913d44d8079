"""The closed lists the rules of contacts, appointments and outreach branch on (rules.md §1, §3, §4)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Channel(TextChoices):
    """How an interaction took place."""

    OFFICE = "office", pgettext_lazy("channel", "Office")
    OPEN_HOUR = "open_hour", pgettext_lazy("channel", "Open office hour")
    PHONE = "phone", pgettext_lazy("channel", "Phone")
    LETTER = "letter", pgettext_lazy("channel", "Letter")
    EMAIL = "email", pgettext_lazy("channel", "E-mail")
    MESSAGE = "message", pgettext_lazy("channel", "Messenger or SMS")
    VIDEO = "video", pgettext_lazy("channel", "Video")
    HOME_VISIT = "home_visit", pgettext_lazy("channel", "Home visit")
    ACCOMPANIMENT = "accompaniment", pgettext_lazy("channel", "Accompaniment")
    NOTE = "note", pgettext_lazy("channel", "Written note")
    GROUP = "group", pgettext_lazy("channel", "Group event")


class Direction(TextChoices):
    """Who began the interaction."""

    OUT = "out", pgettext_lazy("direction", "from us")
    IN = "in", pgettext_lazy("direction", "to us")


class SpokenWith(TextChoices):
    """Who was at the other end. Only the first two make a contact two-way."""

    CLIENT = "client", pgettext_lazy("spoken with", "Client")
    LEGAL_REPRESENTATIVE = "legal_representative", pgettext_lazy("spoken with", "Legal representative")
    RELATIVE = "relative", pgettext_lazy("spoken with", "Relative or neighbour")
    INTERPRETER_ONLY = "interpreter_only", pgettext_lazy("spoken with", "Interpreter only")
    THIRD_PARTY = "third_party", pgettext_lazy("spoken with", "Third party")
    NOBODY = "nobody", pgettext_lazy("spoken with", "Nobody")


class Result(TextChoices):
    """What came of the interaction."""

    TALK = "talk", pgettext_lazy("result", "Talked with each other")
    ANSWERED = "answered", pgettext_lazy("result", "Answered in writing")
    RECEIVED = "received", pgettext_lazy("result", "Message received")
    SENT = "sent", pgettext_lazy("result", "Sent")
    MESSAGE_LEFT = "message_left", pgettext_lazy("result", "Message left")
    NOT_REACHED = "not_reached", pgettext_lazy("result", "Not reached")
    NOT_MET = "not_met", pgettext_lazy("result", "Not met")
    NOT_MET_CARD = "not_met_card", pgettext_lazy("result", "Not met, card left")
    MISSED_CALL = "missed_call", pgettext_lazy("result", "Missed call")


class Basis(TextChoices):
    """What allowed a talk with somebody else about the client; empty is missing data (rules.md §13)."""

    PRESENT = "present", pgettext_lazy("basis", "Client was there")
    ORAL = "oral", pgettext_lazy("basis", "Allowed orally")
    RELEASE = "release", pgettext_lazy("basis", "Allowed in writing")
    NO_DATA = "no_data", pgettext_lazy("basis", "Without personal data")


class AppointmentState(TextChoices):
    """Where an appointment stands."""

    PLANNED = "planned", pgettext_lazy("appointment", "planned")
    HELD = "held", pgettext_lazy("appointment", "held")
    NO_SHOW = "no_show", pgettext_lazy("appointment", "did not come")
    NOT_MET = "not_met", pgettext_lazy("appointment", "not met")
    CANCELLED_CLIENT = "cancelled_client", pgettext_lazy("appointment", "cancelled by the client")
    CANCELLED_US = "cancelled_us", pgettext_lazy("appointment", "cancelled by us")
    MOVED = "moved", pgettext_lazy("appointment", "moved")


class Excuse(TextChoices):
    """Whether a no-show was excused; undecided stays out of every rate."""

    UNDECIDED = "undecided", pgettext_lazy("excuse", "undecided")
    EXCUSED = "excused", pgettext_lazy("excuse", "excused")
    UNEXCUSED = "unexcused", pgettext_lazy("excuse", "unexcused")


class InterpreterNeed(TextChoices):
    """Where the interpreter for an appointment stands."""

    NONE = "none", pgettext_lazy("interpreter", "not needed")
    NEEDED = "needed", pgettext_lazy("interpreter", "needed")
    BOOKED = "booked", pgettext_lazy("interpreter", "booked")
    CONFIRMED = "confirmed", pgettext_lazy("interpreter", "confirmed")


class InterpreterKind(TextChoices):
    """Who interpreted at a contact; counted in the report, no rule branches on it."""

    NONE = "none", pgettext_lazy("interpreter kind", "none")
    PROFESSIONAL = "professional", pgettext_lazy("interpreter kind", "professional")
    VOLUNTEER = "volunteer", pgettext_lazy("interpreter kind", "volunteer")
    FAMILY = "family", pgettext_lazy("interpreter kind", "family or friends")
    PHONE = "phone", pgettext_lazy("interpreter kind", "by phone")
    VIDEO = "video", pgettext_lazy("interpreter kind", "by video")
    COLLEAGUE = "colleague", pgettext_lazy("interpreter kind", "colleague")


class SessionState(TextChoices):
    """Where a session of the open office hours stands; a closed one never opens again."""

    PLANNED = "planned", pgettext_lazy("office hour", "planned")
    CLOSED = "closed", pgettext_lazy("office hour", "closed")
    CANCELLED = "cancelled", pgettext_lazy("office hour", "cancelled")


class ArrivalOutcome(TextChoices):
    """What became of somebody who came to an open office hour."""

    OWN = "own", pgettext_lazy("arrival", "own client")
    DROP_IN = "drop_in", pgettext_lazy("arrival", "a colleague's client")
    ANONYMOUS = "anonymous", pgettext_lazy("arrival", "without a file")
    LEFT = "left", pgettext_lazy("arrival", "left without a talk")


class ReminderKind(TextChoices):
    """What somebody is reminded of."""

    MEETING = "meeting", pgettext_lazy("reminder", "Appointment at a place")
    VISIT = "visit", pgettext_lazy("reminder", "Home visit")
    CALL = "call", pgettext_lazy("reminder", "Call or video")
