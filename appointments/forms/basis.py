"""What allowed a talk with somebody else about the client: one row of chips, only in such a talk (rules.md §13)."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedForm
from appointments.choices import Basis, SpokenWith
from appointments.models import Contact


class BasisMixin(ScopedForm):
    """Asks a third-party talk for its basis; unanswered it is saved all the same and stays missing."""

    basis = forms.ChoiceField(
        label=gettext_lazy("What allowed it?"),
        choices=Basis.choices,
        widget=forms.RadioSelect,
        required=False,
    )
    basis_on = forms.DateField(
        label=gettext_lazy("Agreed on"),
        required=False,
        help_text=gettext_lazy("Empty: on the day of the talk."),
    )

    def settle_basis(self, data: dict[str, Any]) -> None:
        """Only a third-party talk has a basis, and only an oral one a day; without one it is the day of the talk."""
        if data.get("spoken_with") != SpokenWith.THIRD_PARTY:
            data["basis"] = ""
        if data.get("basis") != Basis.ORAL:
            data["basis_on"] = None
        elif data.get("basis_on") is None:
            data["basis_on"] = data.get("date")

    def fill_basis(self, contact: Contact) -> None:
        """Write the basis into a contact, unsaved."""
        contact.basis = self.cleaned_data.get("basis") or ""
        contact.basis_on = self.cleaned_data.get("basis_on")
