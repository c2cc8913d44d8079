"""The thresholds of outreach in the Django admin; appointments and contacts never (a test pins the registry)."""

from typing import Any

from django.contrib import admin
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.catalogue_admin import PolicyAdmin
from appointments.models import OutreachPolicy


class PlaceFilter(admin.RelatedFieldListFilter):
    """Versions of one municipality, or of the district."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.empty_value_display = format_html("{}", gettext("whole district"))


@admin.register(OutreachPolicy)
class OutreachPolicyAdmin(PolicyAdmin):
    """Versions of the district and of municipalities; a ladder keeps the version of the day it began."""

    list_display = ("valid_from", "place", "note")
    list_filter = (("municipality", PlaceFilter),)
    list_select_related = ("municipality",)
    fieldsets = (
        (None, {"fields": ("valid_from", "municipality", "note", "min_age")}),
        (
            _("Letter and call"),
            {
                "fields": (
                    "step1_due_wd",
                    "first_contact_due_wd",
                    "step2_after_letter_wd",
                    "step2_after_call_wd",
                    "step2_due_wd",
                    "invitation_hold_wd",
                )
            },
        ),
        (
            _("Visits"),
            {
                "fields": (
                    "visit_after_wd",
                    "visit_due_wd",
                    "visit_announced",
                    "visit_announced_wd",
                    "visit2_after_days",
                    "visit2_due_days",
                    "fast_lane",
                    "fast_lane_months",
                )
            },
        ),
        (
            _("Afterwards"),
            {
                "fields": (
                    "decide_after_days",
                    "recheck_after_days",
                    "recheck_due_wd",
                    "close_after_wd",
                    "question_after_days",
                )
            },
        ),
    )

    def present(self) -> Any:
        today = timezone.localdate()
        return OutreachPolicy.objects.in_force_on(today).filter(municipality=None).first()

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_foreignkey(
            db_field, request, **{"empty_label": gettext("whole district"), **kwargs}
        )

    @admin.display(description=_("valid for"), ordering="municipality")
    def place(self, policy: OutreachPolicy) -> str:
        return policy.valid_for
