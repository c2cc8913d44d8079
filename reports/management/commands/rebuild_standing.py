"""Bring what is stored beside the facts of files back in line with them."""

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from appointments.services.standing import refresh
from clients import changes
from clients.models import Client
from clients.services.files import lock_file
from clients.services.reach import unrecorded
from integration_plans.services.standing import refresh_standing

COLUMNS = (
    "intensity",
    "unprotected_intensity",
    "intensity_since",
    "counselling_started_on",
    "last_contact_on",
    "next_appointment_at",
    "next_review_on",
)


def stored(client: Client) -> tuple[Any, ...]:
    """The standing columns as they are now."""
    return tuple(getattr(client, name) for name in COLUMNS)


class Command(BaseCommand):
    """Idempotent; one short transaction per file, so that nobody at work has to wait.

    It stands in the rightmost app because the facts live in the apps between. How a person may be reached is put on
    record too, as of now: what ladders answer for the days before stays as it was.
    """

    help = (
        "Recomputes intensity, first and last talk, next appointment and next review of every file, and "
        "records how people may be reached where that is missing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what differs, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        looked_at = differed = 0
        files = Client.objects.unscoped(reason="standing columns of every file")
        for client in files.order_by("pk").iterator(chunk_size=500):
            looked_at += 1
            differed += self.rebuild(client, now, dry_run=options["dry_run"])
        verb = "differ" if options["dry_run"] else "were corrected"
        self.stdout.write(f"{looked_at} files looked at, {differed} {verb}.")

    def rebuild(self, client: Client, now: datetime.datetime, *, dry_run: bool) -> bool:
        """Recompute one file; tells whether anything was different."""
        with transaction.atomic():
            locked = lock_file(client)
            now = max(now, locked.last_recorded_at or now)
            before = stored(locked)
            refresh(locked, now)
            refresh_standing(locked, timezone.localdate(now))
            missing = bool(unrecorded(locked, now))
            if missing:
                changes.announce(locked, now)
            if dry_run:
                transaction.set_rollback(True)
        return missing or stored(locked) != before
