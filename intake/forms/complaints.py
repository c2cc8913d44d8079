"""Writing a complaint down, and going on with it."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedModelForm, set_rows
from accounts.staff import managers_serving
from intake.choices import ComplaintKind, ComplaintState
from intake.forms.enquiries import offer_municipalities
from intake.models import Complaint
from ui.forms import set_choices


class ComplaintForm(ScopedModelForm):
    """Who complains about what, and whom it concerns."""

    class Meta:
        model = Complaint
        fields = ("kind", "concerns", "text", "name", "reach", "municipality")
        widgets = {"kind": forms.RadioSelect, "text": forms.Textarea}
        help_texts = {
            "text": gettext_lazy("As the person said it; no case number."),
            "concerns": gettext_lazy("Whoever it is does not learn of it here."),
            "name": gettext_lazy("May stay empty: a complaint is heard without a name, too."),
        }

    arrangement = ("kind", "concerns", "text", ("name", "reach"), "municipality")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = offer_municipalities(self, today)
        concerns = set_rows(self, "concerns", managers_serving([place.pk for place in places], today))
        concerns.empty_label = _("nobody in particular")
        set_choices(self, "kind", ComplaintKind.choices)


class ComplaintWorkForm(ScopedModelForm):
    """How far it is, and what was answered."""

    class Meta:
        model = Complaint
        fields = ("state", "answer")
        widgets = {"state": forms.RadioSelect, "answer": forms.Textarea}
        help_texts = {
            "state": gettext_lazy("Once it is settled, name and way to reach are erased."),
        }

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("state") == ComplaintState.SETTLED and not data.get("answer", "").strip():
            self.add_error("answer", _("Please write what was clarified and answered."))
        return data
