"""Every way to change a file: one form, one service call."""

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.records import StaleRecord
from clients.choices import FactKind
from clients.forms import facts as fact_forms
from clients.forms import files as file_forms
from clients.models import (
    Accommodation,
    Client,
    ClientName,
    ContactPoint,
    DatedFact,
    HouseholdMember,
    Relative,
    Residence,
    SafetyNote,
)
from clients.rules.dates import age_text
from clients.rules.duplicates import DuplicateReason
from clients.rules.phases import next_phases
from clients.services import facts, files, household, names
from clients.services.duplicates import Findings, find_duplicates
from clients.views.base import FileMixin, FileWriteView, WriteView
from ui.htmx import hx_redirect
from ui.notes import notify

REASONS = {
    DuplicateReason.SAME_NAME: gettext_lazy("same name"),
    DuplicateReason.SIMILAR_NAME: gettext_lazy("similar name"),
    DuplicateReason.SWAPPED_NAME: gettext_lazy("surname and given name swapped"),
    DuplicateReason.GIVEN_NAME_MISSING: gettext_lazy("given name missing"),
    DuplicateReason.SAME_BIRTH_DATE: gettext_lazy("same date of birth"),
    DuplicateReason.SIMILAR_BIRTH_DATE: gettext_lazy("similar date of birth"),
    DuplicateReason.SAME_PHONE: gettext_lazy("same phone number"),
}


class ClientRegisterView(WriteView):
    """A new file, with a warning when the person may have one already."""

    permission = "client.register"
    template_name = "clients/client_register.html"
    form_class = file_forms.RegisterForm
    form_code = "client.register"
    title = gettext_lazy("Register a person")
    submit_label = gettext_lazy("Open file")

    def form_valid(self, form: Any) -> Any:
        if not form.cleaned_data["another_person"]:
            form.findings = find_duplicates(form.traits, by=self.request.user)
            if form.findings:
                return self.show(form, status=422)
        client = files.register_client(
            form.record(),
            by=self.request.user,
            now=self.now,
            facts=form.facts,
            to_inbox=form.cleaned_data["destination"] == "inbox",
        )
        notify(self.request, _("The file %(case_no)s was opened.") % {"case_no": client.case_no})
        return client

    def show(self, form: Any, **kwargs: Any) -> HttpResponse:
        found: Findings = form.findings
        duplicates = [
            {
                "client": duplicate.client,
                "age": age_text(duplicate.client.birth, self.today),
                "reasons": ", ".join(str(REASONS[reason]) for reason in duplicate.suspicion.reasons),
                "in_inbox": duplicate.in_inbox,
            }
            for duplicate in found.duplicates
        ]
        return super().show(form, duplicates=duplicates, announced=found.announced, **kwargs)

    def success_url(self, result: Client) -> str:
        if result.manager_id is None:
            return reverse("clients:inbox")
        return result.get_absolute_url()

    def cancel_url(self) -> str:
        return reverse("clients:list")


# --- The person -----------------------------------------------------------------------------------------


class PersonPageMixin:
    """Returns to the page the form was opened from."""

    client: Client

    def success_url(self, result: Any) -> str:
        return reverse("clients:person", args=[self.client.uuid])

    def cancel_url(self) -> str:
        return reverse("clients:person", args=[self.client.uuid])


class _ClientColumnsView(PersonPageMixin, FileWriteView, abstract=True):
    """A form over columns of the file itself."""

    permission = "client.edit"

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.client}

    def form_valid(self, form: Any) -> Any:
        return files.update_client(
            form.record(),
            fields=form.columns,
            expected_version=form.expected_version,
            by=self.request.user,
            now=self.now,
        )


class ClientPersonEditView(_ClientColumnsView):
    form_class = file_forms.PersonForm
    form_code = "client.person"
    title = gettext_lazy("Change personal details")


class ClientReachEditView(_ClientColumnsView):
    form_class = file_forms.ReachForm
    form_code = "client.reach"
    title = gettext_lazy("How the person may be reached")


class ClientLanguagesView(PersonPageMixin, FileWriteView):
    permission = "client.edit"
    form_class = file_forms.LanguagesForm
    form_code = "client.languages"
    title = gettext_lazy("Languages and reading")

    def form_kwargs(self) -> dict[str, Any]:
        rows = self.client.client_languages.select_related("language")
        return {"instance": self.client, "spoken": [row.language for row in rows]}

    def form_valid(self, form: Any) -> Any:
        return files.set_languages(
            form.record(),
            file_forms.spoken_languages(form),
            expected_version=form.expected_version,
            by=self.request.user,
            now=self.now,
        )


class SpellingNewView(PersonPageMixin, FileWriteView):
    permission = "client.edit"
    form_class = file_forms.SpellingForm
    form_code = "client.spelling"
    title = gettext_lazy("Add another spelling")

    def form_valid(self, form: Any) -> Any:
        data = form.cleaned_data
        return names.add_spelling(
            self.client, surname=data["surname"], given_name=data["given_name"], by=self.request.user
        )


class FileActionView(FileMixin, abstract=True):
    """A button of a file: POST only, back to the page it stands on."""

    http_method_names = ["post"]
    edits = True
    model: ClassVar[Any] = None
    done: ClassVar[Any] = ""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            self.act()
        except StaleRecord:
            notify(request, _("Somebody else has changed this in the meantime. Nothing was changed."))
        else:
            if self.done:
                notify(request, str(self.done))
        return hx_redirect(request, self.back())

    def act(self) -> None:
        """Call the one service."""
        raise NotImplementedError

    def back(self) -> str:
        return reverse("clients:person", args=[self.client.uuid])

    def row(self) -> Any:
        """The row of this file the button is about."""
        rows = self.model.objects.editable_by(self.request.user).of(self.client)
        return self.child_or_404(rows, uuid=self.kwargs["row"])


class SpellingRemoveView(FileActionView):
    permission = "client.edit"

    def act(self) -> None:
        rows = ClientName.objects.editable_by(self.request.user).of(self.client).filter(is_main=False)
        names.remove_spelling(self.child_or_404(rows, pk=self.kwargs["pk"]), by=self.request.user)


# --- Numbers and addresses ------------------------------------------------------------------------------


class _NewRowView(PersonPageMixin, FileWriteView, abstract=True):
    """A form that adds a row to the file."""

    permission = "client.edit"
    model: ClassVar[Any] = None

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.model(client=self.client)}


class _RowEditView(PersonPageMixin, FileWriteView, abstract=True):
    """A form that corrects a row of the file; its draft belongs to the row."""

    permission = "client.edit"
    model: ClassVar[Any] = None

    def object_key(self) -> str:
        return f"{self.client.uuid}/{self.kwargs['row']}"

    def form_kwargs(self) -> dict[str, Any]:
        rows = self.model.objects.editable_by(self.request.user).of(self.client).select_related("client")
        return {"instance": self.child_or_404(rows, uuid=self.kwargs["row"])}


class ContactPointNewView(_NewRowView):
    model = ContactPoint
    form_class = fact_forms.ContactPointForm
    form_code = "contact_point.new"
    title = gettext_lazy("Add a phone number or e-mail address")

    def form_valid(self, form: Any) -> Any:
        return facts.add_contact_point(form.record(), by=self.request.user, now=self.now)


class ContactPointReplaceView(_NewRowView):
    """The former number ends and stays in the file; it is never overwritten."""

    model = ContactPoint
    form_class = fact_forms.ContactPointForm
    form_code = "contact_point.replace"
    title = gettext_lazy("Replace a number or address")
    submit_label = gettext_lazy("Replace")

    def object_key(self) -> str:
        return f"{self.client.uuid}/{self.kwargs['row']}"

    def former(self) -> ContactPoint:
        rows = ContactPoint.objects.editable_by(self.request.user).of(self.client)
        found: ContactPoint = self.child_or_404(rows, uuid=self.kwargs["row"])
        return found

    def form_kwargs(self) -> dict[str, Any]:
        former = self.former()
        return {
            "instance": ContactPoint(client=self.client),
            "initial": {
                "kind": former.kind,
                "value": former.value,
                "may_use": former.may_use,
                "remark": former.remark,
            },
        }

    def form_valid(self, form: Any) -> Any:
        former = self.former()
        return facts.add_contact_point(
            form.record(),
            by=self.request.user,
            now=self.now,
            # Somebody may have ended it meanwhile; then this is simply a new one.
            replaces=former if former.until is None else None,
        )


class ContactPointEndView(FileActionView):
    permission = "client.edit"
    model = ContactPoint
    done = gettext_lazy("Ended. It stays in the history of the file.")

    def act(self) -> None:
        facts.end_contact_point(self.row(), by=self.request.user, now=self.now)


# --- Accommodation, residence, dated facts --------------------------------------------------------------


class AccommodationNewView(_NewRowView):
    model = Accommodation
    form_class = fact_forms.AccommodationForm
    form_code = "accommodation.new"
    title = gettext_lazy("New accommodation")

    def form_valid(self, form: Any) -> Any:
        return facts.move_accommodation(form.record(), by=self.request.user, now=self.now)


class AccommodationEditView(_RowEditView):
    model = Accommodation
    form_class = fact_forms.AccommodationForm
    form_code = "accommodation.edit"
    title = gettext_lazy("Correct the accommodation")

    def form_valid(self, form: Any) -> Any:
        return facts.correct_accommodation(
            form.record(), expected_version=form.expected_version, by=self.request.user, now=self.now
        )


class ResidenceNewView(_NewRowView):
    model = Residence
    form_class = fact_forms.ResidenceForm
    form_code = "residence.new"
    title = gettext_lazy("New residence status")

    def form_valid(self, form: Any) -> Any:
        return facts.record_residence(form.record(), by=self.request.user, now=self.now)


class ResidenceEditView(_RowEditView):
    model = Residence
    form_class = fact_forms.ResidenceForm
    form_code = "residence.edit"
    title = gettext_lazy("Correct or prolong the residence status")

    def form_valid(self, form: Any) -> Any:
        return facts.correct_residence(
            form.record(), expected_version=form.expected_version, by=self.request.user, now=self.now
        )


class ResidenceRemindedView(FileActionView):
    """The reminder of *Mein Tag* was dealt with; the next step speaks up again."""

    permission = "client.edit"
    model = Residence

    def act(self) -> None:
        step = self.request.POST.get("step", "")
        if not (step.isascii() and step.isdigit() and len(step) < 4):
            raise Http404
        facts.note_permit_reminded(self.row(), int(step), by=self.request.user, now=self.now)

    def back(self) -> str:
        return "/"


class FactNewView(_NewRowView):
    """German level, course, employment, benefits or schooling."""

    model = DatedFact
    form_class = fact_forms.FactForm
    form_code = "fact.new"

    def kind(self) -> FactKind:
        try:
            return FactKind(self.kwargs["kind"])
        except ValueError as error:
            raise Http404 from error

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.title = _("%(kind)s: new entry") % {"kind": self.kind().label}

    def object_key(self) -> str:
        return f"{self.client.uuid}/{self.kind().value}"

    def form_kwargs(self) -> dict[str, Any]:
        kind = self.kind()
        return {"instance": DatedFact(client=self.client, kind=kind), "kind": kind.value}

    def form_valid(self, form: Any) -> Any:
        return facts.add_fact(form.record(), by=self.request.user, now=self.now)


class FactEndView(FileActionView):
    permission = "client.edit"
    model = DatedFact
    done = gettext_lazy("Ended. It stays in the history of the file.")

    def act(self) -> None:
        facts.end_fact(self.row(), on=self.today, by=self.request.user, now=self.now)


# --- Safety ---------------------------------------------------------------------------------------------


class SafetyNoteNewView(_NewRowView):
    model = SafetyNote
    form_class = fact_forms.SafetyNoteForm
    form_code = "safety_note.new"
    title = gettext_lazy("Note for visits")

    def form_valid(self, form: Any) -> Any:
        return facts.set_safety_note(form.record(), by=self.request.user, now=self.now)


class SafetyNoteEndView(FileActionView):
    permission = "client.edit"
    model = SafetyNote
    done = gettext_lazy("The note for visits no longer holds.")

    def act(self) -> None:
        facts.end_safety_note(self.row(), by=self.request.user, now=self.now)


# --- Household ------------------------------------------------------------------------------------------


class RelativeNewView(_NewRowView):
    permission = "client.household"
    model = Relative
    form_class = fact_forms.RelativeForm
    form_code = "relative.new"
    title = gettext_lazy("Add a co-counselled relative")

    def form_valid(self, form: Any) -> Any:
        return household.add_relative(form.record(), by=self.request.user, now=self.now)


class RelativeEditView(_RowEditView):
    permission = "client.household"
    model = Relative
    form_class = fact_forms.RelativeForm
    form_code = "relative.edit"
    title = gettext_lazy("Change a relative")

    def form_valid(self, form: Any) -> Any:
        return household.change_relative(
            form.record(), expected_version=form.expected_version, by=self.request.user
        )


class RelativeFileView(FileActionView):
    """A relative gets a file of their own."""

    permission = "client.household"
    model = Relative
    opened: Client | None = None

    def act(self) -> None:
        try:
            self.opened = household.open_file_for(self.row(), by=self.request.user, now=self.now)
        except ValidationError as refused:
            notify(self.request, " ".join(refused.messages))

    def back(self) -> str:
        return self.opened.get_absolute_url() if self.opened else super().back()


class HouseholdJoinView(PersonPageMixin, FileWriteView):
    permission = "client.household"
    form_class = fact_forms.JoinHouseholdForm
    form_code = "household.join"
    title = gettext_lazy("Somebody with an own file lives here, too")
    submit_label = gettext_lazy("Add to the household")

    def form_kwargs(self) -> dict[str, Any]:
        return {"client": self.client}

    def form_valid(self, form: Any) -> Any:
        return household.join_household(
            self.client,
            form.cleaned_data["other"],
            relation=form.cleaned_data["relation"],
            by=self.request.user,
            now=self.now,
        )


class HouseholdLeaveView(FileActionView):
    permission = "client.household"
    done = gettext_lazy("The household was changed.")

    def act(self) -> None:
        members = (
            HouseholdMember.objects.editable_by(self.request.user)
            .current()
            .filter(household__members__client=self.client, household__members__until__isnull=True)
            .distinct()
        )
        member = self.child_or_404(members, pk=self.kwargs["pk"])
        household.leave_household(member, client=self.client, by=self.request.user, now=self.now)


# --- Phases ---------------------------------------------------------------------------------------------


class _PhaseView(FileWriteView, abstract=True):
    def form_kwargs(self) -> dict[str, Any]:
        return {"client": self.client}


class ClientPhaseView(_PhaseView):
    permission = "client.phase"
    form_class = file_forms.PhaseForm
    form_code = "client.phase"
    title = gettext_lazy("Set the phase")

    def settle_access(self) -> None:
        super().settle_access()
        if not next_phases(self.client.phase):
            raise Http404

    def form_valid(self, form: Any) -> Any:
        data = form.cleaned_data
        return files.set_phase(
            self.client,
            data["phase"],
            on=data["on"],
            reason=data["reason"],
            expected_version=data["version"],
            by=self.request.user,
            now=self.now,
        )


class ClientCloseView(_PhaseView):
    permission = "client.close"
    form_class = file_forms.CloseForm
    form_code = "client.close"
    title = gettext_lazy("Close the counselling")
    submit_label = gettext_lazy("Close counselling")
    lead = gettext_lazy("Afterwards the file can only be read, and re-opened as a new counselling period.")

    def form_valid(self, form: Any) -> Any:
        data = form.cleaned_data
        return files.close_counselling(
            self.client,
            reason=data["reason"],
            note=data["note"],
            on=data["on"],
            expected_version=data["version"],
            by=self.request.user,
            now=self.now,
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

    def form_valid(self, form: Any) -> Any:
        data = form.cleaned_data
        return files.reopen(
            self.client,
            phase=data["phase"],
            on=data["on"],
            reason=data["reason"],
            expected_version=data["version"],
            by=self.request.user,
            now=self.now,
        )


class ClientClockView(FileWriteView):
    permission = "client.edit"
    form_class = file_forms.ClockForm
    form_code = "client.clock"
    title = gettext_lazy("Counselling beyond the limit")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.client}

    def form_valid(self, form: Any) -> Any:
        return files.justify_clock(
            form.record(),
            form.cleaned_data["clock_justification"],
            expected_version=form.expected_version,
            by=self.request.user,
            now=self.now,
        )
