"""Tables of the network."""

from partners.models.meetings import Decision, Meeting
from partners.models.network import ContactPerson, Offer, Organisation, PartnerKind, Volunteer
from partners.models.referrals import Referral, ReferralStep

__all__ = [
    "ContactPerson",
    "Decision",
    "Meeting",
    "Offer",
    "Organisation",
    "PartnerKind",
    "Referral",
    "ReferralStep",
    "Volunteer",
]
