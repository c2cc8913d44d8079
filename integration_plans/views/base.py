"""What the pages of a plan share."""

from abc import abstractmethod
from functools import partial
from typing import Any

from django.http import HttpResponse

from accounts.generic import AccessView
from accounts.records import Record
from clients.health import may_read_health
from clients.log_steps import LOOK_AT_THE_TALK, StepRefused
from clients.services.log_steps import write_with_talk
from clients.views.base import FileMixin, FileWriteView
from integration_plans import actions
from integration_plans.models import PlanVersion
from ui.htmx import hx_redirect
from ui.links import reverse


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

    def working_version_url(self) -> str:
        return reverse("file_plans:working_version", args=[self.client.uuid])


class PlanWriteView(PlanFileMixin, FileWriteView, abstract=True):
    """A form about the plan."""

    read_action = actions.VIEWED

    def success_url(self, result: Any) -> str:
        return self.plan_url()

    def cancel_url(self) -> str:
        return self.plan_url()


class PlanTalkView(PlanWriteView, abstract=True):
    """A form about the plan whose talk is logged in the same step."""

    def form_kwargs(self) -> dict[str, Any]:
        return {**super().form_kwargs(), "client": self.client, "actor": self.actor}

    def form_valid(self, form: Any) -> object:
        try:
            return write_with_talk(self.actor, self.client, form, partial(self.write, form))
        except StepRefused:
            form.add_error(None, str(LOOK_AT_THE_TALK))
            return None

    @abstractmethod
    def write(self, form: Any) -> Record | None:
        """Call the one service; None when it refused and the form says why."""


class PlanActionView(PlanFileMixin, AccessView, abstract=True):
    """A button: POST only, one service call, back to where it came from."""

    edits = True
    http_method_names = ["post"]
