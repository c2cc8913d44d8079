"""``manage.py run_daily``: the one command that an installation calls once a day (operations.md "The daily run")."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from daily import steps
from daily.services.running import AlreadyRunning, run_steps


class Command(BaseCommand):
    """Idempotent: every step may run any number of times. What failed is named, and the exit code is 1."""

    help = "Does what is due once a day; with names of steps only those."

    def add_arguments(self, parser: CommandParser) -> None:
        codes = [step.code for step in steps.registered()]
        parser.add_argument("steps", nargs="*", metavar="step", help=f"some of {', '.join(codes)}")

    def handle(self, *args: Any, **options: Any) -> None:
        only = set(options["steps"])
        if unknown := only - {step.code for step in steps.registered()}:
            raise CommandError(f"There is no step {', '.join(sorted(unknown))}.")
        try:
            done = run_steps(only)
        except AlreadyRunning:
            raise CommandError("Another daily run is at work; this one did nothing.") from None
        if options["verbosity"]:
            self.stdout.write("; ".join(f"{run.step}: {run.error or run.count}" for run in done) + ".")
        if failed := [run.step for run in done if run.error]:
            raise CommandError(f"Steps that failed: {', '.join(failed)}.")
