"""The dismissal that two files are about two persons."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from clients.models.client import Client
from clients.querysets import DuplicateDismissalQuerySet


class DuplicateDismissal(models.Model):
    """Two files that a manager told apart: they are no longer shown as perhaps one person (decision 0017).

    The pair is stored once, the older file first. Asking again keeps the row and says who asked. It belongs to
    both files: erasing either one removes it. It is in no export, because it names another person.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    dismissed_at = models.DateTimeField(editable=False)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True, editable=False)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = DuplicateDismissalQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="master", export=False)

    class Meta:
        verbose_name = _("files told apart")
        verbose_name_plural = _("files told apart")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(fields=["client", "other"], name="a_pair_is_dismissed_once"),
            models.CheckConstraint(name="older_file_of_a_pair_first", condition=Q(client__lt=F("other"))),
            models.CheckConstraint(
                name="reopened_by_somebody",
                condition=Q(reopened_at__isnull=True, reopened_by__isnull=True)
                | Q(reopened_at__isnull=False, reopened_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} ≠ {self.other_id}"

    @property
    def holds(self) -> bool:
        """Whether the dismissal stands; nobody has asked again since."""
        return self.reopened_at is None

    def other_file_of(self, client: Client) -> Client:
        """The other file of the pair."""
        return self.other if self.client_id == client.pk else self.client
