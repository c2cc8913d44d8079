"""Forms of the plan: what was found, what is agreed, how far it is."""

from typing import TYPE_CHECKING

from django import forms
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOT_COME_YET = _("This day has not come yet.")


def text_area(
    label: "StrOrPromise", rows: int, *, max_length: int, help_text: "StrOrPromise" = ""
) -> forms.CharField:
    """Some lines of prose, never asked for."""
    return forms.CharField(
        label=label,
        required=False,
        max_length=max_length,
        widget=forms.Textarea(attrs={"rows": str(rows)}),
        help_text=help_text,
    )
