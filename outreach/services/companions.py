"""Asking a colleague to come along on a visit; her word takes the time in her calendar."""

import datetime
from collections.abc import Iterator

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.records import create_once, raise_if_submitted, save_edited
from accounts.rules.calendar import local_date
from accounts.staff import managers_serving
from appointments.busy import Span
from appointments.choices import Channel
from appointments.models import Appointment
from appointments.rules.appointment import blocks
from appointments.services.appointments import check_free, lock_calendar
from audit.recording import record
from clients.models import Client
from clients.services.change import change
from clients.stored_facts import StoredFacts
from outreach import actions
from outreach.choices import CompanionState
from outreach.models import VisitCompanion
from outreach.querysets import STANDING, CompanionQuerySet
from outreach.rules import LadderView, current
from outreach.rules.visit import is_visit_of
from outreach.services.addresses import address_of
from outreach.services.ladders import derived_ladders, ladders_of

REASON = "who is asked to come along is told time and address, nothing of the file"


def told_to(user: User) -> CompanionQuerySet:
    """What a user is asked for, or asked somebody herself."""
    return VisitCompanion.objects.unscoped(reason=REASON).told_to(user)


def in_day_of(user: User) -> CompanionQuerySet:
    """What *Mein Tag* tells a user of visits in pairs."""
    return VisitCompanion.objects.unscoped(reason=REASON).in_day_of(user)


def spans(colleague: int, start: datetime.datetime, end: datetime.datetime) -> Iterator[Span]:
    """What promised visits take of a colleague's calendar (``appointments.busy``)."""
    rows = VisitCompanion.objects.unscoped(reason="a manager is in one place at a time")
    yield from rows.blocking(colleague, start, end).values_list("starts_at", "ends_at")


def ask_companion(actor: Actor, companion: VisitCompanion) -> VisitCompanion:
    """Ask a colleague of the municipality to come along on a visit of that day.

    Args:
        actor: who acts, and when.
        companion: validated and unsaved, with file, colleague, begin and end.

    Raises:
        ValidationError: no visit stands on that day, its address is not known, or the colleague cannot be asked.
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, [companion.client], needs="visit.plan") as locked:
        client = locked.file(companion.client)
        raise_if_submitted(companion)
        day = local_date(companion.starts_at)
        rows = Appointment.objects.unscoped(reason="the visit of a file the view let in").of(client)
        visits = rows.planned().filter(channel=Channel.HOME_VISIT).on(day).order_by("starts_at")
        companion.appointment = visits.first()
        view = current(ladders_of([client], locked.now)[client.pk])
        if companion.appointment is None and not is_visit_of(view, day):
            raise ValidationError({"date": _("No home visit is planned for this day in this file.")})
        companion.address = address_of(client, day)
        if not companion.address:
            raise ValidationError({"date": _("No address is known for this day.")})
        _refuse_colleague(locked.actor, companion, client)
        companion.asked_by, companion.asked_at = actor.user, locked.now
        create_once(companion)
        record(
            actor, actions.COMPANION_ASKED, client=client, kind="companion", fields=["address", "starts_at"]
        )
    return companion


def _refuse_colleague(actor: Actor, companion: VisitCompanion, client: Client) -> None:
    others = managers_serving([client.municipality_id], actor.today).exclude(pk=actor.user.pk)
    if not others.filter(pk=companion.colleague_id).exists():
        raise ValidationError({"colleague": _("Please choose a colleague of the municipality.")})
    asked = VisitCompanion.objects.unscoped(reason="asked already").of(client).standing()
    if asked.filter(colleague=companion.colleague, starts_at=companion.starts_at).exists():
        raise ValidationError({"colleague": _("You have asked this colleague for this time already.")})


def promised_files(colleague: int, start: datetime.datetime, end: datetime.datetime) -> list[Client]:
    """The files of visits a colleague promised to come along to between two instants."""
    rows = VisitCompanion.objects.unscoped(reason="a manager who is not there").blocking(
        colleague, start, end
    )
    return [row.client for row in rows.select_related("client")]


def take_promises_back(
    actor: Actor, colleague: int, start: datetime.datetime, end: datetime.datetime
) -> None:
    """Decline what a colleague who is not there had promised (``appointments.busy``): whoever asked is told.

    Args:
        actor: the colleague herself, or whoever stands in for her.
        colleague: key of the colleague.
        start: from when she is not there.
        end: until when.
    """
    actor.require("visit.accompany")
    with change(actor, promised_files(colleague, start, end), allow_closed=True) as locked:
        rows = VisitCompanion.objects.unscoped(reason="a manager who is not there")
        for row in rows.blocking(colleague, start, end).select_related("client"):
            row.state, row.answered_at = CompanionState.DECLINED, locked.now
            save_edited(row, row.version, ["state", "answered_at"])
            record(
                locked.actor,
                actions.COMPANION_ANSWERED,
                client=row.client,
                kind="companion",
                fields=["state"],
            )


def answer_companion(actor: Actor, companion: VisitCompanion, *, accept: bool) -> VisitCompanion:
    """Say whether one comes along; a promise can be taken back, a refusal cannot become a promise unasked.

    Args:
        actor: the colleague who was asked.
        companion: the stored row.
        accept: whether she comes.

    Raises:
        PermissionDenied: her role makes no visits.
        ValidationError: somebody else was asked, or the visit was called off or is over.
        Busy: she has something else at that time; nothing was written.
    """
    actor.require("visit.accompany")
    with change(actor, [companion.client], allow_closed=True) as locked:
        client = locked.file(companion.client)
        stored: VisitCompanion = VisitCompanion.objects.unscoped(reason=REASON).get(pk=companion.pk)
        if stored.colleague_id != actor.pk or stored.ends_at <= locked.now:
            raise ValidationError(_("There is nothing to answer here any more."))
        wanted = CompanionState.ACCEPTED if accept else CompanionState.DECLINED
        if stored.state == wanted:
            return stored
        if stored.state == CompanionState.WITHDRAWN:
            raise ValidationError(_("The visit was called off or moved meanwhile."))
        if accept and stored.state != CompanionState.ASKED:
            raise ValidationError(_("There is nothing to answer here any more."))
        if accept:
            lock_calendar(actor.pk)
            check_free(stored.colleague_id, stored.starts_at, stored.ends_at)
        stored.state, stored.answered_at = wanted, locked.now
        save_edited(stored, stored.version, ["state", "answered_at"])
        record(actor, actions.COMPANION_ANSWERED, client=client, kind="companion", fields=["state"])
    return stored


def withdraw_companion(actor: Actor, companion: VisitCompanion) -> VisitCompanion:
    """Call off a visit in pairs; her time is free again. Twice changes nothing."""
    with change(actor, [companion.client], needs="visit.plan") as locked:
        client = locked.file(companion.client)
        stored: VisitCompanion = VisitCompanion.objects.unscoped(reason=REASON).get(pk=companion.pk)
        if stored.state in STANDING:
            stored.state = CompanionState.WITHDRAWN
            save_edited(stored, stored.version, ["state"])
            record(actor, actions.COMPANION_WITHDRAWN, client=client, kind="companion", fields=["state"])
    return stored


def withdraw_moved(facts: StoredFacts) -> set[int]:
    """Call off what was asked for visits that were cancelled or moved; part of the recompute of every change.

    A colleague who was given the file goes there herself.

    Returns:
        Keys of the files in which something was called off.
    """
    rows = [row for row in facts.rows[VisitCompanion] if row.ends_at > facts.now and row.state in STANDING]
    if not rows:
        return set()
    visits = {row.pk: row for row in facts.rows[Appointment]}
    views = facts.once(derived_ladders).views
    managers = {file.pk: file.manager_id for file in facts.files}
    off = [
        row
        for row in rows
        if row.colleague_id == managers[row.client_id]
        or not _stands(row, visits.get(row.appointment_id), current(views[row.client_id]))
    ]
    for row in off:
        row.state = CompanionState.WITHDRAWN
        save_edited(row, row.version, ["state"])
    return {row.client_id for row in off}


def _stands(companion: VisitCompanion, visit: Appointment | None, view: LadderView | None) -> bool:
    if companion.appointment_id is not None:
        return visit is not None and visit.channel == Channel.HOME_VISIT and blocks(visit.state)
    return is_visit_of(view, local_date(companion.starts_at))
