"""Structural observations: what stands in the way of many, told without anybody's data."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import KEEP, Privacy
from accounts.models import Municipality
from accounts.records import Record
from clients.models.catalogues import Topic
from intake.choices import ObservationState
from intake.querysets import ObservationQuerySet
from ui.links import reverse


class Observation(Record):
    """An obstacle a manager reports; the office answers, and nobody is told who reported it (rules.md §8)."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("municipality")
    )
    topic = models.ForeignKey(Topic, on_delete=models.PROTECT, related_name="+", verbose_name=_("topic"))
    text = models.TextField(_("What stands in the way?"), max_length=2000)
    state = models.CharField(
        _("state"), max_length=20, choices=ObservationState, default=ObservationState.NEW
    )
    answer = models.TextField(_("answer"), max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True, editable=False)

    objects = ObservationQuerySet.as_manager()
    privacy = Privacy(
        scope="author",
        data_class="staff",
        root="user",
        export=False,
        erase=KEEP("names no client; the yearly report counts it"),
    )

    class Meta:
        verbose_name = _("structural observation")
        verbose_name_plural = _("structural observations")
        ordering = ("-recorded_at", "-id")
        indexes = [
            models.Index(
                fields=["municipality", "state", "-recorded_at"], name="observation_by_place_and_state"
            ),
            models.Index(fields=["author", "-recorded_at"], name="observation_of_author"),
        ]
        constraints = [
            models.CheckConstraint(
                name="observation_answered_has_an_answer",
                condition=(Q(state=ObservationState.ANSWERED, answered_at__isnull=False) & ~Q(answer=""))
                | (~Q(state=ObservationState.ANSWERED) & Q(answered_at__isnull=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"observation {self.pk}"

    def get_absolute_url(self) -> str:
        return reverse("observations:answer", args=[self.uuid])
