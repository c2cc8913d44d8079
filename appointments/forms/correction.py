"""Correcting a contact that is already in the file."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.records import StaleRecord
from appointments.forms.contact import facts_of
from appointments.forms.participants import PeopleMixin
from appointments.models import Contact
from clients.models import Client
from ui.fields import Fragment, Section
from ui.forms import VersionMixin


class CorrectForm(VersionMixin, PeopleMixin):
    """Correct what was logged; the former version is kept.

    Args:
        contact: the stored contact.
    """

    move_to = forms.CharField(
        label=gettext_lazy("Belongs to another file: its case number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Only files of your own caseload."),
    )
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
            Section(_("How?"), self.how),
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
            Section(_("Correction"), ("reason", "move_to")),
        )

    def clean_move_to(self) -> Client | None:
        typed = self.cleaned_data["move_to"].strip().upper()
        if not typed or typed == self.client.case_no:
            return None
        other: Client | None = Client.objects.editable_by(self.user).filter(case_no=typed).first()
        if other is None:
            raise ValidationError(_("There is no open file with this case number in your caseload."))
        return other

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
        contact = self.fill(self.stored)
        if self.cleaned_data["move_to"] is not None:
            contact.client = self.cleaned_data["move_to"]
        return contact
