"""Texts that remind a client of an appointment, in their language; the administration keeps them."""

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.catalogues import Catalogue
from appointments.choices import ReminderKind
from appointments.rules.reminder import missing_gaps, unknown_gaps
from clients.models import SpokenLanguage


class ReminderText(Catalogue):
    """One text of a kind and language, with gaps for {date}, {time} and {place}."""

    language = models.ForeignKey(
        SpokenLanguage, on_delete=models.PROTECT, related_name="+", verbose_name=gettext_lazy("language")
    )
    kind = models.CharField(gettext_lazy("reminds of"), max_length=10, choices=ReminderKind)
    text = models.TextField(
        gettext_lazy("text"),
        max_length=600,
        help_text=gettext_lazy(
            "{date} and {time} must occur; a line with {place} is left out where there is no place."
        ),
    )

    class Meta(Catalogue.Meta):
        verbose_name = gettext_lazy("reminder text")
        verbose_name_plural = gettext_lazy("reminder texts")
        ordering = ("language__order", "language__label_de", "kind")
        constraints = [
            models.UniqueConstraint(
                fields=["language", "kind"],
                name="one_reminder_text_of_a_language_and_kind",
                violation_error_message=gettext_lazy("There is a text for this language already."),
            )
        ]

    @staticmethod
    def names_of(language: SpokenLanguage, kind: str) -> dict[str, str]:
        """Code and label, which follow from the language and what it reminds of."""
        with translation.override("de"):
            label = f"{language.label_de}: {ReminderKind(kind).label}"
        return {"code": f"{kind}-{language.code}"[:40], "label_de": label[:120]}

    def clean(self) -> None:
        """Whatever stands in braces is filled in, so nothing else may.

        Raises:
            ValidationError: at the text.
        """
        super().clean()
        if wrong := unknown_gaps(self.text):
            said = _("Only {date}, {time} and {place} are filled in, not %(found)s.")
            raise ValidationError({"text": said % {"found": ", ".join(wrong)}})
        if missing := missing_gaps(self.text):
            raise ValidationError({"text": _("Missing: %(gaps)s.") % {"gaps": ", ".join(missing)}})
