"""The closed lists the rules of outreach branch on (rules.md §4)."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Trigger(TextChoices):
    """What opened an outreach ladder."""

    NO_SHOW = "no_show", _("Missed appointment")
    FIRST_CONTACT = "first_contact", _("First contact")
    MISSED_INVITATION = "missed_invitation", _("Missed invitation")


class Stage(TextChoices):
    """The step an outreach ladder stands at; computed, stored only as a cache for lists."""

    STEP1 = "step1", pgettext_lazy("ladder", "Letter or call")
    STEP2 = "step2", pgettext_lazy("ladder", "The other way")
    VISIT = "visit", pgettext_lazy("ladder", "Home visit")
    VISIT2 = "visit2", pgettext_lazy("ladder", "Second visit")
    UNREACHABLE = "unreachable", pgettext_lazy("ladder", "Not reachable")
    RECHECK = "recheck", pgettext_lazy("ladder", "Another attempt")
    ENDED = "ended", pgettext_lazy("ladder", "Ended")


class ActKind(TextChoices):
    """The acts of a manager in a ladder other than contacts."""

    ANNOUNCED = "announced", pgettext_lazy("ladder act", "Visit announced")
    POSTPONED = "postponed", pgettext_lazy("ladder act", "Postponed")
    CLARIFIED = "clarified", pgettext_lazy("ladder act", "Address or number clarified")
    ENDED = "ended", pgettext_lazy("ladder act", "Ended")


class ClarifyOutcome(TextChoices):
    """What looking for an address or number brought."""

    FOUND = "found", pgettext_lazy("clarify", "found")
    NOTHING_FOUND = "nothing_found", pgettext_lazy("clarify", "nothing found")


class EndReason(TextChoices):
    """Why a ladder ended; the earliest reason wins."""

    TWO_WAY = "two_way", pgettext_lazy("ladder end", "In contact again")
    EXCUSED = "excused", pgettext_lazy("ladder end", "Excuse accepted")
    CORRECTED = "corrected", pgettext_lazy("ladder end", "Record corrected")
    DECLINED = "declined", pgettext_lazy("ladder end", "Client declines counselling")
    CLOSED = "closed", pgettext_lazy("ladder end", "Counselling closed")
    MANAGER = "manager", pgettext_lazy("ladder end", "Ended by the manager")


class Answer(TextChoices):
    """The answer to the question after a two-way end."""

    NEW_APPOINTMENT = "new_appointment", pgettext_lazy("answer", "New appointment")
    NONE_NEEDED = "none_needed", pgettext_lazy("answer", "None needed")


class CompanionState(TextChoices):
    """What became of asking a colleague to come along; only a given word takes time in her calendar."""

    ASKED = "asked", pgettext_lazy("visit in pairs", "asked")
    ACCEPTED = "accepted", pgettext_lazy("visit in pairs", "comes along")
    DECLINED = "declined", pgettext_lazy("visit in pairs", "cannot come")
    WITHDRAWN = "withdrawn", pgettext_lazy("visit in pairs", "called off")


class IncidentKind(TextChoices):
    """What can happen to staff on a visit."""

    THREAT = "threat", pgettext_lazy("incident", "Threat")
    ACCIDENT = "accident", pgettext_lazy("incident", "Accident")
    DOG = "dog", pgettext_lazy("incident", "Dog")
    OTHER = "other", pgettext_lazy("incident", "Something else")
