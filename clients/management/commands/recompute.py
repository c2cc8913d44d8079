"""Bring what is derived from the facts of files back in line with them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from clients.services.recompute_all import recompute_all


class Command(BaseCommand):
    """The step of the daily run by itself, for after a restore; idempotent: a second run changes nothing."""

    help = "Recomputes ladders, intensity, talks, appointments and reviews of every file where they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="count what differs, write nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        looked_at, differed = recompute_all(dry_run=options["dry_run"])
        if options["verbosity"]:
            verb = "differ" if options["dry_run"] else "were corrected"
            self.stdout.write(f"{looked_at} files looked at, {differed} {verb}.")
