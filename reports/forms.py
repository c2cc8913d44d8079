"""What the reader of the figures may choose: the free from–to."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.rules import periods
from reports.rules.periods import Period
from ui.forms import UiForm


class FreePeriodForm(UiForm):
    """Two days, both included; such a period shows totals only (rules.md §8)."""

    since = forms.DateField(label=_("From"))
    until = forms.DateField(label=_("To, inclusive"))

    arrangement = (("since", "until"),)
    error_title = _("Please check the two days.")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first one."))
        return cleaned

    def period(self) -> Period:
        """The period of a valid form."""
        return periods.free(self.cleaned_data["since"], self.cleaned_data["until"])
