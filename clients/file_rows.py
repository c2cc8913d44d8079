"""The rows of one file, every table read once per request and many tables in one statement."""

from collections.abc import Mapping
from typing import Any

from django.db.models import ForeignKey

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


Rows = Mapping[Table, list[Any]]
"""The rows of a file by table, each in its usual order, joined among each other and to the file."""


def rows_of(client: Client, tables: tuple[Table, ...]) -> Rows:
    """The rows of a file, read once for the object a request loaded; a service locks and loads its own.

    Args:
        client: the file the view was let into.
        tables: one of the constants that name what belongs together; whoever asks with the same gets the same rows.
    """
    known: dict[tuple[Table, ...], Rows] = client.__dict__.setdefault("_file_rows", {})
    if tables not in known:
        found = load_together([client.pk], *tables)
        for table, rows in found.items():
            _point_back(table, rows, client)
        known[tables] = found
    return known[tables]


def _point_back(table: Table, rows: list[Any], client: Client) -> None:
    for field in table._meta.concrete_fields:
        if not isinstance(field, ForeignKey) or field.related_model is not Client:
            continue
        for row in rows:
            if getattr(row, field.attname) == client.pk:
                field.set_cached_value(row, client)
