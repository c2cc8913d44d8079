"""Entries that were not sent yet; only their author sees them, no stand-in."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy, ScopedQuerySet


class Draft(models.Model):
    """The fields of one form of one author, kept on the server (decision 0009).

    Every window keeps its own: a form opened twice would overwrite or delete what the other was told is kept.

    Attributes:
        discarded_at: thrown away, and kept for as long as that can be undone.
        handed_over_by: who wrote it, while the file was hers to work in.
    """

    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    form = models.CharField(max_length=60)
    object_key = models.CharField(max_length=80, blank=True)
    path = models.CharField(max_length=300)
    title = models.CharField(max_length=160, blank=True)
    case_no = models.CharField(max_length=20, blank=True)
    window = models.CharField(max_length=8, blank=True, editable=False)
    data = models.JSONField(default=dict)
    saved_at = models.DateTimeField()
    discarded_at = models.DateTimeField(null=True, editable=False)
    handed_over_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ScopedQuerySet.as_manager()
    privacy = Privacy(scope="author", data_class="draft", root="user", export=False)

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        ordering = ("-saved_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["author", "form", "object_key", "window"], name="one_draft_per_form_object_and_window"
            )
        ]

    def __str__(self) -> str:
        return f"draft {self.pk}"
