"""The working version: goals and measures, written during the talk."""

import datetime
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from clients.views.base import FilePage
from integration_plans import actions
from integration_plans.forms.goals import GoalForm, MeasureForm, NewGoalForm, from_template
from integration_plans.models import GoalContent, GoalTemplate, MeasureContent, Module, PlanVersion
from integration_plans.overview import goal_lines
from integration_plans.rules.plan import Fault
from integration_plans.services import plans as services
from integration_plans.views.agreement import FAULT_TEXTS
from integration_plans.views.base import PlanActionView, PlanFileMixin, PlanWriteView
from ui.htmx import hx_redirect
from ui.notes import notify

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

CLOSED_MEANWHILE = gettext_lazy(
    "This version has been agreed or discarded in the meantime. What you typed is still here, but it can no "
    "longer be saved in it."
)


def goal_templates(day: datetime.date, *, with_health: bool) -> QuerySet[GoalTemplate]:
    """Templates of modules active on a day; sensitive modules need the health filter."""
    offered = GoalTemplate.objects.valid_on(day).filter(module__in=Module.objects.valid_on(day))
    return offered if with_health else offered.filter(module__sensitive=False)


class WorkingVersionView(PlanFileMixin, FilePage):
    """The working version: goals and measures, to be written during the talk."""

    permission = "plan.edit"
    template_name = "integration_plans/plan_working_version.html"
    read_action = actions.VIEWED
    tab = "plan"
    edits = True

    def page(self) -> dict[str, Any]:
        version = self.working_version()
        is_stand_in = self.acting_for is not None
        return {
            "version": version,
            "goals": goal_lines(version, with_health=self.with_health, today=self.today),
            "hides_health": not self.with_health,
            "templates": goal_templates(self.today, with_health=self.with_health),
            "missing": [FAULT_TEXTS[fault] for fault in self._faults(version)],
            "is_stand_in": is_stand_in,
        }

    def _faults(self, version: PlanVersion) -> list[Fault]:
        return services.missing_for_agreement(version, self.today, with_health=self.with_health)


class WorkingVersionStartView(PlanActionView):
    """Begin the next version, carried forward from the last one."""

    permission = "plan.edit"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        services.start_version(self.actor, self.client)
        return hx_redirect(request, self.working_version_url())


class WorkingVersionMixin(PlanFileMixin, abstract=True):
    """Goals and measures of the working version named in the address, and the way back to them."""

    def goal_content(self, version: PlanVersion) -> GoalContent:
        """The goal of the working version named in the address."""
        rows = GoalContent.objects.editable_by(self.request.user).filter(plan=version)
        content: GoalContent = self.child_or_404(
            rows.readable(with_health=self.with_health).select_related("plan__client", "goal"),
            uuid=self.kwargs["goal"],
        )
        return content

    def measure_content(self, version: PlanVersion) -> MeasureContent:
        """The measure of the working version named in the address."""
        rows = MeasureContent.objects.editable_by(self.request.user).filter(goal_content__plan=version)
        content: MeasureContent = self.child_or_404(
            rows.readable(with_health=self.with_health).select_related("goal_content__plan__client"),
            uuid=self.kwargs["measure"],
        )
        return content

    def goal_url(self, goal: UUID) -> str:
        """The working version, at one of its goals."""
        return f"{self.working_version_url()}#goal-{goal}"


class WorkingVersionActionView(WorkingVersionMixin, PlanActionView, abstract=True):
    """A button about the working version; once that is closed, there is no such page."""

    permission = "plan.edit"
    done: ClassVar["StrOrPromise"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            back = self.act(self.working_version())
        except services.VersionClosed:
            raise Http404 from None
        notify(request, str(self.done))
        return hx_redirect(request, back)

    @abstractmethod
    def act(self, version: PlanVersion) -> str:
        """Call the one service; returns where to go."""


class WorkingVersionDiscardView(WorkingVersionActionView):
    """Throw the working version away."""

    done = gettext_lazy("The working version was discarded.")

    def act(self, version: PlanVersion) -> str:
        services.discard_version(self.actor, version)
        return self.plan_url()


class WorkingVersionWriteView(WorkingVersionMixin, PlanWriteView, abstract=True):
    """A form about the working version; comes inline when HTMX asks."""

    permission = "plan.edit"
    fragment_name = "integration_plans/_inline_form.html"
    submit_label = gettext_lazy("Save")

    def settle_access(self) -> None:
        super().settle_access()
        self.version = self.working_version()

    def modules(self, content: GoalContent | None = None) -> QuerySet[Module]:
        """Modules to choose from: active ones, and those the goal has already."""
        rows = Module.objects.valid_on(self.today)
        if content is not None and content.pk:
            rows = rows | Module.objects.filter(pk=content.module_id) | content.other_modules.all()
        if not self.with_health:
            rows = rows.filter(sensitive=False)
        return rows.distinct()

    def form_valid(self, form: Any) -> object:
        try:
            return self.save(form)
        except services.VersionClosed:
            form.add_error(None, CLOSED_MEANWHILE)
            return None

    @abstractmethod
    def save(self, form: Any) -> object:
        """The one service call."""

    def success_url(self, result: object) -> str:
        return self.working_version_url()

    def cancel_url(self) -> str:
        return self.working_version_url()


class GoalNewView(WorkingVersionWriteView):
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

    def save(self, form: NewGoalForm) -> GoalContent:
        return services.add_goal(
            self.actor,
            form.record(),
            other_modules=form.cleaned_data["other_modules"],
            measures=form.measures(),
        )

    def success_url(self, result: Any) -> str:
        return self.goal_url(result.uuid)


class GoalEditView(WorkingVersionWriteView):
    """Change a goal of the working version."""

    form_class = GoalForm
    form_code = "goal_edit"
    title = gettext_lazy("Change goal")

    def object_key(self) -> str:
        return str(self.kwargs["goal"])

    def form_kwargs(self) -> dict[str, Any]:
        content = self.goal_content(self.version)
        return {"instance": content, "modules": self.modules(content)}

    def save(self, form: GoalForm) -> GoalContent:
        return services.change_goal(
            self.actor,
            form.record(),
            expected_version=form.expected_version,
            other_modules=form.cleaned_data["other_modules"],
        )

    def success_url(self, result: object) -> str:
        return self.goal_url(self.kwargs["goal"])


class MeasureNewView(WorkingVersionWriteView):
    """A new measure of a goal."""

    form_class = MeasureForm
    form_code = "measure"
    title = gettext_lazy("New measure")

    def object_key(self) -> str:
        return str(self.kwargs["goal"])

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "instance": MeasureContent(goal_content=self.goal_content(self.version)),
            "initial": {"side": self.request.GET.get("side", "")},
        }

    def save(self, form: MeasureForm) -> MeasureContent:
        return services.add_measure(self.actor, form.record())

    def success_url(self, result: object) -> str:
        return self.goal_url(self.kwargs["goal"])


class MeasureEditView(WorkingVersionWriteView):
    """Change a measure of the working version."""

    form_class = MeasureForm
    form_code = "measure_edit"
    title = gettext_lazy("Change measure")

    def object_key(self) -> str:
        return str(self.kwargs["measure"])

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.measure_content(self.version)}

    def save(self, form: MeasureForm) -> MeasureContent:
        return services.change_measure(self.actor, form.record(), expected_version=form.expected_version)

    def success_url(self, result: Any) -> str:
        return self.goal_url(result.goal_content.uuid)


class GoalRemoveView(WorkingVersionActionView):
    """Take a goal out of the working version."""

    done = gettext_lazy("The goal was removed.")

    def act(self, version: PlanVersion) -> str:
        services.remove_goal(self.actor, self.goal_content(version))
        return self.working_version_url()


class MeasureRemoveView(WorkingVersionActionView):
    """Take a measure out of the working version."""

    done = gettext_lazy("The measure was removed.")

    def act(self, version: PlanVersion) -> str:
        content = self.measure_content(version)
        services.remove_measure(self.actor, content)
        return self.goal_url(content.goal_content.uuid)
