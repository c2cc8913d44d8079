"""Sending a client on to a partner, and how it went on."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import scope_of
from accounts.forms import ScopedModelForm
from clients.forms.fields import preset
from partners.choices import ReferralState, Way
from partners.models import Offer, Organisation, Referral, ReferralStep, Volunteer
from partners.rules.referral import NEXT
from ui.forms import set_choices

Partner = Organisation | Offer | Volunteer


def _not_ahead(day: datetime.date) -> datetime.date:
    if day > timezone.localdate():
        raise forms.ValidationError(_("Please enter a date up to today."))
    return day


class ReferralForm(ScopedModelForm):
    """To whom, how and what for.

    Args:
        chosen: key of the organisation, offer or volunteer that was found.
    """

    to = forms.ChoiceField(label=gettext_lazy("To whom"))

    class Meta:
        model = Referral
        fields = ("way", "about", "recommended_on")
        widgets = {"way": forms.RadioSelect}
        help_texts = {
            "way": gettext_lazy(
                "Passing the name on needs a consent for this very partner, in force that day."
            ),
            "about": gettext_lazy("A few words; the partner does not read them."),
        }

    arrangement = ("to", "way", "about", "recommended_on")

    def __init__(self, *args: Any, chosen: UUID | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._partners: dict[str, Partner] = {}
        set_choices(self, "way", Way.choices)
        set_choices(self, "to", [("", _("Please choose")), *self._offered()])
        preset(self, to=str(chosen or ""), recommended_on=timezone.localdate())

    def _offered(self) -> list[Any]:
        """Organisations by kind, each with its offers below it, then the volunteers of one's own municipalities."""
        today = timezone.localdate()
        offers: dict[int, list[Offer]] = {}
        for row in Offer.objects.on(today):
            offers.setdefault(row.organisation_id, []).append(row)
        groups: dict[str, list[tuple[str, str]]] = {}
        in_use = Organisation.objects.current().select_related("kind")
        for organisation in in_use.order_by("kind__order", "name", "pk"):
            group = groups.setdefault(str(organisation.kind), [])
            group.append(self._option(organisation, str(organisation)))
            for row in offers.get(organisation.pk, []):
                row.organisation = organisation
                group.append(self._option(row, f"{organisation}: {row}"))
        helpers = Volunteer.objects.kept_in(scope_of(self.user))
        if found := [self._option(row, str(row)) for row in helpers]:
            groups[_("Volunteers")] = found
        return list(groups.items())

    def _option(self, partner: Partner, label: str) -> tuple[str, str]:
        self._partners[str(partner.uuid)] = partner
        return str(partner.uuid), label

    def clean_recommended_on(self) -> datetime.date:
        return _not_ahead(self.cleaned_data["recommended_on"])

    def record(self) -> Any:
        referral: Referral = super().record()
        partner = self._partners[self.cleaned_data["to"]]
        if isinstance(partner, Volunteer):
            referral.volunteer = partner
        elif isinstance(partner, Offer):
            referral.organisation, referral.offer = partner.organisation, partner
        else:
            referral.organisation = partner
        return referral


class StepForm(ScopedModelForm):
    """How a referral went on."""

    class Meta:
        model = ReferralStep
        fields = ("state", "on", "appointment_on", "note")
        widgets = {"state": forms.RadioSelect}
        help_texts = {"appointment_on": gettext_lazy("Only if an appointment with the partner was made.")}

    arrangement = ("state", ("on", "appointment_on"), "note")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        possible = NEXT[self.instance.referral.state]
        set_choices(self, "state", [(state.value, state.label) for state in possible])
        preset(self, on=timezone.localdate())

    def clean_on(self) -> datetime.date:
        return _not_ahead(self.cleaned_data["on"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        is_appointment = cleaned.get("state") == ReferralState.APPOINTMENT
        if is_appointment and not cleaned.get("appointment_on") and "appointment_on" not in self.errors:
            self.add_error("appointment_on", _("Please say when the appointment is."))
        if cleaned.get("appointment_on") and cleaned.get("state") and not is_appointment:
            self.add_error("appointment_on", _("This day is for “appointment made” only. Please empty it."))
        return cleaned
