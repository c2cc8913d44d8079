"""What the reader of the figures may choose: from one month to another."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.rules import periods
from reports.rules.periods import Period
from ui.dates import month_name
from ui.forms import UiForm


class TwoMonths(forms.BaseForm):
    """What two fields ``since`` and ``until`` say together; both months are included."""

    def clean(self) -> dict[str, Any] | None:
        cleaned: dict[str, Any] | None = super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last month lies before the first one."))
        return cleaned

    def period(self) -> Period:
        """The months of a valid form."""
        return periods.months(*(periods.parse(self.cleaned_data[name]) for name in ("since", "until")))


class MonthsForm(TwoMonths, UiForm):
    """Two months, both included; days cannot be asked for (rules.md §8).

    Args:
        offered: the months there are figures of, the latest first.
    """

    since = forms.ChoiceField(label=_("From"))
    until = forms.ChoiceField(label=_("To, inclusive"))

    arrangement = (("since", "until"),)
    error_title = _("Please check the two months.")

    def __init__(self, *args: Any, offered: Sequence[Period], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        months = [(month.code, month_name(month.first)) for month in offered]
        for name in ("since", "until"):
            field: Any = self.fields[name]
            field.choices = months
