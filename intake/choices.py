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


class EnquiryState(models.TextChoices):
    """What everybody who registered an enquiry may know about it."""

    OPEN = "open", pgettext_lazy("enquiry", "open")
    TAKEN = "taken", pgettext_lazy("enquiry", "taken")
    ANSWERED = "answered", pgettext_lazy("enquiry", "answered")
