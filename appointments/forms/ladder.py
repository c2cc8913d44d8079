"""Forms of outreach: announce, postpone, clarify, end, and the visit with a result per person."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedForm, ScopedModelForm, set_rows
from appointments.choices import Channel, ClarifyOutcome, EndReason
from appointments.forms.contact import own_language
from appointments.models import Contact, LadderAct
from appointments.rules.visit import VisitResult
from appointments.services.contacts import place_in_time
from clients.models import Client, SpokenLanguage, Topic
from ui.fields import Section
from ui.forms import prepare_field, set_choices

ANNOUNCED_BY = (Channel.LETTER, Channel.NOTE, Channel.PHONE, Channel.MESSAGE, Channel.EMAIL)
LONGEST_MINUTES = 600


def _needed(form: forms.BaseForm, *names: str) -> None:
    for name in names:
        form.fields[name].required = True


class AnnounceForm(ScopedModelForm):
    """On which day we come, and how the client was told."""

    class Meta:
        model = LadderAct
        fields = ("day", "channel", "detail")
        labels = {
            "day": gettext_lazy("We come on"),
            "channel": gettext_lazy("Told by"),
            "detail": gettext_lazy("Remark"),
        }
        widgets = {"channel": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _needed(self, "day", "channel")
        self.fields["detail"].required = False
        set_choices(self, "channel", [(channel.value, channel.label) for channel in ANNOUNCED_BY])


class PostponeForm(ScopedModelForm):
    """Until when, and why."""

    class Meta:
        model = LadderAct
        fields = ("day", "detail")
        labels = {"day": gettext_lazy("New day"), "detail": gettext_lazy("Reason")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _needed(self, "day", "detail")


class ClarifyForm(ScopedModelForm):
    """Whether an address or number was found, and where one looked."""

    class Meta:
        model = LadderAct
        fields = ("outcome", "detail")
        labels = {"outcome": gettext_lazy("What came of it?"), "detail": gettext_lazy("Where did you look?")}
        widgets = {"outcome": forms.RadioSelect}
        help_texts = {"detail": gettext_lazy("For example residents' register, house management, school.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _needed(self, "outcome", "detail")
        set_choices(self, "outcome", ClarifyOutcome.choices)


class EndForm(ScopedModelForm):
    """Why outreach ends before the client was reached."""

    class Meta:
        model = LadderAct
        fields = ("reason", "detail")
        labels = {"reason": gettext_lazy("Why?"), "detail": gettext_lazy("In your words")}
        widgets = {"reason": forms.RadioSelect}
        help_texts = {
            "reason": gettext_lazy(
                "Silence is no refusal. Declining an appointment or a visit is not declining counselling."
            )
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _needed(self, "reason", "detail")
        reasons = [
            (EndReason.MANAGER.value, gettext_lazy("My own reason")),
            (EndReason.DECLINED.value, EndReason.DECLINED.label),
        ]
        set_choices(self, "reason", reasons)


class VisitForm(ScopedForm):
    """When we were there, and what it brought for each person.

    Args:
        people: the client and the others at the address, the client first.
        now: the instant of the request.
    """

    date = forms.DateField(label=gettext_lazy("Date"))
    time = forms.TimeField(label=gettext_lazy("Time"))
    minutes = forms.IntegerField(
        label=gettext_lazy("Minutes"), min_value=1, max_value=LONGEST_MINUTES, required=False, initial=45
    )
    main_topic = forms.ModelChoiceField(
        label=gettext_lazy("Main topic"), queryset=Topic.objects.none(), required=False
    )
    language = forms.ModelChoiceField(
        label=gettext_lazy("Language"), queryset=SpokenLanguage.objects.none(), required=False
    )
    note = forms.CharField(
        label=gettext_lazy("Note"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea,
        help_text=gettext_lazy("In this file only. Health belongs to the module Health."),
    )

    def __init__(self, *args: Any, people: Sequence[Client], now: datetime.datetime, **kwargs: Any) -> None:
        self.people = people
        self.now = now
        super().__init__(*args, **kwargs)
        self.fields["date"].initial = timezone.localdate(now)
        self.fields["time"].initial = timezone.localtime(now).time().replace(second=0, microsecond=0)
        topic = set_rows(self, "main_topic", Topic.objects.valid_on(timezone.localdate(now)))
        language = set_rows(self, "language", SpokenLanguage.objects.valid_on(timezone.localdate(now)))
        language.initial = own_language(people[0])
        language.empty_label = _("not recorded")
        topic.empty_label = _("Please choose")
        choices: list[tuple[str, Any]] = list(VisitResult.choices)
        for person in people:
            own = person.pk == people[0].pk
            field = forms.ChoiceField(
                label=person.display_name,
                choices=[choice for choice in choices if not own or choice[0] != VisitResult.SKIPPED],
                widget=forms.RadioSelect,
                initial=None if own else VisitResult.SKIPPED,
            )
            prepare_field(field)
            self.fields[self.name_of(person)] = field

    @staticmethod
    def name_of(person: Client) -> str:
        """The field of one person; keyed by the row so that no name reaches the page's markup."""
        return f"person_{person.pk}"

    def get_arrangement(self) -> Sequence[Any]:
        """Time, one row of chips per person, then what a talk needs."""
        people = [self.name_of(person) for person in self.people]
        talk = Section(
            _("If somebody was met"),
            ["main_topic", ("minutes", "language")],
            hint=_("topic, minutes, language"),
        )
        return [("date", "time"), *people, talk, "note"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        day, clock = cleaned.get("date"), cleaned.get("time")
        if day is not None and clock is not None:
            moment = timezone.make_aware(datetime.datetime.combine(day, clock))
            if moment > self.now:
                self.add_error("time", _("This moment is still to come."))
        if any(cleaned.get(self.name_of(person)) == VisitResult.MET for person in self.people):
            for name in ("main_topic", "minutes"):
                if not cleaned.get(name) and name not in self.errors:
                    self.add_error(name, _("Please fill in; somebody was met."))
        return cleaned

    def contact(self) -> Contact:
        """The visit as an unsaved contact of the first person's file."""
        data = self.cleaned_data
        contact = Contact(
            client=self.people[0],
            minutes=data["minutes"],
            main_topic=data["main_topic"],
            language=data["language"],
            **self.once(),
        )
        place_in_time(contact, data["date"], data["time"])
        return contact

    def results(self) -> dict[Client, str]:
        """The result per file."""
        return {person: self.cleaned_data[self.name_of(person)] for person in self.people}
