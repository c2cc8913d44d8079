"""Write mail to a client into the outbox, and stop what waits there."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable

from accounts.actor import Actor
from audit.recording import record
from clients.models import ContactPoint
from clients.services.change import change
from daily.models import MessageState
from documents import actions
from documents.models import ClientMail, Consent

REASON = "mail of a file its service has locked"
STOPPED = "Stopped"
Undelivered = Callable[[Actor, ClientMail], object]
_TOLD: list[Undelivered] = []


def register_undelivered(told: Undelivered) -> None:
    """Be told of each mail that did not reach the client; called from ``contributions.py``."""
    _TOLD.append(told)


def note_undelivered(actor: Actor, mail: ClientMail) -> None:
    """Tell everybody who wrote down that it was sent."""
    for told in _TOLD:
        told(actor, mail)


def write_mail(
    actor: Actor,
    consent: Consent,
    point: ContactPoint,
    *,
    about: uuid.UUID,
    logged: uuid.UUID,
    day: datetime.date,
    subject: str,
    body: str,
) -> ClientMail:
    """Write a mail; it lives and dies with the caller's transaction, and is sent after that was committed.

    Args:
        actor: who acts, and when.
        consent: what allows it, as ``require_consent`` found it.
        point: an e-mail address of the same file.
        about: the key of what it reminds of.
        logged: the key of the contact that says so.
        day: what it is about; it is not sent on a later one.
        subject: tells nothing.
        body: tells when, and nothing else (rules.md §13).

    Raises:
        ValidationError: one is on its way already.
    """
    with change(actor, [consent.client], needs="contact.log") as locked:
        mail = ClientMail(
            client=consent.client,
            consent=consent,
            point=point,
            about=about,
            logged=logged,
            day=day,
            subject=subject,
            body=body,
            created_at=locked.now,
            due_at=locked.now,
        )
        mail.validate_constraints()
        mail.save(force_insert=True)
        record(actor, actions.MAIL_WRITTEN, client=consent.client, kind="mail")
    return mail


def stop_waiting(actor: Actor, consent: Consent) -> int:
    """Give up what waits because of a consent; returns how many. What the mail server has cannot be called back."""
    with change(actor, [consent.client], needs="consent.record", allow_closed=True):
        waiting = list(
            ClientMail.objects.unscoped(reason=REASON).of(consent.client).waiting().filter(consent=consent)
        )
        stopped = [mail for mail in waiting if _stop(mail)]
        for mail in stopped:
            note_undelivered(actor, mail)
        if stopped:
            record(actor, actions.MAIL_STOPPED, client=consent.client, kind="mail", count=len(stopped))
    return len(stopped)


def _stop(mail: ClientMail) -> bool:
    """False when a sender was first."""
    rows = ClientMail.objects.unscoped(reason=REASON).waiting().filter(pk=mail.pk)
    return bool(rows.update(state=MessageState.GIVEN_UP, last_error=STOPPED))
