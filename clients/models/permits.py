"""Decrees that let residence documents go on beyond their dates; kept by the administration."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.records import Record
from clients.choices import ResidenceStatus


class PermitDecreeQuerySet(models.QuerySet["PermitDecree"]):
    def in_force(self) -> "PermitDecreeQuerySet":
        """Decrees nobody has withdrawn."""
        return self.filter(withdrawn_at__isnull=True)


class PermitDecree(Record):
    """All documents of a status that are valid on a day go on until another (rules.md §11).

    A file reads it and copies nothing: withdrawing a decree leaves every file as it was before.
    """

    status = models.CharField(_("residence status"), max_length=40, choices=ResidenceStatus)
    valid_on = models.DateField(_("for documents valid on"))
    continues_until = models.DateField(_("continue to be valid until"))
    source = models.CharField(_("legal source"), max_length=160)
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, editable=False, related_name="+"
    )

    objects = PermitDecreeQuerySet.as_manager()

    class Meta:
        verbose_name = _("decree on residence documents")
        verbose_name_plural = _("decrees on residence documents")
        ordering = ("-recorded_at", "-id")
        constraints = [
            models.CheckConstraint(name="decree_prolongs", condition=Q(continues_until__gt=F("valid_on")))
        ]

    def __str__(self) -> str:
        return self.source
