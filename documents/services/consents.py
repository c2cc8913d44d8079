"""Record, correct and revoke what a client allowed (rules.md §13)."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from audit.recording import record
from clients.health import raise_if_unmarked
from clients.models import Client
from clients.services.change import change
from documents import actions
from documents.choices import ConsentKind
from documents.models import SPECIAL, Consent, InformationGiven
from documents.rules.consent import folded
from documents.services.mails import stop_waiting

FIELDS = (
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


class ConsentMissing(ValidationError):
    """The system itself would have sent or opened something nobody allowed; nothing was done.

    Attributes:
        begins: what the consent would have to say, by the names of its columns.
    """

    def __init__(self, message: object, *, begins: Mapping[str, Any]) -> None:
        super().__init__(message)
        self.begins = begins


def require_consent(
    client: Client,
    kind: ConsentKind,
    *,
    on: datetime.date,
    recipient: str = "",
    special: Collection[str] = (),
) -> Consent:
    """The consent that allows something on a day.

    It is asked only where the system itself sends or opens something. What people did is recorded whether or not it
    was allowed: a talk with others is never refused (rules.md §13).

    Args:
        client: the file.
        kind: what is to be done.
        on: the local day.
        recipient: to whom; compared without regard to case and blanks.
        special: names of ``SPECIAL`` that the consent has to name.

    Raises:
        ConsentMissing: none in force covers it.
    """
    rows = Consent.objects.unscoped(reason="what this file allows, asked by a service").of(client)
    for consent in rows.in_force(on).filter(kind=kind, **dict.fromkeys(special, True)):
        if not recipient or folded(consent.recipient) == folded(recipient):
            return consent
    raise ConsentMissing(
        _("There is no consent in force for this: “%(kind)s”. Nothing was sent.") % {"kind": kind.label},
        begins={"kind": kind.value, "recipient": recipient, **dict.fromkeys(special, True)},
    )


def record_consent(actor: Actor, consent: Consent) -> Consent:
    """Record a consent that was given.

    Args:
        actor: who acts, and when.
        consent: validated and unsaved.

    Raises:
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, [consent.client], needs="consent.record") as locked:
        raise_if_submitted(consent)
        consent.recorded_by, consent.recorded_at = actor.user, locked.now
        consent.full_clean()
        create_once(consent)
        record(actor, actions.CONSENT_GIVEN, client=consent.client, kind="consent", fields=FIELDS)
    return consent


def correct_consent(actor: Actor, consent: Consent, *, expected_version: int) -> Consent:
    """Correct what was recorded wrongly.

    Raises:
        StaleRecord: somebody else saved meanwhile.
        ValidationError: a stand-in takes the marking for health away.
    """
    with change(actor, [consent.client], needs="consent.record"):
        consent.full_clean()
        raise_if_unmarked(actor.user, consent.client, consent)
        save_edited(consent, expected_version, list(FIELDS))
        record(actor, actions.CONSENT_CORRECTED, client=consent.client, kind="consent", fields=FIELDS)
    return consent


def revoke_consent(actor: Actor, consent: Consent, *, on: datetime.date) -> int:
    """The client revoked it: it no longer holds from that day on, and mail that waits because of it is stopped.

    It is a right, and needs no file that is open.

    Args:
        actor: who acts, and when.
        consent: in force or ended; revoking it twice changes nothing.
        on: the local day, not in the future.

    Returns:
        How many mails were stopped.

    Raises:
        ValidationError: the day lies ahead, or before the consent.
        StaleRecord: somebody else saved meanwhile.
    """
    with change(actor, [consent.client], needs="consent.record", allow_closed=True) as locked:
        if consent.revoked_on is not None:
            return 0
        if on > locked.today:
            raise ValidationError({"on": _("Please enter a date up to today.")})
        if on < consent.given_on:
            raise ValidationError({"on": _("It cannot be revoked before it was given.")})
        consent.revoked_on, consent.revoked_by, consent.revoked_at = on, actor.user, locked.now
        save_edited(consent, consent.version, ["revoked_on", "revoked_by", "revoked_at"])
        record(actor, actions.CONSENT_REVOKED, client=consent.client, kind="consent", fields=["revoked_on"])
        return stop_waiting(actor, consent)


def reinstate_consent(actor: Actor, consent: Consent) -> Consent:
    """It was a slip: a consent revoked today stands again; mail that was stopped stays stopped.

    Later the revocation stays, because it has to be shown (Art. 7 GDPR); a new consent can be recorded.

    Raises:
        ValidationError: it was revoked on an earlier day.
    """
    with change(actor, [consent.client], needs="consent.record", allow_closed=True) as locked:
        if consent.revoked_on is not None:
            if consent.revoked_at is None or timezone.localdate(consent.revoked_at) != locked.today:
                raise ValidationError(
                    _("This can be taken back on the same day only. Please record a new consent.")
                )
            consent.revoked_on = consent.revoked_by = consent.revoked_at = None
            save_edited(consent, consent.version, ["revoked_on", "revoked_by", "revoked_at"])
            record(
                actor,
                actions.CONSENT_REINSTATED,
                client=consent.client,
                kind="consent",
                fields=["revoked_on"],
            )
    return consent


def record_information(actor: Actor, informed: InformationGiven) -> InformationGiven:
    """Record that the person was told what is kept about her.

    Raises:
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, [informed.client], needs="consent.record") as locked:
        raise_if_submitted(informed)
        informed.recorded_by, informed.recorded_at = actor.user, locked.now
        informed.full_clean()
        create_once(informed)
        record(actor, actions.INFORMED, client=informed.client, kind="information", fields=["article", "how"])
    return informed
