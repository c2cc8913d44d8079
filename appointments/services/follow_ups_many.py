"""One follow-up for several files, and taking it back: as many statements for five hundred files as for one."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from accounts.actor import Actor
from accounts.records import create_once
from appointments import actions
from appointments.models import FollowUp
from appointments.services.follow_ups import CHANGEABLE, PERMISSION
from appointments.services.undo import UNDONE_WITHIN
from audit.recording import record_each
from clients.models import Client
from clients.services.change import Change, FileLost, change


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where it was done, and the case numbers of the files where it could not be."""

    made: tuple[FollowUp, ...]
    refused: tuple[str, ...]


def _hers(locked: Change, files: Iterable[Client], actor: Actor) -> list[Client]:
    """The locked files in which the actor may still set follow-ups; closed ones take none.

    The right is asked once per caseload: a stand-in that ended meanwhile has it in none of the absent manager's files.
    """
    allowed: dict[int | None, bool] = {}
    for file in files:
        if file.manager_id not in allowed:
            try:
                locked.require(PERMISSION, file)
                allowed[file.manager_id] = True
            except FileLost:
                allowed[file.manager_id] = False
    return [file for file in files if allowed[file.manager_id] and not file.is_closed]


def set_follow_ups(actor: Actor, follow_up: FollowUp, files: Iterable[Client]) -> Outcome:
    """Set the same follow-up in several files; what was closed or lost meanwhile is left out and named.

    Args:
        actor: who acts, and when.
        follow_up: validated and unsaved; it becomes the one of the first file.
        files: files the view has shown to the actor.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: her role sets no follow-ups.
    """
    wanted = list(files)
    actor.require(PERMISSION)
    with change(actor, wanted, allow_closed=True) as locked:
        hers = _hers(locked, locked.lock(wanted), actor)
        refused = tuple(sorted({file.case_no for file in wanted} - {file.case_no for file in hers}))
        if not hers:
            return Outcome((), refused)
        rows = [_row(follow_up, file, locked) for file in hers]
        rows[0].form_token, rows[0].form_digest = follow_up.form_token, follow_up.form_digest
        create_once(rows[0])
        FollowUp.objects.unscoped(reason="new rows of files under lock").bulk_create(rows[1:])
        record_each(locked.actor, actions.FOLLOW_UP_CREATED, hers, kind="follow_up", fields=CHANGEABLE)
    return Outcome(tuple(rows), refused)


def _row(follow_up: FollowUp, file: Client, locked: Change) -> FollowUp:
    actor = locked.actor
    return FollowUp(
        uuid=uuid.uuid4(),
        client=file,
        # The manager of today: she reads what is due in her files.
        owner_id=file.manager_id or actor.user.pk,
        text=follow_up.text,
        due_on=follow_up.due_on,
        is_hard=follow_up.is_hard,
        recorded_at=locked.now,
        recorded_by=actor.user,
    )


def take_back_follow_ups(actor: Actor, first: FollowUp) -> Outcome:
    """Take back what ``set_follow_ups`` made a moment ago; one that was changed or done since stays and is named.

    Args:
        actor: who set it.
        first: one of these follow-ups.

    Returns:
        Those that are gone; none when a quarter of an hour has passed or somebody else set them.
    """
    actor.require(PERMISSION)
    with change(actor, allow_closed=True) as locked:
        if first.recorded_by_id != actor.pk or first.recorded_at < locked.now - UNDONE_WITHIN:
            return Outcome((), ())
        together = FollowUp.objects.unscoped(reason="set at one instant by the actor").filter(
            owner__in=actor.scope.caseloads,
            recorded_by=actor.pk,
            recorded_at=first.recorded_at,
            contact__isnull=True,
        )
        files = locked.lock(row.client for row in together.select_related("client") if row.client)
        hers = {file.pk for file in _hers(locked, files, actor)}
        found = list(together.select_related("client"))
        gone = [row for row in found if row.version == 1 and row.done_at is None and row.client_id in hers]
        together.filter(pk__in=[row.pk for row in gone]).delete()
        record_each(
            locked.actor,
            actions.FOLLOW_UP_TAKEN_BACK,
            [locked[row.client_id] for row in gone if row.client_id],
            kind="follow_up",
            fields=CHANGEABLE,
        )
        keys = {row.pk for row in gone}
        kept = sorted(row.client.case_no for row in found if row.client and row.pk not in keys)
    return Outcome(tuple(gone), tuple(kept))
