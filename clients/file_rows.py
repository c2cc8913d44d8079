"""The rows of one file, every table read once per request and many tables in one statement."""

from typing import Any

from accounts.models import User
from accounts.together import Table, load_together
from clients.models import (
    Accommodation,
    Client,
    ClientLanguage,
    ClosingReason,
    ContactPoint,
    CounsellingPeriod,
    DatedFact,
    Enquiry,
    FactValue,
    PhaseChange,
    Residence,
    Responsibility,
    SafetyNote,
    SpokenLanguage,
)

OWN_TABLES: tuple[Table, ...] = (
    Accommodation,
    ClientLanguage,
    ContactPoint,
    CounsellingPeriod,
    DatedFact,
    Enquiry,
    PhaseChange,
    Residence,
    Responsibility,
    SafetyNote,
    # what these point to
    ClosingReason,
    FactValue,
    SpokenLanguage,
    User,
)
"""What every page of a file reads of this app's tables: its header, its facts, its history."""


class FileRows:
    """The rows of a file the user was let into, as they were when a page first asked for them."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._found: dict[Table, list[Any]] = {}

    def load(self, *tables: Table) -> None:
        """Read those tables that were not read yet."""
        if any(table not in self._found for table in tables):
            self._found |= load_together([self._client.pk], *tables)

    def of(self, table: Table) -> list[Any]:
        """The rows of a table in its usual order.

        Raises:
            KeyError: the table was not loaded; one statement for each table is what this is here to avoid.
        """
        return self._found[table]


def rows_of(client: Client, *tables: Table) -> FileRows:
    """The rows of a file, kept with the object a request loaded; a service locks and loads its own.

    Args:
        client: the file the view was let into.
        tables: what the caller is going to read.
    """
    rows: FileRows | None = getattr(client, "_file_rows", None)
    if rows is None:
        rows = FileRows(client)
        client._file_rows = rows  # type: ignore[attr-defined]
    rows.load(*tables)
    return rows
