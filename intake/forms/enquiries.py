"""Registering, answering and filing an enquiry."""

import datetime
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedForm, ScopedModelForm, set_rows
from accounts.models import Municipality
from clients.choices import Precision
from clients.models import AccessSource, Client, ContactPoint, SpokenLanguage, Topic
from clients.rules.dates import DateInputError, UncertainDate, birth_doubts, parse_uncertain
from clients.rules.names import normalise_phone
from clients.services.facts import fill_normalised
from clients.services.files import FirstFacts
from intake.importing.values import phone_kind
from intake.models import Enquiry
from intake.services.inbox import municipalities_of

MOST_MINUTES = 480


def _offer_lists(form: forms.BaseForm, today: datetime.date) -> None:
    for name, model in (("source", AccessSource), ("language", SpokenLanguage), ("topic", Topic)):
        if name in form.fields:
            set_rows(form, name, model._default_manager.valid_on(today))


def offer_municipalities(form: Any, today: datetime.date) -> list[Municipality]:
    """Offer the user's municipalities in which something new may be entered, and return them; one is not asked for."""
    places = municipalities_of(form.user, today)
    field = form.fields["municipality"]
    field.queryset = places
    field.empty_label = None
    if len(places) == 1:
        field.initial = places[0]
        field.widget = forms.HiddenInput()
    return list(places)


class EnquiryForm(ScopedModelForm):
    """Who asks, how to reach them, what for."""

    class Meta:
        model = Enquiry
        fields = ("surname", "given_name", "reach", "language", "reason", "source", "municipality")
        help_texts = {
            "reach": _("Phone number, address or through whom."),
            "reason": _("Only what a colleague must know to start; no diagnoses."),
        }

    arrangement = (("surname", "given_name"), "reach", "language", "reason", "source", "municipality")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_lists(self, today)
        offer_municipalities(self, today)
        for name in ("surname", "reach", "reason"):
            self.fields[name].required = True


class AnsweredForm(ScopedModelForm):
    """An enquiry answered on the spot: a topic, a language, minutes; no name."""

    class Meta:
        model = Enquiry
        fields = ("topic", "language", "minutes", "source", "municipality")

    arrangement = ("topic", ("language", "minutes"), "source", "municipality")

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_lists(self, today)
        offer_municipalities(self, today)
        self.fields["topic"].required = True
        _limit_minutes(self)


class AnswerForm(ScopedForm):
    """Closing an enquiry without a file."""

    topic = forms.ModelChoiceField(label=_("Topic"), queryset=Topic.objects.none())
    language = forms.ModelChoiceField(
        label=_("Language"), queryset=SpokenLanguage.objects.none(), required=False
    )
    minutes = forms.IntegerField(label=_("Duration in minutes"), required=False)

    arrangement = ("topic", ("language", "minutes"))

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer_lists(self, today)
        _limit_minutes(self)


def _limit_minutes(form: forms.BaseForm) -> None:
    field = form.fields["minutes"]
    field.validators += [
        MinValueValidator(1, _("Please enter a whole number from 1 to 480.")),
        MaxValueValidator(MOST_MINUTES, _("Please enter a whole number from 1 to 480.")),
    ]
    field.widget.attrs.update({"min": 1, "max": MOST_MINUTES, "inputmode": "numeric"})


class FileFromEnquiryForm(ScopedForm):
    """The person as the file begins with them; what the enquiry says is filled in."""

    surname = forms.CharField(label=_("Surname"), max_length=120)
    given_name = forms.CharField(label=_("Given name"), max_length=120, required=False)
    born = forms.CharField(
        label=_("Date of birth"),
        max_length=20,
        required=False,
        help_text=_("As far as known: 14.03.1986, 03/1986 or 1986."),
    )
    language = forms.ModelChoiceField(
        label=_("Language"), queryset=SpokenLanguage.objects.none(), required=False
    )
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)

    arrangement = (("surname", "given_name"), "born", ("language", "phone"))
    birth: UncertainDate | None = None

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        _offer_lists(self, today)

    def clean_born(self) -> str:
        """Read the uncertain date."""
        typed: str = self.cleaned_data["born"]
        if not typed:
            return typed
        try:
            self.birth = parse_uncertain(typed)
        except DateInputError as error:
            raise forms.ValidationError(
                _("This is no date. Please write for example 14.03.1986, 03/1986 or 1986.")
            ) from error
        if any(doubt.is_error for doubt in birth_doubts(self.birth, self.today)):
            raise forms.ValidationError(_("This date of birth cannot be right."))
        return typed

    def clean_phone(self) -> str:
        """Only what can be a number."""
        typed: str = self.cleaned_data["phone"]
        if typed and normalise_phone(typed) is None:
            raise forms.ValidationError(_("This is no phone number. Please write for example 0721 608 1234."))
        return typed

    def client(self) -> Client:
        """The unsaved file."""
        return Client(
            surname=self.cleaned_data["surname"],
            given_name=self.cleaned_data["given_name"],
            birth_date=self.birth.value if self.birth else None,
            birth_precision=self.birth.precision if self.birth else Precision.DAY,
            **self.once(),
        )

    def facts(self) -> FirstFacts:
        """Language and number."""
        language, phone = self.cleaned_data["language"], self.cleaned_data["phone"]
        points = []
        if phone:
            number = normalise_phone(phone) or phone
            points.append(fill_normalised(ContactPoint(kind=phone_kind(number), value=number)))
        return FirstFacts(languages=[language] if language else [], contact_points=points)


class ConnectForm(ScopedForm):
    """The enquiry is about a person who has a file already."""

    case_no = forms.CharField(label=_("Case number of your file"), max_length=20)

    def clean_case_no(self) -> Client:
        """One of one's own open files; every other number does not exist here."""
        typed = self.cleaned_data["case_no"].strip().upper()
        found: Client | None = Client.objects.editable_by(self.user).filter(case_no=typed).first()
        if found is None:
            raise forms.ValidationError(_("There is no file with this case number among yours."))
        return found
