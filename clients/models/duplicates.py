"""Two files about one person or two: the dismissal, and the link."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from clients.choices import Phase
from clients.models.client import Client, PhaseChange
from clients.querysets import DuplicateDismissalQuerySet, DuplicateLinkQuerySet


class FilePair(models.Model):
    """Two files of which something is said; it belongs to both, and erasing either one removes it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")

    privacy = Privacy(scope="client", data_class="master", export=False)

    class Meta:
        abstract = True

    def other_file_of(self, client: Client) -> Client:
        """The other file of the pair."""
        return self.other if self.client_id == client.pk else self.client


class DuplicateDismissal(FilePair):
    """Two files that a manager told apart: they are no longer shown as perhaps one person (decision 0017).

    The pair is stored once, the older file first. Asking again keeps the row and says who asked. It belongs to
    both files: erasing either one removes it. It is in no export, because it names another person.
    """

    dismissed_at = models.DateTimeField(editable=False)
    dismissed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    reopened_at = models.DateTimeField(null=True, editable=False)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = DuplicateDismissalQuerySet.as_manager()

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


class DuplicateLink(FilePair):
    """Two files of one person: ``client`` is kept twice, ``other`` leads (rules.md §8, decision 0017).

    Nothing is merged. Where the file kept twice was open, the link closed it and keeps what that replaced, so that
    undoing restores it exactly. The row stays when it is undone. It belongs to both files: erasing either one removes
    it.
    """

    linked_at = models.DateTimeField(editable=False)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    closing = models.ForeignKey(
        PhaseChange, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    phase_before = models.CharField(max_length=20, choices=Phase, blank=True, editable=False)
    phase_since_before = models.DateField(null=True, editable=False)
    undone_at = models.DateTimeField(null=True, editable=False)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = DuplicateLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link of two files of one person")
        verbose_name_plural = _("links of two files of one person")
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["client"], condition=Q(undone_at__isnull=True), name="a_file_is_led_by_one_other"
            ),
            models.CheckConstraint(name="a_file_does_not_lead_itself", condition=~Q(client=F("other"))),
            models.CheckConstraint(
                name="link_undone_by_somebody",
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} → {self.other_id}"

    @property
    def holds(self) -> bool:
        """Whether the files are linked; nobody has undone it since."""
        return self.undone_at is None
