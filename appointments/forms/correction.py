"""Correcting a contact that is already in the file, or moving it to the right one."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from accounts.forms import ScopedForm
from accounts.records import StaleRecord
from appointments.forms.contact import facts_of
from appointments.forms.participants import PeopleMixin
from appointments.models import Contact
from clients.models import Client
from clients.services.search import search_clients
from ui.fields import Fragment, Section
from ui.forms import VersionMixin


class CorrectForm(VersionMixin, PeopleMixin):
    """Correct what was logged; the former version is kept.

    Args:
        contact: the stored contact.
    """

    reason = forms.CharField(
        label=gettext_lazy("What is corrected and why?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Kept with the former version."),
    )

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        self.stored = contact
        kwargs["presets"] = {**facts_of(contact), **(kwargs.get("presets") or {}), "version": contact.version}
        super().__init__(*args, **kwargs)
        self.arrangement = (
            Section(_("How?"), (*self.how, "result", "spoken_with")),
            Section(_("How long?"), self.duration),
            Section(_("What was it about?"), (*self.matter, "topics", ("letters_read", "forms_filled"))),
            Section(_("Note"), self.words),
            Section(
                _("When, language, present"),
                (
                    ("date", "time"),
                    "language",
                    "interpreter",
                    "understood_ticked",
                    "direction",
                    Fragment("appointments/_people.html"),
                ),
            ),
            Section(_("Correction"), ("reason",)),
        )

    def add_stale(self, stale: StaleRecord) -> None:
        """Another user corrected it meanwhile; the entries stay."""
        self.add_error(
            None,
            _(
                "Somebody else has corrected this contact in the meantime. Your entries are still here. "
                "Please compare; saving again keeps yours."
            ),
        )

    def corrected(self) -> Contact:
        """The stored contact with the new facts, unsaved."""
        return self.fill(self.stored)


class MoveForm(VersionMixin, ScopedForm):
    """The file a contact belongs to, and why it moves.

    Args:
        contact: the stored contact.
    """

    to = forms.CharField(
        label=gettext_lazy("Whose contact is it?"),
        max_length=100,
        help_text=gettext_lazy("Case number, or a name of which there is only one in your caseload."),
    )
    reason = forms.CharField(
        label=gettext_lazy("Why is it moved?"),
        max_length=200,
        help_text=gettext_lazy("Kept with the former version."),
    )

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        self.stored = contact
        super().__init__(*args, initial={"version": contact.version}, **kwargs)

    def clean_to(self) -> Client:
        found = search_clients(Actor(self.user), self.cleaned_data["to"]).clients
        mine = Client.objects.editable_by(self.user).filter(pk__in=[client.pk for client in found])
        others: list[Client] = list(mine.exclude(pk=self.stored.client_id)[:2])
        if len(others) > 1:
            raise ValidationError(_("There are several with this name. Please enter the case number."))
        if not others:
            raise ValidationError(_("There is no other open file in your caseload that fits."))
        return others[0]

    def add_stale(self, stale: StaleRecord) -> None:
        """Another user corrected it meanwhile."""
        self.add_error(None, _("Somebody else has corrected this contact in the meantime. Please compare."))
