"""What is asked before the client list leaves the system."""

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models.exports import ListExport, ListFormat
from ui.forms import UiForm


class ListExportForm(UiForm):
    """Why, and in which format; the same list can be taken away twice."""

    reason = forms.CharField(
        label=_("What for"), max_length=300, help_text=_("It is kept with the time and your name.")
    )
    format = forms.ChoiceField(
        label=_("Format"), choices=ListFormat.choices, initial=ListFormat.XLSX, widget=forms.RadioSelect
    )

    arrangement = ("reason", "format")

    def export(self) -> ListExport:
        """What was said, unsaved."""
        return ListExport(reason=self.cleaned_data["reason"], format=self.cleaned_data["format"])
