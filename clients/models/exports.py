"""Lists that left the system as a file."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import KEEP, Privacy, ScopedQuerySet


class ListFormat(models.TextChoices):
    XLSX = "xlsx", _("Excel (XLSX)")
    CSV = "csv", _("CSV, for other programs")


class ListExport(models.Model):
    """Who took the client list away, when and why; whose files were in it is not kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="list_exports", editable=False
    )
    at = models.DateTimeField(editable=False)
    reason = models.CharField(_("what for"), max_length=300)
    format = models.CharField(_("format"), max_length=10, choices=ListFormat, default=ListFormat.XLSX)
    columns = models.JSONField(default=list, editable=False)
    count = models.PositiveIntegerField(default=0, editable=False)

    objects = ScopedQuerySet["ListExport"].as_manager()
    privacy = Privacy(
        scope="user", data_class="staff", root="user", export=False, erase=KEEP("who took data away, and why")
    )

    class Meta:
        verbose_name = _("exported list")
        verbose_name_plural = _("exported lists")
        ordering = ("-at", "-id")

    def __str__(self) -> str:
        return str(self.pk)
