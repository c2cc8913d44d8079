"""Which part of a timeline is shown."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ui.form_fields import validate_sensible_date
from ui.forms import UiForm


class PeriodForm(UiForm):
    """Two days, both included; either may be left open."""

    since = forms.DateField(label=_("From"), required=False, validators=[validate_sensible_date])
    until = forms.DateField(label=_("To, inclusive"), required=False, validators=[validate_sensible_date])

    arrangement = (("since", "until"),)
    error_title = _("Please check the period.")

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The end lies before the beginning."))
        return cleaned
