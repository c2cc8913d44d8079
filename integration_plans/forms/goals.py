"""Goals and measures of the working version."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedModelForm, set_rows
from clients.rules.dates import add_months
from integration_plans.choices import Priority, Side
from integration_plans.forms import text_area
from integration_plans.models import GoalContent, GoalTemplate, MeasureContent, Module
from ui.fields import Arranged, Section
from ui.forms import RowsField, set_choices

MOST_MEASURES = 12
LONGEST_MEASURE = 300


class GoalForm(ScopedModelForm):
    """What the working version says about a goal.

    Args:
        modules: modules to choose from.
    """

    arrangement: Sequence[Arranged] = (
        "title",
        "indicator",
        "module",
        ("target_on", "priority"),
        Section(_("Also touches"), ["other_modules"], fold=True),
    )

    class Meta:
        model = GoalContent
        fields = ("title", "indicator", "target_on", "module", "other_modules", "priority")
        field_classes = {"other_modules": RowsField}
        widgets = {
            "module": forms.RadioSelect,
            "other_modules": forms.CheckboxSelectMultiple,
            "priority": forms.RadioSelect,
        }
        help_texts = {
            "title": _("In one sentence, in the words of the person."),
            "indicator": _("Something both can see, e.g. “The confirmation has arrived.”"),
        }

    def __init__(self, *args: Any, modules: QuerySet[Module], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "module", modules).empty_label = None
        set_rows(self, "other_modules", modules)
        set_choices(self, "priority", Priority.choices)


class NewGoalForm(GoalForm):
    """A new goal with its first measures, one per line and side."""

    arrangement: Sequence[Arranged] = (
        "title",
        "indicator",
        "module",
        ("client_measures", "service_measures"),
        ("measures_due_on", "target_on"),
        Section(_("Priority, other modules"), ["priority", "other_modules"], fold=True),
    )

    client_measures = text_area(
        Side.CLIENT.label, 4, max_length=4000, help_text=_("One measure per line, from the client's view.")
    )
    service_measures = text_area(Side.SERVICE.label, 4, max_length=4000, help_text=_("One measure per line."))
    measures_due_on = forms.DateField(
        label=_("Measures due by"), required=False, help_text=_("Can be changed for each measure afterwards.")
    )

    def clean_client_measures(self) -> list[str]:
        return _measure_lines(self.cleaned_data["client_measures"])

    def clean_service_measures(self) -> list[str]:
        return _measure_lines(self.cleaned_data["service_measures"])

    def measures(self) -> list[MeasureContent]:
        """Unsaved measures in the order they were typed."""
        due_on = self.cleaned_data["measures_due_on"]
        return [
            MeasureContent(side=side, text=text, due_on=due_on)
            for side, name in ((Side.CLIENT, "client_measures"), (Side.SERVICE, "service_measures"))
            for text in self.cleaned_data[name]
        ]


def _measure_lines(text: str) -> list[str]:
    lines = [line.strip().lstrip("-•*").strip() for line in text.splitlines()]
    lines = [line for line in lines if line]
    if len(lines) > MOST_MEASURES:
        raise ValidationError(
            _("At most %(most)d measures fit here; there are %(count)d.")
            % {"most": MOST_MEASURES, "count": len(lines)}
        )
    for number, line in enumerate(lines, start=1):
        if len(line) > LONGEST_MEASURE:
            raise ValidationError(
                _("Line %(number)d has %(count)d characters; at most %(most)d fit.")
                % {"number": number, "count": len(line), "most": LONGEST_MEASURE}
            )
    return lines


def from_template(template: GoalTemplate, today: datetime.date) -> dict[str, Any]:
    """What a new goal starts with when a template was chosen; everything can be changed."""
    return {
        "title": template.label_de,
        "indicator": template.indicator,
        "module": template.module_id,
        "target_on": add_months(today, template.months),
        "client_measures": template.client_measures,
        "service_measures": template.service_measures,
    }


class MeasureForm(ScopedModelForm):
    """Who does what until when."""

    arrangement = ("side", "text", ("due_on", "third_party"))

    class Meta:
        model = MeasureContent
        fields = ("side", "text", "third_party", "due_on")
        widgets = {"side": forms.RadioSelect}
        help_texts = {"third_party": _("Only when somebody else takes it on, e.g. the job centre.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "side", Side.choices)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("side") == Side.THIRD_PARTY:
            if not cleaned.get("third_party") and "third_party" not in self.errors:
                self.add_error("third_party", _("Please say who takes this on."))
        else:
            cleaned["third_party"] = ""
        return cleaned
