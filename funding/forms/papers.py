"""Documents of a funding period."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedModelForm
from documents.forms.files import KeptFileField
from funding.choices import PaperKind
from funding.models import Paper
from ui.forms import set_choices


class PaperForm(ScopedModelForm):
    """A file and what it is to the period."""

    file = KeptFileField(
        help_text=gettext_lazy("PDF, JPG, PNG, DOCX or ODT, up to 10 MB. Nothing that names clients.")
    )

    class Meta:
        model = Paper
        fields = ("kind", "description")
        widgets = {"kind": forms.RadioSelect}
        help_texts = {"description": gettext_lazy("A few words; the name of the file is kept as well.")}

    arrangement = ("file", "kind", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "kind", PaperKind.choices)
