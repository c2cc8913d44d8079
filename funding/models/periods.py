"""Funding periods, their former terms, deadlines and the proof of use."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Municipality
from accounts.records import Record
from accounts.rules.days import Days
from funding.choices import DeadlineKind, ProofState
from funding.fields import CentsField
from funding.models.catalogues import Programme
from funding.querysets import OfPeriodQuerySet, PeriodQuerySet
from ui.dates import date_de
from ui.links import reverse


class FundingPeriod(Record):
    """Money of one programme from–to, for one town or for the district.

    Attributes:
        municipality: whose it is; empty for the district's.
        proof_state: a copy of the last step of the proof of use, for lists.
    """

    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, related_name="periods", verbose_name=_("programme")
    )
    municipality = models.ForeignKey(
        Municipality,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="funding_periods",
        verbose_name=_("municipality"),
    )
    since = models.DateField(_("from"))
    until = models.DateField(_("to, inclusive"))
    reference = models.CharField(_("reference of the funder"), max_length=80, blank=True)
    proof_state = models.CharField(max_length=12, choices=ProofState, default=ProofState.OPEN, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        verbose_name = _("funding period")
        verbose_name_plural = _("funding periods")
        ordering = ("-until", "-id")
        constraints = [
            models.CheckConstraint(
                name="a_funding_period_ends_after_it_begins", condition=Q(until__gte=F("since"))
            )
        ]
        indexes = [models.Index(fields=["until", "id"], name="funding_period_by_end")]

    def __str__(self) -> str:
        return f"{self.programme}, {date_de(self.since)}–{date_de(self.until)}"

    def get_absolute_url(self) -> str:
        return reverse("funding:period", args=[self.uuid])

    def clean(self) -> None:
        """Say at the field what the database would refuse.

        Raises:
            ValidationError: it ends before it begins.
        """
        super().clean()
        if self.since and self.until and self.until < self.since:
            raise ValidationError({"until": gettext("The end lies before the beginning.")})

    @property
    def days(self) -> Days:
        return Days(self.since, self.until)

    @property
    def owner(self) -> str:
        """The town whose it is, or that it is the district's."""
        return gettext("District") if self.municipality is None else str(self.municipality)


class OfPeriod(models.Model):
    """A row that is written once, with who and when."""

    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)

    objects = OfPeriodQuerySet.as_manager()

    class Meta:
        abstract = True


class FormerTerms(OfPeriod):
    """What a funding period said until it was changed; ``recorded_by`` changed it."""

    period = models.ForeignKey(FundingPeriod, on_delete=models.CASCADE, related_name="former_terms")
    since = models.DateField()
    until = models.DateField()
    reference = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering = ("-recorded_at", "-pk")

    def __str__(self) -> str:
        return f"former terms {self.pk}"


class ProofStep(Record, OfPeriod):
    """A step of the proof of use; the last one is its state. None is ever changed.

    Attributes:
        day: when it happened.
        amount: what is demanded back.
    """

    period = models.ForeignKey(FundingPeriod, on_delete=models.CASCADE, related_name="proof_steps")
    state = models.CharField(_("state"), max_length=12, choices=ProofState)
    day = models.DateField(_("on which day"))
    amount = CentsField(_("amount demanded back"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("step of the proof of use")
        verbose_name_plural = _("steps of the proof of use")
        ordering = ("-pk",)
        constraints = [
            models.CheckConstraint(
                name="a_demand_for_repayment_has_an_amount",
                condition=Q(state=ProofState.REPAYMENT, amount__gt=0)
                | (~Q(state=ProofState.REPAYMENT) & Q(amount__isnull=True)),
            )
        ]

    def __str__(self) -> str:
        return f"proof step {self.pk}"


class DeadlineMet(Record, OfPeriod):
    """What was due is with the funder; taken back when that was a slip."""

    period = models.ForeignKey(FundingPeriod, on_delete=models.CASCADE, related_name="deadlines_met")
    kind = models.CharField(max_length=12, choices=DeadlineKind)
    due_on = models.DateField()
    withdrawn_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        verbose_name = _("deadline that was met")
        verbose_name_plural = _("deadlines that were met")
        ordering = ("-due_on", "-pk")
        constraints = [
            models.UniqueConstraint(
                fields=["period", "kind", "due_on"],
                condition=Q(withdrawn_at__isnull=True),
                name="a_deadline_is_met_once",
            )
        ]

    def __str__(self) -> str:
        return f"deadline met {self.pk}"


class DeadlineReminder(models.Model):
    """A mail about a deadline was written to somebody; of each stage there is one."""

    period = models.ForeignKey(FundingPeriod, on_delete=models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=12, choices=DeadlineKind)
    due_on = models.DateField()
    stage = models.SmallIntegerField()
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["period", "kind", "due_on", "stage", "recipient"],
                name="one_reminder_of_a_stage_and_recipient",
            )
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"
