"""The form that closes a file."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import set_rows
from clients.choices import KEPT_TWICE, AccommodationKind, FactKind
from clients.forms.fields import offer
from clients.forms.files import VersionedForm
from clients.models import Accommodation, ClosingReason, DatedFact, FactValue


class CloseForm(VersionedForm):
    """Why and when the counselling ends, and how things stand then: what is asked here shows what has changed.

    Args:
        current: what is recorded now, by field: ``FactValue``, or the kind of accommodation.
    """

    reason = forms.ModelChoiceField(
        label=_("Closing reason"),
        queryset=ClosingReason.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
    )
    on = forms.DateField(label=_("Closed on"))
    note = forms.CharField(
        label=_("Note"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": "3"})
    )

    german_level = forms.ModelChoiceField(
        label=_("German at the end"),
        queryset=FactValue.objects.none(),
        required=False,
        empty_label=_("not known"),
    )
    employment = forms.ModelChoiceField(
        label=_("Work at the end"),
        queryset=FactValue.objects.none(),
        required=False,
        empty_label=_("not known"),
    )
    housing = forms.ChoiceField(
        label=_("Housing at the end"),
        required=False,
        choices=[("", _("not known")), *AccommodationKind.choices],
        help_text=_("What has changed is recorded since the day of closing; all this may stay empty."),
    )
    arrangement = ("reason", "on", ("german_level", "employment"), "housing", "note")

    def __init__(self, *args: Any, current: Mapping[str, Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        today = timezone.localdate()
        set_rows(self, "reason", ClosingReason.objects.valid_on(today).exclude(code=KEPT_TWICE))
        self.current = current
        for kind in (FactKind.GERMAN_LEVEL, FactKind.EMPLOYMENT):
            rows = FactValue.objects.filter(kind=kind)
            known = current.get(kind)
            offer(self.fields[kind], rows.valid_on(today), known.pk if known else None)
        self.initial.update({name: getattr(value, "pk", value) for name, value in current.items()})
        self.initial.setdefault("on", today)

    def changed_facts(self) -> list[DatedFact]:
        """Unsaved values since the day of closing that differ from what is recorded."""
        data = self.cleaned_data
        return [
            DatedFact(client=self.client, kind=kind, value=data[kind], since=data["on"])
            for kind in (FactKind.GERMAN_LEVEL, FactKind.EMPLOYMENT)
            if data[kind] is not None and data[kind] != self.current.get(kind)
        ]

    def changed_home(self) -> Accommodation | None:
        """An unsaved accommodation since then, where its kind differs from what is recorded."""
        kind = self.cleaned_data["housing"]
        if not kind or kind == self.current.get("housing"):
            return None
        return Accommodation(client=self.client, kind=kind, since=self.cleaned_data["on"])
