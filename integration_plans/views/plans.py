"""Read the plan, write its working version, agree it, print it; the list of own plans."""

import datetime
from collections import Counter
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from audit.recording import record
from clients.choices import Intensity, Phase
from clients.models import Client, HealthGrant
from clients.views.base import FilePage
from integration_plans import actions
from integration_plans.choices import ReviewState
from integration_plans.forms.agreement import AgreementForm
from integration_plans.forms.goals import GoalForm, MeasureForm, NewGoalForm, from_template
from integration_plans.models import (
    Assessment,
    GoalContent,
    GoalTemplate,
    IntensityDecision,
    MeasureContent,
    Module,
    PlanVersion,
    Review,
)
from integration_plans.overview import goal_lines, readings
from integration_plans.policies import policy_on
from integration_plans.rules.intensity import next_review_on
from integration_plans.rules.plan import Fault
from integration_plans.sections import plan_context
from integration_plans.services import plans as services
from integration_plans.services.progress import version_in_force
from integration_plans.standing import standings
from integration_plans.views.base import PlanActionView, PlanFileMixin, PlanWriteView
from ui.htmx import hx_redirect
from ui.notes import notify

CLOSED_MEANWHILE = gettext_lazy(
    "This version has been agreed or discarded in the meantime. What you typed is still here, but it can no "
    "longer be saved in it."
)

WITH_PLAN = (Phase.INTAKE, Phase.ACTIVE, Phase.PAUSED)
ORDER = (
    ReviewState.LAPSED,
    ReviewState.OVERDUE,
    ReviewState.DUE_SOON,
    ReviewState.UNDATED,
    ReviewState.UNASSESSED,
    ReviewState.NO_PLAN,
    ReviewState.DECLINED,
    ReviewState.CURRENT,
)


class PlanListView(PageView):
    """One's own plans by review state, what needs work first."""

    permission = "plan.list"
    template_name = "integration_plans/plan_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        files = list(
            Client.objects.visible_to(request.user)
            .filter(manager=request.user, phase__in=WITH_PLAN)
            .order_by("search_name", "id")
        )
        found = standings([client.pk for client in files], self.today)
        counts = Counter(found[client.pk].state for client in files)
        chosen = request.GET.get("state", "")
        state = ReviewState(chosen) if chosen in ReviewState.values else None
        groups = [
            {
                "state": group,
                "rows": sorted(
                    (
                        {"client": client, "plan": found[client.pk]}
                        for client in files
                        if found[client.pk].state == group
                    ),
                    key=lambda row: (
                        row["plan"].next_review_on is None,
                        row["plan"].next_review_on or self.today,
                    ),
                ),
            }
            for group in ORDER
            if counts[group] and state in (None, group)
        ]
        record(actions.LISTED, by=request.user, kind="plan", count=len(files))
        return self.render(
            {
                "groups": groups,
                "state": state,
                "total": len(files),
                "overdue": counts[ReviewState.LAPSED] + counts[ReviewState.OVERDUE],
                "filters": [(group, counts[group]) for group in ORDER if counts[group]],
            }
        )


class PlanView(PlanFileMixin, FilePage):
    """The plan of one file: need and trend, what is agreed, how far it is, all versions."""

    permission = "plan.view"
    template_name = "integration_plans/plan_detail.html"
    read_action = actions.VIEWED
    tab = "plan"

    def page(self) -> dict[str, Any]:
        return {
            **plan_context(self),
            "history": self._history(),
            "past": self._past(),
        }

    def _past(self) -> list[tuple[str, datetime.date, Any]]:
        """Closed versions, reviews, confirmed intensities and stand-ins' looks at health, newest first."""
        user = self.request.user
        versions = PlanVersion.objects.visible_to(user).of(self.client).closed().select_related("closed_by")
        reviews = (
            Review.objects.visible_to(user).filter(plan__client=self.client).select_related("by", "plan")
        )
        decisions = IntensityDecision.objects.visible_to(user).of(self.client).select_related("by")
        grants = HealthGrant.objects.visible_to(user).of(self.client).select_related("user")
        return sorted(
            [
                *(("version", version.agreed_on, version) for version in versions),
                *(("review", review.reviewed_on, review) for review in reviews),
                *(("intensity", decision.decided_on, decision) for decision in decisions),
                *(("health", timezone.localdate(grant.granted_at), grant) for grant in grants),
            ],
            key=lambda entry: (entry[1], entry[2].pk),
            reverse=True,
        )

    def _history(self) -> dict[str, Any]:
        """Level per module and assessment, oldest assessment first, at most the last six."""
        rows = Assessment.objects.visible_to(self.request.user).of(self.client)
        assessments = list(rows.prefetch_related("entries__module")[:6])[::-1]
        with_health = self.with_health
        modules: dict[int, Module] = {}
        levels: dict[tuple[int, int], Any] = {}
        for assessment in assessments:
            for entry in assessment.entries.all():
                if with_health or not entry.module.sensitive:
                    modules[entry.module_id] = entry.module
                    levels[entry.module_id, assessment.pk] = entry
        return {
            "assessments": assessments,
            "rows": [
                {
                    "label": module.label,
                    "entries": [levels.get((key, assessment.pk)) for assessment in assessments],
                }
                for key, module in sorted(modules.items(), key=lambda item: (item[1].order, item[1].label))
            ],
        }


def goal_templates(day: datetime.date, *, with_health: bool) -> Any:
    """Templates of modules active on a day; those of sensitive modules need the second filter."""
    offered = GoalTemplate.objects.valid_on(day).filter(module__in=Module.objects.valid_on(day))
    return offered if with_health else offered.filter(module__sensitive=False)


# -- The working version ----------------------------------------------------------------------------------------


class DraftView(PlanFileMixin, FilePage):
    """The working version: goals and measures, to be written during the talk."""

    permission = "plan.edit"
    template_name = "integration_plans/plan_draft.html"
    read_action = actions.VIEWED
    tab = "plan"
    edits = True

    def page(self) -> dict[str, Any]:
        version = self.working_version()
        goals = goal_lines(version, with_health=self.with_health, today=self.today)
        shown = {line.content.pk for line in goals}
        is_stand_in = self.acting_for is not None
        return {
            "version": version,
            "goals": goals,
            "hides_health": GoalContent.objects.visible_to(self.request.user)
            .filter(plan=version)
            .exclude(pk__in=shown)
            .exists(),
            "templates": goal_templates(self.today, with_health=self.with_health),
            "missing": [FAULT_TEXTS[fault] for fault in self._faults(version)],
            "is_stand_in": is_stand_in,
        }

    def _faults(self, version: PlanVersion) -> list[Fault]:
        return services.missing_for_agreement(version, self.today)


class DraftStartView(PlanActionView):
    """Begin the next version, carried forward from the last one."""

    permission = "plan.edit"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.start_version(self.client, by=request.user, now=self.now)
        return hx_redirect(request, self.draft_url())


class DraftDiscardView(PlanActionView):
    """Throw the working version away."""

    permission = "plan.edit"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            services.discard_version(self.working_version(), by=request.user, now=self.now)
        except services.VersionClosed:
            raise Http404 from None
        notify(request, _("The working version was discarded."))
        return hx_redirect(request, self.plan_url())


class DraftWriteView(PlanWriteView, abstract=True):
    """A form about the working version; comes inline when HTMX asks."""

    permission = "plan.edit"
    fragment_name = "integration_plans/_inline_form.html"
    submit_label = gettext_lazy("Save")

    def settle_access(self) -> None:
        super().settle_access()
        self.version = self.working_version()

    def goal_content(self) -> GoalContent:
        """The goal of the working version named in the address."""
        rows = GoalContent.objects.editable_by(self.request.user).filter(plan=self.version)
        content: GoalContent = self.child_or_404(
            rows.readable(with_health=self.with_health).select_related("plan__client", "goal"),
            uuid=self.kwargs["goal"],
        )
        return content

    def measure_content(self) -> MeasureContent:
        """The measure of the working version named in the address."""
        rows = MeasureContent.objects.editable_by(self.request.user).filter(goal_content__plan=self.version)
        content: MeasureContent = self.child_or_404(
            rows.readable(with_health=self.with_health).select_related("goal_content__plan__client"),
            uuid=self.kwargs["measure"],
        )
        return content

    def modules(self, content: GoalContent | None = None) -> Any:
        """Modules to choose from: active ones, and those the goal has already."""
        rows = Module.objects.valid_on(self.today)
        if content is not None and content.pk:
            rows = rows | Module.objects.filter(pk=content.module_id) | content.other_modules.all()
        if not self.with_health:
            rows = rows.filter(sensitive=False)
        return rows.distinct()

    def form_valid(self, form: Any) -> Any:
        try:
            return self.save(form)
        except services.VersionClosed:
            form.add_error(None, CLOSED_MEANWHILE)
            return None

    def save(self, form: Any) -> Any:
        """The one service call."""
        raise NotImplementedError

    def success_url(self, result: Any) -> str:
        return self.draft_url()

    def cancel_url(self) -> str:
        return self.draft_url()


class GoalNewView(DraftWriteView):
    """A new goal with its first measures, from a template or from nothing."""

    form_class = NewGoalForm
    form_code = "goal"
    title = gettext_lazy("New goal")

    def form_kwargs(self) -> dict[str, Any]:
        offered = goal_templates(self.today, with_health=self.with_health)
        template = offered.filter(code=self.request.GET.get("template", "")).first()
        modules = self.modules()
        initial = from_template(template, self.today) if template else {}
        return {"instance": GoalContent(plan=self.version), "modules": modules, "initial": initial}

    def save(self, form: Any) -> GoalContent:
        return services.add_goal(
            form.record(),
            other_modules=form.cleaned_data["other_modules"],
            measures=form.measures(),
            by=self.request.user,
            now=self.now,
        )

    def success_url(self, result: Any) -> str:
        return f"{self.draft_url()}#goal-{result.uuid}"


class GoalEditView(DraftWriteView):
    """Change a goal of the working version."""

    form_class = GoalForm
    form_code = "goal_edit"
    title = gettext_lazy("Change goal")

    def object_key(self) -> str:
        return str(self.kwargs["goal"])

    def form_kwargs(self) -> dict[str, Any]:
        content = self.goal_content()
        return {"instance": content, "modules": self.modules(content)}

    def save(self, form: Any) -> GoalContent:
        return services.change_goal(
            form.record(),
            expected_version=form.expected_version,
            other_modules=form.cleaned_data["other_modules"],
            by=self.request.user,
            now=self.now,
        )

    def success_url(self, result: Any) -> str:
        return f"{self.draft_url()}#goal-{self.kwargs['goal']}"


class MeasureNewView(DraftWriteView):
    """A new measure of a goal."""

    form_class = MeasureForm
    form_code = "measure"
    title = gettext_lazy("New measure")

    def object_key(self) -> str:
        return str(self.kwargs["goal"])

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "instance": MeasureContent(goal_content=self.goal_content()),
            "initial": {"side": self.request.GET.get("side", "")},
        }

    def save(self, form: Any) -> MeasureContent:
        return services.add_measure(form.record(), by=self.request.user, now=self.now)

    def success_url(self, result: Any) -> str:
        return f"{self.draft_url()}#goal-{self.kwargs['goal']}"


class MeasureEditView(DraftWriteView):
    """Change a measure of the working version."""

    form_class = MeasureForm
    form_code = "measure_edit"
    title = gettext_lazy("Change measure")

    def object_key(self) -> str:
        return str(self.kwargs["measure"])

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.measure_content()}

    def save(self, form: Any) -> MeasureContent:
        return services.change_measure(
            form.record(), expected_version=form.expected_version, by=self.request.user, now=self.now
        )

    def success_url(self, result: Any) -> str:
        return f"{self.draft_url()}#goal-{result.goal_content.uuid}"


class GoalRemoveView(PlanActionView):
    """Take a goal out of the working version."""

    permission = "plan.edit"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = GoalContent.objects.editable_by(request.user).filter(plan=self.working_version())
        content = self.child_or_404(
            rows.readable(with_health=self.with_health).select_related("plan__client"), uuid=kwargs["goal"]
        )
        try:
            services.remove_goal(content, by=request.user, now=self.now)
        except services.VersionClosed:
            raise Http404 from None
        notify(request, _("The goal was removed."))
        return hx_redirect(request, self.draft_url())


class MeasureRemoveView(PlanActionView):
    """Take a measure out of the working version."""

    permission = "plan.edit"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = MeasureContent.objects.editable_by(request.user).filter(
            goal_content__plan=self.working_version()
        )
        content = self.child_or_404(
            rows.readable(with_health=self.with_health).select_related("goal_content__plan__client"),
            uuid=kwargs["measure"],
        )
        try:
            services.remove_measure(content, by=request.user, now=self.now)
        except services.VersionClosed:
            raise Http404 from None
        notify(request, _("The measure was removed."))
        return hx_redirect(request, f"{self.draft_url()}#goal-{content.goal_content.uuid}")


# -- Agreement --------------------------------------------------------------------------------------------------

FAULT_TEXTS = {
    Fault.NO_GOAL: gettext_lazy("The plan has no goal yet."),
    Fault.NO_CLIENT_MEASURE: gettext_lazy("A measure under “I take this on” is missing."),
    Fault.NO_SERVICE_MEASURE: gettext_lazy(
        "A measure under “The integration management takes this on” is missing."
    ),
    Fault.DATE_IN_FUTURE: gettext_lazy("This day has not come yet."),
    Fault.REVIEW_NOT_AFTER: gettext_lazy("The next review must lie after the agreement."),
}
FAULT_FIELDS = {Fault.DATE_IN_FUTURE: "agreed_on", Fault.REVIEW_NOT_AFTER: "review_on"}


class AgreeView(PlanWriteView):
    """How the plan was agreed: signed, orally or declined; freezes the content."""

    permission = "plan.agree"
    form_class = AgreementForm
    form_code = "agreement"
    title = gettext_lazy("Agree the plan")
    submit_label = gettext_lazy("Close this version")
    lead = gettext_lazy(
        "The content of this version can no longer be changed afterwards. Progress can be noted at any time; "
        "other goals mean the next version."
    )

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        posted_before = PlanVersion.objects.visible_to(request.user).of(self.client).closed()
        token = request.POST.get("form_token", "")
        if token and any(str(version.form_token) == token for version in posted_before):
            return hx_redirect(request, self.plan_url())
        return super().post(request, *args, **kwargs)

    def form_kwargs(self) -> dict[str, Any]:
        version = self.working_version()
        initial = {
            "agreed_on": self.today,
            "place": version.client.municipality.name,
            "language": version.client.preferred_language_id,
            "review_on": self._review_date(),
        }
        return {"instance": version, "initial": initial, "today": self.today}

    def _review_date(self) -> Any:
        level = self.client.intensity
        return next_review_on(level, self.today, policy_on(self.today).rule()) if level else None

    def form_valid(self, form: Any) -> PlanVersion | None:
        try:
            version = services.close_version(
                form.record(),
                expected_version=form.expected_version,
                form_token=form.cleaned_data["form_token"],
                by=self.request.user,
                now=self.now,
            )
        except services.NotAgreeable as refused:
            for fault in refused.faults:
                form.add_error(FAULT_FIELDS.get(fault), FAULT_TEXTS[fault])
            return None
        notify(
            self.request,
            _("Version %(number)d is closed: %(outcome)s.")
            % {"number": version.number, "outcome": version.get_outcome_display()},
        )
        return version


# -- Print ------------------------------------------------------------------------------------------------------


class PlanPrintView(PlanFileMixin, FilePage):
    """A4 in plain German: both columns, "Stand am …", signature lines; health only when chosen."""

    permission = "plan.print"
    template_name = "integration_plans/plan_print.html"
    read_action = actions.PRINTED
    tab = "plan"

    def version(self) -> PlanVersion:
        """The version in force; the working version when nothing is agreed yet."""
        rows = PlanVersion.objects.visible_to(self.request.user).of(self.client)
        current = version_in_force(self.client, self.today)
        if current is not None:
            found: PlanVersion = self.child_or_404(
                rows.select_related("language", "closed_by"), pk=current.pk
            )
            return found
        working: PlanVersion = self.child_or_404(rows.working())
        return working

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = self.version()
        self.record_read(self.read_action)
        # The paper is German whatever language the manager works in.
        with translation.override("de"):
            response: Any = self.render(self.sheet(version))
            response.render()
        return response

    def sheet(self, version: PlanVersion) -> dict[str, Any]:
        """The context of the print."""
        may_choose = self.with_health
        chosen = may_choose and self.request.GET.get("health") == "1"
        assessment = version.assessment or (
            Assessment.objects.visible_to(self.request.user).of(self.client).first()
            if version.is_working
            else None
        )
        needs, _hidden = readings(assessment, with_health=chosen)
        return {
            "version": version,
            "goals": goal_lines(version, with_health=chosen, today=self.today),
            "needs": needs,
            "assessment": assessment,
            "intensity": Intensity(self.client.intensity).label if self.client.intensity else "",
            "review_on": standings([self.client.pk], self.today)[self.client.pk].next_review_on,
            "with_health": chosen,
            "may_choose_health": may_choose,
        }


class VersionPrintView(PlanPrintView):
    """One version as it was closed."""

    def version(self) -> PlanVersion:
        rows = PlanVersion.objects.visible_to(self.request.user).of(self.client)
        found: PlanVersion = self.child_or_404(
            rows.select_related("language", "closed_by", "assessment"), uuid=self.kwargs["version"]
        )
        return found
