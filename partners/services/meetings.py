"""Meetings of the network: invitation, minutes, and decisions that wait for somebody (rules.md §14)."""

from __future__ import annotations

from collections.abc import Collection

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.duties import FileDuty
from accounts.models import User
from accounts.records import create_once, raise_if_submitted, save_edited
from accounts.services.locking import as_stored
from audit.recording import record
from clients.models import Client
from partners import actions
from partners.models import Decision, Meeting, Organisation

MEETING_FIELDS = ("title", "municipality", "starts_at", "place", "invitation", "others")
DECISION_FIELDS = ("text", "responsible", "due_on")


def keep_meeting(
    actor: Actor,
    meeting: Meeting,
    *,
    organisations: Collection[Organisation],
    staff: Collection[User],
    expected_version: int | None = None,
) -> Meeting:
    """Enter or correct a meeting with its participants.

    Args:
        actor: who acts.
        meeting: validated and unsaved.
        organisations: who is invited.
        staff: who comes of the service.
        expected_version: the version a stored one was opened with; None for a new one.

    Raises:
        DuplicateSubmission: the same form was posted before.
        StaleRecord: somebody else saved meanwhile.
    """
    actor.require("network.edit")
    with transaction.atomic():
        raise_if_submitted(meeting)
        meeting.full_clean()
        if expected_version is None:
            create_once(meeting)
        else:
            save_edited(meeting, expected_version, list(MEETING_FIELDS))
        meeting.organisations.set(organisations)
        meeting.staff.set(staff)
        record(
            actor, actions.MEETING_KEPT, kind="meeting", fields=[*MEETING_FIELDS, "organisations", "staff"]
        )
    return meeting


def keep_minutes(actor: Actor, meeting: Meeting, *, expected_version: int) -> Meeting:
    """Write or correct the minutes.

    Raises:
        StaleRecord: somebody else saved meanwhile.
    """
    actor.require("network.edit")
    with transaction.atomic():
        save_edited(meeting, expected_version, ["minutes"])
        record(actor, actions.MINUTES_KEPT, kind="meeting", fields=["minutes"])
    return meeting


def keep_decision(actor: Actor, decision: Decision, *, expected_version: int | None = None) -> Decision:
    """Enter or correct what a meeting decided; from now on it waits for whoever is responsible.

    Raises:
        DuplicateSubmission: the same form was posted before.
        StaleRecord: somebody else saved meanwhile.
        ValidationError: the responsible person was deactivated meanwhile.
    """
    actor.require("network.edit")
    with transaction.atomic():
        raise_if_submitted(decision)
        (stored,) = as_stored(decision.responsible)
        if not stored.is_active:
            raise ValidationError({"responsible": gettext("This account is not active any more.")})
        decision.full_clean()
        if expected_version is None:
            create_once(decision)
        else:
            save_edited(decision, expected_version, list(DECISION_FIELDS))
        record(actor, actions.DECISION_KEPT, kind="decision", fields=DECISION_FIELDS)
    return decision


def finish_decision(actor: Actor, decision: Decision) -> Decision:
    """Tick a decision off; ticking twice changes nothing.

    Raises:
        StaleRecord: somebody else changed it meanwhile.
    """
    actor.require("network.edit")
    with transaction.atomic():
        if decision.done_at is None:
            decision.done_at, decision.done_by = actor.now, actor.user
            save_edited(decision, decision.version, ["done_at", "done_by"])
            record(actor, actions.DECISION_DONE, kind="decision", fields=["done_at"])
    return decision


def reopen_decision(actor: Actor, decision: Decision) -> Decision:
    """Take "done" back."""
    actor.require("network.edit")
    with transaction.atomic():
        if decision.done_at is not None:
            decision.done_at, decision.done_by = None, None
            save_edited(decision, decision.version, ["done_at", "done_by"])
            record(actor, actions.DECISION_REOPENED, kind="decision", fields=["done_at"])
    return decision


class DecisionDuty(FileDuty):
    """Open decisions lie in no file: they go to the successor, or to whoever gets her own follow-ups."""

    code = "decisions"
    label = _("decisions of meetings")

    def open_for(self, user: User, client: Client | None = None) -> int:
        return 0 if client is not None else self._rows(user).count()

    def transfer(self, actor: Actor, old: User, new: User | None, client: Client | None) -> int:
        if new is None or client is not None:
            return 0
        return _pass_on_all(actor, self._rows(old), new)

    def personal_for(self, user: User) -> int:
        return self._rows(user).count()

    def hand_on(self, actor: Actor, old: User, follow_up_successor: User) -> int:
        return _pass_on_all(actor, self._rows(old), follow_up_successor)

    def _rows(self, user: User) -> QuerySet[Decision]:
        return Decision.objects.open().filter(responsible=user)


def _pass_on_all(actor: Actor, rows: QuerySet[Decision], to: User) -> int:
    found = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for decision in found:
        decision.responsible = to
        save_edited(decision, decision.version, ["responsible"])
        record(actor, actions.DECISION_PASSED_ON, kind="decision", fields=["responsible"])
    return len(found)
