"""Send a client on to a partner, and record what came of it (rules.md §14)."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from audit.recording import record
from clients.services.change import change
from documents.choices import ConsentKind
from documents.services.consents import ConsentMissing, require_consent
from partners import actions
from partners.catalogue_rows import VOLUNTEERS
from partners.choices import ReferralState, Way
from partners.models import PartnerKind, Referral, ReferralStep
from partners.rules.referral import NEXT

FIELDS = ("kind", "way", "about", "recommended_on")
COPIES = ["state", "state_on", "appointment_on"]


def refer(actor: Actor, referral: Referral) -> Referral:
    """Record that a client was sent on. Passing her name on needs a release for this very partner, in force that day.

    Args:
        actor: who acts, and when.
        referral: validated and unsaved, with an organisation or a volunteer.

    Raises:
        ConsentMissing: the name would be passed on without a release, said at ``way``; nothing was written.
        ValidationError: at ``way``: the volunteer has not signed confidentiality.
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, [referral.client], needs="referral.edit") as locked:
        raise_if_submitted(referral)
        referral.kind = _kind_of(referral)
        referral.about_health = referral.kind.about_health
        referral.state_on = referral.recommended_on
        referral.recorded_by, referral.recorded_at = actor.user, locked.now
        if referral.way == Way.NAME_PASSED:
            _require_release(referral)
        referral.full_clean()
        create_once(referral)
        ReferralStep.objects.create(
            referral=referral,
            state=ReferralState.RECOMMENDED,
            on=referral.recommended_on,
            recorded_by=actor.user,
            recorded_at=locked.now,
        )
        record(actor, actions.REFERRED, client=referral.client, kind="referral", fields=FIELDS)
    return referral


def _kind_of(referral: Referral) -> PartnerKind:
    if referral.organisation is not None:
        return referral.organisation.kind
    return PartnerKind.objects.get(code=VOLUNTEERS)


def _require_release(referral: Referral) -> None:
    """Find the consent that allows passing the name on, and keep which one it was."""
    volunteer = referral.volunteer
    if volunteer is not None and volunteer.confidentiality_on is None:
        raise ValidationError({"way": _("This volunteer has not signed confidentiality yet.")})
    kind = ConsentKind.RELEASE if volunteer is None else ConsentKind.VOLUNTEER_SHARING
    # Only health is named here: what else is passed on is said in the consent itself.
    special = ["about_health"] if referral.about_health else []
    recipient = str(volunteer or referral.organisation)
    try:
        referral.consent = require_consent(
            referral.client, kind, on=referral.recommended_on, recipient=recipient, special=special
        )
    except ConsentMissing as missing:
        said = _("“%(kind)s” for %(recipient)s is not in force on this day.")
        if special:
            said = _("“%(kind)s” for %(recipient)s that names health is not in force on this day.")
        words = {"kind": kind.label, "recipient": recipient}
        further = _("The name must not be passed on; the offer can be handed out without it.")
        text = {"way": f"{said % words} {further}"}
        raise ConsentMissing(text, begins=missing.begins) from missing


def go_on(actor: Actor, step: ReferralStep) -> Referral:
    """Record how a referral went on.

    Args:
        actor: who acts, and when.
        step: validated and unsaved.

    Raises:
        ValidationError: this does not follow from where the referral stands now, or lies before its last step.
        DuplicateSubmission: the same form was posted before.
    """
    client = step.referral.client
    with change(actor, [client], needs="referral.edit") as locked:
        raise_if_submitted(step)
        referral = _stored(step.referral)
        if step.state not in NEXT[referral.state]:
            raise ValidationError({"state": _("The referral has gone on meanwhile; this does not follow.")})
        if step.on < referral.state_on:
            raise ValidationError({"on": _("This lies before what was recorded last.")})
        step.recorded_by, step.recorded_at = actor.user, locked.now
        step.full_clean()
        create_once(step)
        _copy(referral, step)
        record(actor, actions.REFERRAL_STEP, client=client, kind="referral", fields=["state"])
    return referral


def take_back(actor: Actor, referral: Referral) -> Referral:
    """The last step was a slip; without any step the referral itself was entered by mistake."""
    with change(actor, [referral.client], needs="referral.edit") as locked:
        referral = _stored(referral)
        standing = list(referral.steps.filter(withdrawn_at__isnull=True).order_by("pk"))
        if not standing:
            return referral
        slip = standing.pop()
        slip.withdrawn_at, slip.withdrawn_by = locked.now, actor.user
        save_edited(slip, slip.version, ["withdrawn_at", "withdrawn_by"])
        if standing:
            _copy(referral, standing[-1])
        else:
            referral.state = ReferralState.WITHDRAWN
            save_edited(referral, referral.version, COPIES)
        record(actor, actions.REFERRAL_TAKEN_BACK, client=referral.client, kind="referral", fields=["state"])
    return referral


def _stored(referral: Referral) -> Referral:
    """The row as it is under the lock of its file."""
    rows = Referral.objects.unscoped(reason="read again under the lock of its file")
    found: Referral = rows.select_related("client", "kind").get(pk=referral.pk)
    return found


def _copy(referral: Referral, step: ReferralStep) -> None:
    referral.state, referral.state_on = step.state, step.on
    referral.appointment_on = step.appointment_on
    save_edited(referral, referral.version, COPIES)
