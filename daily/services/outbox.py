"""Write mail in the transaction of its cause, and send it after that was committed, each message at most once.

A message is claimed by a conditional update before the mail server hears of it, so that of two senders one gets it.
What becomes of it is written afterwards. If the process dies in between, nobody knows whether the server took the
message: it is given up and not sent again. The same goes for an answer of the server that never came. A digest lost is
a glance at *Mein Tag*; a digest sent twice makes people doubt both.

Mail waits in queues, each a model on ``Outgoing``; an app to the right registers its own in ``contributions.py``.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from smtplib import SMTPException, SMTPRecipientsRefused, SMTPResponseException
from typing import Any

from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from audit.recording import record
from daily.actions import GIVEN_UP
from daily.models import MessageKind, MessageState, Outgoing, OutgoingMessage, OutgoingQuerySet

WAITS = tuple(datetime.timedelta(minutes=minutes) for minutes in (5, 15, 45, 135))
"""How long after each attempt the next one is made; after the last nobody tries any more."""
LOST_AFTER = datetime.timedelta(hours=1)
"""A message claimed so long ago belongs to a process that died."""
KEPT = datetime.timedelta(days=30)
PERMANENT = 500
"""From this answer of a mail server on it makes no sense to ask again (RFC 5321 §4.2.1)."""
REASON = "the outbox sends everybody's messages"
Undelivered = Callable[[Actor, Any], object]
_QUEUES: dict[type[Outgoing], Undelivered | None] = {OutgoingMessage: None}


def register(queue: type[Outgoing], undelivered: Undelivered | None = None) -> None:
    """Register a queue of mail; called from ``contributions.py``.

    Args:
        queue: its model.
        undelivered: told of each message that was given up.
    """
    _QUEUES[queue] = undelivered


def _rows(queue: type[Outgoing]) -> OutgoingQuerySet:
    model: Any = queue
    rows: OutgoingQuerySet = model.objects.unscoped(reason=REASON)
    return rows


def put(
    actor: Actor, recipient: User, kind: MessageKind, *, day: datetime.date, subject: str, body: str
) -> bool:
    """Write a message; it lives and dies with the caller's transaction.

    Args:
        actor: who acts, and when.
        recipient: her address is read when it is sent.
        kind: of these she gets one a day.
        day: what it is about; it is not sent on a later one.
        subject: without anything about a person.
        body: likewise, plain text.

    Returns:
        Whether it is new; False when she has this one already.
    """
    _message, is_new = OutgoingMessage.objects.get_or_create(
        recipient=recipient,
        kind=kind,
        day=day,
        defaults={"subject": subject, "body": body, "created_at": actor.now, "due_at": actor.now},
    )
    return is_new


@dataclass(slots=True)
class Tally:
    """How many messages were sent, put off and given up."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a message was not sent, and whether trying again makes sense."""

    error: str
    is_final: bool


NO_ADDRESS = Failure("NoAddress", is_final=True)


def send_due(actor: Actor) -> Tally:
    """Send what is due; call it outside any transaction, as each claim must be committed before the server hears of it.

    Args:
        actor: who acts, and when.
    """
    tally = Tally()
    no_server: Failure | None = None
    for queue, undelivered in _QUEUES.items():
        for message in _give_up_lost(actor, queue):
            tally.given_up += 1
            if undelivered is not None:
                undelivered(actor, message)
        for key in list(_rows(queue).due(actor.now).values_list("pk", flat=True)):
            message = _claim(queue, key, actor.now)
            if message is None:
                continue
            address = message.may_go_to(actor.today)
            # A server that does not answer is asked once: each question may take as long as the time-out.
            failure = no_server if address else NO_ADDRESS
            failure = failure or _deliver(message, address)
            if isinstance(failure, NoServer):
                no_server = failure
            _note(message, failure, actor.now, tally)
            if undelivered is not None and message.state == MessageState.GIVEN_UP:
                undelivered(actor, message)
    if tally.given_up:
        record(actor, GIVEN_UP, kind="message", count=tally.given_up)
    return tally


class NoServer(Failure):
    """The mail server could not be reached, so it heard of no message."""


def _give_up_lost(actor: Actor, queue: type[Outgoing]) -> list[Any]:
    """Those whose day is over, and those whose sender died; each is given up by one sender only."""
    is_over = Q(state=MessageState.WAITING, day__lt=actor.today) | Q(
        state=MessageState.SENDING, tried_at__lt=actor.now - LOST_AFTER
    )
    given_up = []
    for message in _rows(queue).filter(is_over):
        error = "Interrupted" if message.state == MessageState.SENDING else message.last_error
        mine = _rows(queue).filter(is_over, pk=message.pk)
        if mine.update(state=MessageState.GIVEN_UP, last_error=error):
            given_up.append(message)
    return given_up


def _claim(queue: type[Outgoing], key: int, now: datetime.datetime) -> Any:
    """Take a message for sending; None when another sender was first."""
    rows = _rows(queue)
    with transaction.atomic(durable=True):
        taken = rows.due(now).filter(pk=key)
        if not taken.update(state=MessageState.SENDING, attempts=F("attempts") + 1, tried_at=timezone.now()):
            return None
    return rows.get(pk=key)


def _deliver(message: Outgoing, address: str) -> Failure | None:
    """One conversation with the mail server; None when it took the message."""
    connection = mail.get_connection()
    try:
        try:
            connection.open()
        except (OSError, SMTPException) as problem:
            return NoServer(type(problem).__name__, is_final=False)
        return _hand_over(message, address, connection)
    finally:
        connection.close()


def _hand_over(message: Outgoing, address: str, connection: BaseEmailBackend) -> Failure | None:
    text = mail.EmailMessage(
        message.subject,
        message.body,
        to=[address],
        # No answer of a machine on holiday is wanted (RFC 3834).
        headers={"Auto-Submitted": "auto-generated"},
        connection=connection,
    )
    try:
        text.send()
    except SMTPRecipientsRefused as refused:
        [(code, _said)] = refused.recipients.values()
        return _refusal(refused, code)
    except SMTPResponseException as refused:
        return _refusal(refused, refused.smtp_code)
    except Exception as problem:
        # The conversation broke off: the server may have taken the message. Or it cannot be written at all.
        return Failure(type(problem).__name__, is_final=True)
    return None


def _refusal(refused: SMTPException, code: int) -> Failure:
    return Failure(f"{type(refused).__name__} {code}", is_final=code >= PERMANENT)


def _note(message: Outgoing, failure: Failure | None, now: datetime.datetime, tally: Tally) -> None:
    if failure is None:
        message.state, message.sent_at, message.last_error = MessageState.SENT, timezone.now(), ""
        tally.sent += 1
    elif failure.is_final or message.attempts > len(WAITS):
        message.state, message.last_error = MessageState.GIVEN_UP, failure.error
        tally.given_up += 1
    else:
        message.state, message.last_error = MessageState.WAITING, failure.error
        message.due_at = now + WAITS[message.attempts - 1]
        tally.put_off += 1
    message.save(update_fields=["state", "sent_at", "due_at", "last_error"])


def forget_old(actor: Actor) -> int:
    """Delete messages 30 days after they were sent or written; returns how many."""
    old = {"created_at__lt": actor.now - KEPT}
    return sum(_rows(queue).filter(**old).delete()[0] for queue in _QUEUES)
