"""The daily repair of what lists show of outreach ladders."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from appointments.models import Appointment, Ladder
from appointments.services.ladder import ladders_of, write_ladders
from clients.models import Client, Responsibility
from clients.services.files import lock_file

CHUNK = 200


class Command(BaseCommand):
    """Computes every ladder anew and writes down what differs; time alone moves a ladder only here.

    Idempotent: a second run changes nothing. Each file is locked and written by itself, so that nobody waits.
    """

    help = "Brings stored outreach ladders up to date."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would change, change nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        changed = seen = 0
        keys = list(self._files().order_by("pk").values_list("pk", flat=True))
        for first in range(0, len(keys), CHUNK):
            rows: Any = Client.objects.unscoped(reason="daily repair of all files")
            clients = list(rows.filter(pk__in=keys[first : first + CHUNK]).order_by("pk"))
            found = ladders_of(clients, now)
            for client in clients:
                seen += 1
                changed += self._write(client, found[client.pk], now, options["dry_run"])
        if options["verbosity"]:
            verb = "would be brought" if options["dry_run"] else "brought"
            self.stdout.write(f"Outreach {verb} up to date in {changed} of {seen} files.")

    def _files(self) -> Any:
        """Files that can have a ladder at all."""
        reason = "which files can have a ladder"
        own = OuterRef("pk")
        return Client.objects.unscoped(reason=reason).filter(
            Q(Exists(Ladder.objects.unscoped(reason=reason).filter(client=own)))
            | Q(Exists(Appointment.objects.unscoped(reason=reason).filter(client=own)))
            | Q(Exists(Responsibility.objects.unscoped(reason=reason).filter(client=own, is_taking=True)))
        )

    def _write(self, client: Client, views: Any, now: Any, dry_run: bool) -> int:
        with transaction.atomic():
            if not write_ladders(client, views, now):
                return 0
            transaction.set_rollback(True)
        if dry_run:
            return 1
        # Something differs: once more under the lock, from the facts as they are now.
        with transaction.atomic():
            stored = lock_file(client)
            # This command may have been under way for minutes when the last entry was recorded.
            now = max(now, stored.last_recorded_at or now)
            return int(bool(write_ladders(stored, ladders_of([stored], now)[stored.pk], now)))
