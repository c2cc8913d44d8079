"""Where the counselling stands: phases, closing, re-opening, the clock."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy

from accounts import duties
from clients import closing
from clients.choices import FactKind
from clients.file_context import FileContext
from clients.file_facts import phase_proposal
from clients.forms import files as file_forms
from clients.forms.closing import CloseForm
from clients.models import CounsellingPeriod
from clients.rules.phases import next_phases
from clients.services import files
from clients.services.closing import HOUSING, Closing, close_with_last_facts
from clients.views.base import FileWriteView


class _PhaseView(FileWriteView, abstract=True):
    def form_kwargs(self) -> dict[str, Any]:
        return {"client": self.client}


class ClientPhaseView(_PhaseView):
    """The next phase; what the facts of the file speak for is filled in, the manager decides."""

    permission = "client.phase"
    form_class = file_forms.PhaseForm
    form_code = "client.phase"
    title = gettext_lazy("Set the phase")

    def settle_access(self) -> None:
        super().settle_access()
        if not next_phases(self.client.phase):
            raise Http404
        periods = CounsellingPeriod.objects.visible_to(self.request.user).of(self.client)
        self.proposal = phase_proposal(self.client, periods)

    def form_kwargs(self) -> dict[str, Any]:
        if self.proposal is None:
            return super().form_kwargs()
        initial = {"phase": self.proposal.phase.value, "on": self.proposal.begins_on}
        return {**super().form_kwargs(), "initial": initial}

    def show(self, form: file_forms.PhaseForm, **kwargs: Any) -> HttpResponse:
        return super().show(form, **kwargs, lead=self.proposal.reason if self.proposal else "")

    def form_valid(self, form: file_forms.PhaseForm) -> object:
        data = form.cleaned_data
        return files.set_phase(
            self.actor,
            self.client,
            data["phase"],
            on=data["on"],
            reason=data["reason"],
            expected_version=data["version"],
        )


class ClientCloseView(_PhaseView):
    """What is open is settled on this page, what holds at the end is asked once, then the file closes."""

    permission = "client.close"
    template_name = "clients/client_close.html"
    form_class = CloseForm
    form_code = "client.close"
    title = gettext_lazy("Close the counselling")
    submit_label = gettext_lazy("Close counselling")
    lead = gettext_lazy("Afterwards the file can only be read, and re-opened as a new counselling period.")

    @cached_property
    def file(self) -> FileContext:
        """The file as this request shows it."""
        return FileContext.of(self.client, self.actor)

    def form_kwargs(self) -> dict[str, Any]:
        facts = self.file.facts
        current: dict[str, Any] = {fact.kind: fact.value for fact in facts.current_facts}
        known = {
            kind: current[kind] for kind in (FactKind.GERMAN_LEVEL, FactKind.EMPLOYMENT) if kind in current
        }
        home = facts.accommodation
        return {**super().form_kwargs(), "current": {**known, HOUSING: home.kind if home else ""}}

    def show(self, form: CloseForm, **kwargs: Any) -> HttpResponse:
        work = duties.open_work(self.client)
        return super().show(
            form,
            **kwargs,
            parts=closing.sections(self.file, self.request.path),
            still_open=duties.in_words(work) if work else "",
        )

    def form_valid(self, form: CloseForm) -> object:
        data = form.cleaned_data
        return close_with_last_facts(
            self.actor,
            self.client,
            Closing(data["reason"], data["on"], data["note"], data["version"]),
            facts=form.changed_facts(),
            home=form.changed_home(),
        )


class ClientReopenView(_PhaseView):
    """The only change of a closed file."""

    permission = "client.reopen"
    edits = False
    form_class = file_forms.ReopenForm
    form_code = "client.reopen"
    title = gettext_lazy("Re-open the counselling")
    submit_label = gettext_lazy("Re-open")

    def settle_access(self) -> None:
        super().settle_access()
        if not self.client.is_closed:
            raise Http404

    def form_valid(self, form: file_forms.ReopenForm) -> object:
        data = form.cleaned_data
        return files.reopen(
            self.actor,
            self.client,
            phase=data["phase"],
            on=data["on"],
            reason=data["reason"],
            expected_version=data["version"],
        )


class ClientClockView(FileWriteView):
    permission = "client.edit"
    form_class = file_forms.ClockForm
    form_code = "client.clock"
    title = gettext_lazy("Counselling beyond the limit")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.client}

    def form_valid(self, form: file_forms.ClockForm) -> object:
        return files.justify_clock(
            self.actor,
            form.record(),
            form.cleaned_data["clock_justification"],
            expected_version=form.expected_version,
        )
