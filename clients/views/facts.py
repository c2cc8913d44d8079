"""What changes in a life: numbers and addresses, accommodation, residence, dated facts, the note for visits."""

from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.choices import FactKind
from clients.forms import facts as fact_forms
from clients.models import Accommodation, ContactPoint, DatedFact, Residence, SafetyNote
from clients.services import facts
from clients.views.edit import FileActionView, NewRowView, RowEditView


class ContactPointNewView(NewRowView):
    model = ContactPoint
    form_class = fact_forms.ContactPointForm
    form_code = "contact_point.new"
    title = gettext_lazy("Add a phone number or e-mail address")

    def form_valid(self, form: fact_forms.ContactPointForm) -> object:
        return facts.add_contact_point(self.actor, form.record())


class ContactPointReplaceView(NewRowView):
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

    def form_valid(self, form: fact_forms.ContactPointForm) -> object:
        former = self.former()
        return facts.add_contact_point(
            self.actor, form.record(), replaces=former if former.until is None else None
        )


class ContactPointEndView(FileActionView):
    permission = "client.edit"
    model = ContactPoint
    done = gettext_lazy("Ended. It stays in the history of the file.")

    def act(self) -> None:
        facts.end_contact_point(self.actor, self.row())


class AccommodationNewView(NewRowView):
    model = Accommodation
    form_class = fact_forms.AccommodationForm
    form_code = "accommodation.new"
    title = gettext_lazy("New accommodation")

    def form_valid(self, form: fact_forms.AccommodationForm) -> object:
        return facts.move_accommodation(self.actor, form.record())


class AccommodationEditView(RowEditView):
    model = Accommodation
    form_class = fact_forms.AccommodationForm
    form_code = "accommodation.edit"
    title = gettext_lazy("Correct the accommodation")

    def form_valid(self, form: fact_forms.AccommodationForm) -> object:
        return facts.correct_accommodation(self.actor, form.record(), expected_version=form.expected_version)


class ResidenceNewView(NewRowView):
    model = Residence
    form_class = fact_forms.ResidenceForm
    form_code = "residence.new"
    title = gettext_lazy("New residence status")

    def form_valid(self, form: fact_forms.ResidenceForm) -> object:
        return facts.record_residence(self.actor, form.record())


class ResidenceEditView(RowEditView):
    model = Residence
    form_class = fact_forms.ResidenceForm
    form_code = "residence.edit"
    title = gettext_lazy("Correct or prolong the residence status")

    def form_valid(self, form: fact_forms.ResidenceForm) -> object:
        return facts.correct_residence(self.actor, form.record(), expected_version=form.expected_version)


class ResidenceRemindedView(FileActionView):
    """The reminder of *Mein Tag* was dealt with; the next step speaks up again."""

    permission = "client.edit"
    model = Residence

    def act(self) -> None:
        step = self.request.POST.get("step", "")
        if not (step.isascii() and step.isdigit() and len(step) < 4):
            raise Http404
        facts.note_permit_reminded(self.actor, self.row(), int(step))

    def back(self) -> str:
        return "/"


class FactNewView(NewRowView):
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

    def form_valid(self, form: fact_forms.FactForm) -> object:
        return facts.add_fact(self.actor, form.record())


class FactEndView(FileActionView):
    permission = "client.edit"
    model = DatedFact
    done = gettext_lazy("Ended. It stays in the history of the file.")

    def act(self) -> None:
        facts.end_fact(self.actor, self.row(), on=self.today)


class SafetyNoteNewView(NewRowView):
    model = SafetyNote
    form_class = fact_forms.SafetyNoteForm
    form_code = "safety_note.new"
    title = gettext_lazy("Note for visits")

    def form_valid(self, form: fact_forms.SafetyNoteForm) -> object:
        return facts.set_safety_note(self.actor, form.record())


class SafetyNoteEndView(FileActionView):
    permission = "client.edit"
    model = SafetyNote
    done = gettext_lazy("The note for visits no longer holds.")

    def act(self) -> None:
        facts.end_safety_note(self.actor, self.row())
