"""The thresholds of outreach in the Django admin; appointments and contacts never (a test pins the registry)."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.helpers import AdminErrorList, AdminForm
from django.contrib.admin.utils import flatten_fieldsets
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.catalogue_admin import PolicyAdmin
from accounts.rules.calendar import add_days
from outreach.models import OutreachPolicy
from outreach.policy_text import examples_said, sentences


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

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """The form; asked what would be due, it shows that for the values entered and saves nothing."""
        if request.method == "POST" and "_preview" in request.POST:
            return self.preview(request, object_id, form_url)
        return super().changeform_view(request, object_id, form_url, extra_context)

    def preview(self, request: HttpRequest, object_id: str | None, form_url: str) -> HttpResponse:
        """The form as entered, with its sentences and the three histories."""
        obj = self.get_object(request, object_id) if object_id is not None else None
        if object_id is not None and obj is None:
            raise Http404
        may = self.has_add_permission(request) if obj is None else self.has_change_permission(request, obj)
        if not may:
            raise PermissionDenied
        fieldsets: Any = self.get_fieldsets(request, obj)
        is_change = obj is not None
        form_class: Any = self.get_form(request, obj, change=is_change, fields=flatten_fieldsets(fieldsets))
        form = form_class(request.POST, instance=obj)
        adminform = AdminForm(form, list(fieldsets), {}, (), model_admin=self)
        context = {
            **self.admin_site.each_context(request),
            "title": gettext("Preview: nothing is saved"),
            "subtitle": str(obj) if obj is not None else None,
            "adminform": adminform,
            "object_id": object_id,
            "original": obj,
            "is_popup": False,
            "media": self.media + adminform.media,
            "inline_admin_formsets": [],
            "errors": AdminErrorList(form, []),
            "preserved_filters": self.get_preserved_filters(request),
        }
        return self.render_change_form(
            request, context, add=not is_change, change=is_change, form_url=form_url, obj=obj
        )

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> HttpResponse:
        form, policy = context["adminform"].form, kwargs.get("obj")
        if form.is_bound:
            policy = form.instance if form.is_valid() else None
        elif policy is None:
            initial = self.get_changeform_initial_data(request)
            # What the address asks for need not be a value, or a field at all.
            policy = OutreachPolicy(
                **{name: value for name, value in initial.items() if name not in request.GET}
            )
        if policy is not None:
            since = policy.valid_from or add_days(timezone.localdate(), 1)
            context["sentences"] = sentences(policy.rule)
            context["examples"] = examples_said(policy.rule, since)
            context["previewed"] = form.is_bound
        return super().render_change_form(request, context, *args, **kwargs)
