"""A protected address: nobody outside the file may learn where the person lives."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from clients.models.client import Client
from clients.querysets import AddressProtectionQuerySet


class AddressProtection(Record):
    """Why and since when the address of a person is protected.

    ``Accommodation.is_protected`` is its copy in every row of the file, so that an address is hidden wherever
    nobody asked for it on purpose.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="address_protections")
    reason = models.CharField(_("reason"), max_length=300)
    since = models.DateField(_("since"), default=timezone.localdate)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    set_at = models.DateTimeField(editable=False)
    ended_at = models.DateTimeField(null=True, editable=False)

    objects = AddressProtectionQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="safety")

    class Meta:
        verbose_name = _("protected address")
        verbose_name_plural = _("protected addresses")
        ordering = ("-set_at", "-id")
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(ended_at__isnull=True), name="one_protection_of_an_address"
            )
        ]

    def __str__(self) -> str:
        return f"protected address {self.pk}"
