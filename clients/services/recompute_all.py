"""Bring what is derived from the facts of files back in line with them, for all files."""

from typing import NamedTuple

from django.db import transaction

from accounts.actor import Actor
from clients import recompute
from clients.models import Client
from clients.services.change import change, lockable
from clients.services.names import refold

AT_ONCE = 100


class Recomputed(NamedTuple):
    """How many files were looked at, and in how many something stored was not as derived."""

    looked_at: int
    differed: int


def recompute_all(*, dry_run: bool = False) -> Recomputed:
    """Compare every file with its facts and correct what differs. What time alone moves, moves here.

    How a person may be reached is put on record too, as of now: what ladders answer for the days before stays as it
    was. Short transactions over a hundred files, so that nobody at work has to wait for long.

    Args:
        dry_run: only count.
    """
    files = Client.objects.unscoped(reason="derived values of every file").order_by("pk")
    looked_at, differed, last = 0, 0, 0
    while some := list(files.filter(pk__gt=last)[:AT_ONCE]):
        looked_at, last = looked_at + len(some), some[-1].pk
        misfiled = refold(some, dry_run=dry_run)
        wrong = _differing(some)
        if wrong and not dry_run:
            # Once more under the locks, from the facts as they are now.
            with change(Actor.system("recompute"), wrong, allow_closed=True):
                pass
        differed += len(misfiled | {file.pk for file in wrong})
    return Recomputed(looked_at, differed)


def _differing(files: list[Client]) -> list[Client]:
    """The files in which something stored is not as derived."""
    with transaction.atomic():
        # The comparison writes and rolls back, so it locks rows as well. The rows are locked by key first, as in
        # every change: an update of many rows locks them in any order, which can end in a deadlock.
        locked = list(lockable().filter(pk__in=[file.pk for file in files]))
        now = Actor.system("recompute").now
        wrong = recompute.recompute(locked, max(now, *(file.last_recorded_at or now for file in locked)))
        transaction.set_rollback(True)
    return [file for file in locked if file.pk in wrong]
