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

from accounts.access import scope_of
from accounts.forms import ScopedForm, ScopedModelForm, set_rows
from accounts.models import Municipality
from accounts.records import StaleRecord, uuids_of
from clients.choices import AccommodationKind, Gender, Phase, PointKind, Precision, Reading, Script
from clients.forms.fields import UncertainDateField, offer
from clients.models import (
    AccessSource,
    Accommodation,
    Client,
    ClosingReason,
    ContactPoint,
    Country,
    SpokenLanguage,
)
from clients.rules.dates import BirthDoubt, UncertainDate, birth_doubts, certainly_before
from clients.rules.duplicates import PersonTraits
from clients.rules.names import normalise_phone
from clients.rules.phases import REOPENED_PHASES, next_phases
from clients.services.duplicates import Findings
from clients.services.files import PERSON_FIELDS, REACH_FIELDS, FirstFacts
from ui.fields import Arranged, Section
from ui.forms import VersionMixin, change_data, set_choices

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


class RegisterForm(PersonFieldsMixin):
    """A new file: only the surname is required; what else is known saves a second visit to the file."""

    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    kind = forms.ChoiceField(label=_("Kind of accommodation"), required=False)
    accommodation_name = forms.CharField(label=_("Name of the accommodation"), required=False, max_length=120)
    street = forms.CharField(label=_("Street and number"), required=False, max_length=160)
    postcode = forms.CharField(label=_("Postcode"), required=False, max_length=10)
    town = forms.CharField(label=_("Town"), required=False, max_length=120)
    quarter = forms.CharField(label=_("Part of town"), required=False, max_length=120)
    destination = forms.ChoiceField(
        label=_("Who takes the file?"),
        choices=[("me", _("I do")), ("inbox", _("into the inbox"))],
        initial="me",
        widget=forms.RadioSelect,
    )
    another_person = forms.BooleanField(label=_("This is another person: open a new file."), required=False)
    shown = forms.CharField(widget=forms.HiddenInput, required=False, max_length=1000)

    class Meta:
        model = Client
        fields = (
            "municipality",
            "surname",
            "given_name",
            "gender",
            "nationality",
            "interpreter_needed",
            "source",
            "assigned_on",
        )
        widgets = {"gender": forms.RadioSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.findings = Findings()
        set_choices(self, "kind", [("", _("not known")), *AccommodationKind.choices])
        add_language_fields(self, self.today)
        served = Municipality.objects.filter(pk__in=scope_of(self.user).municipalities)
        field = set_rows(self, "municipality", served)
        if len(only := list(served[:2])) == 1:
            self.initial["municipality"] = only[0].pk
            field.widget = forms.HiddenInput()

    def get_arrangement(self) -> Sequence[Arranged]:
        items: list[Arranged] = [
            "municipality",
            ("surname", "given_name"),
            ("birth", "nationality"),
            "gender",
            ("language_1", "language_2"),
            "interpreter_needed",
            ("phone", "source"),
            Section(
                _("Where the person lives"),
                ["kind", "accommodation_name", "street", ("postcode", "town", "quarter")],
            ),
            Section(
                _("More"),
                [("language_3", "language_4"), ("arrival", "assigned_on")],
                fold=True,
                hint=_("further languages, arrival, allocation"),
            ),
            "destination",
        ]
        return ["another_person", "shown", *items] if self.findings else items

    def show_findings(self, findings: Findings) -> None:
        """Warn about these; the form remembers whom it showed, because the verdict is about those alone."""
        self.findings = findings
        shown = " ".join(str(duplicate.client.uuid) for duplicate in findings.duplicates)
        change_data(self, {"shown": shown})

    def told_apart(self, findings: Findings) -> list[Client]:
        """Whom the person was told apart from: shown before, and still suspected."""
        seen = set(uuids_of(self.cleaned_data["shown"].split()))
        return [duplicate.client for duplicate in findings.duplicates if duplicate.client.uuid in seen]

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed and normalise_phone(typed) is None:
            raise ValidationError(_("This is no phone number. Please check the digits."))
        return typed

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        address = [cleaned.get(name) for name in ("kind", "accommodation_name", "street", "postcode", "town")]
        if any(address[1:]) and not cleaned.get("town") and cleaned.get("street"):
            self.add_error("town", _("Please fill in."))
        return cleaned

    @property
    def traits(self) -> PersonTraits:
        """What duplicates are looked for by."""
        return PersonTraits(
            self.cleaned_data["surname"],
            self.cleaned_data["given_name"],
            self.cleaned_data["birth"],
            normalise_phone(self.cleaned_data["phone"]) or "",
        )

    @property
    def facts(self) -> FirstFacts:
        """Languages, number and accommodation as unsaved rows."""
        data = self.cleaned_data
        points = []
        if data["phone"]:
            points.append(ContactPoint(kind=phone_kind(data["phone"]), value=data["phone"]))
        home = None
        if any(data[name] for name in ("kind", "accommodation_name", "street", "town", "quarter")):
            home = Accommodation(
                kind=data["kind"],
                name=data["accommodation_name"],
                street=data["street"],
                postcode=data["postcode"],
                town=data["town"],
                quarter=data["quarter"],
                since=data["assigned_on"] or self.today,
            )
        return FirstFacts(spoken_languages(self), points, home)


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


class _VersionedForm(VersionMixin, ScopedForm):
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


class PhaseForm(_VersionedForm):
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


class CloseForm(_VersionedForm):
    """Why and when the counselling ends."""

    reason = forms.ModelChoiceField(
        label=_("Closing reason"),
        queryset=ClosingReason.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    on = forms.DateField(label=_("Closed on"))
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": "3"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "reason", ClosingReason.objects.valid_on(timezone.localdate()))
        self.initial.setdefault("on", timezone.localdate())


class ReopenForm(_VersionedForm):
    """Counselling begins again as a new period."""

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
