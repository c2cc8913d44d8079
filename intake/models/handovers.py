"""A file on its way to another manager: proposed to a colleague, or moved with its person to another town."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.models import Municipality
from accounts.records import Record
from accounts.rules.calendar import add_working_days
from clients.models.client import Client
from clients.querysets import FileRowQuerySet
from intake.choices import ConsentForm, HandoverState
from intake.querysets import HandoverQuerySet

WORKING_DAYS_TO_ANSWER = 10
"""So long a proposal waits for an answer (rules.md §8)."""


class Handover(Record):
    """The proposal that a colleague takes a file over, and what came of it.

    She is told case number, phase, intensity, languages and ``note``; the file opens with her acceptance. ``moved``
    says by code of the duty how many open items went with it: the receipt of whoever gave the file away.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="handovers")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    proposed_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("Who takes over?"),
    )
    proposed_at = models.DateTimeField(editable=False)
    note = models.CharField(_("Why, and what matters now"), max_length=500)
    state = models.CharField(
        _("state"), max_length=20, choices=HandoverState, default=HandoverState.PROPOSED, editable=False
    )
    settled_at = models.DateTimeField(null=True, editable=False)
    answer = models.CharField(_("Why not?"), max_length=300, blank=True)
    moved = models.CharField(max_length=200, blank=True, editable=False)

    objects = HandoverQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="master")

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")
        ordering = ("proposed_at", "id")
        indexes = [
            models.Index(fields=["proposed_to", "state", "proposed_at"], name="handover_by_receiver"),
            models.Index(fields=["proposed_by", "state", "proposed_at"], name="handover_by_giver"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["client"],
                condition=Q(state=HandoverState.PROPOSED),
                name="one_proposed_handover_per_file",
            ),
            models.CheckConstraint(
                name="nobody_hands_over_to_themselves", condition=~Q(proposed_by=F("proposed_to"))
            ),
        ]

    def __str__(self) -> str:
        return f"handover {self.pk}"

    @property
    def answer_by(self) -> datetime.date:
        """The last day on which it can be answered."""
        return add_working_days(timezone.localdate(self.proposed_at), WORKING_DAYS_TO_ANSWER)

    def waits_on(self, day: datetime.date) -> bool:
        """Whether it can be answered; the daily run may not have settled yet what expired in the night."""
        return self.state == HandoverState.PROPOSED and day <= self.answer_by


class DistrictMove(Record):
    """The person moved to another town of the district and agreed that the file follows (rules.md §8).

    It waits in that town's inbox; number, clock and ladder go on.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="district_moves")
    from_municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", editable=False
    )
    to_municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("Moves to")
    )
    moved_on = models.DateField(_("Moved on"))
    consent_on = models.DateField(_("Agreed on"))
    consent_form = models.CharField(_("Agreed how"), max_length=20, choices=ConsentForm)
    note = models.CharField(_("Note for the new town"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="master")

    class Meta:
        verbose_name = _("move within the district")
        verbose_name_plural = _("moves within the district")
        ordering = ("recorded_at", "id")
        constraints = [
            models.CheckConstraint(
                name="a_move_leads_to_another_town", condition=~Q(from_municipality=F("to_municipality"))
            ),
        ]

    def __str__(self) -> str:
        return f"move {self.pk}"
