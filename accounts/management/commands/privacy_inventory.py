"""Writes or checks docs/privacy.md."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from accounts.inventory import render


class Command(BaseCommand):
    """Prints the data inventory; ``--write`` stores it, ``--check`` fails when the stored one is stale."""

    help = "Prints, writes or checks the data inventory (docs/privacy.md)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/privacy.md")
        parser.add_argument("--check", action="store_true", help="fail when docs/privacy.md is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        path = settings.BASE_DIR / "docs" / "privacy.md"
        text = render()
        if options["write"]:
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
            self.stdout.write(f"Wrote {path.name}.")
        elif options["check"]:
            if not path.exists() or path.read_text() != text:
                raise CommandError("docs/privacy.md is out of date: run privacy_inventory --write")
            self.stdout.write("docs/privacy.md is up to date.")
        else:
            self.stdout.write(text)
