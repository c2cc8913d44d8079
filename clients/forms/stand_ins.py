"""Entering an absence, planning a stand-in and taking over in an emergency."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedModelForm, set_rows
from accounts.models import Absence, StandIn


class TermForm(ScopedModelForm):
    """A form about days from–to."""

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("since") and data.get("until") and data["until"] < data["since"]:
            self.add_error("until", _("The end lies before the beginning."))
        return data


class AbsenceForm(TermForm):
    """From–to; the coordinator also says who."""

    class Meta:
        model = Absence
        fields = ("user", "since", "until")
        labels = {"user": _("Who is away?")}

    arrangement = ("user", ("since", "until"))

    def __init__(self, *args: Any, choices: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if choices is None:
            del self.fields["user"]
        else:
            set_rows(self, "user", choices)


class StandInForm(TermForm):
    """Who stands in, from–to, why, and whether the absence goes with it; the coordinator also says for whom."""

    with_absence = forms.BooleanField(label=_("I am absent on these days"), required=False, initial=True)

    class Meta:
        model = StandIn
        fields = ("absent", "substitute", "since", "until", "reason")
        labels = {"absent": _("Who is away?"), "substitute": _("Who stands in?")}
        help_texts = {
            "reason": _("Whoever stands in and the coordination read it. Please write nothing about illness.")
        }

    arrangement = ("absent", "substitute", ("since", "until"), "with_absence", "reason")

    def __init__(
        self,
        *args: Any,
        absent_choices: Any,
        substitute_choices: Any,
        fixed_absent: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fixed_absent = fixed_absent
        set_rows(self, "substitute", substitute_choices)
        if fixed_absent is None:
            set_rows(self, "absent", absent_choices)
            self.fields["with_absence"].label = _("This person is absent on these days")
        else:
            del self.fields["absent"]
            self.instance.absent = fixed_absent


class EmergencyForm(ScopedModelForm):
    """For whom, until when, why; it begins at once."""

    class Meta:
        model = StandIn
        fields = ("absent", "until", "reason")
        labels = {"absent": _("For whom do you step in?")}
        help_texts = {
            "reason": _("Your colleague and the coordination read it. Please write nothing about illness.")
        }

    def __init__(self, *args: Any, absent_choices: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "absent", absent_choices)
