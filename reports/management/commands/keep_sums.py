"""Counts the figures of the whole district, which its dashboard shows until the next count."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from accounts.actor import Actor
from reports.keeping import are_kept, keep_sums


class Command(BaseCommand):
    """Runs every day; a second run counts the same."""

    help = "Counts the figures of the whole district by municipality and month."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--if-none", action="store_true", help="only if nothing has been counted by the present rules"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["if_none"] and are_kept():
            return
        actor = Actor.system("keep_sums")
        count = keep_sums(actor, actor.today)
        if options["verbosity"]:
            self.stdout.write(f"{count} sums of municipalities and months kept.")
