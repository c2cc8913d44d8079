"""Modules, goal templates and thresholds: data the administration keeps."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.catalogues import Catalogue, Policy
from integration_plans.rules.intensity import IntensityRule

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


class Module(Catalogue):
    """A part of life the plan looks at (Baustein), with the written meaning of each level of need."""

    sensitive = models.BooleanField(
        _("sensitive"),
        default=False,
        help_text=_("Health and the like: a stand-in reads it only after giving a reason."),
    )
    acute_means_crisis = models.BooleanField(_("acute means crisis"), default=False)
    level_0 = models.CharField(_("no need means"), max_length=200, blank=True)
    level_1 = models.CharField(_("low need means"), max_length=200, blank=True)
    level_2 = models.CharField(_("medium need means"), max_length=200, blank=True)
    level_3 = models.CharField(_("high need means"), max_length=200, blank=True)
    level_4 = models.CharField(_("acute need means"), max_length=200, blank=True)
    level_0_en = models.CharField(_("no need means (English)"), max_length=200, blank=True)
    level_1_en = models.CharField(_("low need means (English)"), max_length=200, blank=True)
    level_2_en = models.CharField(_("medium need means (English)"), max_length=200, blank=True)
    level_3_en = models.CharField(_("high need means (English)"), max_length=200, blank=True)
    level_4_en = models.CharField(_("acute need means (English)"), max_length=200, blank=True)

    class Meta(Catalogue.Meta):
        verbose_name = _("module")
        verbose_name_plural = _("modules")

    def meaning(self, level: int) -> str:
        """The written meaning of a level 0–4 in the active language."""
        german: str = getattr(self, f"level_{level}")
        english: str = getattr(self, f"level_{level}_en")
        return english if english and (get_language() or "de").startswith("en") else german


class GoalTemplate(Catalogue):
    """A frequent goal to start from; its label is the title, everything can be changed on the spot."""

    module = models.ForeignKey(
        Module, on_delete=models.PROTECT, related_name="goal_templates", verbose_name=_("module")
    )
    indicator = models.CharField(_("how we will know"), max_length=300, blank=True)
    months = models.PositiveSmallIntegerField(
        _("months to the target date"), default=6, validators=[MinValueValidator(1), MaxValueValidator(48)]
    )
    client_measures = models.TextField(
        _("measures of the client"), blank=True, max_length=1000, help_text=_("One per line.")
    )
    service_measures = models.TextField(
        _("measures of the integration management"), blank=True, max_length=1000, help_text=_("One per line.")
    )

    class Meta(Catalogue.Meta):
        verbose_name = _("goal template")
        verbose_name_plural = _("goal templates")


def _count(
    label: "StrOrPromise", default: int, help_text: "StrOrPromise" = ""
) -> models.PositiveSmallIntegerField:
    return models.PositiveSmallIntegerField(
        label,
        default=default,
        validators=[MinValueValidator(1), MaxValueValidator(1000)],
        help_text=help_text,
    )


def _weight(label: "StrOrPromise", default: str) -> models.DecimalField:
    return models.DecimalField(
        label,
        max_digits=4,
        decimal_places=1,
        default=Decimal(default),
        validators=[MinValueValidator(Decimal(0))],
    )


class PlanPolicy(Policy):
    """The thresholds of intensity, reviews and validity from a day on (rules.md §5 and §6)."""

    intensive_from_high = _count(_("modules at high for “intensive”"), 2)
    regular_from_high = _count(_("modules at high for “regular”"), 1)
    regular_from_medium = _count(_("modules at medium for “regular”"), 2)
    crisis_interval_days = _count(_("crisis: contact every … days"), 7)
    intensive_interval_days = _count(_("intensive: contact every … days"), 30)
    regular_interval_days = _count(_("regular: contact every … days"), 90)
    punctual_interval_days = models.PositiveSmallIntegerField(
        _("punctual: contact every … days"), null=True, blank=True, help_text=_("Empty: no interval.")
    )
    unassessed_days = _count(_("not yet assessed: … days from the first talk"), 90)
    crisis_review_weeks = _count(_("crisis: review after … weeks"), 4)
    intensive_review_months = _count(_("intensive: review after … months"), 3)
    regular_review_months = _count(_("regular: review after … months"), 6)
    punctual_review_months = _count(_("punctual: review after … months"), 12)
    crisis_weight = _weight(_("weight of crisis"), "4")
    intensive_weight = _weight(_("weight of intensive"), "3")
    regular_weight = _weight(_("weight of regular"), "1.5")
    punctual_weight = _weight(_("weight of punctual"), "0.5")
    unassessed_weight = _weight(_("weight of not yet assessed"), "1.5")
    grace_days = _count(_("a plan stays valid … days after its review date"), 30)
    soon_days = _count(_("a review is due soon … days before its date"), 14)
    load_from = _count(_("weighted files of a full position: target band from"), 100)
    load_to = _count(_("weighted files of a full position: target band to"), 160)

    class Meta(Policy.Meta):
        verbose_name = _("plan policy")
        verbose_name_plural = _("plan policies")

    def rule(self) -> IntensityRule:
        """The thresholds as the pure rules take them; the row's key names the version."""
        return IntensityRule(
            version=self.pk or 0,
            intensive_from_high=self.intensive_from_high,
            regular_from_high=self.regular_from_high,
            regular_from_medium=self.regular_from_medium,
            crisis_interval_days=self.crisis_interval_days,
            intensive_interval_days=self.intensive_interval_days,
            regular_interval_days=self.regular_interval_days,
            punctual_interval_days=self.punctual_interval_days,
            unassessed_days=self.unassessed_days,
            crisis_review_weeks=self.crisis_review_weeks,
            intensive_review_months=self.intensive_review_months,
            regular_review_months=self.regular_review_months,
            punctual_review_months=self.punctual_review_months,
            crisis_weight=self.crisis_weight,
            intensive_weight=self.intensive_weight,
            regular_weight=self.regular_weight,
            punctual_weight=self.punctual_weight,
            unassessed_weight=self.unassessed_weight,
        )
