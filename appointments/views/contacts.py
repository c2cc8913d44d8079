"""The log: choosing the person, logging, reading, correcting; and contacts left for a colleague."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.generic import AccessView, PageView
from accounts.records import StaleRecord
from appointments import actions, wording
from appointments.choices import Channel
from appointments.drop_ins import client_of_key, own_drop_in, own_entry, sign_key
from appointments.forms.appointment import busy_text
from appointments.forms.contact import (
    CorrectForm,
    DropInCorrectForm,
    DropInForm,
    LogForm,
    person_key,
)
from appointments.forms.drop_in import ColleagueFindForm, FindForm, PersonForm
from appointments.models import (
    Appointment,
    Contact,
    ContactNote,
    ContactParticipant,
    ContactVersion,
)
from appointments.rules.entry import may_be_returned, usual_result
from appointments.services import contacts as services
from appointments.services.appointments import Busy, IllegalOutcome
from appointments.views import safe_next
from appointments.views.appointments import holders, is_visible
from audit.recording import record
from clients import drafts
from clients.models import Client, HouseholdMember
from clients.services.search import search_clients
from clients.views.base import FileMixin, FilePage, FileWriteView, WriteView
from integration_plans.services.progress import progress_fields
from ui.htmx import fragment_response, hx_redirect, is_htmx
from ui.notes import notify

RECENT = 8


class PersonChooseView(PageView):
    """ "Beratung erfassen" from anywhere: first the person, by search, then the form in the file."""

    permission = "contact.log"
    template_name = "appointments/person_choose.html"
    fragment_name = "appointments/_person_results.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render({"form": FindForm(), **self.recent()})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # A choice from the list of an earlier query is no choice.
        is_chosen = "client" in request.POST and request.POST.get("q", "") == request.POST.get("for_q", "")
        if is_chosen and not is_htmx(request):
            return self.go_on(request)
        form = FindForm(request.POST)
        if not form.is_valid():
            return self.render({"form": form}, status=422)
        if not form.cleaned_data["q"]:
            return self.render({"form": form, **self.recent()})
        # Only a query sent on purpose announces a colleague's file; typing never does.
        result = search_clients(form.cleaned_data["q"], by=request.user, announce=not is_htmx(request))
        open_files = [client for client in result.clients if not client.is_closed]
        if len(open_files) == 1 and not is_htmx(request):
            return hx_redirect(request, self.log_url(open_files[0]))
        return self.render(
            {
                "form": form,
                "searched": True,
                "q": form.cleaned_data["q"],
                "found": open_files,
                "only_one": len(open_files) == 1 and not result.more,
                "more": result.more,
                "announced": result.announced,
            }
        )

    def go_on(self, request: HttpRequest) -> HttpResponse:
        form = PersonForm(request.POST, user=request.user)
        if not form.is_valid():
            context = {"form": FindForm(), "choose_error": True, **self.recent()}
            return self.render(context, status=422)
        return hx_redirect(request, self.log_url(form.cleaned_data["client"]))

    def log_url(self, client: Client) -> str:
        """The form in the file."""
        return reverse("file_appointments:contact_new", args=[client.uuid])

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(hide_primary_action=True, **extra)

    def recent(self) -> dict[str, Any]:
        """Who is most likely meant: today's appointments, then whom one logged last."""
        user = self.request.user
        today = (
            Appointment.objects.visible_to(user)
            .in_calendars(self.scope.caseloads)
            .on(self.today, timezone.get_current_timezone())
            .select_related("client")
            .order_by("starts_at")[:RECENT]
        )
        last = (
            Contact.objects.editable_by(user)
            .filter(recorded_by=user)
            .select_related("client")
            .order_by("-recorded_at")[:RECENT]
        )
        people = {row.client_id: row.client for row in (*today, *last) if not row.client.is_closed}
        return {"recent": list(people.values())[:RECENT]}


class ContactLogView(FileWriteView):
    """The log of one file: one form for every kind of contact."""

    permission = "contact.log"
    template_name = "appointments/contact_log.html"
    form_class = LogForm
    form_code = "contact_log"
    title = gettext_lazy("Log consultation")
    submit_label = gettext_lazy("Save")

    @property
    def appointment(self) -> Appointment | None:
        """The appointment this contact is the outcome of, named in the address."""
        if not hasattr(self, "_appointment"):
            self._appointment: Appointment | None = None
            key = self.request.GET.get("appointment", "")
            if key:
                rows = Appointment.objects.editable_by(self.request.user).of(self.client)
                self._appointment = rows.filter(uuid=uuid_or_404(key)).first()
                if self._appointment is None:
                    raise Http404
        return self._appointment

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "client": self.client,
            "now": self.now,
            "household": household_of(self.client, self.request.user),
            "goals": progress_fields(self.client, self.request.user, self.now),
            "appointment": self.appointment,
            "holders": holders(self.client, self.request.user, self.acting_for),
            "presets": self.presets(),
        }

    def presets(self) -> dict[str, Any]:
        """What the link that led here already knows."""
        channel = self.request.GET.get("channel", "")
        if channel not in Channel.values:
            return {}
        return {"channel": channel, "result": usual_result(channel).value}

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.drop_sent_draft()
        return super().get(request, *args, **kwargs)

    def drop_sent_draft(self) -> None:
        """A draft whose contact was stored already came late, from another window: it must not be sent again."""
        draft = self.stored_draft
        token = next(iter(draft.data.get("form_token", [])), "") if draft else ""
        if draft is None or not token:
            return
        try:
            sent = Contact.objects.visible_to(self.request.user).filter(form_token=UUID(token)).first()
        except ValueError:
            return
        if sent is None:
            return
        drafts.discard(self.request.user, self.form_code, self.object_key())
        self.stored_draft = None
        messages.info(self.request, _("Your last entry for this file was stored. This is a new one."))

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "find_people" in request.POST:
            return self.find_people(request)
        return super().post(request, *args, **kwargs)

    def find_people(self, request: HttpRequest) -> HttpResponse:
        """Search further participants in one's own caseload; nothing else of the form is looked at."""
        found = FindForm({"q": request.POST.get("people_q", "")})
        people: list[Client] = []
        if found.is_valid() and found.cleaned_data["q"]:
            result = search_clients(found.cleaned_data["q"], by=request.user)
            people = [row for row in result.clients if row.pk != self.client.pk and not row.is_closed][
                :RECENT
            ]
        form = self.form_class(
            None, user=request.user, restored=request.POST, found=people, **self.form_kwargs()
        )
        if is_htmx(request):
            context = {"form": form, "people_searched": True, "people_found": people}
            return fragment_response(request, "appointments/_people.html", context)
        return self.show(form, people_searched=True, people_found=people)

    def form_valid(self, form: Any) -> Contact | None:
        contact = form.contact()
        try:
            services.log_contact(
                contact,
                by=self.request.user,
                now=self.now,
                participants=form.participants(),
                notes={self.client: form.cleaned_data["note"]},
                topics=form.further_topics(),
                follow_up=form.follow_up(),
                next_appointment=form.next_appointment(),
                goal_progress=form.goal_progress(),
                appointment=self.appointment,
            )
        except Busy as busy:
            visible = is_visible(busy.other, self.request.user)
            form.add_error("next_at", busy_text(busy.other, visible=visible))
            return None
        except IllegalOutcome:
            form.add_error(None, _("The appointment cannot have this outcome now. Please look at it first."))
            return None
        if form.removed_notice:
            messages.info(self.request, form.removed_notice)
        notify(self.request, _("Saved."))
        return contact

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(appointment=self.appointment, hide_primary_action=True, **extra)


def uuid_or_404(text: str) -> UUID:
    """A key from the query string.

    Raises:
        Http404: it is none.
    """
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None


def household_of(client: Client, user: Any) -> list[Any]:
    """Who lives with the client and may be a participant: files of one's own caseload, relatives named here."""
    own = HouseholdMember.objects.visible_to(user).current().filter(client=client).values("household_id")
    members = (
        HouseholdMember.objects.visible_to(user)
        .current()
        .filter(household_id__in=own)
        .exclude(client=client)
        .select_related("client", "relative")
    )
    people = [member.client or member.relative for member in members]
    return [person for person in people if not getattr(person, "is_closed", False)]


class OneContact(FileMixin, abstract=True):
    """Finds the contact of the address in the file let into."""

    @property
    def contact(self) -> Contact:
        if not hasattr(self, "_found"):
            rows = Contact.objects.visible_to(self.request.user).of(self.client)
            rows = rows.select_related(
                "client", "main_topic", "language", "recorded_by", "left_by", "appointment"
            )
            self._found: Contact = self.child_or_404(rows, uuid=self.kwargs["contact"])
        return self._found

    def address(self, name: str = "contact") -> str:
        """The address of a page of this contact."""
        return reverse(f"file_appointments:{name}", args=[self.client.uuid, self.contact.uuid])

    def note(self) -> str:
        """What was noted in this file."""
        rows = ContactNote.objects.visible_to(self.request.user).standing()
        found = rows.filter(contact=self.contact, client=self.client).first()
        return found.text if found else ""

    def require_own(self) -> None:
        """Only the file a contact was logged in corrects it; another participant's file reads.

        Raises:
            PermissionDenied: the contact lies in another file.
        """
        rows = Contact.objects.editable_by(self.request.user)
        if self.contact.client_id != self.client.pk or not rows.filter(pk=self.contact.pk).exists():
            raise PermissionDenied


class ContactView(OneContact, FilePage):
    """One contact with its former versions."""

    permission = "client.view"
    read_action = actions.CONTACT_VIEWED
    template_name = "appointments/contact_detail.html"

    def page(self) -> dict[str, Any]:
        contact = self.contact
        user = self.request.user
        people = ContactParticipant.objects.unscoped(reason="strangers are counted, not named").standing()
        row = Contact.objects.visible_to(user).prefetch_related(
            "topics", Prefetch("participants", queryset=people.select_related("client", "relative"))
        )
        contact = row.select_related("main_topic", "language", "recorded_by", "left_by", "client").get(
            pk=contact.pk
        )
        own = contact.client_id == self.client.pk
        notes = ContactNote.objects.visible_to(user).filter(client=self.client)
        versions = (
            ContactVersion.objects.visible_to(user)
            .filter(contact=contact, client=self.client)
            .select_related("withdrawn_by", "recorded_by", "main_topic", "language")
            .prefetch_related("topics", Prefetch("notes", queryset=notes, to_attr="notes_here"))
        )
        return {
            "contact": contact,
            "heading": wording.contact_title(contact),
            "text": wording.contact_text(contact),
            "meta": wording.contact_meta(contact),
            "others": wording.others_present(contact.participants.all(), self.client, self.scope.caseloads),
            "note": self.note(),
            "follow_ups": contact.follow_ups.filter(client=self.client),
            "versions": [
                {
                    "row": version,
                    "heading": wording.contact_title(version),
                    "text": wording.contact_text(version),
                    "note": next((note.text for note in version.notes_here), ""),
                }
                for version in versions
            ],
            "may_correct": own and not self.client.is_closed,
            "may_accept": own and contact.waits_for_acceptance and not self.client.is_closed,
            "may_return": own
            and contact.returned_at is None
            and may_be_returned(contact.channel, contact.result)
            and not self.client.is_closed,
        }


class ContactCorrectView(OneContact, FileWriteView):
    """Correct a contact or move it to another file; the former version is kept."""

    permission = "contact.correct"
    template_name = "appointments/contact_log.html"
    form_class = CorrectForm
    form_code = "contact_correct"
    title = gettext_lazy("Correct contact")
    submit_label = gettext_lazy("Save correction")

    def settle_access(self) -> None:
        super().settle_access()
        self.require_own()

    def object_key(self) -> str:
        return str(self.contact.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        present = [
            row.relative or row.client
            for row in ContactParticipant.objects.visible_to(self.request.user)
            .standing()
            .filter(contact=self.contact)
            .exclude(client=self.client, relative__isnull=True)
            .select_related("client", "relative")
        ]
        return {
            "client": self.client,
            "now": self.now,
            "contact": self.contact,
            "household": [*household_of(self.client, self.request.user), *present],
            "presets": {"note": self.note(), "people": [person_key(person) for person in present]},
        }

    def form_valid(self, form: Any) -> Contact | None:
        contact = form.corrected()
        participants = form.participants() + self.strangers()
        try:
            services.correct_contact(
                contact,
                expected_version=form.expected_version,
                by=self.request.user,
                now=self.now,
                participants=participants,
                notes={contact.client: form.cleaned_data["note"]},
                topics=form.further_topics(),
                reason=form.cleaned_data["reason"],
            )
        except IllegalOutcome:
            form.add_error(
                None, _("The appointment cannot have the outcome that follows. Please look at it first.")
            )
            return None
        notify(self.request, _("Corrected. The former version is kept."))
        return contact

    def strangers(self) -> list[services.Participant]:
        """Participants outside one's own files stay: whoever cannot see them cannot untick them."""
        mine = (
            ContactParticipant.objects.visible_to(self.request.user).standing().filter(contact=self.contact)
        )
        rows = (
            ContactParticipant.objects.unscoped(
                reason="participants of a joint talk in colleagues' files stay"
            )
            .standing()
            .filter(contact=self.contact)
            .exclude(pk__in=mine.values("pk"))
            .select_related("client", "relative")
        )
        return [services.Participant(row.client, row.relative) for row in rows]

    def success_url(self, result: Any) -> str:
        return reverse("file_appointments:contact", args=[result.client.uuid, result.uuid])

    def cancel_url(self) -> str:
        return self.address()


class ContactAct(OneContact, abstract=True):
    """A button on a contact of this file."""

    http_method_names = ["post"]
    permission = "contact.correct"
    edits = True

    def settle_access(self) -> None:
        super().settle_access()
        self.require_own()

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        version = request.POST.get("version", "")
        try:
            self.act(int(version) if version.isdecimal() and len(version) < 10 else self.contact.version)
        except StaleRecord:
            messages.warning(request, _("This contact was changed in the meantime. Please look at it again."))
        return hx_redirect(request, safe_next(request, self.address()))

    def act(self, expected_version: int) -> None:
        """Call the one service."""
        raise NotImplementedError


class ContactAcceptView(ContactAct):
    """Accept what a colleague left."""

    permission = "contact.correct"

    def act(self, expected_version: int) -> None:
        services.accept_drop_in(
            self.contact, expected_version=expected_version, by=self.request.user, now=self.now
        )
        notify(self.request, _("Accepted."))


class ContactReturnedView(ContactAct):
    """A letter came back."""

    permission = "contact.correct"

    def act(self, expected_version: int) -> None:
        if not may_be_returned(self.contact.channel, self.contact.result):
            raise PermissionDenied
        services.mark_returned(
            self.contact, expected_version=expected_version, by=self.request.user, now=self.now
        )
        notify(self.request, _("Noted: the letter came back. It does not count as an attempt any more."))


# --- Contacts left for a colleague's client --------------------------------------------------------


class DropInFindView(PageView):
    """Find a colleague's client by full surname and birth date, or by case number; always recorded."""

    permission = "contact.drop_in"
    template_name = "appointments/drop_in_find.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render({"form": self.form()})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.render({"form": form}, status=422)
        found = form.search()
        if found is None:
            form.add_error(
                None,
                _(
                    "No file of a colleague in your municipality was found. "
                    "The full surname and the exact date of birth are needed, or the case number."
                ),
            )
            return self.render({"form": form}, status=422)
        client, announcement = found
        return self.render(
            {"form": form, "announcement": announcement, "key": sign_key(request.user, client)}
        )

    def form(self, data: Any = None) -> ColleagueFindForm:
        """The form for this user."""
        return ColleagueFindForm(data, user=self.request.user)


class DropInNewView(WriteView):
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
        if not services.may_leave(self.client, self.request.user):
            raise Http404

    def object_key(self) -> str:
        return self.client.case_no

    def draft_case_no(self) -> str:
        return self.client.case_no

    def form_kwargs(self) -> dict[str, Any]:
        return {"client": self.client, "now": self.now}

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(case_no=self.client.case_no, responsible=self.client.manager, **extra)

    def form_valid(self, form: Any) -> Contact:
        contact = services.leave_drop_in(
            form.contact(),
            by=self.request.user,
            now=self.now,
            note=form.cleaned_data["note"],
            topics=form.further_topics(),
        )
        notify(self.request, _("Left for %(name)s.") % {"name": self.client.manager})
        return contact

    def success_url(self, result: Any) -> str:
        return reverse("drop_ins:detail", args=[result.uuid])

    def cancel_url(self) -> str:
        return reverse("appointments:drop_in_find")


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
    """What one left, with the case number and nothing else of the file."""

    permission = "contact.drop_in"
    template_name = "appointments/drop_in_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        contact = self.contact
        record(actions.DROP_IN_VIEWED, by=request.user, subject=contact.client.subject_ref, kind="contact")
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

    def form_valid(self, form: Any) -> Contact:
        contact = form.fill(self.contact)
        services.correct_contact(
            contact,
            expected_version=form.expected_version,
            by=self.request.user,
            now=self.now,
            notes={contact.client: form.cleaned_data["note"]},
            topics=form.further_topics(),
        )
        notify(self.request, _("Saved."))
        return contact

    def success_url(self, result: Any) -> str:
        return reverse("drop_ins:detail", args=[result.uuid])

    def cancel_url(self) -> str:
        return reverse("drop_ins:detail", args=[self.contact.uuid])
