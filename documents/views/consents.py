"""The consents of one file, and everything done with them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.records import uuid_of
from clients.file_context import FileContext
from clients.views.base import FilePage, FileWriteView
from clients.views.edit import FileActionView
from documents import actions
from documents.asked import begins_with
from documents.choices import Informed
from documents.consequences import consequences_of
from documents.file_rows import kept_of
from documents.file_sections import missing_information
from documents.forms.consents import ConsentForm, InformationForm, RevokeForm
from documents.models import Consent, InformationGiven
from documents.rules.consent import duty_of
from documents.services import consents
from documents.views.base import KeptMixin
from ui.notes import notify

RENEWED = (
    "kind",
    "recipient",
    "scope",
    "purpose",
    "mutual",
    "about_health",
    "about_origin",
    "about_belief",
    "about_opinion",
    "about_sexuality",
    "language",
)
"""What a renewed consent takes over; how and when it was given is asked anew."""


class ConsentsView(KeptMixin, FilePage):
    """What holds, what has ended, and what the person was told."""

    permission = "consent.view"
    template_name = "documents/consents.html"
    read_action = actions.CONSENTS_VIEWED
    tab = "consents"

    def page(self) -> dict[str, Any]:
        kept = kept_of(self.file)
        kept.show_sheets()
        return {
            "in_force": kept.in_force(self.today),
            "ended": kept.ended(self.today),
            "information": kept.information,
            "information_missing": missing_information(self.file, kept),
            "may_record": not self.client.is_closed and self.file.may("consent.record"),
            "may_revoke": self.file.may("consent.record"),
        }


class _ConsentWriteView(KeptMixin, FileWriteView, abstract=True):
    permission = "consent.record"

    def success_url(self, result: object) -> str:
        return self.consents_url()

    def cancel_url(self) -> str:
        return self.consents_url()


class ConsentNewView(_ConsentWriteView):
    """A new consent; it begins with what an earlier one says (``?renews=``), or another form asks (``asked``)."""

    form_class = ConsentForm
    form_code = "consent.new"
    title = gettext_lazy("Record a consent")

    def form_kwargs(self) -> dict[str, Any]:
        return {
            "instance": Consent(client=self.client),
            "with_health": self.with_health,
            "initial": self._renewed(uuid_of(self.request.GET.get("renews", ""))),
        }

    def _renewed(self, key: UUID | None) -> dict[str, Any]:
        if key is None:
            kind = self.request.GET.get("kind", "")
            return {"kind": kind} if kind else begins_with(self.request, self.client)
        rows = Consent.objects.visible_to(self.request.user).of(self.client)
        former = rows.readable(with_health=self.with_health).filter(uuid=key).first()
        return {name: getattr(former, name) for name in RENEWED} if former is not None else {}

    def form_valid(self, form: ConsentForm) -> object:
        consent = consents.record_consent(self.actor, form.record())
        notify(self.request, _("Consent recorded: %(consent)s.") % {"consent": consent.title})
        return consent


class ConsentEditView(_ConsentWriteView):
    """Correct what was recorded wrongly."""

    model = Consent
    form_class = ConsentForm
    form_code = "consent.edit"
    title = gettext_lazy("Correct the consent")

    def object_key(self) -> str:
        return f"{self.client.uuid}/{self.kwargs['row']}"

    def form_kwargs(self) -> dict[str, Any]:
        rows = Consent.objects.editable_by(self.request.user)
        return {"instance": self.kept_row(rows), "with_health": self.with_health}

    def form_valid(self, form: ConsentForm) -> object:
        return consents.correct_consent(self.actor, form.record(), expected_version=form.expected_version)


class ConsentRevokeView(_ConsentWriteView):
    """What will stop is told first; then the day. A closed file need not be re-opened for it (rules.md §13)."""

    edits = False
    model = Consent
    template_name = "documents/consent_revoke.html"
    form_class = RevokeForm
    form_code = "consent.revoke"
    title = gettext_lazy("Revoke the consent")
    submit_label = gettext_lazy("Revoke")

    def object_key(self) -> str:
        return f"{self.client.uuid}/{self.kwargs['row']}"

    @cached_property
    def consent(self) -> Consent:
        found: Consent = self.kept_row(Consent.objects.visible_to(self.request.user))
        return found

    def form_kwargs(self) -> dict[str, Any]:
        # A row the reader may not know of answers 404 before anything is shown.
        return {"initial": {"on": self.today}} if self.consent else {}

    def context(self, **extra: Any) -> dict[str, Any]:
        file = FileContext.of(self.client, self.actor)
        return super().context(
            consent=self.consent, consequences=consequences_of(file, self.consent), **extra
        )

    def form_valid(self, form: RevokeForm) -> object:
        stopped = consents.revoke_consent(self.actor, self.consent, on=form.cleaned_data["on"])
        said = _("Revoked: %(consent)s.") % {"consent": self.consent.title}
        if stopped:
            said += " " + ngettext(
                "One e-mail that waited is not sent.", "%(number)s e-mails that waited are not sent.", stopped
            ) % {"number": stopped}
        notify(self.request, said, undo_url=self.undo_url())
        return self.consent

    def undo_url(self) -> str:
        return reverse("file_documents:consent_reinstate", args=[self.client.uuid, self.kwargs["row"]])


class ConsentReinstateView(KeptMixin, FileActionView):
    """The revocation was a slip."""

    edits = False
    permission = "consent.record"
    model = Consent

    def act(self) -> None:
        consent = self.kept_row(Consent.objects.visible_to(self.request.user))
        try:
            consents.reinstate_consent(self.actor, consent)
        except ValidationError as refused:
            messages.error(self.request, " ".join(refused.messages))
            return
        notify(self.request, _("The consent stands again. E-mails that were stopped stay stopped."))

    def back(self) -> str:
        return self.consents_url()


class InformationNewView(_ConsentWriteView):
    """That the person was told what is kept about her."""

    form_class = InformationForm
    form_code = "information.new"
    title = gettext_lazy("Record that the person was informed")

    def form_kwargs(self) -> dict[str, Any]:
        source = self.client.source.code if self.client.source is not None else ""
        duty: Informed = duty_of(source)
        return {"instance": InformationGiven(client=self.client), "article": duty.value}

    def form_valid(self, form: InformationForm) -> object:
        return consents.record_information(self.actor, form.record())
