"""How far goals and measures are; the review."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.services.closed_files import FileClosed
from integration_plans.forms.progress import ProgressForm, ReviewForm
from integration_plans.models import GoalProgress, MeasureProgress, PlanVersion, Review
from integration_plans.overview import goal_lines
from integration_plans.policies import policy_on
from integration_plans.rules.intensity import next_review_on
from integration_plans.services.progress import (
    contents_in_force,
    note_progress,
    review_plan,
    version_in_force,
)
from integration_plans.views.base import PlanActionView, PlanTalkView, PlanWriteView
from ui.htmx import fragment_response, hx_redirect, is_htmx, pressed, safe_next
from ui.notes import notify


class ProgressWriteView(PlanWriteView, abstract=True):
    """A form about goals of the version in force."""

    template_name = "integration_plans/progress_form.html"

    def settle_access(self) -> None:
        super().settle_access()
        version = version_in_force(self.client, self.today)
        if version is None:
            raise Http404
        self.version: PlanVersion = version

    def contents(self) -> list[Any]:
        """The goals the user may read."""
        return list(contents_in_force(self.version, with_health=self.with_health))

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(version=self.version, **extra)


class GoalProgressView(ProgressWriteView):
    """How far one goal is: state, remark, measures done."""

    permission = "plan.progress"
    form_class = ProgressForm
    form_code = "goal_progress"
    title = gettext_lazy("How far is this goal?")
    submit_label = gettext_lazy("Note progress")

    def object_key(self) -> str:
        return str(self.kwargs["goal"])

    def contents(self) -> list[Any]:
        found = [content for content in super().contents() if content.goal.uuid == self.kwargs["goal"]]
        if not found:
            raise Http404
        return found

    def form_kwargs(self) -> dict[str, Any]:
        return {"contents": self.contents(), "today": self.today}

    def form_valid(self, form: ProgressForm) -> list[GoalProgress] | None:
        steps = note_progress(
            self.actor,
            self.client,
            goal_states=form.goal_states,
            measures_done=form.measures_done,
            remarks=form.remarks,
            on=form.cleaned_data["on"],
            expected_versions=form.expected_versions,
        )
        notify(self.request, _("Progress noted."))
        return steps


class ReviewView(ProgressWriteView, PlanTalkView):
    """Walk the goals, write down what was said, set the next date."""

    permission = "plan.review"
    form_class = ReviewForm
    form_code = "review"
    title = gettext_lazy("Review of the plan")
    submit_label = gettext_lazy("Finish review")

    def form_kwargs(self) -> dict[str, Any]:
        level = self.client.intensity
        following = next_review_on(level, self.today, policy_on(self.today).rule()) if level else None
        return {
            **super().form_kwargs(),
            "contents": self.contents(),
            "today": self.today,
            "next_review_on": following,
        }

    def write(self, form: ReviewForm) -> Review | None:
        review = review_plan(
            self.actor,
            form.review(self.version),
            goal_states=form.goal_states,
            measures_done=form.measures_done,
            remarks=form.remarks,
            expected_versions=form.expected_versions,
        )
        notify(self.request, _("The plan has been reviewed."))
        return review


class MeasureDoneView(PlanActionView):
    """One tap: a measure is done, or is not after all."""

    permission = "plan.progress"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        done = (pressed(request, "done") or "1") == "1"
        measure: UUID = kwargs["measure"]
        after = request.GET.get("after", "")
        if after and after != self._last_step(measure):
            notify(request, _("Somebody else has changed this in the meantime. Nothing was changed."))
            return hx_redirect(request, safe_next(request, self.plan_url()))
        try:
            note_progress(
                self.actor,
                self.client,
                goal_states={},
                measures_done={measure: done},
                remarks={},
                on=self.today,
            )
        except FileClosed:
            raise
        except ValidationError:
            raise Http404 from None
        if is_htmx(request) and not pressed(request, "next"):
            return self._goal(request, measure)
        back = safe_next(request, self.plan_url())
        if done:
            undo = urlencode({"done": "0", "next": back, "after": self._last_step(measure)})
            notify(request, _("The measure is done."), undo_url=f"{request.path}?{undo}")
        else:
            notify(request, _("The measure is open again."))
        return hx_redirect(request, back)

    def _last_step(self, measure: UUID) -> str:
        """The newest note about a measure; taking one back is for whoever wrote the last."""
        steps = MeasureProgress.objects.visible_to(self.request.user).filter(measure__uuid=measure)
        return str(steps.order_by("-pk").values_list("pk", flat=True).first() or "")

    def _goal(self, request: HttpRequest, measure: UUID) -> HttpResponse:
        version = version_in_force(self.client, self.today)
        for line in goal_lines(version, with_health=self.with_health, today=self.today):
            rows = [*line.client, *line.service, *line.others]
            if any(row.content.measure.uuid == measure for row in rows):
                context = {
                    "line": line,
                    "client": self.client,
                    "today": self.today,
                    "may_edit_plan": True,
                    "changed": measure,
                }
                return fragment_response(request, "integration_plans/_goal.html", context)
        raise Http404
