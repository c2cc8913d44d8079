"""A contact left in a colleague's file, and its author's changes to it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.records import StaleRecord
from appointments.choices import InterpreterKind
from appointments.forms.contact import facts_of
from appointments.forms.next_steps import FollowUpMixin
from appointments.models import Contact
from ui.fields import Section
from ui.forms import VersionMixin


class DropInForm(FollowUpMixin):
    """Leave a contact in a colleague's file, and what she has to do by when; the file stays closed to the author."""

    urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _("The responsible manager reads it.")
        self.arrangement = (
            Section(_("How?"), self.how),
            Section(_("How long?"), self.duration),
            Section(_("What was it about?"), self.matter),
            Section(_("Note"), (*self.words, "urgent")),
            Section(_("What next?"), self.follow_up_fields),
            Section(
                _("More details"),
                (
                    "result",
                    "spoken_with",
                    ("date", "time"),
                    "language",
                    "interpreter",
                    "understood_ticked",
                    "direction",
                    "topics",
                ),
                fold=True,
                hint=self.preset_hint,
            ),
        )

    def usual(self, user: User) -> dict[str, Any]:
        """Nothing of the colleague's file is shown, not even the language."""
        return {**super().usual(user), "language": None, "interpreter": InterpreterKind.NONE}

    def language_choices(self) -> list[tuple[object, object]]:
        languages = sorted(self.languages, key=str)
        return [("", _("not recorded")), *((row.pk, str(row)) for row in languages)]

    def fill(self, contact: Contact) -> Contact:
        contact.urgent = self.cleaned_data["urgent"]
        return super().fill(contact)


class DropInCorrectForm(VersionMixin, DropInForm):
    """The author's own changes until the responsible manager has accepted it."""

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        self.stored = contact
        kwargs["presets"] = {
            **facts_of(contact),
            **(kwargs.get("presets") or {}),
            "urgent": contact.urgent,
            "version": contact.version,
        }
        super().__init__(*args, **kwargs)
        # What is to be done is the responsible manager's since it was left.
        for name in [name for name in self.fields if name.startswith("follow_up_")]:
            del self.fields[name]

    def add_stale(self, stale: StaleRecord) -> None:
        """It was accepted or corrected meanwhile."""
        self.add_error(None, _("This contact has been accepted or corrected in the meantime."))
