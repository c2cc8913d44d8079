"""Forms of a visit: what it brought, who comes along, until when one is back, and what happened to the staff."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.forms import ScopedForm, ScopedModelForm, set_rows
from accounts.models import User
from appointments.choices import Channel, Direction, Result, SpokenWith
from appointments.forms.next_steps import NextStepsMixin
from clients.models import Client
from outreach.models import BackBy, Incident, VisitCompanion
from outreach.rules.visit import VisitResult
from ui.fields import Arranged, Section
from ui.form_fields import prepare_field
from ui.forms import RowsField
from ui.parts import who_text

USUAL_MINUTES = 45


class VisitForm(NextStepsMixin):
    """When we were there, what it brought for each person, and what a talk needs besides.

    Args:
        people: the client and the others at the address, the client first.
    """

    time = forms.TimeField(label=gettext_lazy("Time"))
    not_asked = (
        "channel",
        "result",
        "spoken_with",
        "organisation",
        "basis",
        "basis_on",
        "direction",
        "attendees",
    )

    def __init__(
        self, *args: Any, people: Sequence[Client], presets: Mapping[str, Any] | None = None, **kwargs: Any
    ) -> None:
        self.people = people
        at_home = {"channel": Channel.HOME_VISIT, "minutes": str(USUAL_MINUTES), **(presets or {})}
        super().__init__(*args, client=people[0], presets=at_home, **kwargs)
        for name in self.not_asked:
            del self.fields[name]
        for person in people:
            own = person.pk == people[0].pk
            field = forms.ChoiceField(
                label=person.case_no,
                choices=[
                    choice for choice in VisitResult.choices if not own or choice[0] != VisitResult.SKIPPED
                ],
                widget=forms.RadioSelect,
                initial=None if own else VisitResult.SKIPPED,
            )
            prepare_field(field)
            field.label = who_text(person.display_name, person.case_no)
            self.fields[self.name_of(person)] = field

    @staticmethod
    def name_of(person: Client) -> str:
        """The field of one person; keyed by the row so that no name reaches the page's markup."""
        return f"person_{person.pk}"

    def get_arrangement(self) -> Sequence[Arranged]:
        """One row of chips per person first: where nobody was met, nothing else is asked."""
        details = (
            ("date", "time"),
            "language",
            "interpreter",
            "understood_ticked",
            "topics",
            ("letters_read", "forms_filled"),
        )
        return (
            *(self.name_of(person) for person in self.people),
            "main_topic",
            "minutes",
            "minutes_other",
            Section(_("More details"), details, fold=True, hint=self.preset_hint),
            "note",
            Section(_("What next?"), self.follow_up_fields, fold=True, hint=_("follow-up")),
            self.next_section(),
        )

    def clean(self) -> dict[str, Any]:
        was_met = any(self.cleaned_data.get(self.name_of(p)) == VisitResult.MET for p in self.people)
        self.cleaned_data |= {
            "channel": Channel.HOME_VISIT,
            "result": Result.TALK if was_met else Result.NOT_MET,
            "spoken_with": SpokenWith.CLIENT if was_met else SpokenWith.NOBODY,
            "organisation": "",
            "direction": Direction.OUT,
        }
        return super().clean()

    def results(self) -> dict[Client, str]:
        """The result per file."""
        return {person: self.cleaned_data[self.name_of(person)] for person in self.people}


class ColleagueForm(ScopedForm):
    """A form that chooses a colleague.

    Args:
        client: the file.
        choices: who may be chosen.
        now: the instant of the request.
    """

    colleague = forms.ModelChoiceField(
        label=gettext_lazy("Who?"), queryset=User.objects.none(), widget=forms.RadioSelect, empty_label=None
    )

    def __init__(
        self,
        *args: Any,
        client: Client,
        choices: QuerySet[User],
        now: datetime.datetime,
        presets: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.client, self.now = client, now
        kwargs["initial"] = {**(presets or {}), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        people = set_rows(self, "colleague", choices)
        if choices.count() == 1:
            people.initial = choices.first()


class CompanionForm(ColleagueForm):
    """Who comes along, and when."""

    date = forms.DateField(label=gettext_lazy("Date"))
    begins = forms.TimeField(label=pgettext_lazy("time", "from"))
    ends = forms.TimeField(label=pgettext_lazy("time", "to"))

    arrangement = ("colleague", ("date", "begins", "ends"))

    @staticmethod
    def presets_of(start: datetime.datetime, end: datetime.datetime) -> dict[str, Any]:
        """The time of the visit."""
        begins, ends = timezone.localtime(start), timezone.localtime(end)
        return {"date": begins.date(), "begins": begins.time(), "ends": ends.time()}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        day, begins, ends = data.get("date"), data.get("begins"), data.get("ends")
        if begins and ends and ends <= begins:
            self.add_error("ends", _("The end must come after the beginning."))
        elif day and begins and ends:
            data["starts_at"] = timezone.make_aware(datetime.datetime.combine(day, begins))
            data["ends_at"] = timezone.make_aware(datetime.datetime.combine(day, ends))
            if data["starts_at"] <= self.now:
                self.add_error("date", _("Please enter a time that is still to come."))
        return data

    def companion(self) -> VisitCompanion:
        """What is asked, unsaved."""
        data = self.cleaned_data
        return VisitCompanion(
            client=self.client,
            colleague=data["colleague"],
            starts_at=data["starts_at"],
            ends_at=data["ends_at"],
            **self.once(),
        )


class BackByForm(ColleagueForm):
    """By when one is back today, and whom to tell."""

    time = forms.TimeField(label=gettext_lazy("Back by"))

    arrangement = ("time", "colleague")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        later = timezone.localtime(self.now) + datetime.timedelta(hours=2)
        is_today = later.date() == timezone.localdate(self.now)
        if is_today:
            self.fields["time"].initial = later.replace(minute=later.minute // 15 * 15, second=0).time()

    def out(self) -> BackBy:
        """Until when, unsaved; always on the day of the request."""
        moment = datetime.datetime.combine(timezone.localdate(self.now), self.cleaned_data["time"])
        return BackBy(
            client=self.client,
            colleague=self.cleaned_data["colleague"],
            by_at=timezone.make_aware(moment),
            **self.once(),
        )


class IncidentForm(ScopedModelForm):
    """What happened, where and when, and who was informed."""

    class Meta:
        model = Incident
        fields = ("kind", "day", "place", "happened", "informed")
        widgets = {"kind": forms.RadioSelect, "happened": forms.Textarea}
        help_texts = {
            "place": gettext_lazy("For example stairwell, car park, street. No name of a client."),
            "happened": gettext_lazy("In your words, without the names of clients."),
            "informed": gettext_lazy("For example police, head of department, doctor, employer's insurance."),
        }

    arrangement = ("kind", ("day", "place"), "happened", "informed")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        self.today = today
        super().__init__(*args, **kwargs)

    def clean_day(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["day"]
        if day > self.today:
            raise ValidationError(_("Please enter a date up to today."))
        return day


class ResidentsField(RowsField):
    """Residents of a house by name, ticked."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        return who_text(obj.list_name, obj.case_no)


class HouseRoundForm(ScopedForm):
    """Whom of a house to visit, and when.

    Args:
        people: files of the user of people who live there.
        today: the first day that can be chosen.
    """

    on = forms.DateField(label=gettext_lazy("Day of the round"))
    people = ResidentsField(label=gettext_lazy("Who is visited?"), queryset=None)

    def __init__(
        self, *args: Any, people: QuerySet[Client], today: datetime.date, user: User, **kwargs: Any
    ) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.today = today
        set_rows(self, "people", people)
        self.initial.update(on=today, people=list(people.values_list("pk", flat=True)))

    def clean_on(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["on"]
        if day < self.today:
            raise ValidationError(_("This day is over."))
        return day
