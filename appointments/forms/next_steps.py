"""What comes after a talk, said in the same breath: a follow-up, the next appointment."""

import datetime
from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from accounts.models import User
from appointments.choices import AppointmentState, Channel, InterpreterNeed, Result
from appointments.file_rows import CONTACT_FORM_TABLES
from appointments.forms.appointment import Calendars, agreed_field
from appointments.forms.contact import ContactForm, chips
from appointments.models import Appointment, FollowUp
from appointments.rules.contact import CLIENT_SIDE
from appointments.services.contacts import NextAppointment
from clients.file_rows import rows_of
from clients.models import Client
from ui.dates import date_de, time_de
from ui.fields import Arranged, Fragment, Section

WEEKS = (1, 2, 4)
ON_A_DAY = "day"
DEADLINE = "deadline"
NEXT_MINUTES = (30, 45, 60, 90)
USUAL_MINUTES = 45
NEXT_CHANNELS = (Channel.OFFICE, Channel.HOME_VISIT, Channel.PHONE, Channel.VIDEO, Channel.ACCOMPANIMENT)


def appointments_of_today(client: Client, now: datetime.datetime) -> dict[str, Appointment]:
    """The planned appointments of a file that have begun today, by key; a talk of today is likely their outcome."""
    rows = rows_of(client, CONTACT_FORM_TABLES)[Appointment]
    begun = [row for row in rows if row.state == AppointmentState.PLANNED and row.starts_at <= now]
    today = timezone.localdate(now)
    return {str(row.uuid): row for row in begun if timezone.localdate(row.starts_at) == today}


class NextWanted(forms.Form):
    """Day, length and calendar of the next appointment as a form of `NextStepsMixin` holds them, to look only."""

    next_on = forms.DateField(required=False)
    next_minutes = forms.TypedChoiceField(
        choices=[(number, number) for number in NEXT_MINUTES], coerce=int, required=False
    )
    next_holder = forms.CharField(required=False)

    def wanted(self, today: datetime.date) -> tuple[datetime.date, datetime.timedelta, str]:
        """What was typed so far; nonsense counts as nothing, and no day as today."""
        self.is_valid()
        data = self.cleaned_data
        day = max(data.get("next_on") or today, today)
        length = datetime.timedelta(minutes=data.get("next_minutes") or USUAL_MINUTES)
        return day, length, data.get("next_holder", "")


class FollowUpMixin(ContactForm):
    """A contact that can leave something to be done by a day."""

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
            (DEADLINE, gettext_lazy("deadline")),
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
    follow_up_fields: ClassVar[Sequence[Arranged]] = (
        "follow_up_in",
        "follow_up_on",
        "follow_up_text",
        "follow_up_hard",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.settle_follow_up(data)
        return data

    def settle_follow_up(self, data: dict[str, Any]) -> None:
        """A day without words takes the topic; words without a day need one."""
        chosen, day = data.get("follow_up_in") or "", data.get("follow_up_on")
        if chosen == DEADLINE:
            data["follow_up_hard"] = True
        if chosen not in ("", ON_A_DAY, DEADLINE):
            data["follow_up_on"] = self.today + datetime.timedelta(weeks=int(chosen))
        elif day is None and (chosen or data.get("follow_up_text") or data.get("follow_up_hard")):
            if "follow_up_on" not in self.errors:
                self.add_error("follow_up_on", _("By when? Please enter the day."))
        elif day is not None and day < self.today:
            self.add_error("follow_up_on", _("This day is already over."))

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


class NextStepsMixin(FollowUpMixin):
    """A contact that settles an appointment of today, and after which the next one can be made.

    Args:
        holders: in whose calendar the next appointment may go; asked only when there are several.

    Attributes:
        appointment: the appointment it is known to be the outcome of; otherwise one of today is offered.
    """

    appointment: Appointment | None = None

    next_on = forms.DateField(label=gettext_lazy("Next appointment on"), required=False)
    next_at = forms.TimeField(label=gettext_lazy("at"), required=False)
    next_minutes = chips(
        gettext_lazy("Planned minutes"),
        [(str(number), str(number)) for number in NEXT_MINUTES],
        required=False,
        initial=str(USUAL_MINUTES),
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

    def __init__(self, *args: Any, holders: Sequence[User] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.calendars = Calendars(holders)
        self.calendars.add_field(self, "next_holder", required=False)
        self.of_today = {} if self.appointment else appointments_of_today(self.client, self.now)
        if self.of_today:
            times = {key: time_de(row.starts_at) for key, row in self.of_today.items()}
            self.fields["settles"] = chips(
                _("Appointment of today"),
                [
                    *((key, _("the one at %(time)s") % {"time": time}) for key, time in times.items()),
                    ("", pgettext("appointment of today", "none")),
                ],
                required=False,
                initial=next(iter(times)),
            )

    def settled(self) -> Appointment | None:
        """The appointment this contact is the outcome of; one of today only for a talk of today."""
        data = self.cleaned_data
        chosen = self.of_today.get(data.get("settles") or "")
        if chosen is not None and chosen.channel != data["channel"]:
            # A call about an appointment is not the appointment.
            chosen = None
        was_held = data["result"] == Result.TALK and data["spoken_with"] in CLIENT_SIDE
        # An attempt settles nothing, and neither does a group, where the person is one of many.
        is_it = was_held and data["channel"] != Channel.GROUP and data["date"] == self.today
        return chosen if chosen and is_it else self.appointment

    @property
    def preset_hint(self) -> str:
        chosen = self.of_today.get(str(self["settles"].value() or "")) if self.of_today else None
        if chosen is not None and "channel" in self.fields and chosen.channel != self["channel"].value():
            chosen = None
        said = _("appointment at %(time)s") % {"time": time_de(chosen.starts_at)} if chosen else ""
        return " · ".join(part for part in (super().preset_hint, said) if part)

    def usual(self, user: User) -> dict[str, Any]:
        need = InterpreterNeed.NEEDED if self.client.interpreter_needed else InterpreterNeed.NONE
        return {**super().usual(user), "next_interpreter": need}

    def next_section(self) -> Section:
        """The next appointment, folded."""
        return Section(
            _("Next appointment"),
            (
                ("next_on", "next_at"),
                "next_minutes",
                Fragment("appointments/_next_times.html"),
                "next_channel",
                "next_place",
                "next_interpreter",
                "next_agreed",
                "next_holder",
            ),
            fold=True,
            hint=self.next_hint,
        )

    @property
    def next_asks(self) -> str:
        """Selector of the fields that `NextWanted` reads."""
        return ", ".join(f'[name="{self.add_prefix(name)}"]' for name in NextWanted.base_fields)

    @property
    def next_hint(self) -> str:
        """The next appointment as entered so far."""
        day, clock = self.held("next_on"), self.held("next_at")
        if day is None:
            return pgettext("appointment", "none yet")
        return f"{date_de(day)}, {time_de(clock)}" if clock else date_de(day)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        self.settle_next(data)
        return data

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
                ends_at=start + datetime.timedelta(minutes=int(data["next_minutes"] or USUAL_MINUTES)),
                channel=data["next_channel"] or Channel.OFFICE,
                place=data["next_place"],
                interpreter=data["next_interpreter"] or InterpreterNeed.NONE,
            ),
            agreed=data["next_agreed"],
            holder=self.calendars.chosen(data.get("next_holder", "")),
        )
