"""Referrals: to whom a client was sent on, and what came of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.access import Privacy
from accounts.records import Record
from clients.models import Client
from clients.querysets import FileRowQuerySet
from documents.models import Consent
from partners.choices import ReferralState, Way
from partners.models.network import Offer, Organisation, PartnerKind, Volunteer
from partners.querysets import ReferralQuerySet
from partners.rules.referral import OPEN


class Referral(Record):
    """A client was sent on to a partner (rules.md §14).

    ``kind`` and ``about_health`` are those of the partner on the day, and stay when a volunteer is erased.
    ``state``, ``state_on`` and ``appointment_on`` are copies of the last step that stands.
    """

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="referrals")
    kind = models.ForeignKey(PartnerKind, on_delete=models.PROTECT, related_name="+", editable=False)
    organisation = models.ForeignKey(
        Organisation, null=True, editable=False, on_delete=models.PROTECT, related_name="referrals"
    )
    offer = models.ForeignKey(
        Offer, null=True, editable=False, on_delete=models.SET_NULL, related_name="referrals"
    )
    volunteer = models.ForeignKey(
        Volunteer, null=True, editable=False, on_delete=models.SET_NULL, related_name="referrals"
    )
    way = models.CharField(_("how"), max_length=12, choices=Way, default=Way.HANDED_OUT)
    consent = models.ForeignKey(
        Consent, null=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    about = models.CharField(_("what for"), max_length=300, blank=True)
    recommended_on = models.DateField(_("recommended on"))
    about_health = models.BooleanField(default=False, editable=False)
    state = models.CharField(
        max_length=12, choices=ReferralState, default=ReferralState.RECOMMENDED, editable=False
    )
    state_on = models.DateField(editable=False)
    appointment_on = models.DateField(null=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)

    objects = ReferralQuerySet.as_manager()
    privacy = Privacy(scope="client", data_class="referral, health")

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        ordering = ("-recommended_on", "-id")
        indexes = [models.Index(fields=["client", "state"], name="referral_of_client")]
        constraints = [
            models.CheckConstraint(
                name="referral_goes_to_one_partner",
                condition=Q(organisation__isnull=True) | Q(volunteer__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"referral {self.pk}"

    known_steps: list[ReferralStep]

    @property
    def is_open(self) -> bool:
        """Whether its outcome is missing."""
        return self.state in OPEN

    @property
    def partner(self) -> str:
        """To whom the client was sent; of an erased volunteer only the kind is known."""
        if self.organisation is not None:
            return f"{self.organisation}: {self.offer}" if self.offer is not None else str(self.organisation)
        if self.volunteer is not None:
            return str(self.volunteer)
        return gettext("%(kind)s (entry erased)") % {"kind": self.kind}


class ReferralStep(Record):
    """How a referral went on; a slip is withdrawn, never deleted."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("how it goes on"), max_length=12, choices=ReferralState)
    on = models.DateField(_("on"))
    appointment_on = models.DateField(_("appointment on"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=300, blank=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    recorded_at = models.DateTimeField(editable=False)
    withdrawn_at = models.DateTimeField(null=True, editable=False)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+", editable=False
    )

    objects = FileRowQuerySet.as_manager()
    privacy = Privacy(scope="referral__client", data_class="referral, health")

    class Meta:
        verbose_name = _("step of a referral")
        verbose_name_plural = _("steps of a referral")
        ordering = ("on", "id")

    def __str__(self) -> str:
        return f"step {self.pk} of referral {self.referral_id}"
