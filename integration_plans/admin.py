"""Modules, goal templates and thresholds in the Django admin; plans never (a test pins the registry)."""

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.catalogue_admin import CatalogueAdmin, PolicyAdmin
from integration_plans.models import GoalTemplate, Module, PlanPolicy
from integration_plans.services.assessments import JUDGED_BY, judge_anew

_CATALOGUE = ("label_de", "label_en", "code", "order", "valid_from", "valid_until")


@admin.register(Module)
class ModuleAdmin(CatalogueAdmin):
    """Add, rename, reorder; a retired module stays readable where it was used."""

    list_display = (
        "label_de",
        "code",
        "order",
        "sensitive",
        "acute_means_crisis",
        "valid_from",
        "valid_until",
    )
    list_editable = ("order",)
    fieldsets = (
        (None, {"fields": (*_CATALOGUE, "sensitive", "acute_means_crisis")}),
        (_("What each level means"), {"fields": tuple(f"level_{level}" for level in range(5))}),
        (_("In English"), {"fields": tuple(f"level_{level}_en" for level in range(5))}),
    )

    def save_model(self, request: HttpRequest, obj: Module, form: forms.ModelForm, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if JUDGED_BY.intersection(form.changed_data):
            judge_anew(Actor(request.user), obj)


@admin.register(GoalTemplate)
class GoalTemplateAdmin(CatalogueAdmin):
    """Frequent goals to start from."""

    list_display = ("label_de", "module", "order", "valid_from", "valid_until")
    list_filter = ("module",)
    fields = (*_CATALOGUE, "module", "indicator", "months", "client_measures", "service_measures")


@admin.register(PlanPolicy)
class PlanPolicyAdmin(PolicyAdmin):
    """A change is a new version from a day on; what was decided before keeps the old one."""

    list_display = ("valid_from", "note")
    fieldsets = (
        (None, {"fields": ("valid_from", "note")}),
        (
            _("Proposal of the intensity"),
            {"fields": ("intensive_from_high", "regular_from_high", "regular_from_medium")},
        ),
        (
            _("Contact interval"),
            {
                "fields": (
                    "crisis_interval_days",
                    "intensive_interval_days",
                    "regular_interval_days",
                    "punctual_interval_days",
                    "unassessed_days",
                )
            },
        ),
        (
            _("Review and validity"),
            {
                "fields": (
                    "crisis_review_weeks",
                    "intensive_review_months",
                    "regular_review_months",
                    "punctual_review_months",
                    "grace_days",
                    "soon_days",
                )
            },
        ),
        (
            _("Workload"),
            {
                "fields": (
                    "crisis_weight",
                    "intensive_weight",
                    "regular_weight",
                    "punctual_weight",
                    "unassessed_weight",
                )
            },
        ),
    )
