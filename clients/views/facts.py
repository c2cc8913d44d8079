"""What changes in a life: numbers and addresses, dated facts, the note for visits."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients import actions
from clients.choices import FactKind
from clients.fact_history import chapters
from clients.forms import facts as fact_forms
from clients.models import Client, ContactPoint, DatedFact, SafetyNote
from clients.services import dated_facts, facts
from clients.views.base import FilePage
from clients.views.edit import FileActionView, NewRowView, RowEditView
from ui.notes import notify


def history_url(client: Client, kind: str) -> str:
    """Where the history of one kind stands."""
    return f"{reverse('clients:history', args=[client.uuid])}#{kind}"


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


class FactNewView(NewRowView):
    """German level, course, employment and the like: what is new, since when."""

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
        return dated_facts.add_fact(self.actor, form.record())

    def success_url(self, result: Any) -> str:
        undo = reverse("clients:fact_take_back", args=[self.client.uuid, result.uuid])
        said = _("Saved; the entry before it has ended with it.") if result.follows else _("Saved.")
        notify(self.request, said, undo_url=undo)
        return super().success_url(result)


class FactEditView(RowEditView):
    """A correction: the history says what was written until now."""

    model = DatedFact
    form_class = fact_forms.FactForm
    form_code = "fact.edit"
    title = gettext_lazy("Correct the entry")
    lead = gettext_lazy(
        "This is for what was entered wrongly. If something has changed in life, make a new entry instead."
    )

    def form_kwargs(self) -> dict[str, Any]:
        found = super().form_kwargs()
        return {**found, "kind": found["instance"].kind}

    def form_valid(self, form: fact_forms.FactForm) -> object:
        return dated_facts.correct_fact(self.actor, form.record(), expected_version=form.expected_version)

    def success_url(self, result: Any) -> str:
        return history_url(self.client, result.kind)


class FactEndView(FileActionView):
    """It no longer holds; its undo lets it hold again."""

    permission = "client.edit"
    model = DatedFact

    def act(self) -> None:
        if self.request.GET:
            dated_facts.reopen_fact(self.actor, self.row())
            notify(self.request, _("It holds again."))
            return
        dated_facts.end_fact(self.actor, self.row(), on=self.today)
        undo = f"{self.request.path}?undo=1"
        notify(self.request, _("Ended. It stays in the history of the file."), undo_url=undo)

    def back(self) -> str:
        return reverse("clients:history", args=[self.client.uuid])


class FactTakeBackView(FileActionView):
    permission = "client.edit"
    model = DatedFact
    done = gettext_lazy("Taken back; what was before holds again.")

    def act(self) -> None:
        dated_facts.take_back_fact(self.actor, self.row())

    def back(self) -> str:
        return reverse("clients:history", args=[self.client.uuid])


class FactHistoryView(FilePage):
    """How everything came to be as it is today, kind by kind; it prints."""

    permission = "client.view"
    template_name = "clients/client_history.html"
    read_action = actions.VIEWED
    tab = "person"

    @property
    def reads_former_addresses(self) -> bool:
        """A protected address is told on one page only, and to a stand-in no former one."""
        return self.acting_for is None and self.file.facts.protection is None

    def page(self) -> dict[str, Any]:
        return {
            "chapters": chapters(self.file.facts, reads_former_addresses=self.reads_former_addresses),
            "may_edit": not self.client.is_closed,
            "fact_kinds": FactKind.choices,
        }


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
