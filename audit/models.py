"""What happened to whose data, unforgettably.

An entry names the actor, for whom they acted, the kind of object and the *names* of changed fields. It holds
no value, no person's name, no object id: the only way to a client is ``subject_ref``, which lives on the
client's row alone, so that erasing the client cuts the link and touches no entry (architecture.md "Audit and logs").
"""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.utils import timezone

APPEND_ONLY = "Audit entries are append-only."


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, subject_ref: Any) -> "AuditQuerySet":
        """Entries about one subject, newest first."""
        return self.filter(subject_ref=subject_ref).order_by("-at", "-id")

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError(APPEND_ONLY)

    def delete(self) -> NoReturn:
        raise TypeError(APPEND_ONLY)


class AuditEntry(models.Model):
    at = models.DateTimeField(default=timezone.now, editable=False)
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    actor_role = models.CharField(max_length=20, blank=True, editable=False)
    acting_for = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )
    action = models.CharField(max_length=60, editable=False)
    kind = models.CharField(max_length=60, blank=True, editable=False)
    subject_ref = models.UUIDField(null=True, editable=False)
    fields = models.JSONField(default=list, editable=False)
    count = models.PositiveIntegerField(null=True, editable=False)

    objects = AuditQuerySet.as_manager()

    class Meta:
        verbose_name = "audit entry"
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["subject_ref", "-at"], name="audit_by_subject"),
            models.Index(fields=["actor", "-at"], name="audit_by_actor"),
        ]

    def __str__(self) -> str:
        return f"{self.action} #{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError(APPEND_ONLY)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError(APPEND_ONLY)
