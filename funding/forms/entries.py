"""Bookings, per-capita amounts and positions; a correction carries its reason."""

import datetime
from typing import Any

from django import forms
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedForm, ScopedModelForm, set_rows
from accounts.models import Role, User
from clients.forms.fields import offer
from funding.choices import BookingKind
from funding.fields import MoneyField
from funding.models import Booking, BudgetLine, PerCapita, Position
from ui.forms import set_choices


class EntryForm(ScopedModelForm):
    """An entry of a funding period; that of a correction asks why.

    Args:
        today: local date of the request.
    """

    def __init__(self, *args: Any, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        if self.instance.replaces_id:
            self.fields["reason"] = forms.CharField(
                label=_("Why is it corrected?"),
                max_length=200,
                help_text=_("The former entry stays and can be read."),
            )

    def get_arrangement(self) -> Any:
        return [*self.arrangement, "reason"]

    def record(self) -> Any:
        entry = super().record()
        entry.reason = self.cleaned_data.get("reason", "")
        return entry

    def not_ahead(self, name: str) -> datetime.date:
        """A day that has come.

        Raises:
            ValidationError: it is still to come.
        """
        day: datetime.date = self.cleaned_data[name]
        if day > self.today:
            raise forms.ValidationError(_("This day is still to come."))
        return day


class BookingForm(EntryForm):
    """Money approved, received or spent in a line."""

    amount = MoneyField(
        label=gettext_lazy("Amount in euros"),
        negative=True,
        help_text=gettext_lazy("Like 1.234,50. A reduction of an approval, or money paid back, has a minus."),
    )

    class Meta:
        model = Booking
        fields = ("kind", "line", "day", "amount", "about")
        widgets = {"kind": forms.RadioSelect}
        help_texts = {"about": gettext_lazy("The number of the notice or receipt; no name of a client.")}

    arrangement = ("kind", "line", ("day", "amount"), "about")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "kind", BookingKind.choices)
        line: Any = self.fields["line"]
        offer(line, BudgetLine.objects.valid_on(self.today), self.instance.line_id)
        line.empty_label = _("Please choose")

    def clean_day(self) -> datetime.date:
        return self.not_ahead("day")


class PerCapitaForm(EntryForm):
    """Persons assigned on a reference date, and the amount for each."""

    class Meta:
        model = PerCapita
        fields = ("reference_on", "persons", "amount")
        help_texts = {
            "persons": gettext_lazy("As the district was assigned them; not the files you counsel."),
            "amount": gettext_lazy("Like 1.125,00."),
        }

    arrangement = ("reference_on", ("persons", "amount"))

    def clean_reference_on(self) -> datetime.date:
        return self.not_ahead("reference_on")


class PositionForm(EntryForm):
    """Whose position the money pays, to which share, from–to."""

    class Meta:
        model = Position
        fields = ("person", "share", "since", "until")
        localized_fields = ("share",)
        help_texts = {"share": gettext_lazy("1 is a full position, 0,5 a half one.")}

    arrangement = ("person", "share", ("since", "until"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_rows(self, "person", _staff_of(self.instance))

    def clean_share(self) -> Any:
        share = self.cleaned_data["share"]
        if share <= 0:
            raise forms.ValidationError(_("Please enter a share above zero."))
        return share


def _staff_of(position: Position) -> Any:
    """Managers and officers who serve the town while the period lasts; for the district all of them."""
    period = position.period
    staff = User.objects.filter(role__in=(Role.MANAGER, Role.OFFICER), is_superuser=False)
    if period.municipality_id is None:
        chosen = staff.filter(is_active=True)
    else:
        serving = Q(services__municipality=period.municipality_id, services__since__lte=period.until)
        lasting = Q(services__until__isnull=True) | Q(services__until__gte=period.since)
        chosen = staff.filter(serving & lasting)
    return (chosen | staff.filter(pk=position.person_id)).distinct()


class ReverseForm(ScopedForm):
    """Why an entry counts no more."""

    reason = forms.CharField(
        label=gettext_lazy("Why is it reversed?"),
        max_length=200,
        help_text=gettext_lazy("The entry stays and can be read; it counts no more."),
    )
