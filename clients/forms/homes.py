"""Forms about where people live: their accommodation, the houses of the municipality, the protected address."""

import datetime
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.access import scope_of
from accounts.forms import ScopedModelForm, set_rows
from accounts.models import Municipality, User
from clients.choices import HOUSE_KINDS, AccommodationKind
from clients.forms.facts import not_in_future
from clients.forms.fields import preset
from clients.forms.household import MembersField, members_of
from clients.models import AccessGrant, Accommodation, AddressProtection, House
from clients.rules.names import normalise_phone
from ui.fields import Arranged
from ui.form_fields import prepare_field
from ui.forms import set_choices

PRIVATE = ("kind", "name", "street", "postcode", "town", "quarter")
"""What is typed for a private address and comes from the house otherwise."""
HOME = ("house", *PRIVATE)
HOME_ARRANGED: Sequence[Arranged] = ("house", "kind", "name", "street", ("postcode", "town", "quarter"))
HOUSE_HINT = _("Its address is taken over; the fields of a private address stay empty.")


def offer_home(form: forms.BaseForm, user: User, stored: int = 0) -> None:
    """Offer the kinds of accommodation, and the houses in use that the user's municipalities keep.

    Args:
        form: with the fields of ``HOME``.
        user: the acting user.
        stored: the house that is recorded now; it stays on offer; 0 for none.
    """
    set_choices(form, "kind", [("", _("not known")), *AccommodationKind.choices])
    offered = House.objects.kept_in(scope_of(user)).on(timezone.localdate())
    field = set_rows(form, "house", offered | House.objects.filter(pk=stored))
    field.empty_label = _("none: a private address")
    field.help_text = HOUSE_HINT


def add_home_fields(form: forms.BaseForm, user: User) -> None:
    """The same fields in the form of a file that is yet to be opened."""
    for name, field in forms.fields_for_model(Accommodation, HOME).items():
        prepare_field(field)
        form.fields[name] = field
    offer_home(form, user)


def clean_home(form: forms.BaseForm, cleaned: dict[str, Any]) -> dict[str, Any]:
    """The entries with the address of the house that was chosen; what contradicts it is said at its field."""
    house = cleaned.get("house")
    if house is not None:
        for name in PRIVATE:
            if cleaned.get(name) and cleaned[name] != house.address[name]:
                form.add_error(
                    name, _("This is another address. Please empty it, or choose no accommodation.")
                )
        return cleaned | house.address
    if cleaned.get("street") and not cleaned.get("town"):
        form.add_error("town", _("Please fill in."))
    return cleaned


class AccommodationForm(ScopedModelForm):
    """Where the client lives since a day: in a house of the municipality, or at a private address."""

    class Meta:
        model = Accommodation
        fields = (*HOME, "letters_reach", "since")

    arrangement: Sequence[Arranged] = ("since", *HOME_ARRANGED, "letters_reach")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        offer_home(self, user, self.instance.house_id or 0)
        if self.instance.house_id:
            self.initial.update(dict.fromkeys(PRIVATE, ""))
        if not self.instance.pk:
            preset(self, since=timezone.localdate())

    def clean_since(self) -> datetime.date | None:
        return not_in_future(self.cleaned_data["since"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        cleaned = clean_home(self, cleaned)
        if not any(cleaned.get(name) for name in ("kind", "name", "street", "town", "quarter")):
            self.add_error("kind", _("Please say at least how or where the person lives."))
        return cleaned


class MoveForm(AccommodationForm):
    """A move, with whoever of the household comes along."""

    arrangement = ("since", "along", "others_stay", *AccommodationForm.arrangement[1:])
    along = MembersField(
        label=_("Who moves along?"),
        queryset=None,
        required=False,
        help_text=_("They get the same address from the same day on."),
    )
    others_stay = forms.BooleanField(
        label=_("The others stay where they were; the household parts on this day"),
        required=False,
        initial=True,
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        client = self.instance.client
        rows = members_of(client, user).exclude(client=client)
        set_rows(self, "along", rows)
        if not rows.exists():
            del self.fields["along"]
        if not client.memberships.filter(until__isnull=True).exists():
            del self.fields["others_stay"]


class ProtectionForm(ScopedModelForm):
    """Why the address is protected, since when, and for whom besides."""

    along = MembersField(
        label=_("Whose address is protected along with it?"),
        queryset=None,
        required=False,
        help_text=_(
            "Everybody who lives there: an unprotected file would tell the address. Whoever must not learn it and "
            "lived there before: please split the household first."
        ),
    )

    class Meta:
        model = AddressProtection
        fields = ("reason", "since")
        help_texts = {"reason": _("For example: ban on disclosure, court order. The client may read this.")}

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        client = self.instance.client
        rows = members_of(client, user).filter(client__isnull=False).exclude(client=client)
        set_rows(self, "along", rows)
        if not rows.exists():
            del self.fields["along"]

    def clean_since(self) -> datetime.date | None:
        return not_in_future(self.cleaned_data["since"])


class GrantForm(ScopedModelForm):
    """Why a stand-in needs to read what a file protects."""

    class Meta:
        model = AccessGrant
        fields = ("reason",)
        widgets = {"reason": forms.Textarea(attrs={"rows": "3"})}
        help_texts = {
            "reason": _("Access ends after four hours. The responsible manager sees it in the file.")
        }


class HouseForm(ScopedModelForm):
    """An accommodation of the municipality."""

    instance: House

    class Meta:
        model = House
        fields = (
            *("municipality", "name", "kind", "street", "postcode", "town", "quarter"),
            *("capacity", "caretaker", "caretaker_phone", "valid_from", "valid_until"),
        )
        help_texts = {"valid_until": _("Empty while it is in use.")}

    arrangement: Sequence[Arranged] = (
        *("municipality", "name", "kind", "street"),
        ("postcode", "town", "quarter"),
        "capacity",
        ("caretaker", "caretaker_phone"),
        ("valid_from", "valid_until"),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        set_choices(self, "kind", [(kind.value, kind.label) for kind in HOUSE_KINDS])
        if self.instance.pk:
            del self.fields["municipality"]
            return
        places = Municipality.objects.filter(pk__in=scope_of(user).municipalities)
        set_rows(self, "municipality", places).empty_label = None

    def clean_caretaker_phone(self) -> str:
        number: str = self.cleaned_data["caretaker_phone"]
        if number and normalise_phone(number) is None:
            self.add_error("caretaker_phone", _("This is no phone number. Please check the digits."))
        return number

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        place = cleaned.get("municipality") or self.instance.municipality_id
        same = House.objects.filter(municipality=place, name=cleaned.get("name", ""))
        if place and same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", _("There is an accommodation of this name in this municipality."))
        return cleaned
