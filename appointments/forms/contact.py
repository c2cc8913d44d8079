"""The facts of a contact: one form for every kind, in the order of the talk itself."""

import datetime
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cache, partial
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.catalogues import valid_among
from accounts.file_loader import Table
from accounts.models import User
from appointments.choices import Channel, Direction, InterpreterKind, Result, SpokenWith
from appointments.file_rows import CONTACT_FORM_TABLES
from appointments.forms.basis import BasisMixin
from appointments.forms.choosing import ChannelSelect, ResultSelect, chips
from appointments.habits import habits_of, in_sight
from appointments.models import Contact
from appointments.models.contact import LONGEST, MOST_ATTENDEES, NOTE_LENGTH
from appointments.rules.entry import (
    RESULTS,
    direction_of,
    fits,
    happened_too_late,
    has_duration,
    needs_topic,
    spoken_with_of,
    usual_minutes,
)
from appointments.services.contacts import place_in_time
from appointments.wording import read_and_filled
from clients.file_rows import Rows, rows_of
from clients.models import Client, ClientLanguage, SpokenLanguage, Topic
from ui.dates import date_de, time_de
from ui.fields import Arranged, Unlabelled
from ui.forms import LoadedField, LoadedRowsField, offer_loaded

if TYPE_CHECKING:
    pass

MINUTES = (5, 10, 15, 30, 45, 60, 90)
OTHER = "other"
MINUTES_IN_SIGHT = frozenset(str(number) for number in MINUTES[:6])
GERMAN_AND_ENGLISH = ("de", "en")
CHOICES = {"result": Result.choices, "spoken_with": SpokenWith.choices}


def own_language(client: Client) -> SpokenLanguage | None:
    """The language for talks with this client: the one asked for, else the first recorded."""
    if client.preferred_language is not None:
        return client.preferred_language
    spoken = rows_of(client, CONTACT_FORM_TABLES)[ClientLanguage]
    return spoken[0].language if spoken else None


def show_first(form: forms.BaseForm, name: str, used: Callable[[], Counter[str]]) -> None:
    """Let a field show the five chips most used; the others stand behind "more"."""
    widget: Any = form.fields[name].widget
    widget.in_sight = lambda: in_sight([str(value) for value, _label in widget.choices], used())


class ContactForm(BasisMixin):
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
    spoken_with = chips(gettext_lazy("With whom?"), SpokenWith.choices[:-1], initial=SpokenWith.CLIENT)
    organisation = forms.CharField(
        label=gettext_lazy("Which organisation?"),
        max_length=120,
        required=False,
        help_text=gettext_lazy("For example Jobcenter, school, landlord."),
    )
    attendees = forms.IntegerField(
        label=gettext_lazy("How many took part?"),
        min_value=1,
        max_value=MOST_ATTENDEES,
        required=False,
        help_text=gettext_lazy("All together. Or name those of your own caseload under “Also present”."),
        error_messages={"min_value": gettext_lazy("A group event has at least one attendee.")},
    )
    minutes = chips(
        gettext_lazy("How long? (minutes)"),
        [*((str(number), str(number)) for number in MINUTES), (OTHER, gettext_lazy("other"))],
        required=False,
    )
    minutes_other = forms.IntegerField(
        label=gettext_lazy("Other duration in minutes"), min_value=1, max_value=LONGEST, required=False
    )
    main_topic = LoadedField(
        label=gettext_lazy("Main topic"),
        widget=forms.RadioSelect,
        required=False,
    )
    topics = LoadedRowsField(
        label=gettext_lazy("Further topics"),
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
        widget=forms.Textarea(attrs={"rows": "3"}),
        help_text=gettext_lazy("In this file only. Health belongs to the module Health."),
    )
    date = forms.DateField(label=gettext_lazy("Date"))
    time = forms.TimeField(
        label=gettext_lazy("Time"), required=False, help_text=gettext_lazy("Empty: some time that day.")
    )
    direction = chips(gettext_lazy("Who got in touch?"), Direction.choices, required=False)
    language = LoadedField(label=gettext_lazy("Language"), required=False)
    understood_ticked = forms.BooleanField(
        label=gettext_lazy("German and English are understood"), required=False
    )
    interpreter = chips(gettext_lazy("Interpreter"), InterpreterKind.choices, required=False)

    # The heading of the section says it already; the field's own label is for ears.
    how: ClassVar[Sequence[Arranged]] = (
        Unlabelled("channel"),
        "attendees",
        "organisation",
        "basis",
        "basis_on",
    )
    duration: ClassVar[Sequence[Arranged]] = (
        Unlabelled("minutes"),
        "minutes_other",
    )
    matter: ClassVar[Sequence[Arranged]] = (Unlabelled("main_topic"),)
    words: ClassVar[Sequence[Arranged]] = (Unlabelled("note"),)

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
        # Asked for when the form is shown.
        self.habits = cache(partial(habits_of, kwargs["user"], client, now))
        initial = {**self.usual(kwargs["user"]), **(presets or {}), **kwargs.get("initial", {})}
        kwargs["initial"] = {"minutes": str(usual_minutes(initial["channel"])), **initial}
        super().__init__(*args, **kwargs)
        # A retired row stays choosable where it was used.
        chosen = [pk for pk in (self.initial.get("main_topic"), *self.initial.get("topics", ())) if pk]
        for name in ("main_topic", "topics"):
            offer_loaded(self, name, self.offered(Topic, chosen))
        minutes: Any = self.fields["minutes"].widget
        minutes.in_sight = lambda: MINUTES_IN_SIGHT
        show_first(self, "channel", lambda: self.habits().channels)
        show_first(self, "main_topic", lambda: self.habits().topics)
        self.languages = self.offered(SpokenLanguage, [self.initial.get("language")])
        offer_loaded(self, "language", self.languages, self.language_choices())

    @property
    def rows(self) -> Rows:
        """What the form reads, in one statement."""
        return rows_of(self.client, CONTACT_FORM_TABLES)

    def offered(self, table: Table, chosen: Collection[object]) -> list[Any]:
        """The rows of a value list valid today, and those already chosen."""
        rows = self.rows[table]
        valid = {row.pk for row in valid_among(rows, self.today)}
        return [row for row in rows if row.pk in valid or row.pk in chosen]

    def usual(self, user: User) -> dict[str, Any]:
        """The routine talk: now, in the office, in the client's language."""
        language = own_language(self.client)
        return {
            "channel": Channel.OFFICE,
            "result": Result.TALK,
            "date": self.today,
            "time": timezone.localtime(self.now).time().replace(second=0, microsecond=0),
            "direction": Direction.OUT,
            "language": language.pk if language else None,
            "interpreter": lambda: self.habits().interpreter,
        }

    def language_choices(self) -> list[tuple[object, object]]:
        """The client's languages first, then German and English, then all others."""
        own = [row.language_id for row in self.rows[ClientLanguage]]
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

    def held(self, name: str) -> Any:  # what its field makes of it
        """What a field holds now, preset or typed, as a value; None when it is empty or makes no sense."""
        try:
            return self.fields[name].to_python(self[name].value())
        except ValidationError:
            return None

    @property
    def preset_hint(self) -> str:
        """What the fold holds, so that nobody has to open it to know."""
        pk = str(self["language"].value() or "")
        language = next((row for row in self.languages if str(row.pk) == pk), None)
        day, clock = self.held("date"), self.held("time")
        kind = self["interpreter"].value() or InterpreterKind.NONE
        label = dict(InterpreterKind.choices).get(kind, "") if kind != InterpreterKind.NONE else ""
        parts = [
            *(dict(CHOICES[name]).get(self[name].value(), "") for name in CHOICES if name in self.fields),
            (_("today") if day == self.today else date_de(day)) if day else "",
            time_de(clock),
            str(language) if language else "",
            _("interpreter: %(kind)s") % {"kind": label} if label else "",
            Direction.IN.label if self.is_inbound else "",
            ngettext("with one further person", "with %(number)s further persons", self.company)
            % {"number": self.company}
            if self.company
            else "",
            *read_and_filled(self.held("letters_read"), self.held("forms_filled")),
        ]
        return " · ".join(str(part) for part in parts if part)

    @property
    def is_inbound(self) -> bool:
        return "direction" in self.fields and self["direction"].value() == Direction.IN

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
        self.settle_basis(data)
        self.settle_attendees(data, channel)
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

    def settle_attendees(self, data: dict[str, Any], channel: str) -> None:
        """A group event has named attendees, or a number that has room for them."""
        if channel != Channel.GROUP:
            data["attendees"] = None
        elif "attendees" in self.errors:
            return
        elif data.get("attendees") is None and not self.company:
            self.add_error("attendees", _("Please enter how many took part, or name them."))
        elif data.get("attendees") is not None and data["attendees"] <= self.company:
            named = self.company + 1
            self.add_error("attendees", _("%(number)s persons are named already.") % {"number": named})

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
            "attendees",
        ):
            setattr(contact, name, data[name])
        contact.interpreter = data["interpreter"] or InterpreterKind.NONE
        contact.letters_read = data["letters_read"] or 0
        contact.forms_filled = data["forms_filled"] or 0
        self.fill_basis(contact)
        if contact.spoken_with != SpokenWith.THIRD_PARTY:
            contact.organisation = ""
        place_in_time(contact, data["date"], data["time"])
        return contact

    def contact(self) -> Contact:
        """The validated, unsaved contact with its one-time token."""
        return self.fill(Contact(client=self.client, **self.once()))

    def further_topics(self) -> list[Topic]:
        """Topics besides the main one."""
        return list(self.cleaned_data["topics"])


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
        "basis": contact.basis,
        "basis_on": contact.basis_on,
        "attendees": contact.attendees,
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
