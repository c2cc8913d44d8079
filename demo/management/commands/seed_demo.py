"""``manage.py seed_demo``: an invented town to show, to picture and to measure (operations.md "Commands")."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from clients.models import Client
from demo.people import PROFILES
from demo.seed import seed


class Command(BaseCommand):
    help = "Fills an empty installation with invented people and fifteen months of work; demo mode only."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--profile", choices=sorted(PROFILES), default="seed")
        parser.add_argument("--clients", type=int, default=250, help="own files in phase active")
        parser.add_argument("--seed", type=int, default=1, help="the same number makes the same town")
        parser.add_argument(
            "--as-of", type=dt.date.fromisoformat, default=None, help="YYYY-MM-DD, today by default"
        )
        parser.add_argument("--month", type=int, default=15, help="month of the service that day lies in")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("Invented people belong into a demonstration: set DEMO=1.")
        if options["clients"] < 1 or not 1 <= options["month"] <= 36:
            raise CommandError("--clients is at least 1, --month lies between 1 and 36.")
        call_command("load_catalogues", verbosity=0)
        users = get_user_model()._default_manager.filter(username__in=("manager", "colleague"))
        if Client.objects.unscoped(reason="is there anything yet").exists() or users.exists():
            raise CommandError(
                "There are files or demo users already; seed_demo fills an empty installation only."
            )
        began = time.monotonic()
        counts = seed(
            profile=options["profile"],
            clients=options["clients"],
            seed=options["seed"],
            as_of=options["as_of"] or timezone.localdate(),
            month=options["month"],
            password=settings.DEMO_PASSWORD,
            say=self._say,
        )
        self.stdout.write(
            f"{counts.files} files, {counts.active} of them in active counselling, {counts.open_ladders} outreach "
            f"ladders open, {counts.rows} rows, {time.monotonic() - began:.0f} seconds."
        )

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
