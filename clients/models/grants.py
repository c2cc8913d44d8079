"""Time-limited access of a stand-in to what a file protects, after a reason (rules.md §8)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import KEEP, Privacy
from accounts.records import Record
from clients.choices import GrantKind
from clients.models.client import Client
from clients.querysets import AccessGrantQuerySet


class AccessGrant(Record):
    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="access_grants")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=GrantKind, default=GrantKind.HEALTH, editable=False)
    reason = models.CharField(_("reason"), max_length=300)
    granted_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(editable=False)

    objects = AccessGrantQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="access", erase=KEEP("who read what is protected, and why"))

    class Meta:
        verbose_name = _("access to what is protected")
        verbose_name_plural = _("accesses to what is protected")
        ordering = ("-granted_at",)

    def __str__(self) -> str:
        return f"access {self.pk}"
