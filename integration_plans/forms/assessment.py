"""What was found: the need per module, and the intensity confirmed from it."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedForm, ScopedModelForm
from clients.choices import Intensity
from clients.log_steps import LogStepMixin
from clients.models import Client
from integration_plans.choices import CounsellingForm, Need
from integration_plans.forms import NOT_COME_YET, text_area
from integration_plans.models import Assessment, AssessmentEntry, IntensityDecision, Module
from ui.form_fields import prepare_field
from ui.forms import set_choices

LEVELS = [
    ("", _("not discussed, or does not wish to say")),
    *((str(need.value), need.label) for need in Need),
]


@dataclass(frozen=True)
class LevelOption:
    """One level of a module with its written meaning, ready to be drawn as a radio button."""

    value: str
    label: str
    meaning: str
    checked: bool
    id: str


@dataclass(frozen=True)
class ModuleBlock:
    """The fields of one module."""

    module: Module
    level: forms.BoundField
    situation: forms.BoundField
    resources: forms.BoundField
    options: list[LevelOption]
    last: str


class AssessmentForm(LogStepMixin, ScopedForm):
    """Per module a level or *not discussed*, the situation and what helps.

    Args:
        modules: modules on the form; sensitive ones are left out for those who may not read them.
        last: level found last, by module key.
        today: the latest possible day.
    """

    comes_and_goes = ("level_", "situation_", "resources_")
    day_field = "assessed_on"
    assessed_on = forms.DateField(label=_("Day of the talk"))
    summary = text_area(
        _("What is going on at the moment?"),
        3,
        max_length=2000,
        help_text=_("In a few sentences, as the person tells it."),
    )

    def __init__(
        self,
        *args: Any,
        modules: Sequence[Module],
        last: Mapping[int, int | None],
        today: datetime.date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.modules = list(modules)
        self.last = last
        self.today = today
        self.fields["assessed_on"].initial = today
        for module in self.modules:
            self._add_module(module)

    def _add_module(self, module: Module) -> None:
        added = {
            f"level_{module.code}": forms.TypedChoiceField(
                label=module.label,
                choices=LEVELS,
                coerce=int,
                empty_value=None,
                required=False,
                initial="",
                widget=forms.RadioSelect,
            ),
            f"situation_{module.code}": text_area(_("Situation"), 2, max_length=1000),
            f"resources_{module.code}": text_area(_("What helps, what is there already"), 2, max_length=1000),
        }
        for name, field in added.items():
            prepare_field(field)
            self.fields[name] = field

    @property
    def blocks(self) -> list[ModuleBlock]:
        """The modules in their order with everything the page draws."""
        return [self._block(module) for module in self.modules]

    def _block(self, module: Module) -> ModuleBlock:
        level = self[f"level_{module.code}"]
        chosen = str(level.value() or "") if level.value() != 0 else "0"
        last = self.last.get(module.pk)
        options = [
            LevelOption(
                value=value,
                label=str(label),
                meaning=module.meaning(int(value)) if value else "",
                checked=value == chosen,
                id=f"{level.auto_id}_{position}",
            )
            for position, (value, label) in enumerate(LEVELS)
        ]
        return ModuleBlock(
            module=module,
            level=level,
            situation=self[f"situation_{module.code}"],
            resources=self[f"resources_{module.code}"],
            options=options,
            last="" if last is None else str(Need(last).label),
        )

    def clean_assessed_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["assessed_on"]
        if day > self.today:
            raise ValidationError(NOT_COME_YET)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        answered = any(cleaned.get(f"level_{module.code}") is not None for module in self.modules)
        told = any(cleaned.get(f"situation_{module.code}") for module in self.modules)
        if not self.errors and not (answered or told or cleaned.get("summary")):
            raise ValidationError(
                _("Please choose a level for at least one module, or write down what was talked about.")
            )
        return cleaned

    def assessment(self, client: Client) -> Assessment:
        """The unsaved assessment for the service."""
        return Assessment(
            client=client,
            assessed_on=self.cleaned_data["assessed_on"],
            summary=self.cleaned_data["summary"],
            **self.once(),
        )

    def entries(self) -> list[AssessmentEntry]:
        """One unsaved entry per module on the form."""
        return [
            AssessmentEntry(
                module=module,
                level=self.cleaned_data[f"level_{module.code}"],
                situation=self.cleaned_data[f"situation_{module.code}"],
                resources=self.cleaned_data[f"resources_{module.code}"],
            )
            for module in self.modules
        ]


class IntensityForm(ScopedModelForm):
    """Confirm the proposal or choose another level with a reason, and name the form of counselling.

    Args:
        proposed: the proposed level, preselected.
    """

    arrangement = ("chosen", "reason", "form")

    class Meta:
        model = IntensityDecision
        fields = ("chosen", "reason", "form")
        widgets = {"chosen": forms.RadioSelect, "form": forms.RadioSelect}
        help_texts = {"reason": _("Only needed when you choose differently from the proposal.")}

    def __init__(self, *args: Any, proposed: str, **kwargs: Any) -> None:
        initial = {"chosen": proposed, "form": CounsellingForm.OFFICE}
        super().__init__(*args, initial=initial, **kwargs)
        self.proposed = proposed
        set_choices(self, "chosen", Intensity.choices)
        set_choices(self, "form", CounsellingForm.choices)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get("chosen")
        if chosen and chosen != self.proposed and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Please say why another intensity fits better."))
        return cleaned
