"""Group events that belong to no file (rules.md §10 "Group events")."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from accounts.records import create_once, save_edited
from appointments import actions
from appointments.models import GroupEvent
from audit.recording import record

PERMISSION = "office_hours.run"


def log_group_event(actor: Actor, event: GroupEvent) -> GroupEvent:
    """Write down an event.

    Args:
        actor: who acts, and when.
        event: validated and unsaved.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the actor does not serve its municipality.
    """
    _require(actor, event)
    with transaction.atomic():
        create_once(event)
        record(actor, actions.GROUP_EVENT_LOGGED, kind="group_event")
    return event


def correct_group_event(
    actor: Actor, event: GroupEvent, fields: list[str], *, expected_version: int
) -> GroupEvent:
    """Correct an event, or mark it as entered by mistake.

    Args:
        actor: who acts, and when.
        event: changed and validated, unsaved.
        fields: what was changed.

    Raises:
        StaleRecord: somebody changed it meanwhile.
    """
    _require(actor, event)
    with transaction.atomic():
        save_edited(event, expected_version, fields)
        record(actor, actions.GROUP_EVENT_CORRECTED, kind="group_event", fields=fields)
    return event


def _require(actor: Actor, event: GroupEvent) -> None:
    actor.require(PERMISSION)
    if event.municipality_id not in actor.scope.municipalities:
        raise PermissionDenied
