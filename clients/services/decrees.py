"""Decrees that prolong all documents of a status: kept by the administration, read by every file."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import QuerySet

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from audit.recording import record
from clients import actions
from clients.choices import Phase
from clients.models import Client, PermitDecree, Residence
from clients.rules.permits import end_of
from clients.services.change import change

STEP = 5
"""The residence status is a personal attribute: numbers of it are rounded (rules.md §8)."""
REASON = "a decree holds for every file of the district"
NEEDS = "permit.decree"


@dataclass(frozen=True, slots=True)
class Reach:
    """What a decree would do, in documents of open files, each number rounded by itself.

    Attributes:
        prolonged: go on because of it.
        unchanged: of this status and not touched: they end later anyway, were over, or are left out.
        unknown: of this status and without an end; nobody can tell.
    """

    prolonged: int = 0
    unchanged: int = 0
    unknown: int = 0


def _documents(status: str) -> QuerySet[Residence]:
    rows = Residence.objects.unscoped(reason=REASON).filter(status=status, ended_on__isnull=True)
    return rows.exclude(client__phase=Phase.CLOSED)


def reach_of(actor: Actor, decree: PermitDecree) -> Reach:
    """What a decree would do that is not set yet; two statements, and no file is named."""
    actor.require(NEEDS)
    known = [*PermitDecree.objects.in_force().filter(status=decree.status)]
    counts = {"prolonged": 0, "unchanged": 0, "unknown": 0}
    for document in _documents(decree.status).only(
        "status", "since", "printed_until", "continues_until", "no_decree"
    ):
        before, after = end_of(document, known), end_of(document, [*known, decree])
        if before is None or after is None:
            counts["unknown"] += 1
        else:
            counts["prolonged" if after.day > before.day else "unchanged"] += 1
    return Reach(**{name: (number + STEP // 2) // STEP * STEP for name, number in counts.items()})


def _files(decrees: Iterable[PermitDecree]) -> QuerySet[Client]:
    """The open files with a document of these statuses."""
    rows = Client.objects.unscoped(reason=REASON).exclude(phase=Phase.CLOSED)
    statuses = {decree.status for decree in decrees}
    return rows.filter(residences__status__in=statuses, residences__ended_on__isnull=True)


def set_decree(actor: Actor, decree: PermitDecree) -> PermitDecree:
    """A decree holds from now on; what waits in all files of its status follows at once.

    Raises:
        PermissionDenied: only the administration keeps decrees.
        DuplicateSubmission: the same form was posted before.
    """
    actor.require(NEEDS)
    with change(actor, _files([decree])) as locked:
        raise_if_submitted(decree)
        decree.recorded_at, decree.recorded_by = locked.now, actor.user
        decree.full_clean()
        create_once(decree)
        record(actor, actions.DECREE_SET, kind="permit_decree", fields=["status", "continues_until"])
    return decree


def withdraw_decree(actor: Actor, decree: PermitDecree) -> PermitDecree:
    """It no longer holds, and every file says what it said without it; withdrawing it twice changes nothing."""
    actor.require(NEEDS)
    with change(actor, _files([decree])) as locked:
        if decree.withdrawn_at is None:
            decree.withdrawn_at, decree.withdrawn_by = locked.now, actor.user
            save_edited(decree, decree.version, ["withdrawn_at", "withdrawn_by"])
            record(actor, actions.DECREE_WITHDRAWN, kind="permit_decree")
    return decree


def reinstate_decree(actor: Actor, decree: PermitDecree) -> PermitDecree:
    """It holds again; doing so twice changes nothing."""
    actor.require(NEEDS)
    with change(actor, _files([decree])):
        if decree.withdrawn_at is not None:
            decree.withdrawn_at, decree.withdrawn_by = None, None
            save_edited(decree, decree.version, ["withdrawn_at", "withdrawn_by"])
            record(actor, actions.DECREE_SET, kind="permit_decree")
    return decree
