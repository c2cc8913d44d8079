"""Retention of drafts: what nobody touched for thirty days is deleted."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from clients import drafts


class Command(BaseCommand):
    """Deletes drafts older than thirty days; they are shown nowhere any more. Idempotent."""

    help = "Deletes drafts nobody has touched for thirty days."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would be deleted, delete nothing"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if options["dry_run"]:
            self.stdout.write(f"Drafts that would be deleted: {drafts.forgotten(now).count()}.")
        else:
            self.stdout.write(f"Drafts deleted: {drafts.forget_old(now)}.")
