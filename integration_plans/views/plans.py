"""Read the plan and print it; the list of own plans."""

import datetime
from collections import Counter
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation

from accounts.generic import PageView
from audit.recording import record
from clients.choices import GrantKind, Phase
from clients.models import AccessGrant, Client
from clients.views.base import FilePage
from integration_plans import actions
from integration_plans.choices import ReviewState
from integration_plans.due_items import WORKED_WITH
from integration_plans.models import (
    Assessment,
    IntensityDecision,
    Module,
    PlanPolicy,
    PlanVersion,
    Review,
)
from integration_plans.overview import goal_lines, readings
from integration_plans.plan_status import PlanStatus, plan_statuses
from integration_plans.policies import policy_on
from integration_plans.rules.intensity import assessment_due_on
from integration_plans.sections import plan_context
from integration_plans.services.progress import version_in_force
from integration_plans.views.base import PlanFileMixin

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


def due_on(client: Client, status: PlanStatus, policy: PlanPolicy) -> datetime.date | None:
    """When the file is to be looked at next; without an assessment, when that one is due, as *Mein Tag* says it."""
    if status.assessed or client.phase not in WORKED_WITH:
        return status.next_review_on
    due = assessment_due_on(client.counselling_started_on, policy.rule(), client.taken_over_on)
    return due or status.next_review_on


class PlanListView(PageView):
    """One's own plans by review state, what needs work first."""

    permission = "plan.list"
    template_name = "integration_plans/plan_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        files = list(
            Client.objects.visible_to(request.user)
            .filter(manager=self.request.user, phase__in=WITH_PLAN)
            .order_by("search_name", "id")
        )
        policy = policy_on(self.today)
        found = plan_statuses([client.pk for client in files], self.today, policy)
        rows: list[dict[str, Any]] = [
            {"client": client, "plan": found[client.pk], "due_on": due_on(client, found[client.pk], policy)}
            for client in files
        ]
        counts = Counter(found[client.pk].state for client in files)
        chosen = request.GET.get("state", "")
        state = ReviewState(chosen) if chosen in ReviewState.values else None
        groups: list[dict[str, Any]] = [
            {
                "state": group,
                "rows": sorted(
                    (row for row in rows if row["plan"].state == group),
                    key=lambda row: (row["due_on"] is None, row["due_on"] or self.today),
                ),
            }
            for group in ORDER
            if counts[group] and state in (None, group)
        ]
        record(self.actor, actions.LISTED, kind="plan", count=len(files))
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
            **plan_context(self.file),
            "history": self._history(),
            "may_scan": not self.client.is_closed and self.file.may("document.add"),
            "past": self._past(),
        }

    def _past(self) -> list[tuple[str, datetime.date, Any]]:
        """Closed versions, reviews, confirmed intensities and stand-ins' looks at health, newest first."""
        user = self.request.user
        versions = PlanVersion.objects.visible_to(user).of(self.client).closed()
        versions = versions.select_related("closed_by", "scan")
        reviews = (
            Review.objects.visible_to(user).filter(plan__client=self.client).select_related("by", "plan")
        )
        decisions = IntensityDecision.objects.visible_to(user).of(self.client).select_related("by")
        decisions = decisions.readable(with_health=self.with_health)
        grants = AccessGrant.objects.visible_to(user).of(self.client).filter(kind=GrantKind.HEALTH)
        return sorted(
            [
                *(("version", version.agreed_on, version) for version in versions),
                *(("review", review.reviewed_on, review) for review in reviews),
                *(("intensity", decision.decided_on, decision) for decision in decisions),
                *(
                    ("health", timezone.localdate(grant.granted_at), grant)
                    for grant in grants.select_related("user")
                ),
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
        # The paper is always German, in whichever language the manager works.
        with translation.override("de"):
            response: Any = self.render(self.sheet(version))
            response.render()
        return response

    def sheet(self, version: PlanVersion) -> dict[str, Any]:
        """The context of the print."""
        may_choose, key = self.with_health, self.client.pk
        hidden = () if may_choose else (key,)
        chosen = may_choose and self.request.GET.get("health") == "1"
        assessment = version.assessment or (
            Assessment.objects.visible_to(self.request.user).of(self.client).first()
            if version.is_working
            else None
        )
        return {
            "version": version,
            "goals": goal_lines(version, with_health=chosen, today=self.today),
            "needs": readings(assessment, with_health=chosen),
            "review_on": plan_statuses([key], self.today, without_health=hidden)[key].next_review_on,
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
