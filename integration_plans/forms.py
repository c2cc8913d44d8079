"""Forms of the plan: what was found, what is agreed, how far it is."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedForm, ScopedModelForm
from accounts.records import StaleRecord
from clients.choices import Intensity
from clients.models import HealthGrant, SpokenLanguage
from clients.rules.dates import add_months
from integration_plans.choices import AgreementOutcome, CounsellingForm, GoalState, Need, Priority, Side
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    GoalContent,
    GoalTemplate,
    IntensityDecision,
    MeasureContent,
    Module,
    PlanVersion,
    Review,
)
from integration_plans.rules.plan import needs_reason
from integration_plans.services.progress import state_choices
from ui.forms import Section, prepare_field

MOST_MEASURES = 12
LONGEST_MEASURE = 300
NOT_COME_YET = _("This day has not come yet.")
NOT_DISCUSSED = _("not discussed, or does not wish to say")


def _text_area(label: Any, rows: int, *, max_length: int, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=False,
        max_length=max_length,
        widget=forms.Textarea(attrs={"rows": str(rows)}),
        help_text=help_text,
    )


# -- Assessment -----------------------------------------------------------------------------------------------


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


class AssessmentForm(ScopedForm):
    """Per module a level or *not discussed*, the situation and what helps.

    Args:
        modules: modules on the form; sensitive ones are left out for those who may not read them.
        last: level found last, by module key.
        today: the latest possible day.
    """

    assessed_on = forms.DateField(label=_("Day of the talk"))
    summary = _text_area(
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
        levels = [("", NOT_DISCUSSED), *((str(need.value), need.label) for need in Need)]
        added = {
            f"level_{module.code}": forms.TypedChoiceField(
                label=module.label,
                choices=levels,
                coerce=int,
                empty_value=None,
                required=False,
                initial="",
                widget=forms.RadioSelect,
            ),
            f"situation_{module.code}": _text_area(_("Situation"), 2, max_length=1000),
            f"resources_{module.code}": _text_area(
                _("What helps, what is there already"), 2, max_length=1000
            ),
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
            for position, (value, label) in enumerate(level.field.choices)
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

    def assessment(self, client: Any) -> Assessment:
        """The unsaved assessment for the service."""
        return Assessment(
            client=client,
            assessed_on=self.cleaned_data["assessed_on"],
            summary=self.cleaned_data["summary"],
            form_token=self.cleaned_data["form_token"],
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
        self.fields["chosen"].choices = Intensity.choices
        self.fields["form"].choices = CounsellingForm.choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = cleaned.get("chosen")
        if chosen and chosen != self.proposed and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", _("Please say why another intensity fits better."))
        return cleaned


# -- Working version --------------------------------------------------------------------------------------------


class GoalForm(ScopedModelForm):
    """What the working version says about a goal.

    Args:
        modules: modules to choose from.
    """

    arrangement: Sequence[Any] = (
        "title",
        "indicator",
        "module",
        ("target_on", "priority"),
        Section(_("Also touches"), ["other_modules"], fold=True),
    )

    class Meta:
        model = GoalContent
        fields = ("title", "indicator", "target_on", "module", "other_modules", "priority")
        widgets = {
            "module": forms.RadioSelect,
            "other_modules": forms.CheckboxSelectMultiple,
            "priority": forms.RadioSelect,
        }
        help_texts = {
            "title": _("In one sentence, in the words of the person."),
            "indicator": _("Something both can see, e.g. “The confirmation has arrived.”"),
        }

    def __init__(self, *args: Any, modules: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["module"].queryset = modules
        self.fields["module"].empty_label = None
        self.fields["other_modules"].queryset = modules
        self.fields["priority"].choices = Priority.choices


class NewGoalForm(GoalForm):
    """A new goal with its first measures, one per line and side."""

    arrangement: Sequence[Any] = (
        "title",
        "indicator",
        "module",
        ("client_measures", "service_measures"),
        ("measures_due_on", "target_on"),
        Section(_("Priority, other modules"), ["priority", "other_modules"], fold=True),
    )

    client_measures = _text_area(
        Side.CLIENT.label, 4, max_length=4000, help_text=_("One measure per line, from the client's view.")
    )
    service_measures = _text_area(
        Side.SERVICE.label, 4, max_length=4000, help_text=_("One measure per line.")
    )
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
        self.fields["side"].choices = Side.choices

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("side") == Side.THIRD_PARTY:
            if not cleaned.get("third_party") and "third_party" not in self.errors:
                self.add_error("third_party", _("Please say who takes this on."))
        else:
            cleaned["third_party"] = ""
        return cleaned


# -- Agreement --------------------------------------------------------------------------------------------------


class AgreementForm(ScopedModelForm):
    """How the working version was agreed.

    Args:
        today: the latest possible day.
    """

    arrangement = (
        "outcome",
        ("agreed_on", "place"),
        ("language", "interpreter"),
        "copy_handed_out",
        "review_on",
        "note",
    )

    class Meta:
        model = PlanVersion
        fields = (
            "outcome",
            "agreed_on",
            "place",
            "language",
            "interpreter",
            "copy_handed_out",
            "review_on",
            "note",
        )
        widgets = {"outcome": forms.RadioSelect}
        help_texts = {
            "interpreter": _("Empty when nobody interpreted."),
            "note": _("For instance why the person declined."),
        }

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["outcome"].required = True
        self.fields["outcome"].choices = AgreementOutcome.choices
        self.fields["agreed_on"].required = True
        self.fields["language"].queryset = SpokenLanguage.objects.valid_on(today)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        agreed_on, review_on = cleaned.get("agreed_on"), cleaned.get("review_on")
        if agreed_on and agreed_on > self.today:
            self.add_error("agreed_on", NOT_COME_YET)
        if agreed_on and review_on and review_on <= agreed_on:
            self.add_error("review_on", _("The next review must lie after the agreement."))
        return cleaned


# -- Progress ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class MeasureTick:
    """A measure with its tick box."""

    content: MeasureContent
    box: forms.BoundField


@dataclass(frozen=True)
class GoalStep:
    """A goal with the fields that say how far it is."""

    content: GoalContent
    state: forms.BoundField
    remark: forms.BoundField
    ticks: list[MeasureTick]


class ProgressForm(ScopedForm):
    """How far goals and their measures are.

    Args:
        contents: goals of the version in force the user may read, with goal and measures loaded.
        today: the latest possible day.
    """

    on = forms.DateField(label=_("As of"))

    def __init__(
        self, *args: Any, contents: Sequence[GoalContent], today: datetime.date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.contents = list(contents)
        self.today = today
        self.fields["on"].initial = today
        for content in self.contents:
            self._add_goal(content)

    def _add_goal(self, content: GoalContent) -> None:
        goal = content.goal
        added: dict[str, forms.Field] = {
            f"state_{goal.uuid}": forms.ChoiceField(
                label=_("State"),
                choices=state_choices(goal.state),
                initial=goal.state,
                widget=forms.RadioSelect,
            ),
            f"remark_{goal.uuid}": forms.CharField(
                label=_("Remark"),
                required=False,
                max_length=500,
                help_text=_("If dropped, please say why."),
            ),
            f"version_{goal.uuid}": forms.IntegerField(widget=forms.HiddenInput, initial=goal.version),
        }
        for row in content.measure_contents.all():
            added[f"done_{row.measure.uuid}"] = forms.BooleanField(
                label=row.text, required=False, initial=row.measure.done_on is not None
            )
        for name, field in added.items():
            prepare_field(field)
            self.fields[name] = field

    @property
    def goals(self) -> list[GoalStep]:
        """The goals in the order of the agreement with their fields."""
        return [
            GoalStep(
                content=content,
                state=self[f"state_{content.goal.uuid}"],
                remark=self[f"remark_{content.goal.uuid}"],
                ticks=[
                    MeasureTick(content=row, box=self[f"done_{row.measure.uuid}"])
                    for row in content.measure_contents.all()
                ],
            )
            for content in self.contents
        ]

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        if day > self.today:
            raise ValidationError(NOT_COME_YET)
        return day

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for content in self.contents:
            state = cleaned.get(f"state_{content.goal.uuid}")
            name = f"remark_{content.goal.uuid}"
            if state and needs_reason(state) and state != content.goal.state and not cleaned.get(name):
                self.add_error(name, _("Please say why this goal is dropped."))
        return cleaned

    @property
    def goal_states(self) -> dict[UUID, str]:
        """The chosen state of every goal on the form."""
        return {
            content.goal.uuid: self.cleaned_data[f"state_{content.goal.uuid}"] for content in self.contents
        }

    @property
    def measures_done(self) -> dict[UUID, bool]:
        """Done or not, for every measure on the form."""
        return {
            row.measure.uuid: self.cleaned_data[f"done_{row.measure.uuid}"]
            for content in self.contents
            for row in content.measure_contents.all()
        }

    @property
    def remarks(self) -> dict[UUID, str]:
        """Remarks on goals; empty ones are left out."""
        said = {
            content.goal.uuid: self.cleaned_data[f"remark_{content.goal.uuid}"] for content in self.contents
        }
        return {key: text for key, text in said.items() if text}

    @property
    def expected_versions(self) -> dict[UUID, int]:
        """Counters of the goals as the form showed them."""
        return {
            content.goal.uuid: self.cleaned_data[f"version_{content.goal.uuid}"] for content in self.contents
        }

    def add_stale(self, stale: StaleRecord) -> None:
        """Say which goal somebody else touched meanwhile; the next post overwrites knowingly."""
        self.add_error(
            None, _("Somebody else has noted progress in the meantime. Your entries are still here.")
        )
        data = self.data.copy()
        for content in self.contents:
            goal = content.goal
            if goal.pk == stale.current.pk:
                stored = GoalState(getattr(stale.current, "state", goal.state)).label
                self.add_error(f"state_{goal.uuid}", _("Noted meanwhile: %(state)s") % {"state": stored})
                data[f"version_{goal.uuid}"] = str(getattr(stale.current, "version", goal.version))
        self.data = data


class ReviewForm(ProgressForm):
    """Walk the goals, write down what was said, set the next date."""

    note = _text_area(_("What was said about the plan as a whole?"), 3, max_length=2000)
    next_review_on = forms.DateField(label=_("Next review on"), required=False)

    def __init__(self, *args: Any, next_review_on: datetime.date | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = _("Day of the review")
        self.fields["next_review_on"].initial = next_review_on

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        on, following = cleaned.get("on"), cleaned.get("next_review_on")
        if on and following and following <= on:
            self.add_error("next_review_on", _("The next review must lie after this one."))
        return cleaned

    def review(self, version: PlanVersion) -> Review:
        """The unsaved review for the service."""
        return Review(
            plan=version,
            reviewed_on=self.cleaned_data["on"],
            note=self.cleaned_data["note"],
            next_review_on=self.cleaned_data["next_review_on"],
            form_token=self.cleaned_data["form_token"],
        )


class HealthGrantForm(ScopedModelForm):
    """Why a stand-in needs to read health data."""

    class Meta:
        model = HealthGrant
        fields = ("reason",)
        widgets = {"reason": forms.Textarea(attrs={"rows": "3"})}
        help_texts = {
            "reason": _("Access ends after four hours. The responsible manager sees it in the file.")
        }
