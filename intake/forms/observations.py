"""Reporting a structural observation without naming anybody, and answering it."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.forms import ScopedModelForm, set_rows
from accounts.models import Municipality, User
from clients.models import ClientName, Relative, Topic
from clients.rules.names import fold, name_parts
from intake.choices import ObservationState
from intake.forms.enquiries import offer_municipalities
from intake.models import Observation
from intake.rules.personal_words import names_in, numbers_in


class CommonWordsField(forms.MultipleChoiceField):
    """Words said to be no name; one that has left the text meanwhile does no harm."""

    widget = forms.CheckboxSelectMultiple

    def validate(self, value: Any) -> None:
        """Whatever was ticked; what it answers is decided by the text."""


class ObservationForm(ScopedModelForm):
    """What stands in the way, about which topic. A name of one's files is refused until it is said to be none."""

    common = CommonWordsField(label=gettext_lazy("Everyday words"), required=False)

    class Meta:
        model = Observation
        fields = ("topic", "text", "municipality")
        widgets = {"text": forms.Textarea}
        help_texts = {
            "text": gettext_lazy(
                "What happens again and again, and to whom in general. No names, no case numbers, no single story."
            ),
        }

    arrangement = ("topic", "text", "common", "municipality")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "topic", Topic._default_manager.valid_on(today))
        offer_municipalities(self, today)
        self.names: Sequence[str] = ()
        if self.is_bound:
            self.names = names_in(self.data.get("text", ""), parts_of_names(self.user))
        if self.names:
            label = _("“%(word)s” is an everyday word here and names nobody")
            self.fields["common"].choices = [(word, label % {"word": word}) for word in self.names]  # type: ignore[attr-defined]
        else:
            del self.fields["common"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        codes = Municipality.objects.values_list("code", flat=True)
        if numbers := numbers_in(data.get("text", ""), codes):
            text = _("This is the number of a file: %(numbers)s. Please write without it.")
            self.add_error("text", text % {"numbers": ", ".join(numbers)})
        said = {fold(word) for word in data.get("common", ())}
        if unsaid := [word for word in self.names if fold(word) not in said]:
            text = ngettext(
                "In your files there is somebody called %(words)s. Please write without the name, or tick below that "
                "it is an everyday word here.",
                "In your files there are people called %(words)s. Please write without the names, or tick below that "
                "they are everyday words here.",
                len(unsaid),
            )
            self.add_error("text", text % {"words": ", ".join(unsaid)})
        return data


def parts_of_names(user: User) -> set[str]:
    """The folded parts of all names in the files a user sees, relatives among them; two queries."""
    spellings = ClientName.objects.visible_to(user).values_list("parts", flat=True)
    relatives = Relative.objects.visible_to(user).values_list("surname", "given_name")
    found = {part for parts in spellings for part in parts.split()}
    return found | {part for names in relatives for name in names for part in name_parts(name)}


class ObservationAnswerForm(ScopedModelForm):
    """How far it is, and what the office says to it."""

    class Meta:
        model = Observation
        fields = ("state", "answer")
        widgets = {"state": forms.RadioSelect, "answer": forms.Textarea}
        help_texts = {
            "answer": gettext_lazy("Read by all integration managers of the municipality."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") == ObservationState.ANSWERED and not data.get("answer", "").strip():
            self.add_error("answer", _("Please write what you answer."))
        return data
