"""What the pages of a plan share."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from accounts.generic import AccessView
from clients.health import may_read_health
from clients.views.base import FileMixin, FileWriteView
from integration_plans import actions
from integration_plans.models import PlanVersion
from ui.htmx import hx_redirect


class PlanFileMixin(FileMixin, abstract=True):
    """Answers about the plan of the file at hand."""

    @property
    def with_health(self) -> bool:
        """Whether the user may read sensitive modules of this file now."""
        return may_read_health(self.request.user, self.client, self.now)

    def working_version(self) -> PlanVersion:
        """The working version; without one there is no such page."""
        version: PlanVersion = self.child_or_404(
            PlanVersion.objects.editable_by(self.request.user).of(self.client).working()
        )
        return version

    def to_plan(self) -> HttpResponse:
        """Back to the plan, whichever way the page was asked for."""
        return hx_redirect(self.request, self.plan_url())

    def plan_url(self) -> str:
        return reverse("file_plans:plan", args=[self.client.uuid])

    def draft_url(self) -> str:
        return reverse("file_plans:draft", args=[self.client.uuid])


class PlanWriteView(PlanFileMixin, FileWriteView, abstract=True):
    """A form about the plan."""

    read_action = actions.VIEWED

    def success_url(self, result: Any) -> str:
        return self.plan_url()

    def cancel_url(self) -> str:
        return self.plan_url()


class PlanActionView(PlanFileMixin, AccessView, abstract=True):
    """A button: POST only, one service call, back to where it came from."""

    edits = True
    http_method_names = ["post"]
