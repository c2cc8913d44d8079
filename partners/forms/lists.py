"""A list of organisations that is taken over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms import ScopedForm
from partners.spreadsheet import Line, read

LARGEST = 2 * 2**20


class ListForm(ScopedForm):
    """One CSV file, checked line by line.

    Attributes:
        lines: what a valid list says.
    """

    lines: list[Line]
    file = forms.FileField(
        label=pgettext_lazy("upload", "File"),
        help_text=gettext_lazy("CSV, up to 2 MB."),
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        allow_empty_file=True,
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST:
            raise forms.ValidationError(_("The file is larger than 2 MB."))
        self.lines = read(upload.read())
        return upload
