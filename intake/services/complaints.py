"""Complaints: an officer writes one down, the coordinator goes on with it, nobody else learns of it (rules.md §8)."""

import datetime
import secrets
from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import User
from accounts.records import create_once, raise_if_submitted, save_edited
from audit.recording import record
from intake import actions
from intake.choices import ComplaintState
from intake.models import Complaint

NUMBERS = range(100_000, 1_000_000)
PAGE = 50
WORKED = ("state", "answer", "settled_at", "name", "reach")


def register_complaint(actor: Actor, complaint: Complaint) -> Complaint:
    """Write a complaint down; it waits for the coordinator under a number drawn by chance.

    Args:
        actor: who acts, and when.
        complaint: validated and unsaved.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the actor writes none down, or none in this municipality.
    """
    actor.require("complaint.register")
    if complaint.municipality_id not in actor.scope.municipalities:
        raise PermissionDenied
    with transaction.atomic():
        raise_if_submitted(complaint)
        complaint.registered_by, complaint.registered_at = actor.user, actor.now
        complaint.number = _draw_number(complaint.municipality.code)
        create_once(complaint)
        record(actor, actions.COMPLAINT_REGISTERED, kind="complaint")
    return complaint


def _draw_number(code: str) -> str:
    """One that is not taken; nine hundred thousand leave hardly ever a second try."""
    known = Complaint.objects.unscoped(reason="no number is given twice")
    while True:
        number = f"{code}-B-{NUMBERS[secrets.randbelow(len(NUMBERS))]}"
        if not known.filter(number=number).exists():
            return number


def work_on_complaint(actor: Actor, complaint: Complaint, *, expected_version: int) -> Complaint:
    """Save how far a complaint is and what was answered; a settled one no longer says who complained.

    Args:
        actor: who acts, and when.
        complaint: changed and validated, unsaved.
        expected_version: the version its form was opened with.

    Raises:
        StaleRecord: somebody else went on with it meanwhile.
        PermissionDenied: the actor is not the coordinator.
    """
    actor.require("complaint.handle")
    with transaction.atomic():
        if complaint.state == ComplaintState.SETTLED:
            complaint.settled_at = actor.now
            complaint.name = complaint.reach = ""
        save_edited(complaint, expected_version, list(WORKED))
        record(actor, actions.COMPLAINT_WORKED, kind="complaint", fields=["state", "answer"])
    return complaint


@dataclass(frozen=True, slots=True)
class ComplaintTold:
    """A complaint as the officer who wrote it down may see it: number, month and state are all."""

    number: str
    month: datetime.date
    state: ComplaintState


def told_to_officer(user: User) -> list[ComplaintTold]:
    """What an officer wrote down lately, newest month first; within a month by number, which tells nothing."""
    rows = Complaint.objects.written_down_by(user).values_list("number", "registered_at", "state")
    found = [
        ComplaintTold(number, timezone.localdate(at).replace(day=1), ComplaintState(state))
        for number, at, state in rows.order_by("-registered_at", "-id")[:PAGE]
    ]
    return sorted(found, key=lambda one: (-one.month.toordinal(), one.number))
