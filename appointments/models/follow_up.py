"""Follow-ups (Wiedervorlagen), rules.md §2."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from appointments.models.contact import Contact
from appointments.querysets import FollowUpQuerySet
from clients.models import Client


class FollowUp(Record):
    """Something to do on a day; ``is_hard`` marks a deadline set by others.

    Without a client it is the owner's own; with one it goes with the file. ``moved_from`` is the day it was
    first due, ``passed_on_by`` who handed it to the present owner.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="follow_ups", editable=False
    )
    client = models.ForeignKey(
        Client, null=True, blank=True, on_delete=models.CASCADE, related_name="follow_ups"
    )
    contact = models.ForeignKey(
        Contact, null=True, editable=False, on_delete=models.SET_NULL, related_name="follow_ups"
    )
    text = models.CharField(_("what is to be done"), max_length=300)
    due_on = models.DateField(_("due on"))
    is_hard = models.BooleanField(_("hard deadline"), default=False)
    moved_from = models.DateField(null=True, editable=False)
    passed_on_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    recorded_at = models.DateTimeField(editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = FollowUpQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="follow-up")

    class Meta:
        verbose_name = _("follow-up")
        verbose_name_plural = _("follow-ups")
        ordering = ("due_on", "id")
        indexes = [
            models.Index(
                fields=["owner", "due_on"], condition=Q(done_at__isnull=True), name="follow_up_open_of_owner"
            ),
            models.Index(
                fields=["client", "due_on"],
                condition=Q(done_at__isnull=True),
                name="follow_up_open_of_client",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="follow_up_done_has_a_doer",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"follow-up {self.pk}"
