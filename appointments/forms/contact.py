"""The log: one form for every kind of contact, in the order of the talk itself (look/README.md)."""

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar
from uuid import UUID

from crispy_forms.bootstrap import InlineRadios
from crispy_forms.layout import Field, LayoutObject
from crispy_forms.utils import TEMPLATE_PACK
from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.forms import ScopedForm, set_rows
from appointments.choices import (
    AppointmentState,
    Channel,
    Direction,
    InterpreterKind,
    InterpreterNeed,
    Result,
    SpokenWith,
)
from appointments.models import Appointment, Contact, FollowUp
from appointments.models.contact import LONGEST, NOTE_LENGTH
from appointments.rules.entry import (
    RESULTS,
    direction_of,
    fits,
    happened_too_late,
    has_duration,
    needs_topic,
    spoken_with_of,
    usual_result,
)
from appointments.services.contacts import GoalProgress, NextAppointment, Participant, place_in_time
from clients.models import Client, Relative, SpokenLanguage, Topic
from integration_plans.services.progress import GoalField
from ui.dates import date_de, time_de
from ui.forms import Section, prepare_field

MINUTES = (5, 10, 15, 30, 45, 60, 90)
USUAL_MINUTES = 30
OTHER = "other"
WEEKS = (1, 2, 4)
ON_A_DAY = "day"
NEXT_MINUTES = (30, 45, 60, 90)
NEXT_CHANNELS = (Channel.OFFICE, Channel.HOME_VISIT, Channel.PHONE, Channel.VIDEO, Channel.ACCOMPANIMENT)
LONGEST_LIST = 40
GERMAN_AND_ENGLISH = ("de", "en")


class ChannelSelect(forms.RadioSelect):
    """Chips of channels; each tells the page which result it usually has."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-usual"] = usual_result(str(value)).value
        return option


class ResultSelect(forms.RadioSelect):
    """Chips of results; each tells the page which channels it fits and whether it took time."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        option: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        option["attrs"]["data-fits"] = " ".join(channel for channel in RESULTS if fits(channel, str(value)))
        option["attrs"]["data-lasts"] = "yes" if has_duration(str(value)) else "no"
        return option


def _chips(label: Any, choices: Iterable[tuple[str, Any]], **kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=list(choices), widget=forms.RadioSelect, **kwargs)


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[Any, Any]]) -> None:
    """Offer exactly these choices, in this order; what is accepted stays with the field.

    Raises:
        TypeError: the field offers no choices.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} offers no choices")
    field.choices = list(choices)


def last_interpreter(client: Client) -> str:
    """Who interpreted the last talk with this client: most likely the same again."""
    last: Contact | None = (
        Contact.objects.unscoped(reason="talks with the client of a file the view let in")
        .with_client(client)
        .held_talks()
        .order_by("-happened_at")
        .first()
    )
    return last.interpreter if last else InterpreterKind.NONE


def own_language(client: Client) -> SpokenLanguage | None:
    """The language for talks with this client: the one asked for, else the first recorded."""
    if client.preferred_language is not None:
        return client.preferred_language
    first = client.client_languages.select_related("language").first()
    return first.language if first else None


class ContactForm(ScopedForm):
    """The facts of a contact.

    Args:
        client: the file it is logged in.
        now: the instant of the request.
        presets: initial values that differ from the usual talk in the office.
    """

    channel = forms.ChoiceField(label=gettext_lazy("How?"), choices=Channel.choices, widget=ChannelSelect)
    result = forms.ChoiceField(
        label=gettext_lazy("What came of it?"), choices=Result.choices, widget=ResultSelect
    )
    spoken_with = _chips(gettext_lazy("With whom?"), SpokenWith.choices[:-1], initial=SpokenWith.CLIENT)
    organisation = forms.CharField(
        label=gettext_lazy("Which organisation?"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example Jobcenter, school, landlord."),
    )
    minutes = _chips(
        gettext_lazy("How long? (minutes)"),
        [*((str(number), str(number)) for number in MINUTES), (OTHER, gettext_lazy("other"))],
        required=False,
        initial=str(USUAL_MINUTES),
    )
    minutes_other = forms.IntegerField(
        label=gettext_lazy("Other duration in minutes"), min_value=1, max_value=LONGEST, required=False
    )
    main_topic = forms.ModelChoiceField(
        label=gettext_lazy("Main topic"),
        queryset=Topic.objects.none(),
        widget=forms.RadioSelect,
        required=False,
        empty_label=None,
    )
    topics = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Further topics"),
        queryset=Topic.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    letters_read = forms.IntegerField(
        label=gettext_lazy("Letters read"), min_value=0, max_value=99, required=False
    )
    forms_filled = forms.IntegerField(
        label=gettext_lazy("Forms filled in"), min_value=0, max_value=99, required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=NOTE_LENGTH,
        required=False,
        widget=forms.Textarea,
        help_text=gettext_lazy("In this file only. Health belongs to the module Health."),
    )
    date = forms.DateField(label=gettext_lazy("Date"))
    time = forms.TimeField(
        label=gettext_lazy("Time"), required=False, help_text=gettext_lazy("Empty: some time that day.")
    )
    direction = _chips(gettext_lazy("Who got in touch?"), Direction.choices, required=False)
    language = forms.ModelChoiceField(
        label=gettext_lazy("Language"), queryset=SpokenLanguage.objects.none(), required=False
    )
    understood_ticked = forms.BooleanField(
        label=gettext_lazy("German and English are understood"), required=False
    )
    interpreter = _chips(gettext_lazy("Interpreter"), InterpreterKind.choices, required=False)

    # The heading of the section says it already; the field's own label is for ears.
    how: ClassVar[Sequence[Any]] = (
        InlineRadios("channel", wrapper_class="label-hidden"),
        "result",
        "spoken_with",
        "organisation",
    )
    duration: ClassVar[Sequence[Any]] = (
        InlineRadios("minutes", wrapper_class="label-hidden"),
        "minutes_other",
    )
    matter: ClassVar[Sequence[Any]] = (InlineRadios("main_topic", wrapper_class="label-hidden"),)
    words: ClassVar[Sequence[Any]] = (Field("note", wrapper_class="label-hidden"),)

    def __init__(
        self,
        *args: Any,
        client: Client,
        now: datetime.datetime,
        presets: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.client = client
        self.now = now
        self.today = timezone.localdate(now)
        kwargs["initial"] = {**self.usual(kwargs["user"]), **(presets or {}), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        # A retired row stays choosable where it was used.
        chosen = [pk for pk in (self.initial.get("main_topic"), *self.initial.get("topics", ())) if pk]
        topics = Topic.objects.valid_on(self.today) | Topic.objects.filter(pk__in=chosen)
        offered = [(topic.pk, str(topic)) for topic in topics]
        for name in ("main_topic", "topics"):
            set_rows(self, name, topics)
            set_choices(self, name, offered)
        spoken = [pk for pk in (self.initial.get("language"),) if pk]
        languages = SpokenLanguage.objects.valid_on(self.today) | SpokenLanguage.objects.filter(pk__in=spoken)
        set_rows(self, "language", languages)
        self.languages = list(languages)
        set_choices(self, "language", self.language_choices())

    def usual(self, user: Any) -> dict[str, Any]:
        """The routine talk: now, in the office, in the client's language."""
        language = own_language(self.client)
        return {
            "channel": Channel.OFFICE,
            "result": Result.TALK,
            "date": self.today,
            "time": timezone.localtime(self.now).time().replace(second=0, microsecond=0),
            "direction": Direction.OUT,
            "language": language.pk if language else None,
            "interpreter": last_interpreter(self.client),
        }

    def language_choices(self) -> list[tuple[Any, Any]]:
        """The client's languages first, then German and English, then all others."""
        own = [row.language_id for row in self.client.client_languages.all()]
        near = sorted(
            (row for row in self.languages if row.pk in own or row.code in GERMAN_AND_ENGLISH),
            key=lambda row: (row.pk not in own, own.index(row.pk) if row.pk in own else 0, row.code),
        )
        far = [row for row in self.languages if row not in near]
        return [
            ("", _("not recorded")),
            (_("Frequent"), [(row.pk, str(row)) for row in near]),
            (_("All languages"), [(row.pk, str(row)) for row in sorted(far, key=str)]),
        ]

    @property
    def company(self) -> int:
        """How many further participants are ticked."""
        return 0

    @property
    def preset_hint(self) -> str:
        """What the fold holds, so that nobody has to open it to know."""
        pk = str(self["language"].value() or "")
        language = next((row for row in self.languages if str(row.pk) == pk), None)
        day, clock = self["date"].value(), self["time"].value()
        if isinstance(day, datetime.date):
            day = _("today") if day == self.today else date_de(day)
        kind = self["interpreter"].value() or InterpreterKind.NONE
        label = dict(InterpreterKind.choices).get(kind, "") if kind != InterpreterKind.NONE else ""
        parts = [
            str(day or ""),
            time_de(clock) if isinstance(clock, datetime.time) else str(clock or ""),
            str(language) if language else "",
            _("interpreter: %(kind)s") % {"kind": label} if label else "",
            ngettext("with one further person", "with %(number)s further persons", self.company)
            % {"number": self.company}
            if self.company
            else "",
        ]
        return " · ".join(part for part in parts if part)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        channel, result = data.get("channel", ""), data.get("result", "")
        if channel and result and not fits(channel, result):
            fitting = " · ".join(str(Result(value).label) for value in RESULTS[channel])
            self.add_error(
                "result",
                _("This does not fit “%(channel)s”. Possible: %(results)s.")
                % {"channel": Channel(channel).label, "results": fitting},
            )
        if result and data.get("spoken_with"):
            data["direction"] = direction_of(result, data.get("direction") or Direction.OUT)
            data["spoken_with"] = spoken_with_of(result, data["spoken_with"])
            self.settle_topic(data, channel, result)
        if data.get("spoken_with") == SpokenWith.THIRD_PARTY and not data.get("organisation"):
            self.add_error("organisation", _("Please name the organisation."))
        self.settle_minutes(data, result)
        self.settle_moment(data)
        return data

    def settle_topic(self, data: dict[str, Any], channel: str, result: str) -> None:
        """One topic ticked among the further ones is the main one."""
        further = list(data.get("topics") or ())
        if data.get("main_topic") is None and further:
            data["main_topic"] = further[0]
        if data.get("main_topic") is None and needs_topic(channel, data["spoken_with"], result):
            self.add_error("main_topic", _("Please choose the main topic."))

    def settle_minutes(self, data: dict[str, Any], result: str) -> None:
        """Chips, or a number of one's own."""
        chosen = data.get("minutes") or ""
        if data.get("minutes_other"):
            chosen = OTHER
        if not result or not has_duration(result):
            data["minutes"] = None
        elif chosen == OTHER:
            if data.get("minutes_other") is None and "minutes_other" not in self.errors:
                self.add_error("minutes_other", _("Please enter the minutes."))
            data["minutes"] = data.get("minutes_other")
        else:
            data["minutes"] = int(chosen) if chosen else None

    def settle_moment(self, data: dict[str, Any]) -> None:
        """Nothing that is still to come can be logged; a minute of difference is forgiven."""
        day, clock = data.get("date"), data.get("time")
        if day is None or "time" in self.errors:
            return
        if day > self.today:
            self.add_error("date", _("Please enter a date up to today."))
        elif day == self.today and clock is not None:
            moment = timezone.make_aware(datetime.datetime.combine(day, clock))
            slack = self.now + datetime.timedelta(minutes=10)
            if happened_too_late(moment, slack):
                self.add_error("time", _("This time is still to come."))
            elif moment > self.now:
                data["time"] = timezone.localtime(self.now).time()

    def fill(self, contact: Contact) -> Contact:
        """Write the validated facts into a contact, unsaved."""
        data = self.cleaned_data
        for name in (
            "channel",
            "result",
            "spoken_with",
            "direction",
            "minutes",
            "main_topic",
            "language",
            "understood_ticked",
            "organisation",
        ):
            setattr(contact, name, data[name])
        contact.interpreter = data["interpreter"] or InterpreterKind.NONE
        contact.letters_read = data["letters_read"] or 0
        contact.forms_filled = data["forms_filled"] or 0
        if contact.spoken_with != SpokenWith.THIRD_PARTY:
            contact.organisation = ""
        place_in_time(contact, data["date"], data["time"], self.now)
        return contact

    def contact(self) -> Contact:
        """The validated, unsaved contact with its one-time token."""
        return self.fill(Contact(client=self.client, form_token=self.cleaned_data["form_token"]))

    def further_topics(self) -> list[Topic]:
        """Topics besides the main one."""
        return list(self.cleaned_data["topics"])


class Fragment(LayoutObject):
    """A template of its own among the fields of a form."""

    def __init__(self, template: str) -> None:
        self.template = template

    def render(
        self, form: Any, context: Any, template_pack: str = TEMPLATE_PACK, **kwargs: Any
    ) -> SafeString:
        """The template with the page's context and the form; its fields count as rendered."""
        form.rendered_fields.add("people")
        return render_to_string(self.template, {**context.flatten(), "form": form})


class PeopleMixin(ContactForm):
    """Further participants: the household as chips, others of one's own caseload by search.

    A value is ``c:<uuid>`` for a client and ``r:<uuid>`` for a relative named in a file.
    """

    def __init__(
        self,
        *args: Any,
        household: Sequence[Client | Relative] = (),
        found: Sequence[Client] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"] = forms.MultipleChoiceField(
            label=_("Also present"), required=False, widget=forms.CheckboxSelectMultiple
        )
        rows: dict[str, Client | Relative] = {person_key(person): person for person in (*household, *found)}
        self.chosen = self.people_chosen(rows)
        rows.update(self.chosen)
        set_choices(self, "people", [(key, person.display_name) for key, person in rows.items()])

    @property
    def company(self) -> int:
        return len(self.chosen)

    def people_chosen(self, offered: Mapping[str, Client | Relative]) -> dict[str, Client | Relative]:
        """Everybody ticked who is in the user's own caseload; strangers are not among the choices."""
        if self.is_bound:
            keys = self.data.getlist(self.add_prefix("people")) if hasattr(self.data, "getlist") else []
        else:
            keys = list(self.initial.get("people", ()))
        wanted = [key for key in keys[:LONGEST_LIST] if key not in offered]
        clients = Client.objects.editable_by(self.user).filter(uuid__in=_uuids(wanted, "c:"))
        relatives = Relative.objects.editable_by(self.user).filter(uuid__in=_uuids(wanted, "r:"))
        found: dict[str, Client | Relative] = {
            person_key(person): person for person in (*clients, *relatives)
        }
        found.update({key: offered[key] for key in keys if key in offered})
        return {key: found[key] for key in keys if key in found}

    def participants(self) -> list[Participant]:
        """Everybody ticked, as the service takes them."""
        return [
            Participant(person.client, person) if isinstance(person, Relative) else Participant(person)
            for person in (self.chosen[key] for key in self.cleaned_data["people"])
        ]


def person_key(person: Client | Relative) -> str:
    """The value of a person among the participants."""
    return f"{'r' if isinstance(person, Relative) else 'c'}:{person.uuid}"


def _uuids(keys: Iterable[str], prefix: str) -> list[UUID]:
    found = []
    for key in keys:
        if key.startswith(prefix):
            try:
                found.append(UUID(key.removeprefix(prefix)))
            except ValueError:
                continue
    return found


class LogForm(PeopleMixin):
    """Log a contact and, in the same breath, what comes next.

    Args:
        goals: goals of the plan in force whose progress may be noted.
        appointment: the appointment this contact is the outcome of.
        holders: in whose calendar the next appointment may go; asked only when there are several.
    """

    follow_up_in = _chips(
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
    next_minutes = _chips(
        gettext_lazy("Planned minutes"),
        [(str(number), str(number)) for number in NEXT_MINUTES],
        required=False,
        initial="45",
    )
    next_channel = _chips(
        gettext_lazy("How will you meet?"),
        [(channel.value, channel.label) for channel in NEXT_CHANNELS],
        required=False,
        initial=Channel.OFFICE,
    )
    next_place = forms.CharField(label=gettext_lazy("Place"), max_length=120, required=False)
    next_interpreter = _chips(
        gettext_lazy("Interpreter for the appointment"), InterpreterNeed.choices, required=False
    )
    next_agreed = forms.BooleanField(
        label=gettext_lazy("Agreed with the client"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Leave empty for a date that only our letter sets."),
    )

    def __init__(
        self,
        *args: Any,
        goals: Sequence[GoalField] = (),
        appointment: Appointment | None = None,
        holders: Sequence[Any] = (),
        **kwargs: Any,
    ) -> None:
        self.goals = goals
        self.appointment = appointment
        super().__init__(*args, **kwargs)
        self.holders = {str(holder.pk): holder for holder in holders}
        if len(self.holders) > 1:
            self.fields["next_holder"] = forms.ChoiceField(
                label=_("In whose calendar?"),
                choices=[(key, str(holder)) for key, holder in self.holders.items()],
                widget=forms.RadioSelect,
                required=False,
                initial=next(iter(self.holders)),
            )
        if goals:
            self.add_goals(goals)
        self.arrangement = self.arrange_all()

    def usual(self, user: Any) -> dict[str, Any]:
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
            widget=forms.HiddenInput, required=False, initial=json.dumps(were), max_length=20_000
        )

    def goal_names(self) -> list[Any]:
        """The fields of all goals in the order of the agreement."""
        names: list[Any] = []
        for goal in self.goals:
            names += [f"goal_{goal.uuid}", *(f"measure_{measure.uuid}" for measure in goal.measures)]
            names.append(f"remark_{goal.uuid}")
        return names

    def arrange_all(self) -> Sequence[Any]:
        goals = len(self.goals)
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
                hint=pgettext("appointment", "none yet"),
            ),
            Section(
                _("Goals of the agreement"),
                self.goal_names(),
                fold=True,
                hint=ngettext("%(number)s goal", "%(number)s goals", goals) % {"number": goals},
            ),
        )

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
            holder=self.holders.get(data.get("next_holder", "")) or next(iter(self.holders.values()), None),
        )

    def goal_progress(self) -> GoalProgress:
        """What changed since the form was opened; what others noted meanwhile is left alone."""
        data = self.cleaned_data
        try:
            were = json.loads(data.get("goals_were") or "{}")
        except ValueError:
            were = {}
        if not isinstance(were, dict):
            were = {}
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


class CorrectForm(PeopleMixin):
    """Correct what was logged; the former version is kept.

    Args:
        contact: the stored contact.
    """

    move_to = forms.CharField(
        label=gettext_lazy("Belongs to another file: its case number"),
        max_length=20,
        required=False,
        help_text=gettext_lazy("Only files of your own caseload."),
    )
    reason = forms.CharField(
        label=gettext_lazy("What is corrected and why?"),
        max_length=200,
        required=False,
        help_text=gettext_lazy("Kept with the former version."),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        self.stored = contact
        kwargs["presets"] = {**facts_of(contact), **(kwargs.get("presets") or {}), "version": contact.version}
        super().__init__(*args, **kwargs)
        self.arrangement = (
            Section(_("How?"), self.how),
            Section(_("How long?"), self.duration),
            Section(_("What was it about?"), (*self.matter, "topics", ("letters_read", "forms_filled"))),
            Section(_("Note"), self.words),
            Section(
                _("When, language, present"),
                (
                    ("date", "time"),
                    "language",
                    "interpreter",
                    "understood_ticked",
                    "direction",
                    Fragment("appointments/_people.html"),
                ),
            ),
            Section(_("Correction"), ("reason", "move_to")),
        )

    def clean_move_to(self) -> Client | None:
        typed = self.cleaned_data["move_to"].strip().upper()
        if not typed or typed == self.client.case_no:
            return None
        other: Client | None = Client.objects.editable_by(self.user).filter(case_no=typed).first()
        if other is None:
            raise ValidationError(_("There is no open file with this case number in your caseload."))
        return other

    @property
    def expected_version(self) -> int:
        """The version the form was opened with."""
        return int(self.cleaned_data["version"])

    def add_stale(self, stale: Any) -> None:
        """Somebody else corrected it meanwhile; what was typed stays."""
        self.add_error(
            None,
            _(
                "Somebody else has corrected this contact in the meantime. Your entries are still here. "
                "Please compare; saving again keeps yours."
            ),
        )

    def corrected(self) -> Contact:
        """The stored contact with the new facts, unsaved."""
        contact = self.fill(self.stored)
        if self.cleaned_data["move_to"] is not None:
            contact.client = self.cleaned_data["move_to"]
        return contact


class DropInForm(ContactForm):
    """Leave a contact in a colleague's file; the file itself stays closed to the author."""

    urgent = forms.BooleanField(label=gettext_lazy("Urgent"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["note"].help_text = _("The responsible manager reads it.")
        self.arrangement = (
            Section(_("How?"), self.how),
            Section(_("How long?"), self.duration),
            Section(_("What was it about?"), self.matter),
            Section(_("Note"), (*self.words, "urgent")),
            Section(
                _("More details"),
                (("date", "time"), "language", "interpreter", "understood_ticked", "direction", "topics"),
                fold=True,
                hint=self.preset_hint,
            ),
        )

    def usual(self, user: Any) -> dict[str, Any]:
        """Nothing of the colleague's file is shown, not even the language."""
        return {**super().usual(user), "language": None, "interpreter": InterpreterKind.NONE}

    def language_choices(self) -> list[tuple[Any, Any]]:
        languages = sorted(self.languages, key=str)
        return [("", _("not recorded")), *((row.pk, str(row)) for row in languages)]

    def fill(self, contact: Contact) -> Contact:
        contact.urgent = self.cleaned_data["urgent"]
        return super().fill(contact)


class DropInCorrectForm(DropInForm):
    """The author's own changes until the responsible manager has accepted it."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, contact: Contact, **kwargs: Any) -> None:
        self.stored = contact
        kwargs["presets"] = {
            **facts_of(contact),
            **(kwargs.get("presets") or {}),
            "urgent": contact.urgent,
            "version": contact.version,
        }
        super().__init__(*args, **kwargs)

    @property
    def expected_version(self) -> int:
        """The version the form was opened with."""
        return int(self.cleaned_data["version"])

    def add_stale(self, stale: Any) -> None:
        """It was accepted or corrected meanwhile."""
        self.add_error(None, _("This contact has been accepted or corrected in the meantime."))


def facts_of(contact: Contact) -> dict[str, Any]:
    """A stored contact as initial values."""
    start = timezone.localtime(contact.happened_at)
    minutes = str(contact.minutes) if contact.minutes in MINUTES else ""
    spoken_with = SpokenWith.CLIENT if contact.spoken_with == SpokenWith.NOBODY else contact.spoken_with
    return {
        "channel": contact.channel,
        "result": contact.result,
        "spoken_with": spoken_with,
        "organisation": contact.organisation,
        "minutes": OTHER if contact.minutes and not minutes else minutes,
        "minutes_other": None if minutes else contact.minutes,
        "main_topic": contact.main_topic_id,
        "topics": [topic.pk for topic in contact.topics.all()],
        "letters_read": contact.letters_read or None,
        "forms_filled": contact.forms_filled or None,
        "date": contact.happened_on,
        "time": start.time().replace(second=0, microsecond=0) if contact.has_time else None,
        "direction": contact.direction,
        "language": contact.language_id,
        "understood_ticked": contact.understood_ticked,
        "interpreter": contact.interpreter,
    }
