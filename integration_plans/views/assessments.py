"""Assess the need, confirm the intensity, ask for health data."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.forms.homes import GrantForm
from clients.health import grant_health
from integration_plans.forms.assessment import AssessmentForm, IntensityForm
from integration_plans.models import Assessment, AssessmentEntry, IntensityDecision
from integration_plans.proposals import proposal_for
from integration_plans.rules.intensity import UNASSESSED, explain
from integration_plans.services.assessments import decide_intensity, modules_on, record_assessment
from integration_plans.views.base import PlanTalkView, PlanWriteView
from ui.htmx import hx_redirect
from ui.notes import notify

NEEDS_ALL_MODULES = gettext_lazy(
    "All modules together decide the intensity: whoever may read the protected ones confirms it."
)


class AssessmentNewView(PlanTalkView):
    """Per module what was found; a new assessment never changes an old one."""

    permission = "plan.assess"
    template_name = "integration_plans/assessment_form.html"
    form_class = AssessmentForm
    form_code = "assessment"
    title = gettext_lazy("Needs assessment")
    submit_label = gettext_lazy("Save and propose the intensity")

    def form_kwargs(self) -> dict[str, Any]:
        modules = modules_on(self.today)
        if not self.with_health:
            modules = [module for module in modules if not module.sensitive]
        last = (
            AssessmentEntry.objects.visible_to(self.request.user)
            .filter(assessment__client=self.client, module__in=modules, level__isnull=False)
            .order_by("assessment__assessed_on", "assessment_id")
            .values_list("module_id", "level")
        )
        return {**super().form_kwargs(), "modules": modules, "last": dict(last), "today": self.today}

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(hides_health=not self.with_health, **extra)

    def write(self, form: AssessmentForm) -> Assessment:
        return record_assessment(self.actor, form.assessment(self.client), form.entries())

    def success_url(self, result: Any) -> str:
        if proposal_for(result, with_health=self.with_health).level == UNASSESSED:
            notify(
                self.request,
                _("The talk is recorded. Nothing was assessed, so the intensity stays as it is."),
            )
            return self.plan_url()
        if not self.with_health:
            notify(self.request, str(NEEDS_ALL_MODULES))
            return self.plan_url()
        return reverse("file_plans:intensity", args=[self.client.uuid, result.uuid])


class IntensityDecideView(PlanWriteView):
    """The proposal in words; the manager confirms it or chooses another level with a reason."""

    permission = "plan.assess"
    template_name = "integration_plans/intensity_form.html"
    form_class = IntensityForm
    form_code = "intensity"
    title = gettext_lazy("Counselling intensity")
    submit_label = gettext_lazy("Confirm intensity")

    def settle_access(self) -> None:
        super().settle_access()
        self.assessment: Assessment = self.child_or_404(
            Assessment.objects.visible_to(self.request.user).of(self.client), uuid=self.kwargs["assessment"]
        )
        self.proposal = proposal_for(self.assessment, with_health=self.with_health)
        # All modules decide the level: a stand-in gives her reason to read the protected ones before she confirms it.
        if self.request.method == "POST" and not self.with_health:
            raise PermissionDenied

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.with_health:
            notify(self.request, str(NEEDS_ALL_MODULES))
            return hx_redirect(request, reverse("file_plans:health", args=[self.client.uuid]))
        if self.proposal.level == UNASSESSED or self._is_decided():
            return self.to_plan()
        return super().get(request, *args, **kwargs)

    def _is_decided(self) -> bool:
        rows = IntensityDecision.objects.visible_to(self.request.user)
        return bool(rows.filter(assessment=self.assessment).exists())

    def object_key(self) -> str:
        return str(self.assessment.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "instance": IntensityDecision(client=self.client, assessment=self.assessment),
            "proposed": self.proposal.level,
        }

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(
            assessment=self.assessment,
            words=explain(self.proposal),
            **extra,
        )

    def form_valid(self, form: IntensityForm) -> IntensityDecision | None:
        decision = decide_intensity(self.actor, form.record())
        notify(
            self.request,
            _("Intensity “%(level)s” confirmed.") % {"level": decision.get_chosen_display()},
        )
        return decision


class HealthGrantView(PlanWriteView):
    """A stand-in opens the health data of a file for four hours, after a reason."""

    permission = "client.health_grant"
    edits = False
    form_class = GrantForm
    form_code = "health_grant"
    title = gettext_lazy("Show health data")
    submit_label = gettext_lazy("Show for four hours")
    lead = gettext_lazy(
        "Health data of this file are protected. Please say why you need them now; the reason is recorded."
    )

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.with_health:
            return self.to_plan()
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: GrantForm) -> object:
        if self.acting_for is None:
            raise PermissionDenied
        grant = grant_health(self.actor, self.client, reason=form.cleaned_data["reason"])
        messages.success(self.request, _("Health data of this file are shown for four hours."))
        return grant
