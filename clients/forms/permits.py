"""Forms about residence documents, and about the decrees that prolong them."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ScopedModelForm
from clients.choices import ResidenceStatus
from clients.models import PermitDecree, Residence
from ui.forms import set_choices


class ResidenceForm(ScopedModelForm):
    """The residence status with both dates."""

    class Meta:
        model = Residence
        fields = ("status", "since", "printed_until", "continues_until", "no_decree")
        help_texts = {
            "continues_until": _("If the authority prolongs this document beyond the printed date."),
            "no_decree": _("General decrees of the administration count for all documents of a status."),
        }

    arrangement = ("status", "since", ("printed_until", "continues_until"), "no_decree")

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
        if since and continues and continues < since:
            self.add_error("continues_until", _("The end lies before the beginning."))
        if printed and continues and continues < printed:
            self.add_error("continues_until", _("This day lies before the printed date."))
        return cleaned


class ProlongForm(ScopedModelForm):
    """The document stays and continues to be valid until a later day."""

    instance: Residence

    class Meta:
        model = Residence
        fields = ("continues_until",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["continues_until"].required = True
        self.former_end = self.instance.own_end

    def clean_continues_until(self) -> Any:
        day = self.cleaned_data["continues_until"]
        if self.former_end and day <= self.former_end:
            raise forms.ValidationError(
                _("The document is valid until %(date)s already. Please enter a later day.")
                % {"date": f"{self.former_end:%d.%m.%Y}"}
            )
        return day


class DecreeForm(ScopedModelForm):
    """Which documents go on until when, and by which law."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = PermitDecree
        fields = ("status", "valid_on", "continues_until", "source")
        help_texts = {
            "valid_on": _("The reference day of the decree: whatever is valid on it goes on."),
            "source": _("As files shall name it, for example “UkraineAufenthFGV of 28.11.2023”."),
        }

    arrangement = ("status", ("valid_on", "continues_until"), "source", "seen")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        endless = {ResidenceStatus.NATURALISED, ResidenceStatus.UNKNOWN}
        set_choices(
            self,
            "status",
            [("", "–"), *(choice for choice in ResidenceStatus.choices if choice[0] not in endless)],
        )

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        valid_on, until = cleaned.get("valid_on"), cleaned.get("continues_until")
        if valid_on and until and until <= valid_on:
            self.add_error("continues_until", _("This day lies before the reference day."))
        elif until and until < timezone.localdate():
            self.add_error("continues_until", _("This day is over already."))
        return cleaned
