"""The form that registers a person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.access import scope_of
from accounts.forms import set_rows
from accounts.models import Municipality
from accounts.records import uuids_of
from clients.forms.files import PersonFieldsMixin, add_language_fields, phone_kind, spoken_languages
from clients.forms.homes import HOME, HOME_ARRANGED, add_home_fields, clean_home
from clients.models import Accommodation, Client, ContactPoint
from clients.rules.duplicates import PersonTraits
from clients.rules.names import normalise_phone
from clients.services.duplicates import Findings
from clients.services.files import FirstFacts
from ui.fields import Arranged, Section
from ui.forms import change_data


class RegisterForm(PersonFieldsMixin):
    """A new file: only the surname is required; what else is known saves a second visit to the file."""

    phone = forms.CharField(
        label=_("Phone"), required=False, max_length=40, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
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
        add_home_fields(self, self.user)
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
            Section(_("Where the person lives"), list(HOME_ARRANGED)),
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
        """Warn about these; the form remembers whom it showed, because the dismissal is about those alone."""
        self.findings = findings
        shown = " ".join(str(duplicate.client.uuid) for duplicate in findings.duplicates)
        change_data(self, {"shown": shown})

    def dismissed(self, findings: Findings) -> list[Client]:
        """Whom the person was told apart from: shown before, and still suspected."""
        seen = set(uuids_of(self.cleaned_data["shown"].split()))
        return [duplicate.client for duplicate in findings.duplicates if duplicate.client.uuid in seen]

    def clean_phone(self) -> str:
        typed: str = self.cleaned_data["phone"]
        if typed and normalise_phone(typed) is None:
            raise ValidationError(_("This is no phone number. Please check the digits."))
        return typed

    def clean(self) -> dict[str, Any]:
        return clean_home(self, super().clean())

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
        home = {name: data[name] for name in HOME}
        lives = Accommodation(**home, since=data["assigned_on"] or self.today) if any(home.values()) else None
        return FirstFacts(spoken_languages(self), points, lives)
