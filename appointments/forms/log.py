"""The log of one file: the contact and, in the same breath, what comes next."""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.models import User
from appointments.choices import AppointmentState, Channel, InterpreterKind, InterpreterNeed, Result
from appointments.forms.appointment import Calendars, agreed_field
from appointments.forms.contact import MINUTES, OTHER, chips
from appointments.forms.participants import PeopleMixin
from appointments.models import Appointment, FollowUp
from appointments.models.contact import LONGEST
from appointments.services.contacts import GoalProgress, NextAppointment
from integration_plans.services.progress import GoalField
from ui.dates import date_de, time_de
from ui.fields import Arranged, Fragment, Section
from ui.forms import prepare_field

WEEKS = (1, 2, 4)
ON_A_DAY = "day"
NEXT_MINUTES = (30, 45, 60, 90)
NEXT_CHANNELS = (Channel.OFFICE, Channel.HOME_VISIT, Channel.PHONE, Channel.VIDEO, Channel.ACCOMPANIMENT)


class LogForm(PeopleMixin):
    """Log a contact and, in the same breath, what comes next.

    Args:
        goals: goals of the plan in force whose progress may be noted.
        appointment: the appointment this contact is the outcome of.
        holders: in whose calendar the next appointment may go; asked only when there are several.
    """

    comes_and_goes = ("goal_", "remark_", "measure_")
    follow_up_in = chips(
        gettext_lazy("Follow-up"),
        [
            ("", gettext_lazy("none")),
            *(
                (str(weeks), gettext_lazy("in %(weeks)s weeks") % {"weeks": weeks})
                if weeks > 1
                else (str(weeks), gettext_lazy("in one week"))
                for weeks in WEEKS
            ),
            (ON_A_DAY, gettext_lazy("on a day")),
        ],
        required=False,
        initial="",
    )
    follow_up_on = forms.DateField(label=gettext_lazy("Due on"), required=False)
    follow_up_text = forms.CharField(
        label=gettext_lazy("What is to be done?"),
        max_length=300,
        required=False,
        help_text=gettext_lazy("Empty: the main topic."),
    )
    follow_up_hard = forms.BooleanField(label=gettext_lazy("Deadline set by an authority"), required=False)
    next_on = forms.DateField(label=gettext_lazy("Next appointment on"), required=False)
    next_at = forms.TimeField(label=gettext_lazy("at"), required=False)
    next_minutes = chips(
        gettext_lazy("Planned minutes"),
        [(str(number), str(number)) for number in NEXT_MINUTES],
        required=False,
        initial="45",
    )
    next_channel = chips(
        gettext_lazy("How will you meet?"),
        [(channel.value, channel.label) for channel in NEXT_CHANNELS],
        required=False,
        initial=Channel.OFFICE,
    )
    next_place = forms.CharField(label=gettext_lazy("Place"), max_length=120, required=False)
    next_interpreter = chips(
        gettext_lazy("Interpreter for the appointment"), InterpreterNeed.choices, required=False
    )
    next_agreed = agreed_field()

    def __init__(
        self,
        *args: Any,
        goals: Sequence[GoalField] = (),
        appointment: Appointment | None = None,
        holders: Sequence[User] = (),
        **kwargs: Any,
    ) -> None:
        self.goals = goals
        self.appointment = appointment
        super().__init__(*args, **kwargs)
        self.calendars = Calendars(holders)
        self.calendars.add_field(self, "next_holder", required=False)
        if goals:
            self.add_goals(goals)

    def usual(self, user: User) -> dict[str, Any]:
        need = InterpreterNeed.NEEDED if self.client.interpreter_needed else InterpreterNeed.NONE
        preset = {**super().usual(user), "next_interpreter": need}
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
            Section(_("How?"), self.how),
            Section(_("How long?"), self.duration),
            Section(_("What was it about?"), self.matter),
            Section(_("Note"), self.words),
            Section(
                _("More details"),
                (
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
            Section(
                _("What next?"),
                ("follow_up_in", "follow_up_on", "follow_up_text", "follow_up_hard"),
            ),
            Section(
                _("Next appointment"),
                (
                    ("next_on", "next_at"),
                    "next_minutes",
                    "next_channel",
                    "next_place",
                    "next_interpreter",
                    "next_agreed",
                    "next_holder",
                ),
                fold=True,
                hint=self.next_hint,
            ),
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
    def next_hint(self) -> str:
        """The next appointment as entered so far."""
        day, clock = self.held("next_on"), self.held("next_at")
        if day is None:
            return pgettext("appointment", "none yet")
        return f"{date_de(day)}, {time_de(clock)}" if clock else date_de(day)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.settle_follow_up(data)
        self.settle_next(data)
        return data

    def settle_follow_up(self, data: dict[str, Any]) -> None:
        """A day without words takes the topic; words without a day need one."""
        chosen, day = data.get("follow_up_in") or "", data.get("follow_up_on")
        if chosen not in ("", ON_A_DAY):
            data["follow_up_on"] = self.today + datetime.timedelta(weeks=int(chosen))
        elif day is None and (chosen == ON_A_DAY or data.get("follow_up_text") or data.get("follow_up_hard")):
            if "follow_up_on" not in self.errors:
                self.add_error("follow_up_on", _("By when? Please enter the day."))
        elif day is not None and day < self.today:
            self.add_error("follow_up_on", _("This day is already over."))

    def settle_next(self, data: dict[str, Any]) -> None:
        """Day and time belong together and lie ahead."""
        day, clock = data.get("next_on"), data.get("next_at")
        if day is None and clock is None:
            return
        if day is None:
            if "next_on" not in self.errors:
                self.add_error("next_on", _("Please enter the day of the appointment."))
        elif clock is None:
            if "next_at" not in self.errors:
                self.add_error("next_at", _("Please enter the time of the appointment."))
        elif timezone.make_aware(datetime.datetime.combine(day, clock)) <= self.now:
            self.add_error("next_on", _("The next appointment lies ahead: please check day and time."))

    def follow_up(self) -> FollowUp | None:
        """The follow-up, unsaved."""
        data = self.cleaned_data
        if not data.get("follow_up_on"):
            return None
        topic = str(data["main_topic"]) if data.get("main_topic") else _("this contact")
        return FollowUp(
            text=data["follow_up_text"] or _("Follow up: %(topic)s") % {"topic": topic},
            due_on=data["follow_up_on"],
            is_hard=data["follow_up_hard"],
        )

    def next_appointment(self) -> NextAppointment | None:
        """The next appointment, unsaved."""
        data = self.cleaned_data
        if not data.get("next_on"):
            return None
        start = timezone.make_aware(datetime.datetime.combine(data["next_on"], data["next_at"]))
        return NextAppointment(
            Appointment(
                client=self.client,
                starts_at=start,
                ends_at=start + datetime.timedelta(minutes=int(data["next_minutes"] or 45)),
                channel=data["next_channel"] or Channel.OFFICE,
                place=data["next_place"],
                interpreter=data["next_interpreter"] or InterpreterNeed.NONE,
            ),
            agreed=data["next_agreed"],
            holder=self.calendars.chosen(data.get("next_holder", "")),
        )

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
