"""Naming somebody's file exactly, where it is not one's own."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.rules.dates import UncertainDate
from clients.rules.names import parse_case_number
from clients.services.duplicates import Question
from ui.forms import UiForm


class ExactFileFields(UiForm):
    """Full surname and exact date of birth, or the case number (rules.md §8 "Colleague's file")."""

    case_no = forms.CharField(label=gettext_lazy("Case number"), max_length=20, required=False)
    surname = forms.CharField(label=gettext_lazy("Full surname"), max_length=120, required=False)
    given_name = forms.CharField(label=gettext_lazy("Given name"), max_length=120, required=False)
    birth_date = forms.DateField(label=gettext_lazy("Date of birth"), required=False)

    def clean_case_no(self) -> str:
        typed: str = self.cleaned_data["case_no"].strip().upper()
        if typed and parse_case_number(typed) is None:
            raise ValidationError(_("A case number looks like STU-2018-0042."))
        return typed

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if (
            not self.errors
            and not data.get("case_no")
            and not (data.get("surname") and data.get("birth_date"))
        ):
            raise ValidationError(
                _("Please enter the case number, or the full surname and the exact date of birth.")
            )
        return data

    @property
    def question(self) -> Question:
        """What is asked; the case number decides where both were typed."""
        data = self.cleaned_data
        if data["case_no"]:
            return Question(case_no=data["case_no"])
        return Question("", data["surname"], data["given_name"], UncertainDate(data["birth_date"]))
