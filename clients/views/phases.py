"""Where the counselling stands: phases, closing, re-opening, the clock."""

from typing import Any

from django.http import Http404, HttpResponse
from django.utils.translation import gettext_lazy

from clients.file_facts import phase_proposal
from clients.forms import files as file_forms
from clients.models import CounsellingPeriod
from clients.rules.phases import next_phases
from clients.services import files
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
    permission = "client.close"
    form_class = file_forms.CloseForm
    form_code = "client.close"
    title = gettext_lazy("Close the counselling")
    submit_label = gettext_lazy("Close counselling")
    lead = gettext_lazy("Afterwards the file can only be read, and re-opened as a new counselling period.")

    def form_valid(self, form: file_forms.CloseForm) -> object:
        data = form.cleaned_data
        return files.close_counselling(
            self.actor,
            self.client,
            reason=data["reason"],
            note=data["note"],
            on=data["on"],
            expected_version=data["version"],
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
