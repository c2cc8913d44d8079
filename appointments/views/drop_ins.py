"""Contacts left for a colleague's client: finding the file, leaving, reading and changing one's own."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import AccessView, PageView
from appointments import actions, wording
from appointments.choices import ArrivalOutcome
from appointments.drop_ins import client_of_key, own_drop_in, own_entry, sign_key
from appointments.forms.drop_in import DropInCorrectForm, DropInForm
from appointments.forms.find import ColleagueFindForm
from appointments.models import Contact
from appointments.services import drop_ins as services
from appointments.services.corrections import correct_contact
from appointments.views.arrivals import ForArrival
from audit.recording import record
from clients.models import Client
from clients.views.base import WriteView
from ui.dates import date_de
from ui.notes import notify


class DropInFindView(ForArrival, PageView):
    """Find a colleague's client by full surname and birth date, or by case number; always recorded."""

    permission = "contact.drop_in"
    template_name = "appointments/drop_in_find.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render({"form": self.form()})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render({"form": form}, status=422)
        own = form.own_file()
        if own is not None:
            return self.render({"form": form, "own": own, "is_mine": own.manager_id == request.user.pk})
        answer = form.search()
        if answer.pause:
            form.add_error(None, answer.pause)
            return self.render({"form": form}, status=429)
        if answer.client is None:
            form.add_error(
                None,
                _(
                    "No file of a colleague in your municipality was found. "
                    "The full surname and the exact date of birth are needed, or the case number."
                ),
            )
            return self.render({"form": form}, status=422)
        key = sign_key(self.request.user, answer.client)
        return self.render({"form": form, "announcement": answer.announcement, "key": key})

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(arrival_query=self.arrival_query, **extra)

    def form(self, data: Any = None) -> ColleagueFindForm:
        """The form for this user."""
        return ColleagueFindForm(data, user=self.request.user)


class DropInNewView(ForArrival, WriteView):
    """Leave a contact in a colleague's file that was announced a moment ago."""

    permission = "contact.drop_in"
    template_name = "appointments/contact_log.html"
    form_class = DropInForm
    form_code = "drop_in"
    title = gettext_lazy("Leave a contact for a colleague")
    submit_label = gettext_lazy("Leave contact")

    @property
    def client(self) -> Client:
        if not hasattr(self, "_client"):
            self._client = client_of_key(self.request.user, self.kwargs["key"])
        return self._client

    def settle_access(self) -> None:
        super().settle_access()
        if not services.may_leave(self.actor, self.client):
            raise Http404

    def object_key(self) -> str:
        return self.client.case_no

    def draft_case_no(self) -> str:
        return self.client.case_no

    def form_kwargs(self) -> dict[str, Any]:
        return {"client": self.client, "now": self.now, "presets": self.arrival_presets()}

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(case_no=self.client.case_no, responsible=self.client.manager, **extra)

    def form_valid(self, form: DropInForm) -> Contact:
        follow_up = form.follow_up()
        contact = services.leave_drop_in(
            self.actor,
            form.contact(),
            note=form.cleaned_data["note"],
            topics=form.further_topics(),
            follow_up=follow_up,
        )
        self.finish_arrival(ArrivalOutcome.DROP_IN)
        said = _("Left for %(name)s.") % {"name": self.client.manager}
        if follow_up is not None:
            said += " " + _("With a follow-up due on %(day)s.") % {"day": date_de(follow_up.due_on)}
        notify(self.request, said)
        return contact

    def success_url(self, result: Any) -> str:
        return self.desk_url() or reverse("drop_ins:detail", args=[result.uuid])

    def cancel_url(self) -> str:
        return self.desk_url() or reverse("appointments:drop_in_find")


class OwnDropIn(AccessView, abstract=True):
    """Finds a contact one left oneself: the only thing of that file its author may see."""

    contact: Contact

    def settle_access(self) -> None:
        super().settle_access()
        found = own_drop_in(self.request.user, self.kwargs["uuid"])
        if found is None:
            raise Http404
        self.contact = found


class DropInView(OwnDropIn, PageView):
    """The drop-in its author left; of the file it shows only the case number."""

    permission = "contact.drop_in"
    template_name = "appointments/drop_in_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        contact = self.contact
        record(self.actor, actions.DROP_IN_VIEWED, client=contact.client, kind="contact")
        entry = own_entry(contact)
        return self.render(
            {
                "contact": contact,
                "entry": entry,
                "facts": entry.facts,
                "heading": wording.contact_title(entry.facts),
                "text": wording.contact_text(entry.facts),
                "meta": wording.contact_meta(entry.facts),
                "may_change": contact.waits_for_acceptance and not contact.client.is_closed,
            }
        )


class DropInCorrectView(OwnDropIn, WriteView):
    """Change what one left, until the responsible manager has accepted it."""

    permission = "contact.drop_in"
    template_name = "appointments/contact_log.html"
    form_class = DropInCorrectForm
    form_code = "drop_in_correct"
    title = gettext_lazy("Change the contact you left")
    submit_label = gettext_lazy("Save")

    def settle_access(self) -> None:
        super().settle_access()
        # A closed file takes nothing but its re-opening, from its manager or anybody else.
        if not self.contact.waits_for_acceptance or self.contact.client.is_closed:
            raise PermissionDenied

    def object_key(self) -> str:
        return str(self.contact.uuid)

    def draft_case_no(self) -> str:
        return self.contact.client.case_no

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "client": self.contact.client,
            "now": self.now,
            "contact": self.contact,
            "presets": {"note": own_entry(self.contact).note},
        }

    def context(self, **extra: Any) -> dict[str, Any]:
        client = self.contact.client
        return super().context(case_no=client.case_no, responsible=client.manager, **extra)

    def form_valid(self, form: DropInCorrectForm) -> Contact:
        contact = form.fill(self.contact)
        correct_contact(
            self.actor,
            contact,
            expected_version=form.expected_version,
            notes={contact.client: form.cleaned_data["note"]},
            topics=form.further_topics(),
        )
        notify(self.request, _("Saved."))
        return contact

    def success_url(self, result: Any) -> str:
        return reverse("drop_ins:detail", args=[result.uuid])

    def cancel_url(self) -> str:
        return reverse("drop_ins:detail", args=[self.contact.uuid])
