"""Bring what is derived from the facts of files back in line with them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from accounts.actor import Actor
from clients import recompute
from clients.models import Client
from clients.services.change import change, lockable

AT_ONCE = 100


class Command(BaseCommand):
    """Idempotent: a second run changes nothing. What time alone moves, moves here.

    How a person may be reached is put on record too, as of now: what ladders answer for the days before stays as it
    was. Short transactions over a hundred files, so that nobody at work has to wait for long.
    """

    help = "Recomputes ladders, intensity, talks, appointments and reviews of every file where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what differs, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        files = Client.objects.unscoped(reason="derived values of every file").order_by("pk")
        looked_at, differed, last = 0, 0, 0
        while some := list(files.filter(pk__gt=last)[:AT_ONCE]):
            looked_at, last = looked_at + len(some), some[-1].pk
            wrong = self.differing(some)
            if wrong and not options["dry_run"]:
                # Once more under the locks, from the facts as they are now.
                with change(Actor.system("recompute"), wrong, allow_closed=True):
                    pass
            differed += len(wrong)
        if options["verbosity"]:
            verb = "differ" if options["dry_run"] else "were corrected"
            self.stdout.write(f"{looked_at} files looked at, {differed} {verb}.")

    def differing(self, files: list[Client]) -> list[Client]:
        """The files in which something stored is not as derived."""
        with transaction.atomic():
            # The comparison writes and rolls back, so it locks rows as well. The rows are locked by key first, as in
            # every change: an update of many rows locks them in any order, which can end in a deadlock.
            locked = list(lockable().filter(pk__in=[file.pk for file in files]))
            now = Actor.system("recompute").now
            wrong = recompute.recompute(locked, max(now, *(file.last_recorded_at or now for file in locked)))
            transaction.set_rollback(True)
        return [file for file in locked if file.pk in wrong]
