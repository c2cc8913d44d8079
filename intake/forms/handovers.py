"""Forms of a file that changes hands."""

import datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedForm, ScopedModelForm, set_rows
from accounts.models import Municipality, User
from clients.forms.facts import not_in_future
from clients.forms.fields import preset
from intake.choices import ConsentForm
from intake.models import DistrictMove, Handover
from ui.forms import set_choices

NOTE_HELP = _("Is read before the file is taken over. Please write nothing about health or the family here.")


class HandoverForm(ScopedModelForm):
    """To whom, and why."""

    class Meta:
        model = Handover
        fields = ("proposed_to", "note")
        widgets = {"note": forms.Textarea(attrs={"rows": "3"})}
        help_texts = {"note": NOTE_HELP}

    def __init__(self, *args: Any, receivers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "proposed_to", receivers)


class ManyHandoversForm(ScopedForm):
    """The same for several files at once.

    Args:
        receivers: who may be asked for all of them.
    """

    proposed_to = forms.ModelChoiceField(label=_("Who takes over?"), queryset=User.objects.none())
    note = forms.CharField(
        label=_("Why, and what matters now"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=NOTE_HELP,
    )

    def __init__(self, *args: Any, receivers: QuerySet[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "proposed_to", receivers)


class DeclineForm(ScopedForm):
    """Why not."""

    reason = forms.CharField(
        label=_("Why not?"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": "2"}),
        help_text=_("Whoever asked you reads it, and it stands in the timeline of the file."),
    )


class MoveForm(ScopedModelForm):
    """Where the person has moved, and how they agreed that the file follows."""

    agreed = forms.BooleanField(
        label=_("The person agrees that the new town gets the file"),
        error_messages={"required": _("Without this consent the file stays here; it can be closed.")},
    )

    class Meta:
        model = DistrictMove
        fields = ("to_municipality", "moved_on", "consent_on", "consent_form", "note")
        widgets = {"consent_form": forms.RadioSelect}
        help_texts = {
            "note": _("Whoever takes the file over reads it. Please write nothing about health here.")
        }

    arrangement = ("to_municipality", "moved_on", "agreed", ("consent_on", "consent_form"), "note")

    def __init__(self, *args: Any, places: QuerySet[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "to_municipality", places)
        set_choices(self, "consent_form", ConsentForm.choices)
        preset(self, moved_on=timezone.localdate(), consent_on=timezone.localdate())

    def clean_moved_on(self) -> datetime.date | None:
        return not_in_future(self.cleaned_data["moved_on"])

    def clean_consent_on(self) -> datetime.date | None:
        return not_in_future(self.cleaned_data["consent_on"])
