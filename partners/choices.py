"""The closed lists the rules of referrals branch on."""

from __future__ import annotations

from django.db.models import TextChoices
from django.utils.translation import pgettext_lazy


class Way(TextChoices):
    """How a referral was made."""

    HANDED_OUT = "handed_out", pgettext_lazy("referral", "Offer handed out to the client")
    NAME_PASSED = "name_passed", pgettext_lazy("referral", "Name passed on to the partner")


class ReferralState(TextChoices):
    """Where a referral stands."""

    RECOMMENDED = "recommended", pgettext_lazy("referral", "Recommended")
    APPOINTMENT = "appointment", pgettext_lazy("referral", "Appointment made")
    ARRIVED = "arrived", pgettext_lazy("referral", "Arrived")
    WAITING = "waiting", pgettext_lazy("referral", "Waiting list")
    DECLINED = "declined", pgettext_lazy("referral", "Declined")
    BROKEN_OFF = "broken_off", pgettext_lazy("referral", "Broken off")
    WITHDRAWN = "withdrawn", pgettext_lazy("referral", "Entered by mistake")
