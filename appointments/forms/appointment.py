"""Planning, moving and changing appointments."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms import ScopedForm
from accounts.models import User
from accounts.records import StaleRecord
from appointments.choices import Channel, InterpreterNeed
from appointments.models import Appointment, Place
from appointments.rules.slots import Span, at
from appointments.services.appointments import Busy
from clients.models import Client
from ui.dates import datetime_de, time_de
from ui.fields import Fragment, Section
from ui.forms import LoadedField, VersionMixin, offer_loaded

CHANNELS = (
    Channel.OFFICE,
    Channel.HOME_VISIT,
    Channel.PHONE,
    Channel.VIDEO,
    Channel.ACCOMPANIMENT,
    Channel.OPEN_HOUR,
)
LONGEST_PLACE = 120
IN_A_ROOM = frozenset({Channel.OFFICE, Channel.ACCOMPANIMENT, Channel.OPEN_HOUR})
USUAL_LENGTH = datetime.timedelta(minutes=45)
WHEN = Fragment("appointments/_when.html", ("date", "begins", "ends"))


def agreed_field() -> forms.BooleanField:
    """Whether the client agreed to a date, or only our letter sets it."""
    return forms.BooleanField(
        label=gettext_lazy("Agreed with the client"),
        required=False,
        initial=True,
        help_text=gettext_lazy("Leave empty for a date that only our letter sets."),
    )


class Calendars:
    """In whose calendar an appointment may go; asked only when there are several.

    Args:
        holders: the managers, whose it is first.
    """

    def __init__(self, holders: Sequence[User]) -> None:
        self.holders = {str(holder.pk): holder for holder in holders}

    def add_field(self, form: forms.BaseForm, name: str, *, required: bool = True) -> None:
        """Ask in a form."""
        if len(self.holders) > 1:
            form.fields[name] = forms.ChoiceField(
                label=_("In whose calendar?"),
                choices=[(key, str(holder)) for key, holder in self.holders.items()],
                widget=forms.RadioSelect,
                required=required,
                initial=next(iter(self.holders)),
            )

    def chosen(self, key: str) -> User | None:
        """The holder of the calendar; None leaves it to the service."""
        return self.holders.get(key) or next(iter(self.holders.values()), None)


class WhenMixin(ScopedForm):
    """Day, begin and end of an appointment.

    Args:
        client: the file.
        now: the instant of the request.
        holders: in whose calendar it may go; asked only when there are several.
    """

    date = forms.DateField(label=gettext_lazy("Date"))
    begins = forms.TimeField(label=pgettext_lazy("time", "from"))
    ends = forms.TimeField(label=pgettext_lazy("time", "to"))
    agreed = agreed_field()

    def __init__(
        self,
        *args: Any,
        client: Client,
        now: datetime.datetime,
        holders: Sequence[User] = (),
        presets: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.client = client
        self.now = now
        kwargs["initial"] = {**(presets or {}), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.calendars = Calendars(holders)
        self.calendars.add_field(self, "holder")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        day, begins, ends = data.get("date"), data.get("begins"), data.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The end must come after the beginning."))
        elif day and begins and ends:
            data["starts_at"] = timezone.make_aware(datetime.datetime.combine(day, begins))
            data["ends_at"] = timezone.make_aware(datetime.datetime.combine(day, ends))
            if data["starts_at"] < self.now:
                self.add_error(
                    "date" if day < timezone.localdate(self.now) else "begins",
                    _("This time is over. A talk that took place is logged with “Log consultation”."),
                )
        return data

    def holder(self) -> User | None:
        """In whose calendar it goes; None leaves it to the service."""
        return self.calendars.chosen(self.cleaned_data.get("holder", ""))

    def so_far(self, name: str) -> Any:
        """An entry as it stands, also before the form is sent; None when there is none or it cannot be read."""
        if name not in self.fields:
            return None
        try:
            return self.fields[name].clean(self[name].value())
        except ValidationError:
            return None

    def wanted(self) -> tuple[datetime.date | None, Span | None, datetime.timedelta]:
        """The day, the time if it is whole, and how long it takes, as they stand."""
        day, begins, ends = (self.so_far(name) for name in ("date", "begins", "ends"))
        if begins is None or ends is None or begins >= ends:
            return day, None, USUAL_LENGTH
        first = day or timezone.localdate(self.now)
        span = at(first, begins), at(first, ends)
        return day, span if day else None, span[1] - span[0]

    def add_busy(self, text: str) -> None:
        """Say at the beginning that the calendar is not free then."""
        self.add_error("begins", text)


def busy_text(busy: Busy, *, visible: bool) -> str:
    """Which appointment is in the way, and from when on it would fit that day.

    Args:
        busy: what the service found in the calendar.
        visible: the user may see the file of the appointment in the way.
    """
    other = busy.other
    span = {"begin": datetime_de(other.starts_at), "end": time_de(other.ends_at)}
    if visible and isinstance(other, Appointment):
        taken = _("There is an appointment already, %(begin)s to %(end)s (%(case_no)s).") % {
            **span,
            "case_no": other.client.case_no,
        }
    else:
        taken = _("There is an appointment already, %(begin)s to %(end)s.") % span
    if busy.free_at is None:
        return taken
    free = _("Free that day from %(time)s.") % {"time": time_de(busy.free_at)}
    return f"{taken} {free}"


def closed_calendar_text(busy: Busy) -> str:
    """Say that the manager is not free then, and nothing more about her calendar."""
    return _("The calendar of %(name)s is not free at this time.") % {"name": busy.other.manager}


class DetailsMixin(ScopedForm):
    """Place, channel, matter and interpreter of an appointment.

    Args:
        rooms: the places of the service that are offered.
    """

    channel = forms.ChoiceField(
        label=gettext_lazy("How will you meet?"),
        choices=[(channel.value, channel.label) for channel in CHANNELS],
        widget=forms.RadioSelect,
        initial=Channel.OFFICE,
    )
    room = LoadedField(label=gettext_lazy("Place"), required=False, widget=forms.RadioSelect)
    place = forms.CharField(
        label=gettext_lazy("Room, or another place"), max_length=LONGEST_PLACE, required=False
    )
    matter = forms.CharField(label=gettext_lazy("What is it about?"), max_length=200, required=False)
    interpreter = forms.ChoiceField(
        label=gettext_lazy("Interpreter"), choices=InterpreterNeed.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, rooms: Sequence[Place] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if rooms:
            elsewhere = ("", _("elsewhere"))
            offer_loaded(self, "room", rooms, [*((str(room.pk), str(room)) for room in rooms), elsewhere])
        else:
            del self.fields["room"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        beside = LONGEST_PLACE - len(str(data.get("room") or "")) - 2
        if len(data.get("place") or "") > beside:
            self.add_error("place", _("At most %(number)d characters fit here.") % {"number": beside})
        return data

    def details(self) -> dict[str, Any]:
        """The details as an appointment keeps them: nobody is visited or called in a room of the service."""
        data = self.cleaned_data
        room = data.get("room") if data["channel"] in IN_A_ROOM else None
        return {
            "channel": data["channel"],
            "room": room,
            "place": ", ".join(filter(None, [str(room) if room else "", data["place"]])),
            "matter": data["matter"],
            "interpreter": data["interpreter"],
        }


def place_beside(appointment: Appointment) -> str:
    """What was written beside the place of the service."""
    if appointment.room is None:
        return appointment.place
    return appointment.place.removeprefix(str(appointment.room)).removeprefix(", ")


class AppointmentForm(WhenMixin, DetailsMixin):
    """A new appointment."""

    arrangement = (
        WHEN,
        "channel",
        "room",
        "place",
        "matter",
        "interpreter",
        "agreed",
        "holder",
    )

    def appointment(self) -> Appointment:
        """The validated, unsaved appointment with its one-time token."""
        data = self.cleaned_data
        return Appointment(
            client=self.client,
            **self.once(),
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            **self.details(),
        )


class MoveForm(VersionMixin, WhenMixin):
    """Another time for an appointment.

    Args:
        appointment: the stored appointment.

    Attributes:
        settled: who has recorded an outcome meanwhile, in a sentence.
    """

    settled = ""
    reason = forms.CharField(label=gettext_lazy("Why? (optional)"), max_length=200, required=False)
    arrangement = (WHEN, "agreed", "reason")

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        self.stored = appointment
        start, end = timezone.localtime(appointment.starts_at), timezone.localtime(appointment.ends_at)
        kwargs["presets"] = {
            "date": start.date(),
            "begins": start.time(),
            "ends": end.time(),
            "version": appointment.version,
        }
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if data.get("starts_at") == self.stored.starts_at and data.get("ends_at") == self.stored.ends_at:
            raise ValidationError(_("This is the time it has already. Please choose another one."))
        return data

    def add_stale(self, stale: StaleRecord) -> None:
        """Another user moved it or recorded an outcome meanwhile."""
        changed = _("This appointment was changed in the meantime. Please look at it again.")
        self.add_error(None, self.settled or changed)

    def replacement(self) -> Appointment:
        """The appointment at its new time, unsaved; everything else stays as it was."""
        data, stored = self.cleaned_data, self.stored
        need = stored.interpreter
        return Appointment(
            client=stored.client,
            **self.once(),
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            channel=stored.channel,
            place=stored.place,
            room=stored.room,
            matter=stored.matter,
            # A booking was for the old time.
            interpreter=InterpreterNeed.NEEDED if need != InterpreterNeed.NONE else InterpreterNeed.NONE,
        )


class DetailsForm(VersionMixin, DetailsMixin):
    """Details of a stored appointment; another time is a move.

    Args:
        appointment: the stored appointment.
    """

    arrangement = (
        Section(gettext_lazy("Appointment"), ("channel", "room", "place", "matter", "interpreter")),
    )
    names = ("channel", "matter", "interpreter")

    def __init__(self, *args: Any, appointment: Appointment, **kwargs: Any) -> None:
        self.stored = appointment
        kwargs["initial"] = {
            **{name: getattr(appointment, name) for name in self.names},
            "room": appointment.room_id,
            "place": place_beside(appointment),
            "version": appointment.version,
        }
        super().__init__(*args, **kwargs)

    def add_stale(self, stale: StaleRecord) -> None:
        """Another user changed it meanwhile; the entries stay."""
        self.add_error(
            None,
            _(
                "Somebody else has changed this appointment in the meantime. Your entries are still here. "
                "Please compare; saving again keeps yours."
            ),
        )

    def changed(self) -> Appointment:
        """The stored appointment with the new details, unsaved."""
        for name, value in self.details().items():
            setattr(self.stored, name, value)
        return self.stored
