"""Money: whole cents in the database, German amounts in forms (rules.md "Money")."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from funding.rules.money import MoneyFault, NotMoney, read_cents, written

FAULTS = {
    MoneyFault.UNREADABLE: _("Please enter an amount like 1.234,50."),
    MoneyFault.POINT_BEFORE_CENTS: _(
        "Please write cents behind a comma; a point only groups thousands: 1.234,50."
    ),
    MoneyFault.LONG_CENTS: _("Behind the comma stand cents, two digits at most: 1.234,50."),
    MoneyFault.TOO_LARGE: _("At most 999.999.999,99 € can be entered."),
}


class MoneyField(forms.CharField):
    """An amount as people write it; cleans to whole cents.

    Args:
        negative: amounts below zero make sense here.
    """

    def __init__(self, *, negative: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 40)
        super().__init__(**kwargs)
        self.negative = negative
        self.widget.attrs |= {"autocomplete": "off", "inputmode": "text" if negative else "decimal"}

    def prepare_value(self, value: Any) -> Any:
        return written(value) if isinstance(value, int) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        if not typed:
            return None
        try:
            cents = read_cents(typed)
        except NotMoney as problem:
            raise ValidationError(FAULTS[problem.fault], code=problem.fault.value) from problem
        if cents < 0 and not self.negative:
            raise ValidationError(_("An amount below zero makes no sense here."), code="negative")
        return cents


class CentsField(models.BigIntegerField):
    """Whole cents; SQLite would add up decimals as floating numbers."""

    def formfield(self, **kwargs: Any) -> Any:
        own = {"label": capfirst(self.verbose_name), "required": not self.blank, "help_text": self.help_text}
        asked = {name: value for name, value in kwargs.items() if name in ("label", "help_text", "widget")}
        return MoneyField(**{**own, **asked})
