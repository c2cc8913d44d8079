"""Keeping a file, describing it anew, deleting it."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms import ScopedForm, ScopedModelForm
from documents.content import file_type_of
from documents.models import Document
from ui.forms import set_choices

ACCEPTED = ".pdf,.jpg,.jpeg,.png,.docx,.odt"


class KeptFileField(forms.FileField):
    """A file of a kind that is kept; what it is, its content says. Names of any length are made to fit."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text",
            gettext_lazy(
                "PDF, JPG, PNG, DOCX or ODT, up to 10 MB. No copies of passports: “was shown” in the note will do."
            ),
        )
        super().__init__(
            label=pgettext_lazy("upload", "File"),
            widget=forms.FileInput(attrs={"accept": ACCEPTED}),
            # What is wrong with an empty file is said with everything else.
            allow_empty_file=True,
            **kwargs,
        )

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if upload:
            file_type_of(upload.file, upload.size or 0)
        return upload


class DescribeForm(ScopedModelForm):
    """What a document is."""

    class Meta:
        model = Document
        fields = ("kind", "description", "about_health")
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "description": _("A few words; the name of the file is kept as well."),
            "about_health": _("A stand-in opens it only after giving a reason."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "kind", Document._meta.get_field("kind").choices or ())


class DocumentForm(DescribeForm):
    """A file and what it is."""

    file = KeptFileField()
    arrangement = ("file", "kind", "description", "about_health")


class DeleteForm(ScopedForm):
    """Why a document is deleted."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it deleted?"),
        max_length=200,
        help_text=gettext_lazy("Stays in the file; please write nothing of what was in the document."),
    )
