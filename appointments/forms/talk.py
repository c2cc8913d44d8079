"""A short log inside another form: the talk in which an assessment, a plan or a visit came about."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.forms.utils import ErrorDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor import Actor
from appointments.choices import Channel, Direction, Result, SpokenWith
from appointments.forms.next_steps import NextStepsMixin
from appointments.models import Appointment, Contact
from appointments.services.contacts import log_contact
from clients.models import Topic
from ui.fields import Arranged, Section
from ui.forms import set_choices

TALKS = (
    Channel.OFFICE,
    Channel.HOME_VISIT,
    Channel.PHONE,
    Channel.VIDEO,
    Channel.ACCOMPANIMENT,
    Channel.OPEN_HOUR,
)
PREFIX = "talk"
TYPED = ("note", "follow_up_text", "follow_up_on", "next_on", "next_at")
"""Fields that hold nothing unless somebody typed it."""


class TalkForm(NextStepsMixin):
    """What a talk needs to be logged in the step of another form, under a prefix of its own.

    The other form says when it was (``happens``) before this one is validated, and logs it inside its ``change``.

    Args:
        channel: how it was, when the other form knows; asked otherwise.
        optional: whether the talk may be left out; asked by a tick.
    """

    wanted = forms.BooleanField(label=gettext_lazy("Log the talk as well"), required=False)
    prefix = PREFIX
    not_asked = (
        "result",
        "spoken_with",
        "organisation",
        "basis",
        "basis_on",
        "attendees",
        "topics",
        "letters_read",
        "forms_filled",
        "date",
        "time",
        "direction",
        "understood_ticked",
    )

    def __init__(self, *args: Any, channel: str = "", optional: bool = True, **kwargs: Any) -> None:
        if channel:
            kwargs["presets"] = {"channel": channel, **(kwargs.get("presets") or {})}
        super().__init__(*args, **kwargs)
        self.known_channel, self.optional = channel, optional
        self.happens(self.today)
        set_choices(self, "channel", [(kind.value, kind.label) for kind in TALKS])
        for name in (*self.not_asked, *(["channel"] if channel else ()), *(() if optional else ["wanted"])):
            del self.fields[name]

    def happens(
        self, day: datetime.date | None, clock: datetime.time | None = None, *, result: str = Result.TALK
    ) -> None:
        """Say when it was and what came of it; before validation.

        Args:
            day: local date; None when the other form has an error there.
            clock: local time; without one a talk of today was just now, one of an earlier day some time that day.
            result: what came of it.
        """
        self.day = min(day, self.today) if day else self.today
        just_now = timezone.localtime(self.now).time().replace(second=0, microsecond=0)
        self.clock = min(clock or just_now, just_now) if self.day == self.today else clock
        self.outcome = result

    @property
    def is_wanted(self) -> bool:
        """Whether there is a talk to be logged."""
        return not self.optional or bool(self.cleaned_data.get("wanted"))

    def full_clean(self) -> None:
        super().full_clean()
        if self.is_bound and not self.is_restored and not self.is_wanted:
            self._errors = ErrorDict()
            if any(self.data.get(self.add_prefix(name), "").strip() for name in TYPED):
                self.add_error(
                    "wanted", _("Something was typed here. Please tick this, or empty the fields.")
                )

    def clean(self) -> dict[str, Any]:
        self.cleaned_data |= {
            "result": self.outcome,
            "spoken_with": SpokenWith.CLIENT,
            "organisation": "",
            "topics": [],
            "letters_read": None,
            "forms_filled": None,
            "date": self.day,
            "time": self.clock,
            "direction": Direction.OUT,
            "understood_ticked": False,
        }
        if self.known_channel:
            self.cleaned_data["channel"] = self.known_channel
        return super().clean()

    def log(self, actor: Actor, *, appointment: Appointment | None = None) -> Contact | None:
        """Write the talk with all that follows from it; None when none was wanted.

        Args:
            actor: who acts, and when.
            appointment: the appointment it is the outcome of.

        Raises:
            Busy: the next appointment meets another one.
            DuplicateSubmission: the same form was posted before.
        """
        if not self.is_wanted:
            return None
        return log_contact(
            actor,
            self.contact(),
            notes={self.client: self.cleaned_data["note"]},
            follow_up=self.follow_up(),
            next_appointment=self.next_appointment(),
            appointment=appointment or self.settled(),
        )

    @property
    def hint(self) -> str:
        """What would be logged, so that nobody has to open the fold to know."""
        if self.optional and not self["wanted"].value():
            return _("not logged")
        minutes = self["minutes"].value()
        key = str(self["main_topic"].value() or "")
        topic = next((str(row) for row in self.rows[Topic] if str(row.pk) == key), "")
        channel = self.known_channel or self["channel"].value()
        said = [
            str(dict(Channel.choices).get(channel, "")),
            _("%(minutes)s minutes") % {"minutes": minutes} if str(minutes or "").isdigit() else "",
            topic,
        ]
        return " · ".join(part for part in said if part)

    def get_arrangement(self) -> Sequence[Arranged]:
        return (
            Section(
                _("Log the talk as well"),
                (
                    "wanted",
                    "channel",
                    "minutes",
                    "minutes_other",
                    "main_topic",
                    "note",
                    ("language", "interpreter"),
                    "settles",
                    *self.follow_up_fields,
                    self.next_section(),
                ),
                fold=self.optional,
                hint=self.hint if self.optional else "",
            ),
        )
