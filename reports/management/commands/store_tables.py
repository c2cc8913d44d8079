"""What happens on reference days: tables of people are stored, and new files join the list of cases."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from accounts.actor import Actor
from reports.services import join_case_list, store_due_tables


class Command(BaseCommand):
    """Runs every day and does something four times a year; a second run changes nothing.

    Tables of people are stored for 30 June and 31 December, fifteen days later or on the first run after that. Files
    opened in a quarter join the list of cases when it is over.
    """

    help = "Stores the tables of people that are due and lets new files join the list of cases."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be stored, store nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        actor = Actor.system("store_tables")
        with transaction.atomic():
            stored, joined = store_due_tables(actor), join_case_list(actor)
            transaction.set_rollback(options["dry_run"])
        if options["verbosity"]:
            verb = "would be stored" if options["dry_run"] else "stored"
            self.stdout.write(f"Tables {verb}: {stored}; files that joined the list of cases: {joined}.")
