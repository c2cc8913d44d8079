"""The log of one file: the contact and, in the same breath, what comes next."""

import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from appointments.choices import AppointmentState, InterpreterKind, InterpreterNeed, Result
from appointments.forms.contact import MINUTES, OTHER
from appointments.forms.next_steps import NextStepsMixin
from appointments.forms.participants import PeopleMixin
from appointments.models import Appointment
from appointments.models.contact import LONGEST
from appointments.services.contacts import GoalProgress
from integration_plans.services.progress import GoalField
from ui.fields import Arranged, Fragment, Section
from ui.form_fields import prepare_field


class LogForm(NextStepsMixin, PeopleMixin):
    """Log a contact and, in the same breath, what comes next.

    Args:
        goals: goals of the plan in force whose progress may be noted.
        appointment: the appointment this contact is the outcome of.
        asks_result: what came of it is the question, as after a step of the ladder; else it is preset and folded.
    """

    comes_and_goes = ("goal_", "remark_", "measure_")

    def __init__(
        self,
        *args: Any,
        goals: Sequence[GoalField] = (),
        appointment: Appointment | None = None,
        asks_result: bool = False,
        **kwargs: Any,
    ) -> None:
        self.goals = goals
        self.appointment = appointment
        self.asks_result = asks_result
        super().__init__(*args, **kwargs)
        if goals:
            self.add_goals(goals)

    def usual(self, user: User) -> dict[str, Any]:
        preset = super().usual(user)
        if self.appointment is not None:
            preset |= self.from_appointment(self.appointment)
        return preset

    def from_appointment(self, appointment: Appointment) -> dict[str, Any]:
        """What the appointment already says about the talk."""
        start = timezone.localtime(min(appointment.starts_at, self.now))
        length = int((appointment.ends_at - appointment.starts_at).total_seconds() // 60)
        preset: dict[str, Any] = {
            "channel": appointment.channel,
            "date": start.date(),
            "time": start.time().replace(second=0, microsecond=0),
            "minutes": str(length) if length in MINUTES else OTHER,
            "minutes_other": None if length in MINUTES else min(length, LONGEST),
        }
        if appointment.interpreter in (InterpreterNeed.BOOKED, InterpreterNeed.CONFIRMED):
            preset["interpreter"] = InterpreterKind.PROFESSIONAL
        if appointment.state == AppointmentState.NOT_MET:
            preset["result"] = Result.NOT_MET_CARD
        return preset

    def add_goals(self, goals: Sequence[GoalField]) -> None:
        """A state per goal, a tick per measure, and what they were when the form was opened."""
        were: dict[str, Any] = {}
        for goal in goals:
            were[str(goal.uuid)] = goal.state
            self.fields[f"goal_{goal.uuid}"] = forms.ChoiceField(
                label=goal.title,
                choices=goal.choices,
                required=False,
                widget=forms.RadioSelect,
                initial=goal.state,
            )
            remark = forms.CharField(
                label=_("Remark on “%(goal)s”") % {"goal": goal.title}, max_length=500, required=False
            )
            prepare_field(remark)
            self.fields[f"remark_{goal.uuid}"] = remark
            for measure in goal.measures:
                were[str(measure.uuid)] = measure.done
                who = measure.third_party or str(measure.side.label)
                self.fields[f"measure_{measure.uuid}"] = forms.BooleanField(
                    label=_("Done: %(measure)s (%(who)s)") % {"measure": measure.text, "who": who},
                    required=False,
                    initial=measure.done,
                )
        self.fields["goals_were"] = forms.CharField(
            widget=forms.HiddenInput,
            required=False,
            initial=json.dumps(were, separators=(",", ":")),
            max_length=20_000,
        )

    def goal_names(self) -> list[str]:
        """The fields of all goals in the order of the agreement."""
        names: list[str] = []
        for goal in self.goals:
            names += [f"goal_{goal.uuid}", *(f"measure_{measure.uuid}" for measure in goal.measures)]
            names.append(f"remark_{goal.uuid}")
        return names

    def get_arrangement(self) -> Sequence[Arranged]:
        return (
            Section(_("How?"), (*self.how, *(("result",) if self.asks_result else ()))),
            Section(_("How long?"), self.duration),
            Section(_("What was it about?"), self.matter),
            Section(_("Note"), self.words),
            Section(
                _("More details"),
                (
                    *(() if self.asks_result else ("result",)),
                    "spoken_with",
                    "settles",
                    ("date", "time"),
                    "language",
                    "interpreter",
                    "understood_ticked",
                    "direction",
                    "topics",
                    ("letters_read", "forms_filled"),
                    Fragment("appointments/_people.html"),
                ),
                fold=True,
                hint=self.preset_hint,
            ),
            Section(_("What next?"), self.follow_up_fields),
            self.next_section(),
            *([self.goals_section()] if self.goals else ()),
        )

    def goals_section(self) -> Section:
        """Closed and without its fields: most talks are logged without a word about the goals."""
        fragment = Fragment("appointments/_goals.html", self.goal_names())
        return Section(
            _("Goals of the agreement"),
            (fragment,),
            fold=True,
            hint=self.goals_hint,
            wanted="show_goals" in self.data,
        )

    @property
    def shows_goals(self) -> bool:
        """Whether the goals were opened before, in this form or in the draft it was filled from."""
        return not {"goals_were", *self.goal_names()}.isdisjoint(self.data)

    def goal_fields(self) -> list[forms.BoundField]:
        """What the fold holds when it was opened."""
        return [self[name] for name in self.goal_names()]

    def hidden_fields(self) -> list[forms.BoundField]:
        """How the goals were goes with the goals."""
        return [bound for bound in super().hidden_fields() if bound.name != "goals_were"]

    def goals_as_stored(self) -> dict[str, str]:
        """What the fields of the goals hold as long as nobody touched them, as a browser posts it."""
        names = ("goals_were", *self.goal_names()) if self.goals else ()
        initial = {name: self.get_initial_for_field(self.fields[name], name) for name in names}
        return {name: "on" if value is True else value for name, value in initial.items() if value}

    @property
    def goals_hint(self) -> str:
        """How many goals there are, and whether something typed about them waits in the fold."""
        number = len(self.goals)
        text = ngettext("%(number)s goal", "%(number)s goals", number) % {"number": number}
        if self.shows_goals and set(self.goal_names()) & set(self.changed_data):
            return " · ".join((text, _("changed")))
        return text

    @property
    def goals_as_opened(self) -> dict[str, Any]:
        """State of every goal and measure when the form was opened, by key."""
        try:
            were = json.loads(self.data.get("goals_were") or "{}")
        except (ValueError, RecursionError):
            were = {}
        return were if isinstance(were, dict) else {}

    def gone(self) -> dict[str, str]:
        were = self.goals_as_opened
        untouched = {f"goal_{key}": state for key, state in were.items()}
        untouched |= {f"measure_{key}": "on" for key, done in were.items() if done is True}
        return {name: value for name, value in super().gone().items() if value != untouched.get(name)}

    def goal_progress(self) -> GoalProgress:
        """What changed since the form was opened; what others noted meanwhile is left alone."""
        data, were = self.cleaned_data, self.goals_as_opened
        states, done, remarks = {}, {}, {}
        for goal in self.goals:
            state = data.get(f"goal_{goal.uuid}")
            if state and state != were.get(str(goal.uuid), goal.state):
                states[goal.uuid] = state
            if data.get(f"remark_{goal.uuid}"):
                remarks[goal.uuid] = data[f"remark_{goal.uuid}"]
            for measure in goal.measures:
                ticked = data.get(f"measure_{measure.uuid}", False)
                # A measure that was not on the page when it was opened cannot have been unticked there.
                if ticked != were.get(str(measure.uuid), False):
                    done[measure.uuid] = ticked
        return GoalProgress(states=states, done=done, remarks=remarks)
