"""Forms about dated facts: numbers, levels, safety."""

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedModelForm, set_rows
from accounts.rules.calendar import add_months
from clients.choices import (
    FactKind,
    FactSource,
    PointKind,
    Precision,
)
from clients.forms.fields import UncertainDateField, preset
from clients.models import (
    ContactPoint,
    DatedFact,
    FactValue,
    SafetyNote,
)
from clients.rules.dates import UncertainDate, certainly_before
from clients.rules.names import normalise_phone
from ui.forms import set_choices

SAFETY_MONTHS = 6
MONTHS_AHEAD = 24
SINCE_HINT = _("Also 3/2018 or 2016, if no more is known. A day to come is a change that is planned.")
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


class FactForm(ScopedModelForm):
    """A value of one kind of fact, new or corrected.

    Args:
        kind: a value of ``FactKind``; decides which values are offered.
    """

    instance: DatedFact
    since = UncertainDateField(label=_("Since"), required=True, help_text=SINCE_HINT)
    until = UncertainDateField(label=_("Until"), help_text=_("Only if it is over, or its end is fixed."))

    class Meta:
        model = DatedFact
        fields = ("value", "source", "detail")

    arrangement = ("value", "source", ("since", "until"), "detail")

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = Q(pk__in=FactValue.objects.valid_on(timezone.localdate()).values("pk"))
        values = FactValue.objects.filter(offered | Q(pk=self.instance.value_id), kind=kind)
        if few := values.count() <= FEW:
            self.fields["value"].widget = forms.RadioSelect()
        value = set_rows(self, "value", values)
        value.label = FactKind(kind).label
        if few:
            value.empty_label = None
        if kind == FactKind.GERMAN_LEVEL:
            set_choices(self, "source", [("", _("not known")), *FactSource.choices])
        else:
            del self.fields["source"]
        if kind == FactKind.VOCATION:
            self.fields["detail"].label = _("Vocation")
        if self.instance.pk:
            preset(self, since=self.instance.begun, until=self.instance.ended)
        else:
            preset(self, since=UncertainDate(timezone.localdate()))

    def clean_since(self) -> UncertainDate:
        since: UncertainDate = self.cleaned_data["since"]
        born = self.instance.client.birth
        if born is not None and certainly_before(since, born):
            raise ValidationError(_("This day lies before the date of birth."))
        if since.first > add_months(timezone.localdate(), MONTHS_AHEAD):
            raise ValidationError(_("This day lies far in the future. Please check the year."))
        return since

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until.last < since.first:
            self.add_error("until", _("The end lies before the beginning."))
        return cleaned

    def _post_clean(self) -> None:
        since: UncertainDate | None = self.cleaned_data.get("since")
        until: UncertainDate | None = self.cleaned_data.get("until")
        if since is not None:
            self.instance.since, self.instance.since_precision = since.first, since.precision
        if "until" in self.cleaned_data:
            self.instance.until = until.last if until else None
            self.instance.until_precision = until.precision if until else Precision.DAY
        super()._post_clean()  # type: ignore[misc]  # a hook of Django that its types leave out


class SafetyNoteForm(ScopedModelForm):
    """What visitors must know, why, and until when."""

    class Meta:
        model = SafetyNote
        fields = ("only_in_pairs", "reason", "expires_on")
        help_texts = {"reason": _("Facts only, no judgement; the client may read this.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        preset(self, expires_on=add_months(timezone.localdate(), SAFETY_MONTHS))
