"""How many of the waiting files each manager gets."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.forms import ScopedForm
from accounts.models import User
from intake.services.caseloads import Taker, somebody_left_text, too_many_text, waiting_changed_text
from ui.form_fields import prepare_field
from ui.forms import change_data

PREFIX = "to_"
"""Beginning of the name of a manager's field."""


class AssignForm(ScopedForm):
    """A number per manager; which files they are is nobody's choice.

    Args:
        waiting: number of files that wait now.
        takers: who could take some.
    """

    waiting = forms.IntegerField(widget=forms.HiddenInput)

    error_title = gettext_lazy("Not assigned yet.")

    def __init__(self, *args: Any, waiting: int, takers: Sequence[Taker], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.now_waiting = waiting
        self.takers = {f"{PREFIX}{taker.manager.pk}": taker.manager for taker in takers}
        self.fields["waiting"].initial = waiting
        for name, taker in zip(self.takers, takers, strict=True):
            self.fields[name] = _number(taker, waiting)
            prepare_field(self.fields[name])
        self.order_fields([*self.takers])
        if self.is_restored:
            self.show_waiting(waiting)

    def show_waiting(self, number: int) -> None:
        """The next post goes by the number of files that is shown now."""
        change_data(self, {"waiting": str(number)})

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("waiting") != self.now_waiting:
            self.add_error(None, waiting_changed_text(self.now_waiting))
            self.show_waiting(self.now_waiting)
            return data
        if any(name.startswith(PREFIX) and name not in self.takers and self.data[name] for name in self.data):
            self.add_error(None, somebody_left_text())
            return data
        named = [name for name in self.takers if data.get(name)]
        wanted = sum(data[name] for name in named)
        if wanted > self.now_waiting:
            self.add_error(named[-1], too_many_text(self.now_waiting, wanted))
        elif not self.errors and not named:
            self.add_error(next(iter(self.takers), None), _("Please enter how many files somebody gets."))
        return data

    def counts(self) -> dict[User, int]:
        """Who gets how many, those with none left out."""
        return {
            manager: self.cleaned_data[name]
            for name, manager in self.takers.items()
            if self.cleaned_data[name]
        }


def _number(taker: Taker, waiting: int) -> forms.IntegerField:
    has = ngettext("has %(number)d open file", "has %(number)d open files", taker.open_files)
    return forms.IntegerField(
        label=str(taker.manager),
        help_text=has % {"number": taker.open_files},
        min_value=0,
        max_value=waiting,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "min_value": _("A number of files is at least 0."),
            "max_value": ngettext("Only %(number)d file waits.", "Only %(number)d files wait.", waiting)
            % {"number": waiting},
        },
    )
