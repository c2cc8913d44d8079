"""Time-limited access of a stand-in to health data, after a reason (rules.md §8)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import KEEP, Privacy
from accounts.records import Record
from clients.models.client import Client
from clients.querysets import HealthGrantQuerySet


class HealthGrant(Record):
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="health_grants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="health_grants")
    reason = models.CharField(_("reason"), max_length=300)
    granted_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)

    objects = HealthGrantQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="access", erase=KEEP("who read health data, and why"))

    class Meta:
        verbose_name = _("health access")
        verbose_name_plural = _("health accesses")
        ordering = ("-granted_at",)

    def __str__(self) -> str:
        return f"health access {self.pk}"
