"""Funding periods and their proof of use."""

import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import scope_of
from accounts.forms import ScopedModelForm, set_rows
from accounts.models import Municipality, User
from clients.forms.fields import offer
from funding.choices import ProofState
from funding.models import FundingPeriod, Programme, ProofStep
from ui.forms import set_choices


class PeriodForm(ScopedModelForm):
    """A new funding period; whoever serves one town, or the whole district, is not asked whose it is.

    Args:
        today: local date of the request.
    """

    class Meta:
        model = FundingPeriod
        fields = ("programme", "municipality", "since", "until", "reference")
        help_texts = {"reference": gettext_lazy("The number on the notice of approval, once there is one.")}

    arrangement = ("programme", "municipality", ("since", "until"), "reference")

    def __init__(self, *args: Any, user: User, today: datetime.date, **kwargs: Any) -> None:
        super().__init__(*args, user=user, **kwargs)
        programme: Any = self.fields["programme"]
        offer(programme, Programme.objects.valid_on(today))
        programme.empty_label = _("Please choose")
        scope = scope_of(user)
        towns = (
            Municipality.objects.none()
            if scope.serves_all
            else Municipality.objects.filter(pk__in=scope.municipalities)
        )
        set_rows(self, "municipality", towns).required = True
        if scope.serves_all or len(scope.municipalities) == 1:
            del self.fields["municipality"]
            self.instance.municipality = towns.first()


class TermsForm(ScopedModelForm):
    """From when to when a period lasts, and under which reference."""

    class Meta:
        model = FundingPeriod
        fields = ("since", "until", "reference")

    arrangement = (("since", "until"), "reference")


class ProofForm(ScopedModelForm):
    """A step of the proof of use."""

    class Meta:
        model = ProofStep
        fields = ("state", "day", "amount", "note")
        widgets = {"state": forms.RadioSelect}
        help_texts = {"amount": gettext_lazy("Only when the funder demands money back, like 1.234,50.")}

    arrangement = ("state", ("day", "amount"), "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "state", ProofState.choices)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        state, amount = data.get("state"), data.get("amount")
        if state == ProofState.REPAYMENT and not amount and "amount" not in self.errors:
            self.add_error("amount", _("Please enter how much is demanded back."))
        if state and state != ProofState.REPAYMENT and amount is not None:
            self.add_error("amount", _("An amount belongs to a repayment that is demanded."))
        return data
