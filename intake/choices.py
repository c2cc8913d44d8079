"""Where imports and enquiries stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ImportState(models.TextChoices):
    """How far an allocation list has come."""

    MAPPING = "mapping", _("columns to be assigned")
    CHECKING = "checking", _("rows are being checked")
    READY = "ready", _("to be decided")
    IMPORTED = "imported", _("imported")
    UNDONE = "undone", _("taken back")


class EnquiryState(models.TextChoices):
    """What everybody who registered an enquiry may know about it."""

    OPEN = "open", pgettext_lazy("enquiry", "open")
    TAKEN = "taken", pgettext_lazy("enquiry", "taken")
    ANSWERED = "answered", pgettext_lazy("enquiry", "answered")


class ComplaintKind(models.TextChoices):
    """What somebody wants who turns past their manager to the office."""

    COMPLAINT = "complaint", _("complaint")
    ANOTHER_MANAGER = "another_manager", _("wish for another manager")


class ComplaintState(models.TextChoices):
    """How far the coordinator has come with a complaint."""

    OPEN = "open", pgettext_lazy("complaint", "open")
    CLARIFYING = "clarifying", pgettext_lazy("complaint", "being clarified")
    SETTLED = "settled", pgettext_lazy("complaint", "settled")


class ObservationState(models.TextChoices):
    """What became of a structural observation."""

    NEW = "new", pgettext_lazy("observation", "new")
    WORKING = "working", pgettext_lazy("observation", "in progress")
    ANSWERED = "answered", pgettext_lazy("observation", "answered")


class HandoverState(models.TextChoices):
    """What became of the proposal to hand a file over."""

    PROPOSED = "proposed", pgettext_lazy("handover", "waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("handover", "accepted")
    DECLINED = "declined", pgettext_lazy("handover", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("handover", "withdrawn")
    LAPSED = "lapsed", pgettext_lazy("handover", "settled otherwise")
    EXPIRED = "expired", pgettext_lazy("handover", "not answered in time")


class ConsentForm(models.TextChoices):
    """How a person agreed that their file goes to another town."""

    SIGNED = "signed", _("signed on paper")
    ORALLY = "orally", _("orally, client present")
    BY_PHONE = "by_phone", _("by phone")
