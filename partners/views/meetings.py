"""Meetings of the network, their minutes and decisions."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from accounts.records import uuid_of
from partners.forms.meetings import DecisionForm, MeetingForm, MinutesForm
from partners.models import Decision, Meeting
from partners.services import meetings as services
from partners.views.base import NetworkActView, NetworkMixin, NetworkWriteView
from ui.notes import notify

AT_ONCE = 30


class MeetingsView(NetworkMixin, PageView):
    """Meetings to come, what of earlier ones waits for oneself, and the earlier ones."""

    permission = "network.view"
    template_name = "partners/meetings.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = Meeting.objects.select_related("municipality")
        earlier = rows.filter(starts_at__lt=self.now)
        key = uuid_of(request.GET.get("after", ""))
        last = Meeting.objects.filter(uuid=key).first() if key else None
        if last is not None:
            earlier = earlier.before(last)
        found = list(earlier[: AT_ONCE + 1])
        return self.render(
            {
                "coming": [] if last else list(rows.from_now(self.now)[:AT_ONCE]),
                "decisions": [] if last else list(Decision.objects.waiting_for(request.user)),
                "earlier": found[:AT_ONCE],
                "after": found[AT_ONCE - 1].uuid if len(found) > AT_ONCE else "",
                "is_later": last is not None,
                "page": "meetings",
            }
        )


class MeetingView(NetworkMixin, PageView):
    """One meeting: invitation, participants, minutes, decisions."""

    permission = "network.view"
    template_name = "partners/meeting.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        row = self.meeting
        return self.render(
            {
                "meeting": row,
                "organisations": list(row.organisations.all()),
                "staff": list(row.staff.order_by("last_name", "first_name", "pk")),
                "decisions": list(row.decisions.select_related("responsible", "done_by")),
                "is_over": row.starts_at < self.now,
            }
        )


class _MeetingWriteView(NetworkWriteView, abstract=True):
    permission = "network.edit"

    def cancel_url(self) -> str:
        return self.meeting.get_absolute_url()


class MeetingNewView(NetworkWriteView):
    permission = "network.edit"
    form_class = MeetingForm
    form_code = "network.meeting"
    title = gettext_lazy("New meeting")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": Meeting()}

    def form_valid(self, form: MeetingForm) -> object:
        data = form.cleaned_data
        return services.keep_meeting(
            self.actor, form.record(), organisations=data["organisations"], staff=data["staff"]
        )

    def success_url(self, result: Meeting) -> str:
        notify(self.request, _("The meeting is entered."))
        return result.get_absolute_url()

    def cancel_url(self) -> str:
        return reverse("network:meetings")


class MeetingEditView(_MeetingWriteView):
    permission = "network.edit"
    form_class = MeetingForm
    form_code = "network.meeting_edit"
    title = gettext_lazy("Correct a meeting")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.meeting}

    def form_valid(self, form: MeetingForm) -> object:
        data = form.cleaned_data
        return services.keep_meeting(
            self.actor,
            form.record(),
            organisations=data["organisations"],
            staff=data["staff"],
            expected_version=form.expected_version,
        )


class MinutesView(_MeetingWriteView):
    permission = "network.edit"
    form_class = MinutesForm
    form_code = "network.minutes"
    title = gettext_lazy("Minutes")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.meeting}

    def form_valid(self, form: MinutesForm) -> object:
        return services.keep_minutes(self.actor, form.record(), expected_version=form.expected_version)


class DecisionNewView(_MeetingWriteView):
    permission = "network.edit"
    form_class = DecisionForm
    form_code = "network.decision"
    title = gettext_lazy("New decision")
    lead = gettext_lazy("It waits for the responsible person until she ticks it off.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": Decision(meeting=self.meeting)}

    def form_valid(self, form: DecisionForm) -> object:
        decision = services.keep_decision(self.actor, form.record())
        notify(
            self.request,
            _("The decision is kept. It waits for %(person)s.") % {"person": decision.responsible},
        )
        return decision


class DecisionEditView(NetworkWriteView):
    permission = "network.edit"
    form_class = DecisionForm
    form_code = "network.decision_edit"
    title = gettext_lazy("Correct a decision")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.decision}

    def form_valid(self, form: DecisionForm) -> object:
        return services.keep_decision(self.actor, form.record(), expected_version=form.expected_version)

    def cancel_url(self) -> str:
        return self.decision.meeting.get_absolute_url()


class DecisionDoneView(NetworkActView):
    permission = "network.edit"
    done = gettext_lazy("Decision ticked off.")

    def act(self) -> None:
        services.finish_decision(self.actor, self.decision)

    def back(self) -> str:
        return self.decision.meeting.get_absolute_url()

    def undo_url(self) -> str:
        return reverse("network:decision_reopen", args=[self.decision.uuid])


class DecisionReopenView(NetworkActView):
    permission = "network.edit"
    done = gettext_lazy("The decision is open again.")

    def act(self) -> None:
        services.reopen_decision(self.actor, self.decision)

    def back(self) -> str:
        return self.decision.meeting.get_absolute_url()
