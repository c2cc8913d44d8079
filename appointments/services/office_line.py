"""The line of an open office hour: arriving, calling, and what became of somebody.

At one desk several people call numbers. Every act first locks the session, so that a number is given and called once;
constraints of the database say the same. Nothing of it reaches the audit log: the line dies with the session.
"""

from __future__ import annotations

from uuid import UUID

from django.db import transaction
from django.db.models import Max

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from appointments.choices import ArrivalOutcome
from appointments.models import OfficeHourArrival, OfficeHourSession
from appointments.services.office_hours import PERMISSION, DeskClosed, locked_session
from clients.models import SpokenLanguage, Topic


def arrive(
    actor: Actor, session: OfficeHourSession, language: SpokenLanguage | None, *, token: UUID | None = None
) -> OfficeHourArrival:
    """Give the next number.

    Args:
        actor: who acts, and when.
        session: of today, open.
        language: None when nobody asked.
        token: of the form; the same tap twice gives one number.

    Raises:
        DuplicateSubmission: this tap was answered before.
        DeskClosed: the session is closed.
    """
    actor.require(PERMISSION)
    with transaction.atomic():
        _locked_today(actor, session)
        last = session.arrivals.aggregate(number=Max("number"), turn=Max("turn"))
        arrival = OfficeHourArrival(
            session=session,
            number=(last["number"] or 0) + 1,
            turn=(last["turn"] or 0) + 1,
            language=language,
            arrived_at=actor.now,
            form_token=token,
        )
        raise_if_submitted(arrival)
        create_once(arrival)
    return arrival


def call_next(actor: Actor, session: OfficeHourSession) -> OfficeHourArrival | None:
    """Take the next number; whoever has somebody at the desk keeps that one.

    Returns:
        Who is at the actor's desk now; None when nobody waits.

    Raises:
        DeskClosed: the session is closed.
    """
    actor.require(PERMISSION)
    with transaction.atomic():
        _locked_today(actor, session)
        mine = session.arrivals.at_a_desk().filter(called_by=actor.user).first()
        if mine is not None:
            return mine
        following = session.arrivals.in_line().first()
        if following is None:
            return None
        following.called_at, following.called_by = actor.now, actor.user
        save_edited(following, following.version, ["called_at", "called_by"])
    return following


def put_back(actor: Actor, arrival: OfficeHourArrival) -> OfficeHourArrival:
    """Put somebody back at the end of the line: called and not there, or gone and come back.

    Raises:
        DeskClosed: the session is closed.
    """
    actor.require(PERMISSION)
    with transaction.atomic():
        found = _locked_arrival(actor, arrival)
        if found.outcome in ("", ArrivalOutcome.LEFT):
            last = found.session.arrivals.aggregate(turn=Max("turn"))["turn"]
            found.turn, found.called_at, found.called_by, found.outcome = last + 1, None, None, ""
            save_edited(found, found.version, ["turn", "called_at", "called_by", "outcome"])
    return found


def finish_arrival(
    actor: Actor,
    arrival: OfficeHourArrival,
    outcome: ArrivalOutcome,
    *,
    topic: Topic | None = None,
    language: SpokenLanguage | None = None,
) -> OfficeHourArrival:
    """Say what became of somebody; the first answer stands.

    Args:
        actor: who acts, and when.
        outcome: own client, a colleague's, without a file, or gone.
        topic: what somebody without a file came about.
        language: asked only now; None leaves what was said on arrival.

    Raises:
        DeskClosed: the session is closed; a contact that was logged stands all the same.
    """
    actor.require(PERMISSION)
    with transaction.atomic():
        found = _locked_arrival(actor, arrival)
        if not found.outcome:
            found.outcome, found.topic = outcome, topic
            found.language = language or found.language
            save_edited(found, found.version, ["outcome", "topic", "language"])
    return found


def count_no_more(actor: Actor, arrival: OfficeHourArrival) -> OfficeHourArrival:
    """Somebody was counted without a file by mistake: the number waits again, in its old place.

    Raises:
        DeskClosed: the session is closed, or the number is a colleague's.
    """
    actor.require(PERMISSION)
    with transaction.atomic():
        found = _locked_arrival(actor, arrival)
        if found.outcome == ArrivalOutcome.ANONYMOUS:
            found.outcome, found.topic, found.called_at, found.called_by = "", None, None, None
            save_edited(found, found.version, ["outcome", "topic", "called_at", "called_by"])
    return found


def withdraw(actor: Actor, arrival: OfficeHourArrival) -> None:
    """Take back a number that was given by mistake, as long as nobody called it.

    Raises:
        DeskClosed: the session is closed.
    """
    actor.require(PERMISSION)
    with transaction.atomic():
        found = _locked_arrival(actor, arrival)
        if found.called_at is None and not found.outcome:
            found.delete()


def _locked_today(actor: Actor, session: OfficeHourSession) -> OfficeHourSession:
    """The same of a session whose day has come; numbers are given and called on no other day.

    Raises:
        PermissionDenied: it belongs to another municipality.
        DeskClosed: it is closed or cancelled, or its day is not today.
    """
    found = locked_session(actor, session)
    if found.day != actor.today:
        raise DeskClosed
    return found


def _locked_arrival(actor: Actor, arrival: OfficeHourArrival) -> OfficeHourArrival:
    """The stored arrival of a locked, open session.

    Raises:
        DeskClosed: the session is closed, and its arrivals with it, the number was taken back, or it is a colleague's.
    """
    _locked_today(actor, arrival.session)
    found = OfficeHourArrival.objects.filter(pk=arrival.pk).first()
    if found is None or found.called_by_id not in (None, actor.pk):
        raise DeskClosed
    return found
