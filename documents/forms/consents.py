"""Recording a consent, its revocation, and that somebody was informed."""

import datetime
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms import ScopedForm, ScopedModelForm, set_rows
from clients.forms.fields import offer, preset
from clients.models import SpokenLanguage
from documents.choices import NAMES_RECIPIENT, ConsentKind, HowGiven, HowInformed, Informed
from documents.models import SPECIAL, Consent, Document, InformationGiven
from ui.fields import Section
from ui.forms import set_choices


def _not_ahead(day: datetime.date | None) -> datetime.date | None:
    if day and day > timezone.localdate():
        raise forms.ValidationError(_("Please enter a date up to today."))
    return day


class ConsentForm(ScopedModelForm):
    """What is allowed, to whom, for what, how and until when; special categories are named one by one.

    Args:
        with_health: whether sheets about health are offered.
    """

    class Meta:
        model = Consent
        fields = (
            "kind",
            "recipient",
            "scope",
            "purpose",
            "mutual",
            *SPECIAL,
            "explained",
            "language",
            "how",
            "given_on",
            "valid_until",
            "document",
        )
        widgets = {
            "kind": forms.RadioSelect,
            "how": forms.RadioSelect,
            "scope": forms.Textarea({"rows": "2"}),
        }
        help_texts = {
            "recipient": _(
                "Exactly one person or office, e.g. Jobcenter, Ms Sommer; empty for the service itself."
            ),
            "scope": _("What may be told or kept, in this single matter."),
            "mutual": _("The other side may tell us something, too."),
            "valid_until": _("Empty: until it is revoked."),
        }

    arrangement = (
        "kind",
        "recipient",
        "scope",
        "purpose",
        "mutual",
        Section(_("Named expressly, if it is about this"), SPECIAL),
        Section(
            _("How it was given"), ("how", ("given_on", "valid_until"), "language", "explained", "document")
        ),
    )

    def __init__(self, *args: Any, with_health: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        client = self.instance.client
        sheets = Document.objects.editable_by(self.user).of(client).kept().readable(with_health=with_health)
        set_rows(self, "document", sheets).label_from_instance = lambda sheet: sheet.title  # type: ignore[assignment, method-assign]
        offer(
            self.fields["language"],
            SpokenLanguage.objects.valid_on(timezone.localdate()),
            self.instance.language_id,
        )
        set_choices(self, "kind", ConsentKind.choices)
        set_choices(self, "how", HowGiven.choices)
        preset(
            self, given_on=timezone.localdate(), language=client.preferred_language_id, how=HowGiven.WRITTEN
        )

    def clean_given_on(self) -> datetime.date | None:
        return _not_ahead(self.cleaned_data["given_on"])

    def clean_document(self) -> Document | None:
        """The sheet chosen; one that the reader may not know of stays."""
        stored = self.instance.document
        sheets: Any = self.fields["document"]
        if stored is not None and stored not in sheets.queryset:
            return stored
        return self.cleaned_data["document"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if (
            cleaned.get("kind") in NAMES_RECIPIENT
            and not cleaned.get("recipient")
            and "recipient" not in self.errors
        ):
            self.add_error(
                "recipient", _("Please name who it is for: a consent holds for exactly one recipient.")
            )
        given, until = cleaned.get("given_on"), cleaned.get("valid_until")
        if given and until and until < given:
            self.add_error("valid_until", _("The end lies before the beginning."))
        return cleaned


class RevokeForm(ScopedForm):
    """The day it was revoked."""

    on = forms.DateField(label=gettext_lazy("Revoked on"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        preset(self, on=timezone.localdate())

    def clean_on(self) -> datetime.date | None:
        return _not_ahead(self.cleaned_data["on"])


class InformationForm(ScopedModelForm):
    """That the person was told what is kept about her.

    Args:
        article: which duty applies by where the file came from.
    """

    class Meta:
        model = InformationGiven
        fields = ("article", "how", "given_on", "language")
        widgets = {"article": forms.RadioSelect, "how": forms.RadioSelect}

    arrangement = ("article", "how", ("given_on", "language"))

    def __init__(self, *args: Any, article: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        set_choices(self, "article", Informed.choices)
        set_choices(self, "how", HowInformed.choices)
        offer(self.fields["language"], SpokenLanguage.objects.valid_on(timezone.localdate()))
        client = self.instance.client
        preset(
            self,
            article=article,
            how=HowInformed.ORAL,
            given_on=timezone.localdate(),
            language=client.preferred_language_id,
        )

    def clean_given_on(self) -> datetime.date | None:
        return _not_ahead(self.cleaned_data["given_on"])
