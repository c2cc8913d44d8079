"""One contact of a file: reading, correcting, accepting what a colleague left, a letter that came back."""

import datetime
from abc import abstractmethod
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.records import StaleRecord
from appointments import actions, attempts, wording
from appointments.forms.correction import CorrectForm, MoveForm
from appointments.forms.participants import person_key
from appointments.models import Contact, ContactNote, ContactParticipant, ContactVersion
from appointments.rules.entry import may_be_returned
from appointments.services import corrections, drop_ins
from appointments.services.appointments import IllegalOutcome
from appointments.services.contacts import Participant
from appointments.views import posted_version
from clients import drafts
from clients.models import Client, HouseholdMember
from clients.services.protection import reads_address
from clients.views.base import FileMixin, FilePage, FileWriteView
from ui.htmx import hx_redirect, safe_next
from ui.notes import notify

NO_SUCH_OUTCOME = gettext_lazy(
    "The appointment cannot have the outcome that follows. Please look at it first."
)


def household_of(client: Client, user: User, now: datetime.datetime) -> list[Any]:
    """Who lives with the client and may be a participant: files of one's own caseload, relatives named here."""
    if not reads_address(user, client, now):
        return []
    own = HouseholdMember.objects.visible_to(user).current().filter(client=client).values("household_id")
    members = (
        HouseholdMember.objects.visible_to(user)
        .current()
        .disclosed_to(client)
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
        rows = ContactNote.objects.visible_to(self.request.user).current_version()
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
        people = ContactParticipant.objects.unscoped(
            reason="strangers are counted, not named"
        ).current_version()
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
            "remarks": attempts.remarks_on(self.client, contact, self.now),
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
    """Correct a contact; the former version is kept."""

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
            .current_version()
            .filter(contact=self.contact)
            .exclude(client=self.client, relative__isnull=True)
            .select_related("client", "relative")
        ]
        return {
            "client": self.client,
            "now": self.now,
            "contact": self.contact,
            "household": lambda: [*household_of(self.client, self.request.user, self.now), *present],
            "presets": {"note": self.note(), "people": [person_key(person) for person in present]},
        }

    def form_valid(self, form: CorrectForm) -> Contact | None:
        contact = form.corrected()
        participants = form.participants() + self.strangers()
        try:
            corrections.correct_contact(
                self.actor,
                contact,
                expected_version=form.expected_version,
                participants=participants,
                notes={contact.client: form.cleaned_data["note"]},
                topics=form.further_topics(),
                reason=form.cleaned_data["reason"],
            )
        except IllegalOutcome:
            form.add_error(None, str(NO_SUCH_OUTCOME))
            return None
        notify(self.request, _("Corrected. The former version is kept."))
        return contact

    def strangers(self) -> list[Participant]:
        """Participants outside the user's files stay: she does not see them, so she cannot untick them."""
        mine = (
            ContactParticipant.objects.visible_to(self.request.user)
            .current_version()
            .filter(contact=self.contact)
        )
        rows = (
            ContactParticipant.objects.unscoped(
                reason="participants of a joint talk in colleagues' files stay"
            )
            .current_version()
            .filter(contact=self.contact)
            .exclude(pk__in=mine.values("pk"))
            .select_related("client", "relative")
        )
        return [Participant(row.client, row.relative) for row in rows]

    def success_url(self, result: Any) -> str:
        return reverse("file_appointments:contact", args=[result.client.uuid, result.uuid])

    def cancel_url(self) -> str:
        return self.address()


class ContactMoveView(OneContact, FileWriteView):
    """A contact logged for the wrong person goes to the right file."""

    permission = "contact.correct"
    form_class = MoveForm
    form_code = "contact_move"
    title = gettext_lazy("Move the contact to another file")
    submit_label = gettext_lazy("Move contact")
    lead = gettext_lazy(
        "The entry, its note and its open follow-ups go to the right file. This file only says that an entry was moved "
        "away; both are computed anew."
    )

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        moved = self.moved_by_this_form() if request.method == "POST" else None
        return super().dispatch(request, *args, **kwargs) if moved is None else self.moved_on(moved)

    def moved_by_this_form(self) -> Contact | None:
        """The contact in its new file when the same post has moved it before: here it is found no more."""
        version = self.request.POST.get("version", "")
        if not (self.request.user.is_authenticated and version.isdecimal() and len(version) < 10):
            return None
        rows = Contact.objects.editable_by(self.request.user).exclude(client__uuid=self.kwargs["uuid"])
        found: Contact | None = rows.filter(
            uuid=self.kwargs["contact"], recorded_by=self.request.user, version=int(version) + 1
        ).first()
        return found

    def moved_on(self, moved: Contact) -> HttpResponse:
        drafts.discard(self.request.user, self.form_code, str(moved.uuid), self.request.POST)
        return hx_redirect(self.request, self.success_url(moved))

    def settle_access(self) -> None:
        super().settle_access()
        self.require_own()

    def object_key(self) -> str:
        return str(self.contact.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        return {"contact": self.contact}

    def form_valid(self, form: MoveForm) -> Contact | None:
        to, reason = form.cleaned_data["to"], form.cleaned_data["reason"]
        try:
            moved = corrections.move_contact(
                self.actor, self.contact, to, expected_version=form.expected_version, reason=reason
            )
        except IllegalOutcome:
            form.add_error(None, str(NO_SUCH_OUTCOME))
            return None
        notify(self.request, _("Moved. The former file says that an entry was moved away."))
        return moved

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
        try:
            self.act(posted_version(request, self.contact))
        except StaleRecord:
            messages.warning(request, _("This contact was changed in the meantime. Please look at it again."))
        return hx_redirect(request, safe_next(request, self.address()))

    @abstractmethod
    def act(self, expected_version: int) -> None:
        """Call the one service."""


class ContactAcceptView(ContactAct):
    """Accept what a colleague left."""

    permission = "contact.correct"

    def act(self, expected_version: int) -> None:
        drop_ins.accept_drop_in(self.actor, self.contact, expected_version=expected_version)
        notify(self.request, _("Accepted."))


class ContactReturnedView(ContactAct):
    """A letter came back."""

    permission = "contact.correct"

    def act(self, expected_version: int) -> None:
        if not may_be_returned(self.contact.channel, self.contact.result):
            raise PermissionDenied
        corrections.mark_returned(self.actor, self.contact, expected_version=expected_version)
        notify(self.request, _("Noted: the letter came back. It does not count as a step any more."))
