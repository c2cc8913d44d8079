"""What was found, and which intensity followed from it."""

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from clients.choices import Intensity
from clients.models import Client
from clients.querysets import FileRowQuerySet
from integration_plans.choices import CounsellingForm, Need
from integration_plans.models.catalogues import Module
from integration_plans.querysets import DecisionQuerySet, EntryQuerySet


class Assessment(Record):
    """The need found on one day (Bedarfsermittlung). Never changed: the next one stands beside it."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="assessments")
    assessed_on = models.DateField(_("assessed on"))
    summary = models.TextField(_("What is going on at the moment?"), blank=True, max_length=2000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    at = models.DateTimeField(editable=False)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="plan")

    class Meta:
        verbose_name = _("needs assessment")
        verbose_name_plural = _("needs assessments")
        ordering = ("-assessed_on", "-id")
        indexes = [models.Index(fields=["client", "assessed_on", "id"], name="assessment_of_client")]

    def __str__(self) -> str:
        return f"assessment {self.pk}"


class AssessmentEntry(models.Model):
    """The need in one module active on the day; without a level it was not discussed."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="entries")
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="+")
    level = models.PositiveSmallIntegerField(
        _("need"), null=True, blank=True, choices=Need, validators=[MaxValueValidator(4)]
    )
    situation = models.TextField(_("situation"), blank=True, max_length=1000)
    resources = models.TextField(_("resources"), blank=True, max_length=1000)

    objects = EntryQuerySet.as_manager()
    privacy = Privacy(scope="assessment__client", data_class="plan, health")

    class Meta:
        verbose_name = _("need in a module")
        verbose_name_plural = _("needs in modules")
        ordering = ("module__order", "module__label_de", "id")
        constraints = [
            models.UniqueConstraint(fields=["assessment", "module"], name="a_module_once_per_assessment"),
            models.CheckConstraint(
                name="need_is_0_to_4", condition=Q(level__isnull=True) | Q(level__gte=0, level__lte=4)
            ),
        ]

    def __str__(self) -> str:
        return f"need {self.pk}"


class IntensityDecision(Record):
    """What the rule proposed and what the manager chose; both are kept with the arithmetic in words.

    All modules decide, so reading it needs the right to read health.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="intensity_decisions")
    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="decision")
    rule_version = models.PositiveIntegerField(editable=False)
    proposed = models.CharField(max_length=20, choices=Intensity, editable=False)
    chosen = models.CharField(_("intensity"), max_length=20, choices=Intensity)
    reason = models.CharField(_("reason for another intensity"), max_length=500, blank=True)
    form = models.CharField(_("form of counselling"), max_length=20, choices=CounsellingForm)
    arithmetic = models.TextField(editable=False)
    decided_on = models.DateField(editable=False)
    next_review_on = models.DateField(editable=False)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    at = models.DateTimeField(editable=False)

    objects = DecisionQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="plan, health")

    class Meta:
        verbose_name = _("confirmed intensity")
        verbose_name_plural = _("confirmed intensities")
        ordering = ("-decided_on", "-id")
        indexes = [models.Index(fields=["client", "decided_on", "id"], name="intensity_of_client")]
        constraints = [
            models.CheckConstraint(
                name="another_intensity_has_a_reason",
                condition=Q(chosen=models.F("proposed")) | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"intensity {self.pk}"

    @property
    def is_overridden(self) -> bool:
        return self.chosen != self.proposed
