"""Meetings of the network and what they decided."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from accounts.records import Record
from partners.models.network import Organisation
from partners.querysets import MeetingDecisionQuerySet, MeetingQuerySet


class Meeting(Record):
    """A round table or a meeting of helpers; without a municipality it is one of the whole district."""

    title = models.CharField(_("title"), max_length=160)
    municipality = models.ForeignKey(
        Municipality,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("municipality"),
    )
    starts_at = models.DateTimeField(_("begins"))
    place = models.CharField(_("place"), max_length=200, blank=True)
    invitation = models.TextField(_("invitation"), max_length=4000, blank=True)
    organisations = models.ManyToManyField(
        Organisation, blank=True, related_name="meetings", verbose_name=_("organisations")
    )
    staff = models.ManyToManyField(
        settings.AUTH_USER_MODEL, blank=True, related_name="+", verbose_name=_("of the service")
    )
    others = models.CharField(_("further participants"), max_length=300, blank=True)
    minutes = models.TextField(_("minutes"), max_length=20000, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        ordering = ("-starts_at", "-id")

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("network:meeting", args=[self.uuid])


class Decision(Record):
    """What a meeting decided somebody of the service does."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="decisions")
    text = models.CharField(_("what was decided"), max_length=300)
    responsible = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("responsible")
    )
    due_on = models.DateField(_("due on"))
    done_at = models.DateTimeField(null=True, editable=False)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, editable=False, on_delete=models.PROTECT, related_name="+"
    )

    objects = MeetingDecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        ordering = ("due_on", "id")
        indexes = [
            models.Index(
                fields=["responsible", "due_on"],
                condition=Q(done_at__isnull=True),
                name="decision_open_of_person",
            )
        ]
        constraints = [
            models.CheckConstraint(
                name="decision_done_has_a_doer",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def clean(self) -> None:
        """Say at the field that nothing can be due before it was decided.

        Raises:
            ValidationError: the day lies before the meeting.
        """
        super().clean()
        if self.due_on and self.due_on < timezone.localdate(self.meeting.starts_at):
            raise ValidationError({"due_on": gettext("This day lies before the meeting.")})
