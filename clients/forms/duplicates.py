"""The form that links two files of one person."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedForm
from clients.models import Client
from ui.forms import set_choices


class LinkForm(ScopedForm):
    """Which of two files of one person leads.

    Args:
        pair: the file the form was opened from, and the other one; a closed one can lead only another closed one.
    """

    leading = forms.ChoiceField(
        label=_("In which file does the counselling go on?"),
        widget=forms.RadioSelect,
        help_text=_("The other file is closed as “kept twice” and stays readable with everything in it."),
    )

    def __init__(self, *args: Any, pair: tuple[Client, Client], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pair = pair
        ready = [file for file in pair if not file.is_closed] or list(pair)
        set_choices(self, "leading", [(str(file.uuid), file.case_no) for file in ready])
        # The older file has the longer history.
        self.initial.setdefault("leading", str(min(ready, key=lambda file: file.registered_at).uuid))

    def chosen(self) -> tuple[Client, Client]:
        """The file kept twice, and the one that leads."""
        one, other = self.pair
        return (other, one) if self.cleaned_data["leading"] == str(one.uuid) else (one, other)
