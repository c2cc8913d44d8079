"""Freezing a report on a period, and writing it in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedModelForm
from accounts.models import Municipality, User
from reports.forms import TwoMonths
from reports.frozen import FrozenReport, Narrative
from reports.rules.periods import Period
from ui.dates import month_name


class FreezeForm(TwoMonths, ScopedModelForm):
    """What a report is for, of which months and which municipality.

    Args:
        offered: the months that are over and have figures, the latest first.
        served: the municipalities the user serves.
    """

    since = forms.ChoiceField(label=_("From"))
    until = forms.ChoiceField(label=_("To, inclusive"))
    place = forms.ChoiceField(label=_("Municipality"), required=False)

    class Meta:
        model = FrozenReport
        fields = ("title",)
        help_texts = {"title": _("For example: figures for the district office. Please name no person.")}

    arrangement: tuple[Any, ...] = ("title", ("since", "until"), "place")

    def __init__(
        self,
        *args: Any,
        user: User,
        offered: Sequence[Period],
        served: Sequence[Municipality],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, user=user, **kwargs)
        self._served = served
        months = [(month.code, month_name(month.first)) for month in offered]
        everywhere = [("", _("all municipalities"))] if len(served) != 1 else []
        for name, choices in (
            ("since", months),
            ("until", months),
            ("place", [*everywhere, *((place.code, place.name) for place in served)]),
        ):
            field: Any = self.fields[name]
            field.choices = choices

    def places(self) -> list[Municipality]:
        """The municipality chosen, or all the user serves."""
        code = self.cleaned_data["place"]
        return [place for place in self._served if code in ("", place.code)]


class NarrativeForm(ScopedModelForm):
    """The chapters of the report in words."""

    class Meta:
        model = Narrative
        fields = ("overview", "work", "plans", "network", "outlook")
        help_texts = {
            "outlook": _("Please write no names and nothing by which a person could be recognised.")
        }
