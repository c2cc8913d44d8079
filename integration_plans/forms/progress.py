"""How far goals and measures are, and the review."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedForm
from accounts.records import StaleRecord
from clients.log_steps import LogStepMixin
from integration_plans.choices import GoalState
from integration_plans.forms import NOT_COME_YET, text_area
from integration_plans.models import GoalContent, MeasureContent, PlanVersion, Review
from integration_plans.rules.plan import needs_reason
from integration_plans.services.progress import state_choices
from ui.form_fields import prepare_field
from ui.forms import change_data


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

    comes_and_goes = ("remark_",)
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
        """Say which goal another user changed meanwhile; the next post overwrites that knowingly."""
        self.add_error(
            None, _("Somebody else has noted progress in the meantime. Your entries are still here.")
        )
        versions = {}
        for content in self.contents:
            goal = content.goal
            if goal.pk == stale.current.pk:
                stored = GoalState(getattr(stale.current, "state", goal.state)).label
                self.add_error(f"state_{goal.uuid}", _("Noted meanwhile: %(state)s") % {"state": stored})
                versions[f"version_{goal.uuid}"] = str(getattr(stale.current, "version", goal.version))
        change_data(self, versions)


class ReviewForm(LogStepMixin, ProgressForm):
    """Walk the goals, write down what was said, set the next date."""

    day_field = "on"
    note = text_area(_("What was said about the plan as a whole?"), 3, max_length=2000)
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
            **self.once(),
        )
