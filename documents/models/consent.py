"""What a client allowed, to whom and for what; and that she was told what is kept about her."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from clients.models import Client, SpokenLanguage
from clients.querysets import FileRowQuerySet
from documents.choices import ConsentKind, HowGiven, HowInformed, Informed
from documents.models.document import Document
from documents.querysets import ConsentQuerySet
from documents.rules.consent import Given, holds_on

SPECIAL = ("about_health", "about_origin", "about_belief", "about_opinion", "about_sexuality")
"""Special categories of Art. 9 GDPR, each of which a consent names expressly or does not cover."""


class Consent(Record):
    """One consent or release of confidentiality (rules.md §13). It is revoked, never deleted.

    ``sheet`` is its document where a page has found that the reader may open it.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents")
    kind = models.CharField(_("what is allowed"), max_length=20, choices=ConsentKind)
    recipient = models.CharField(_("for whom"), max_length=160, blank=True)
    scope = models.CharField(_("which information"), max_length=500)
    purpose = models.CharField(_("purpose"), max_length=300)
    mutual = models.BooleanField(_("in both directions"), default=False)
    about_health = models.BooleanField(_("health"), default=False)
    about_origin = models.BooleanField(_("ethnic origin"), default=False)
    about_belief = models.BooleanField(_("religion or belief"), default=False)
    about_opinion = models.BooleanField(_("political opinion or trade union"), default=False)
    about_sexuality = models.BooleanField(_("sexual life or orientation"), default=False)
    explained = models.BooleanField(_("explained: voluntary, can be revoked, no drawback"), default=False)
    language = models.ForeignKey(
        SpokenLanguage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("language"),
    )
    how = models.CharField(_("how"), max_length=12, choices=HowGiven)
    given_on = models.DateField(_("given on"))
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    document = models.ForeignKey(
        Document,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="consents",
        verbose_name=_("signed sheet"),
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)
    revoked_on = models.DateField(_("revoked on"), null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = ConsentQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="consent, health")

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ("-given_on", "-id")
        indexes = [models.Index(fields=["client", "kind"], name="consent_of_client")]
        constraints = [
            models.CheckConstraint(
                name="consent_ends_after_it_was_given",
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("given_on")),
                violation_error_message=_("The end lies before the beginning."),
            ),
            models.CheckConstraint(
                name="consent_is_revoked_after_it_was_given",
                condition=Q(revoked_on__isnull=True) | Q(revoked_on__gte=F("given_on")),
                violation_error_message=_("It cannot be revoked before it was given."),
            ),
        ]

    def __str__(self) -> str:
        return f"consent {self.pk}"

    sheet: Document | None = None

    @property
    def given(self) -> Given:
        """The dates a rule looks at."""
        return Given(self.given_on, self.valid_until, self.revoked_on)

    def holds_on(self, day: datetime.date) -> bool:
        """Whether it is in force on a day."""
        return holds_on(self.given, day)

    @property
    def special(self) -> list[str]:
        """The special categories it names, in words."""
        return [str(self._meta.get_field(name).verbose_name) for name in SPECIAL if getattr(self, name)]  # type: ignore[union-attr]

    @property
    def title(self) -> str:
        """What it allows, and to whom."""
        label = str(ConsentKind(self.kind).label)
        return f"{label}: {self.recipient}" if self.recipient else label


class InformationGiven(Record):
    """That the person was told what is kept about her, by whom and why (Art. 13 and 14 GDPR)."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="information_given")
    article = models.CharField(_("information duty"), max_length=2, choices=Informed)
    given_on = models.DateField(_("informed on"))
    language = models.ForeignKey(
        SpokenLanguage,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("language"),
    )
    how = models.CharField(_("how"), max_length=10, choices=HowInformed)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="consent")

    class Meta:
        verbose_name = _("information given")
        verbose_name_plural = _("information given")
        ordering = ("-given_on", "-id")

    def __str__(self) -> str:
        return f"information {self.pk}"
