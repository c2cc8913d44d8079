"""Value lists, policies and their texts: what every installation starts with."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import transaction

from accounts.checks import OWN_APPS


class Command(BaseCommand):
    """Idempotent: adds what is missing, changes nothing an administrator edited, deletes nothing.

    Every app offers its rows in ``<app>/catalogue_rows.py`` as ``load() -> int`` (rows added).
    """

    help = "Adds missing rows of value lists and policies."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--dry-run", action="store_true", help="say what would be added, add nothing")

    def handle(self, *args: Any, **options: Any) -> None:
        added = 0
        with transaction.atomic():
            for config in apps.get_app_configs():
                name = f"{config.name}.catalogue_rows"
                if config.label in OWN_APPS and find_spec(name) is not None:
                    added += import_module(name).load()
            if options["dry_run"]:
                transaction.set_rollback(True)
        if options["verbosity"]:
            verb = "would be added" if options["dry_run"] else "added"
            self.stdout.write(f"{added} catalogue rows {verb}.")
