"""Follow-ups: set, done, moved, passed on (rules.md §2)."""

import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.duties import FileDuty
from accounts.models import StandIn, User
from accounts.records import create_once, save_edited
from accounts.services.locking import lock_taker
from appointments import actions
from appointments.models import Contact, FollowUp
from audit.actions import Action
from audit.recording import record
from clients.models import Client
from clients.services.change import change

CHANGEABLE = ("text", "due_on", "is_hard")
PERMISSION = "follow_up.edit"


def create_follow_up(actor: Actor, follow_up: FollowUp, *, contact: Contact | None = None) -> FollowUp:
    """Set a follow-up. It belongs to the manager of its file; without a file, to the user who sets it.

    Args:
        actor: who acts, and when.
        follow_up: validated and unsaved; the view has checked access to its client, if any.
        contact: the contact it came from.

    Raises:
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, _file_of(follow_up), needs=PERMISSION) as locked:
        file = locked.file(follow_up.client) if follow_up.client is not None else None
        # The manager of today, not the one when the form was opened: a manager who left would never read it.
        follow_up.owner_id = (file.manager_id if file else None) or actor.user.pk
        follow_up.contact = contact
        follow_up.recorded_at = locked.now
        follow_up.recorded_by = actor.user
        create_once(follow_up)
        _record(actor, actions.FOLLOW_UP_CREATED, follow_up, CHANGEABLE)
    return follow_up


def finish_follow_up(actor: Actor, follow_up: FollowUp, *, expected_version: int) -> FollowUp:
    """Tick a follow-up off; ticking twice changes nothing.

    Raises:
        StaleRecord: somebody else changed it meanwhile.
    """
    with change(actor, _own(actor, follow_up), needs=PERMISSION) as locked:
        if follow_up.done_at is None:
            follow_up.done_at = locked.now
            follow_up.done_by = actor.user
            save_edited(follow_up, expected_version, ["done_at", "done_by"])
            _record(actor, actions.FOLLOW_UP_DONE, follow_up, ["done_at"])
    return follow_up


def reopen_follow_up(actor: Actor, follow_up: FollowUp) -> FollowUp:
    """Take "done" back."""
    with change(actor, _own(actor, follow_up), needs=PERMISSION):
        if follow_up.done_at is not None:
            follow_up.done_at = None
            follow_up.done_by = None
            save_edited(follow_up, follow_up.version, ["done_at", "done_by"])
            _record(actor, actions.FOLLOW_UP_REOPENED, follow_up, ["done_at"])
    return follow_up


def change_follow_up(actor: Actor, follow_up: FollowUp, *, expected_version: int) -> FollowUp:
    """Save another day, text or deadline; the day it was first due is kept.

    Args:
        actor: who acts, and when.
        follow_up: changed and validated, unsaved.

    Raises:
        StaleRecord: somebody else changed it meanwhile.
    """
    with change(actor, _own(actor, follow_up), needs=PERMISSION):
        stored: FollowUp = FollowUp.objects.unscoped(reason="the day before the change").get(pk=follow_up.pk)
        if stored.due_on != follow_up.due_on and follow_up.moved_from is None:
            follow_up.moved_from = stored.due_on
        save_edited(follow_up, expected_version, [*CHANGEABLE, "moved_from"])
        _record(actor, actions.FOLLOW_UP_CHANGED, follow_up, CHANGEABLE)
    return follow_up


def successors(follow_up: FollowUp, day: datetime.date) -> QuerySet[User]:
    """Who may be given a follow-up: everybody in whose scope it lies, its present owner left out.

    Those are the manager of the file (or the owner, without a file) and her stand-ins, now or
    by plan.
    """
    responsible = follow_up.client.manager_id if follow_up.client else follow_up.owner_id
    substitutes = (
        StandIn.objects.unscoped(reason="whom a follow-up may go to")
        .not_over_on(day)
        .filter(absent_id=responsible)
        .values("substitute_id")
    )
    users = get_user_model()._default_manager.filter(is_active=True)
    return users.filter(Q(pk=responsible) | Q(pk__in=substitutes)).exclude(pk=follow_up.owner_id)


def pass_on(actor: Actor, follow_up: FollowUp, to: User, *, expected_version: int) -> FollowUp:
    """Give a follow-up to another manager in whose scope it lies.

    Args:
        actor: who acts, and when.
        to: one of ``successors``.

    Raises:
        StaleRecord: somebody else changed it meanwhile.
        ValidationError: that person was deactivated meanwhile; nothing was written.
    """
    with change(actor, _own(actor, follow_up), needs=PERMISSION):
        lock_taker(to)
        follow_up.owner = to
        follow_up.passed_on_by = actor.user
        save_edited(follow_up, expected_version, ["owner", "passed_on_by"])
        _record(actor, actions.FOLLOW_UP_PASSED_ON, follow_up, ["owner"])
    return follow_up


def _file_of(follow_up: FollowUp) -> list[Client]:
    return [follow_up.client] if follow_up.client is not None else []


def _own(actor: Actor, follow_up: FollowUp) -> list[Client]:
    """The file to be asked for the permission; what has none is its owner's, and of those who stand in for her.

    Raises:
        PermissionDenied: it belongs to no file and to another user.
    """
    if follow_up.client is None and follow_up.owner_id not in actor.scope.caseloads:
        raise PermissionDenied
    return _file_of(follow_up)


def _record(actor: Actor, action: Action, follow_up: FollowUp, fields: Any) -> None:
    file = follow_up.client
    absent = actor.scope.acting_for(follow_up.owner_id) if file is None else None
    record(actor, action, client=file, kind="follow_up", fields=fields, acting_for=absent)


class FollowUpDuty(FileDuty):
    """Open follow-ups go with their files, and to the successor if there is one.

    One without a file is read by its owner alone and cannot fall to an inbox: it goes to a named successor.
    """

    code = "follow_ups"
    label = _("follow-ups")

    def open_for(self, user: User, client: Client | None = None) -> int:
        return self._rows(user, client).count()

    def open_in(self, client: Client) -> int:
        rows = FollowUp.objects.unscoped(reason="a file closes with nothing left to do")
        return int(rows.open().filter(client=client).count())

    def transfer(self, actor: Actor, old: User, new: User | None, client: Client | None) -> int:
        if new is None:
            return 0
        return _pass_on_all(actor, self._rows(old, client), new)

    def personal_for(self, user: User) -> int:
        return int(self._rows(user, None).filter(client__isnull=True).count())

    def hand_on(self, actor: Actor, old: User, follow_up_successor: User) -> int:
        return _pass_on_all(actor, self._rows(old, None).filter(client__isnull=True), follow_up_successor)

    def _rows(self, user: User, client: Client | None) -> QuerySet[FollowUp]:
        rows = FollowUp.objects.unscoped(reason="what a leaving manager still owes")
        rows = rows.open().filter(owner=user)
        return rows if client is None else rows.filter(client=client)


def _pass_on_all(actor: Actor, rows: QuerySet[FollowUp], to: User) -> int:
    with change(actor):
        found = list(
            rows.select_related("client").select_for_update(of=("self",), no_key=True).order_by("pk")
        )
        for follow_up in found:
            follow_up.owner = to
            follow_up.passed_on_by = actor.user
            save_edited(follow_up, follow_up.version, ["owner", "passed_on_by"])
            _record(actor, actions.FOLLOW_UP_PASSED_ON, follow_up, ["owner"])
    return len(found)
