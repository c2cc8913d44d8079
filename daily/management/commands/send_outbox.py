"""``manage.py send_outbox``: send the mail that waits; a step of the daily run, and by itself for what was put off."""

from typing import Any

from django.core.management.base import BaseCommand

from accounts.actor import Actor
from daily.services.outbox import send_due


class Command(BaseCommand):
    """Any number may run at once: each message goes to one of them."""

    help = "Sends the messages that are due."

    def handle(self, *args: Any, **options: Any) -> None:
        tally = send_due(Actor.system("send_outbox"))
        if options["verbosity"]:
            self.stdout.write(
                f"Messages sent: {tally.sent}; put off: {tally.put_off}; given up: {tally.given_up}."
            )
