"""Forms about dated facts: numbers, accommodation, residence, levels, safety, household."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedForm, ScopedModelForm, set_rows
from accounts.models import User
from accounts.rules.calendar import add_months
from clients.choices import (
    AccommodationKind,
    FactKind,
    PointKind,
    Precision,
    Relation,
    ResidenceStatus,
)
from clients.forms.fields import UncertainDateField, preset
from clients.forms.files import DATE_HINT, clean_birth
from clients.models import (
    Accommodation,
    Client,
    ContactPoint,
    DatedFact,
    FactValue,
    Relative,
    Residence,
    SafetyNote,
)
from clients.rules.dates import UncertainDate
from clients.rules.names import normalise_phone
from ui.forms import set_choices

SAFETY_MONTHS = 6
FEW = 9
"""So many values are shown side by side, more in a list."""


def not_in_future(day: datetime.date | None) -> datetime.date | None:
    """Facts have begun; what is planned stands in the calendar.

    Raises:
        ValidationError: the day lies in the future.
    """
    if day and day > timezone.localdate():
        raise ValidationError(_("This day lies in the future."))
    return day


class ContactPointForm(ScopedModelForm):
    """A phone number or mail address."""

    class Meta:
        model = ContactPoint
        fields = ("kind", "value", "may_use", "remark")
        widgets = {"kind": forms.RadioSelect}
        help_texts = {"remark": _("For example: belongs to the neighbour, only in the evening.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "kind", PointKind.choices)
        if not self.instance.pk:
            preset(self, kind=PointKind.MOBILE.value)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        kind, value = cleaned.get("kind"), cleaned.get("value")
        if not kind or not value:
            return cleaned
        if kind == PointKind.EMAIL:
            try:
                validate_email(value)
            except ValidationError:
                self.add_error("value", _("This is no e-mail address."))
        elif normalise_phone(value) is None:
            self.add_error("value", _("This is no phone number. Please check the digits."))
        return cleaned


class AccommodationForm(ScopedModelForm):
    """Where the client lives since a day."""

    class Meta:
        model = Accommodation
        fields = ("kind", "name", "street", "postcode", "town", "quarter", "letters_reach", "since")

    arrangement = ("since", "kind", "name", "street", ("postcode", "town", "quarter"), "letters_reach")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "kind", [("", _("not known")), *AccommodationKind.choices])
        if not self.instance.pk:
            preset(self, since=timezone.localdate())

    def clean_since(self) -> datetime.date | None:
        return not_in_future(self.cleaned_data["since"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if not any(cleaned.get(name) for name in ("kind", "name", "street", "town", "quarter")):
            self.add_error("kind", _("Please say at least how or where the person lives."))
        if cleaned.get("street") and not cleaned.get("town"):
            self.add_error("town", _("Please fill in."))
        return cleaned


class ResidenceForm(ScopedModelForm):
    """The residence status with both dates."""

    class Meta:
        model = Residence
        fields = ("status", "since", "printed_until", "continues_until")
        help_texts = {
            "continues_until": _("If a law or decree prolongs it beyond the printed date."),
        }

    arrangement = ("status", "since", ("printed_until", "continues_until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "status", [("", "–"), *ResidenceStatus.choices])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, printed, continues = (
            cleaned.get(name) for name in ("since", "printed_until", "continues_until")
        )
        if since and printed and printed < since:
            self.add_error("printed_until", _("The end lies before the beginning."))
        if printed and continues and continues < printed:
            self.add_error("continues_until", _("This day lies before the printed date."))
        return cleaned


class FactForm(ScopedModelForm):
    """A new value of one kind of fact.

    Args:
        kind: a value of ``FactKind``; decides which values are offered.
    """

    class Meta:
        model = DatedFact
        fields = ("value", "detail", "since")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        values = FactValue.objects.valid_on(timezone.localdate()).filter(kind=kind)
        if few := values.count() <= FEW:
            self.fields["value"].widget = forms.RadioSelect()
        value = set_rows(self, "value", values)
        value.label = FactKind(kind).label
        if few:
            value.empty_label = None
        preset(self, since=timezone.localdate())

    def clean_since(self) -> datetime.date | None:
        return not_in_future(self.cleaned_data["since"])


class SafetyNoteForm(ScopedModelForm):
    """What visitors must know, why, and until when."""

    class Meta:
        model = SafetyNote
        fields = ("only_in_pairs", "reason", "expires_on")
        help_texts = {"reason": _("Facts only, no judgement; the client may read this.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        preset(self, expires_on=add_months(timezone.localdate(), SAFETY_MONTHS))


class RelativeForm(ScopedModelForm):
    """A co-counselled relative: only name, birth and relation."""

    instance: Relative
    birth = UncertainDateField(label=_("Date of birth"), help_text=DATE_HINT)

    class Meta:
        model = Relative
        fields = ("surname", "given_name", "relation")

    arrangement = (("surname", "given_name"), ("birth", "relation"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(
            self, "relation", [choice for choice in Relation.choices if choice[0] != Relation.REFERENCE]
        )
        if self.instance.pk:
            self.initial.setdefault("birth", self.instance.birth)

    def clean_birth(self) -> UncertainDate | None:
        return clean_birth(self.cleaned_data["birth"], timezone.localdate())

    def _post_clean(self) -> None:
        if "birth" in self.cleaned_data:
            born: UncertainDate | None = self.cleaned_data["birth"]
            self.instance.birth_date = born.value if born else None
            self.instance.birth_precision = born.precision if born else Precision.DAY
        super()._post_clean()  # type: ignore[misc]  # a hook of Django that its types leave out

    def changed_fields(self, current: Model) -> list[str]:
        changed = super().changed_fields(current)
        is_other = isinstance(current, Relative) and self.instance.birth != current.birth
        return [*changed, "birth"] if is_other else changed


class CaseloadField(forms.ModelChoiceField):
    """One's own files by surname; the case number tells namesakes apart."""

    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.list_name} · {obj.case_no}"


class JoinHouseholdForm(ScopedForm):
    """Another client of the caseload joins the household.

    Args:
        client: whose household is joined.
    """

    other = CaseloadField(
        label=_("Who lives here, too?"),
        queryset=None,
        help_text=_("Type the surname. Only people of your own caseload stand in the list."),
    )
    relation = forms.ChoiceField(
        label=_("Relation to the reference person"),
        choices=[choice for choice in Relation.choices if choice[0] != Relation.REFERENCE],
    )

    def __init__(self, *args: Any, client: Client, user: User, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        set_rows(self, "other", Client.objects.editable_by(user).exclude(pk=client.pk).in_list_order())
