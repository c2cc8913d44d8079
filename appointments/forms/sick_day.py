"""Cancelling all appointments of today."""

from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedForm
from accounts.models import Absence
from accounts.records import uuids_of


class SickDayForm(ScopedForm):
    """What was shown, and for whose own day whether she is absent and until when.

    Args:
        absence: unsaved, with its first day; None when somebody else's day is cancelled.
    """

    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=4000)
    absent = forms.BooleanField(
        label=gettext_lazy("Enter me as absent, too"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Only the days are kept. Why somebody is away is not recorded."),
    )
    until = forms.DateField(label=gettext_lazy("Absent to, inclusive"), required=False)
    arrangement = ("absent", "until")

    def __init__(self, *args: Any, absence: Absence | None, shown: str, **kwargs: Any) -> None:
        kwargs["initial"] = {"shown": shown, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.of = absence
        if absence is None:
            del self.fields["absent"], self.fields["until"]
        else:
            self.fields["until"].initial = absence.since

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if self.of and data.get("absent") and data.get("until", self.of.since) is None:
            self.add_error("until", ValidationError(_("Please fill in."), code="required"))
        return data

    @property
    def keys(self) -> list[UUID]:
        """The appointments that were shown."""
        return uuids_of(self.cleaned_data["shown"].split())

    def absence(self) -> Absence | None:
        """The absence to enter along with it."""
        if self.of is None or not self.cleaned_data["absent"]:
            return None
        for name, value in {**self.once(), "until": self.cleaned_data["until"]}.items():
            setattr(self.of, name, value)
        return self.of
