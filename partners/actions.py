"""Audit actions about the network, its meetings and referrals."""

from django.utils.translation import gettext_lazy as _

from audit.actions import READ, Action

ORGANISATION_KEPT = Action("network.organisation_kept", _("entered or changed an organisation"))
ENTRY_CONFIRMED = Action("network.confirmed", _("confirmed an entry of the network"))
ORGANISATION_RETIRED = Action("network.retired", _("took an organisation out of use"))
ORGANISATION_REINSTATED = Action("network.reinstated", _("put an organisation to use again"))
ORGANISATIONS_MERGED = Action("network.merged", _("merged two organisations"))
PERSON_KEPT = Action("network.person_kept", _("entered or changed a contact person"))
PERSON_REMOVED = Action("network.person_removed", _("removed a contact person"))
OFFER_KEPT = Action("network.offer_kept", _("entered or changed an offer"))
VOLUNTEERS_VIEWED = Action("network.volunteers_viewed", _("looked at the volunteers"), READ)
VOLUNTEER_KEPT = Action("network.volunteer_kept", _("entered or changed a volunteer"))
VOLUNTEER_ERASED = Action("network.volunteer_erased", _("erased a volunteer on request"))
NETWORK_EXPORTED = Action("network.exported", _("saved the network as a file"), READ)
NETWORK_IMPORTED = Action("network.imported", _("took over a list of organisations"))
MEETING_KEPT = Action("network.meeting_kept", _("entered or changed a meeting"))
MINUTES_KEPT = Action("network.minutes_kept", _("wrote the minutes of a meeting"))
DECISION_KEPT = Action("network.decision_kept", _("entered or changed a decision"))
DECISION_DONE = Action("network.decision_done", _("ticked off a decision"))
DECISION_REOPENED = Action("network.decision_reopened", _("took back that a decision is done"))
DECISION_PASSED_ON = Action("network.decision_passed_on", _("passed on a decision"))
REFERRALS_VIEWED = Action("referral.viewed", _("looked at the referrals"), READ)
REFERRED = Action("referral.made", _("referred the person to a partner"))
REFERRAL_STEP = Action("referral.step", _("recorded how a referral went on"))
REFERRAL_TAKEN_BACK = Action("referral.taken_back", _("took back a step of a referral"))
