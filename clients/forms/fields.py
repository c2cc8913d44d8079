"""Fields of the file's forms: dates known in part, and lists with retired rows."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clients.rules.dates import DateFault, DateInputError, UncertainDate, parse_uncertain

DATE_FAULTS = {
    DateFault.UNREADABLE: _("Please enter a date like 14.03.1986, a month like 3/1986 or a year like 1979."),
    DateFault.NO_SUCH_DAY: _("This day does not exist. Please enter a date like 14.03.2019."),
    DateFault.SHORT_YEAR: _("Please write the year with four digits."),
    DateFault.OUT_OF_RANGE: _("Please check the year."),
}


class UncertainDateField(forms.CharField):
    """A day, a month or a year, in German or ISO form; cleans to an ``UncertainDate`` or None."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("required", False)
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("autocomplete", "off")

    def prepare_value(self, value: Any) -> Any:
        if isinstance(value, datetime.date):
            value = UncertainDate(value)
        return str(value) if isinstance(value, UncertainDate) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            return parse_uncertain(typed)
        except DateInputError as error:
            raise ValidationError(DATE_FAULTS[error.fault], code=error.fault.value) from error


def preset(form: forms.BaseForm, **values: Any) -> None:
    """Fill fields nothing is known for yet; a new instance's empty columns are no values."""
    for name, value in values.items():
        if form.initial.get(name) in (None, ""):
            form.initial[name] = value


def offer(field: Any, rows: Any, current: Any = None) -> None:
    """Let a choice field offer rows; a retired row stays on offer where it is stored.

    Args:
        field: a model choice field.
        rows: the rows in force.
        current: key of the row stored now.
    """
    field.empty_label = "–"
    stored = rows.model.objects.filter(pk=current) if current else rows.none()
    field.queryset = rows.model.objects.filter(pk__in=rows.values("pk")) | stored
