"""How a person may be reached, in two times: what held when, and what was on record when (rules.md, introduction)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from clients.choices import ReachKind
from clients.models.client import Client
from clients.models.facts import Accommodation
from clients.querysets import ReachQuerySet


class ReachPeriod(models.Model):
    """Something that holds of a person from ``since`` until before ``until``.

    Rows are added and withdrawn, never rewritten: the record said so from ``recorded_at`` until before
    ``withdrawn_at``. The file's own rows show the present state only; the outreach ladder reads
    these periods, so that its answer for a day does not change with later records. ``clients.services.reach`` writes
    them.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="reach")
    kind = models.CharField(max_length=20, choices=ReachKind)
    home = models.ForeignKey(
        Accommodation,
        null=True,
        on_delete=models.CASCADE,
        related_name="+",
        help_text="the address, or where letters come back from",
    )
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    objects = ReachQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="contact data")

    class Meta:
        verbose_name = _("way to reach somebody")
        verbose_name_plural = _("ways to reach somebody")
        ordering = ("recorded_at", "id")
        constraints = [
            models.CheckConstraint(
                name="reach_ends_after_it_begins", condition=Q(until__isnull=True) | Q(until__gt=F("since"))
            ),
            models.CheckConstraint(
                name="reach_is_withdrawn_after_it_is_recorded",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("recorded_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"reach {self.pk}"
