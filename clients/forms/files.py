"""Forms about one person: register, edit, phases."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.forms import ScopedForm, ScopedModelForm
from accounts.records import StaleRecord
from clients.choices import Gender, Phase, PointKind, Precision, Reading, Script
from clients.forms.fields import UncertainDateField, offer
from clients.models import (
    AccessSource,
    Client,
    Country,
    SpokenLanguage,
)
from clients.rules.dates import BirthDoubt, UncertainDate, birth_doubts, certainly_before
from clients.rules.names import normalise_phone
from clients.rules.phases import REOPENED_PHASES, next_phases
from clients.services.files import PERSON_FIELDS, REACH_FIELDS
from ui.forms import UiForm, VersionMixin, set_choices

LANGUAGE_FIELDS = ("language_1", "language_2", "language_3", "language_4")
BIRTH_ERRORS = {
    BirthDoubt.IN_FUTURE: _("The date of birth lies in the future."),
    BirthDoubt.BEFORE_1900: _("Please check the year."),
}
DATE_HINT = _("Also 3/1986 or 1979, if no more is known.")


def add_language_fields(
    form: forms.BaseForm, today: datetime.date, spoken: Sequence[SpokenLanguage] = ()
) -> None:
    """Four languages, most fluent first, filled with what is spoken."""
    labels = (_("First language"), _("Second language"), _("Third language"), _("Fourth language"))
    rows = SpokenLanguage.objects.valid_on(today)
    for position, (name, label) in enumerate(zip(LANGUAGE_FIELDS, labels, strict=True)):
        current = spoken[position] if position < len(spoken) else None
        field: Any = forms.ModelChoiceField(label=label, queryset=rows, required=False)
        offer(field, rows, current.pk if current else None)
        form.fields[name] = field
        if current:
            form.initial.setdefault(name, current.pk)


def clean_birth(born: UncertainDate | None, today: datetime.date) -> UncertainDate | None:
    """Refuse birth dates nobody can have.

    Raises:
        ValidationError: in the future, or before 1900.
    """
    for doubt in birth_doubts(born, today) if born else ():
        if doubt.is_error:
            raise ValidationError(BIRTH_ERRORS[doubt], code=doubt.value)
    return born


def spoken_languages(form: forms.BaseForm) -> list[SpokenLanguage]:
    """The languages of a cleaned form, most fluent first, each once."""
    chosen = [form.cleaned_data.get(name) for name in LANGUAGE_FIELDS if name in form.fields]
    return list(dict.fromkeys(language for language in chosen if language is not None))


class PersonFieldsMixin(ScopedModelForm):
    """Name, dates known in part, nationality: shared by registering and editing."""

    instance: Client
    birth = UncertainDateField(label=_("Date of birth"), help_text=DATE_HINT)
    arrival = UncertainDateField(label=_("Arrived in Germany"))
    # The two dates are no columns of their own; a conflict shows them all the same.
    shown_dates = {"birth": "birth_date", "arrival": "arrived_on"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = timezone.localdate()
        set_choices(self, "gender", [("", _("not said")), *Gender.choices])
        offer(self.fields["nationality"], Country.objects.valid_on(self.today), self.instance.nationality_id)
        offer(self.fields["source"], AccessSource.objects.valid_on(self.today), self.instance.source_id)
        if self.instance.pk:
            self.initial.setdefault("birth", self.instance.birth)
            self.initial.setdefault("arrival", self.instance.arrival)

    def clean_birth(self) -> UncertainDate | None:
        return clean_birth(self.cleaned_data["birth"], self.today)

    def clean_arrival(self) -> UncertainDate | None:
        arrived: UncertainDate | None = self.cleaned_data["arrival"]
        if arrived and arrived.first > self.today:
            raise ValidationError(_("The arrival lies in the future."))
        return arrived

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        born, arrived = cleaned.get("birth"), cleaned.get("arrival")
        if born and arrived and certainly_before(arrived, born):
            self.add_error("arrival", _("The arrival lies before the date of birth."))
        return cleaned

    def _post_clean(self) -> None:
        for name, column, precision in (
            ("birth", "birth_date", "birth_precision"),
            ("arrival", "arrived_on", "arrived_precision"),
        ):
            if name in self.cleaned_data:
                known: UncertainDate | None = self.cleaned_data[name]
                setattr(self.instance, column, known.value if known else None)
                setattr(self.instance, precision, known.precision if known else Precision.DAY)
        super()._post_clean()  # type: ignore[misc]  # a hook of Django that its types leave out

    def changed_fields(self, current: Model) -> list[str]:
        dates = [
            name
            for name in self.shown_dates
            if name in self.fields and getattr(self.instance, name) != getattr(current, name)
        ]
        return [*super().changed_fields(current), *dates]


def phone_kind(typed: str) -> PointKind:
    """Mobile numbers are those that begin so in Germany, or come from abroad."""
    number = normalise_phone(typed) or ""
    at_home = number.startswith("+49") and not number.startswith(("+4915", "+4916", "+4917"))
    return PointKind.PHONE if at_home else PointKind.MOBILE


class PersonForm(PersonFieldsMixin):
    """Name, birth, nationality, arrival: what rarely changes."""

    class Meta:
        model = Client
        fields = (
            "surname",
            "given_name",
            "gender",
            "nationality",
            "source",
            "assigned_on",
            "benefit_unit",
        )
        help_texts = {"benefit_unit": _("Number of the benefit unit; it is not the household.")}
        widgets = {"gender": forms.RadioSelect}

    columns = PERSON_FIELDS
    arrangement = (
        ("surname", "given_name"),
        ("birth", "nationality"),
        "gender",
        ("arrival", "assigned_on"),
        ("source", "benefit_unit"),
    )


class LanguagesForm(ScopedModelForm):
    """What the client speaks, in order of fluency, and reads."""

    instance: Client
    scripts = forms.MultipleChoiceField(
        label=_("Scripts read"), choices=Script.choices, required=False, widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Client
        fields = ("interpreter_needed", "preferred_language", "reading", "scripts")
        widgets = {"reading": forms.RadioSelect}
        help_texts = {"preferred_language": _("Empty: the first language.")}

    arrangement = (
        ("language_1", "language_2"),
        ("language_3", "language_4"),
        "interpreter_needed",
        "preferred_language",
        "reading",
        "scripts",
    )

    def __init__(self, *args: Any, spoken: Sequence[SpokenLanguage] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        add_language_fields(self, today, spoken)
        rows = SpokenLanguage.objects.valid_on(today)
        offer(self.fields["preferred_language"], rows, self.instance.preferred_language_id)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("reading") == Reading.SCRIPTS and not cleaned.get("scripts"):
            self.add_error("scripts", _("Please choose at least one script, or “not recorded”."))
        if cleaned.get("reading") != Reading.SCRIPTS:
            cleaned["scripts"] = []
        return cleaned

    def add_stale(self, stale: StaleRecord) -> None:
        super().add_stale(stale)
        current: Any = stale.current
        stored = SpokenLanguage.objects.filter(pk__in=current.client_languages.values("language_id"))
        names = ", ".join(str(language) for language in stored) or "–"
        self.add_error("language_1", self.stored_now % {"value": names})


class ReachForm(ScopedModelForm):
    """How the client may be reached, and whether visits are welcome."""

    instance: Client

    class Meta:
        model = Client
        fields = REACH_FIELDS
        labels = {"no_home_visits_since": _("Wants no home visits since")}
        help_texts = {
            "preferred_channel": _("For example: call in the morning, letters in Dari."),
            "no_home_visits_since": _("Empty: visits are welcome."),
        }

    columns = REACH_FIELDS
    arrangement = ("may_be_called", "may_be_written", "preferred_channel", "no_home_visits_since")

    def clean_no_home_visits_since(self) -> datetime.date | None:
        day: datetime.date | None = self.cleaned_data["no_home_visits_since"]
        if day and day > timezone.localdate():
            raise ValidationError(_("This day lies in the future."))
        return day


class SpellingForm(ScopedForm):
    """Another spelling of the name, or an alias."""

    surname = forms.CharField(label=_("Surname"), max_length=120)
    given_name = forms.CharField(label=_("Given name"), max_length=120, required=False)
    arrangement = (("surname", "given_name"),)


class VersionedForm(VersionMixin, ScopedForm):
    """A plain form about a file that knows the version it was opened with.

    Args:
        client: the file.
    """

    def __init__(self, *args: Any, client: Client, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.client = client
        self.initial["version"] = client.version

    def add_stale(self, stale: StaleRecord) -> None:
        """Say that somebody else saved meanwhile, and where the file stands now."""
        current: Any = stale.current
        self.add_error(
            None,
            _(
                "Somebody else has changed this file in the meantime. It is now in phase “%(phase)s”. "
                "Your entries are still here; save again if they still hold."
            )
            % {"phase": current.get_phase_display()},
        )


class PhaseForm(VersionedForm):
    """The next phase of an open file."""

    phase = forms.ChoiceField(label=_("Next phase"), widget=forms.RadioSelect)
    on = forms.DateField(label=pgettext_lazy("phase", "From"))
    reason = forms.CharField(label=_("Remark"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        phases = next_phases(self.client.phase)
        set_choices(self, "phase", [(phase.value, phase.label) for phase in phases])
        self.initial.setdefault("phase", phases[0].value if phases else "")
        self.initial.setdefault("on", timezone.localdate())


class ReopenFields(UiForm):
    """How counselling begins again as a new period."""

    phase = forms.ChoiceField(
        label=_("Phase"),
        choices=[(phase.value, phase.label) for phase in REOPENED_PHASES],
        initial=Phase.CONTACTING.value,
        widget=forms.RadioSelect,
    )
    on = forms.DateField(label=_("Re-opened on"))
    reason = forms.CharField(label=_("Reason"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("on", timezone.localdate())


class ReopenForm(ReopenFields, VersionedForm):
    """Counselling begins again in a file of one's own."""


class ClockForm(ScopedModelForm):
    """The written justification for counselling past the limit."""

    class Meta:
        model = Client
        fields = ("clock_justification",)
        labels = {"clock_justification": _("Justification")}
        help_texts = {
            "clock_justification": _(
                "Why does this person need counselling beyond the limit? Empty withdraws it."
            )
        }
