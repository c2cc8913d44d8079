"""What apps to the right say of an attempt that was logged here, such as why it was no step of outreach."""

import datetime
from typing import Protocol

from appointments.models import Contact
from clients.file_context import FileContext
from clients.models import Client


class Remarks(Protocol):
    """What one app says of attempts in a file the reader may see; "" is nothing."""

    def on_page(self, file: FileContext, ref: str) -> str:
        """Of an attempt in a list; the file is read once per request.

        Args:
            file: the file as it is shown.
            ref: key of the contact, or ``appointment:<key>``.
        """

    def on_contact(self, client: Client, contact: Contact, now: datetime.datetime) -> str:
        """Of one stored contact, as it is at ``now``."""


_REGISTRY: list[Remarks] = []


def register(remarks: Remarks) -> None:
    """Register what an app says; called from ``contributions.py``."""
    _REGISTRY.append(remarks)


def remarks_on_page(file: FileContext, ref: str) -> list[str]:
    """All sentences about an attempt in a list."""
    return [said for source in _REGISTRY if (said := source.on_page(file, ref))]


def remarks_on(client: Client, contact: Contact, now: datetime.datetime) -> list[str]:
    """All sentences about one contact."""
    return [said for source in _REGISTRY if (said := source.on_contact(client, contact, now))]
