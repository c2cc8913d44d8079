"""Structural observations: a manager reports and reads what was answered, the office answers."""

from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from accounts.permissions import may
from accounts.records import uuid_of
from audit.recording import record
from clients.views.base import WriteView
from intake import actions
from intake.choices import ObservationState
from intake.forms.observations import ObservationAnswerForm, ObservationForm
from intake.models import Observation
from intake.querysets import ObservationQuerySet
from intake.services.inbox import why_nothing_new
from intake.services.observations import answer_observation, report_observation
from ui.notes import notify

PAGE = 50


class ObservationListView(PageView):
    """What is known of obstacles. The office also reads how many there are, by topic and municipality."""

    permission = "observation.view"
    template_name = "intake/observation_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        answers = may(request.user, "observation.answer")
        everything = Observation.objects.visible_to(self.request.user)
        groups = self.groups(everything) if answers else []
        rows, chosen = self.chosen(everything)
        after = uuid_of(request.GET.get("after", ""))
        last = rows.filter(uuid=after).first() if after else None
        page = (rows.older_than(last) if last else rows).select_related("topic", "municipality")
        found = list(page.order_by("-recorded_at", "-id")[: PAGE + 1])
        record(self.actor, actions.OBSERVATIONS_VIEWED, kind="observation", count=len(found[:PAGE]))
        return self.render(
            {
                "answers": answers,
                "rows": found[:PAGE],
                "groups": groups,
                "states": [("", _("All")), *ObservationState.choices],
                "chosen": chosen,
                "after": found[PAGE - 1].uuid if len(found) > PAGE else None,
                "is_later": after is not None,
                "several_places": len(self.scope.municipalities) > 1,
            }
        )

    def groups(self, rows: ObservationQuerySet) -> list[dict[str, Any]]:
        """How many observations there are about each topic in each municipality, and how many are unanswered."""
        grouped = rows.order_by("topic__order", "topic__label_de", "municipality__name").values(
            "topic__code", "topic__label_de", "municipality__code", "municipality__name"
        )
        return list(
            grouped.annotate(
                number=Count("pk"), unanswered=Count("pk", filter=~Q(state=ObservationState.ANSWERED))
            )
        )

    def chosen(self, rows: ObservationQuerySet) -> tuple[ObservationQuerySet, dict[str, str]]:
        """The rows of the filters in the address, and these filters; what is no filter is ignored."""
        asked = {name: self.request.GET.get(name, "") for name in ("state", "topic", "place")}
        if asked["state"] not in ObservationState.values:
            asked["state"] = ""
        paths = {"state": "state", "topic": "topic__code", "place": "municipality__code"}
        wanted = {paths[name]: value for name, value in asked.items() if value}
        return rows.filter(**wanted), asked


class ObservationNewView(WriteView):
    """Report an obstacle."""

    permission = "observation.report"
    form_class = ObservationForm
    form_code = "observation.new"
    title = gettext_lazy("Report a structural observation")
    submit_label = gettext_lazy("Report")
    lead = gettext_lazy(
        "What stands in the way again and again: appointments that cannot be had, forms nobody understands, courses "
        "that are missing. The office reads it without your name and answers to all integration managers of the "
        "municipality."
    )

    def why_no_form(self) -> str:
        return why_nothing_new(self.request.user, self.today)

    def form_kwargs(self) -> dict[str, Any]:
        return {"today": self.today}

    def form_valid(self, form: ObservationForm) -> Observation:
        observation = report_observation(self.actor, form.record())
        notify(self.request, _("Reported. The answer will stand here."))
        return observation

    def success_url(self, result: object) -> str:
        return reverse("observations:list")

    def cancel_url(self) -> str:
        return reverse("observations:list")


class ObservationAnswerView(WriteView):
    """Say how far an observation is, and answer it."""

    permission = "observation.answer"
    template_name = "intake/observation_answer.html"
    form_class = ObservationAnswerForm
    form_code = "observation.answer"
    title = gettext_lazy("Structural observation")
    submit_label = gettext_lazy("Save")

    def settle_access(self) -> None:
        super().settle_access()
        rows = Observation.objects.editable_by(self.request.user).select_related("topic", "municipality")
        found = rows.filter(uuid=self.kwargs["observation"]).first()
        if found is None:
            raise Http404
        self.observation = found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        record(self.actor, actions.OBSERVATIONS_VIEWED, kind="observation", count=1)
        return super().get(request, *args, **kwargs)

    def object_key(self) -> str:
        return str(self.observation.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.observation}

    def form_valid(self, form: ObservationAnswerForm) -> Observation:
        return answer_observation(self.actor, form.record(), expected_version=form.expected_version)

    def success_url(self, result: object) -> str:
        notify(self.request, _("Saved."))
        return reverse("observations:list")

    def cancel_url(self) -> str:
        return reverse("observations:list")

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(observation=self.observation, **extra)
