"""Organisations, contact persons, offers and volunteers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import scope_of
from accounts.forms import ScopedForm, ScopedModelForm, set_rows
from accounts.models import Municipality, User
from clients.forms.fields import offer
from clients.models import SpokenLanguage, Topic
from clients.rules.names import normalise_phone
from partners.forms.several import SeveralRowsForm
from partners.models import ContactPerson, Offer, Organisation, PartnerKind, Volunteer
from partners.services.network import OFFER_FIELDS, ORGANISATION_FIELDS, PERSON_FIELDS, VOLUNTEER_FIELDS
from ui.fields import Section
from ui.forms import RowsField

WEB = ("http://", "https://")


class _ReachedMixin(forms.BaseForm):
    """A phone number is one."""

    def clean_phone(self) -> str:
        number: str = self.cleaned_data["phone"]
        if number and normalise_phone(number) is None:
            raise forms.ValidationError(_("This is no phone number. Please check the digits."))
        return number


class OrganisationForm(_ReachedMixin, ScopedModelForm):
    """A partner: what it is, where, and how it is reached."""

    class Meta:
        model = Organisation
        fields = ORGANISATION_FIELDS
        help_texts = {
            "municipality": gettext_lazy("Empty: works in the whole district."),
            "note": gettext_lazy("What colleagues should know. Please write nothing about clients."),
        }

    arrangement = (
        ("kind", "municipality"),
        "name",
        "street",
        ("postcode", "town", "quarter"),
        ("phone", "email"),
        "website",
        "hours",
        "note",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = PartnerKind.objects.valid_on(timezone.localdate())
        offer(self.fields["kind"], kinds, self.instance.kind_id)
        set_rows(self, "municipality", Municipality.objects.all()).empty_label = _("whole district")

    def clean_website(self) -> str:
        address: str = self.cleaned_data["website"]
        return address if not address or address.lower().startswith(WEB) else f"https://{address}"


class MergeForm(ScopedForm):
    """Which entry stays.

    Args:
        organisation: the entry that goes.
    """

    into = forms.ModelChoiceField(label=gettext_lazy("Stays"), queryset=Organisation.objects.none())

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "into", Organisation.objects.current().exclude(pk=organisation.pk))


class ContactPersonForm(_ReachedMixin, ScopedModelForm):
    """Whom to ask."""

    class Meta:
        model = ContactPerson
        fields = PERSON_FIELDS

    arrangement = (("name", "role"), ("phone", "email"))


class _SpeaksMixin(forms.BaseForm):
    """Languages and need from the lists in force."""

    instance: Any

    def offer_lists(self) -> None:
        today = timezone.localdate()
        offer(self.fields["topic"], Topic.objects.valid_on(today), self.instance.topic_id)
        languages: Any = self.fields["languages"]
        languages.queryset = SpokenLanguage.objects.valid_on(today)


class OfferForm(_SpeaksMixin, SeveralRowsForm):
    """What somebody can be sent to."""

    class Meta:
        model = Offer
        fields = (*OFFER_FIELDS, "languages")
        field_classes = {"languages": RowsField}
        widgets = {"languages": forms.CheckboxSelectMultiple}
        help_texts = {
            "municipality": gettext_lazy("Empty: from the whole district."),
            "schedule": gettext_lazy("For example: Tuesdays 14 to 16, by appointment."),
            "valid_until": gettext_lazy("Empty: until further notice."),
        }

    arrangement = (
        "title",
        ("topic", "capacity"),
        ("municipality", "quarter"),
        ("schedule", "valid_until"),
        "languages",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer_lists()
        set_rows(self, "municipality", Municipality.objects.all()).empty_label = _("whole district")


class VolunteerForm(_ReachedMixin, _SpeaksMixin, SeveralRowsForm):
    """Somebody who helps without pay."""

    class Meta:
        model = Volunteer
        fields = (*VOLUNTEER_FIELDS, "languages")
        field_classes = {"languages": RowsField}
        widgets = {"languages": forms.CheckboxSelectMultiple}
        help_texts = {
            "topic": gettext_lazy("Empty: helps with everything."),
            "helps_with": gettext_lazy("Please write nothing about clients."),
            "confidentiality_on": gettext_lazy("Without it no client's name is passed on to this person."),
        }

    arrangement = (
        ("name", "organisation"),
        ("municipality", "quarter"),
        ("phone", "email"),
        ("topic", "helps_with"),
        Section(gettext_lazy("Obligations"), (("confidentiality_on", "certificate_until"),)),
        "languages",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        self.offer_lists()
        served = Municipality.objects.filter(pk__in=scope_of(user).municipalities)
        set_rows(self, "municipality", served).empty_label = None
        kept = Organisation.objects.filter(pk=self.instance.organisation_id)
        set_rows(self, "organisation", Organisation.objects.current() | kept)

    def clean_confidentiality_on(self) -> Any:
        day = self.cleaned_data["confidentiality_on"]
        if day and day > timezone.localdate():
            raise forms.ValidationError(_("Please enter a date up to today."))
        return day
