"""The rows of one file, every table read once per request and many tables in one statement."""

from collections.abc import Mapping
from typing import Any

from django.db.models import ForeignKey

from accounts.file_loader import FILES, WHOLE, Part, Table, Wanted, load_together
from accounts.models import StandIn, User
from clients.models import (
    Accommodation,
    AddressProtection,
    CaseQuestion,
    Client,
    ClientLanguage,
    ClosingReason,
    ContactPoint,
    CounsellingPeriod,
    DatedFact,
    DuplicateLink,
    FactRevision,
    FactValue,
    FilePolicy,
    HouseholdChange,
    HouseholdMember,
    PermitDecree,
    PhaseChange,
    Residence,
    Responsibility,
    SafetyNote,
    SpokenLanguage,
)

MANAGER = "manager"
"""What parts may lead to besides the file: its manager."""
OWN_TABLES: tuple[Wanted, ...] = (
    Accommodation,
    AddressProtection,
    CaseQuestion,
    ClientLanguage,
    ContactPoint,
    CounsellingPeriod,
    DatedFact,
    HouseholdChange,
    PhaseChange,
    Residence,
    Responsibility,
    SafetyNote,
    FactRevision,
    FilePolicy,
    Part(HouseholdMember, "client", ("id", "client"), empty=("until",)),
    Part(PermitDecree, WHOLE),
    # what these point to
    ClosingReason,
    FactValue,
    SpokenLanguage,
    User,
)
"""What every page of a file reads of this app's tables: its header, its facts, its history."""

_ADDED: list[Wanted] = [
    Part(DuplicateLink, "client"),
    Part(DuplicateLink, "other"),
    Part(StandIn, "absent", among=MANAGER),
]

Rows = Mapping[Table, list[Any]]
"""The rows of a file by table, each in its usual order, joined among each other and to the file."""


def register(*tables: Wanted) -> None:
    """Say which small tables of an app to the right overview and timeline show; called from ``contributions.py``."""
    _ADDED.extend(tables)


def page_rows(client: Client) -> Rows:
    """What every page of a file reads: the tables of this app."""
    return rows_of(client, OWN_TABLES)


def overview_rows(client: Client) -> Rows:
    """The rows that overview and timeline show, of all apps in one statement."""
    return rows_of(client, tuple(dict.fromkeys((*OWN_TABLES, *_ADDED))))


def rows_of(client: Client, tables: tuple[Wanted, ...]) -> Rows:
    """The rows of a file, read once for a loaded client; a service locks and loads its own.

    Args:
        client: the file the view was let into.
        tables: one of the constants that name what belongs together. Tables read before are not read again when a
            former question asked for all of them.
    """
    known: dict[frozenset[Wanted], Rows] = client.__dict__.setdefault("_file_rows", {})
    asked = frozenset(tables)
    for read, earlier in known.items():
        if asked <= read:
            return earlier
    keys = {FILES: [client.pk], MANAGER: [client.manager_id] if client.manager_id else []}
    found = load_together(keys, *tables)
    for table, rows in found.items():
        _point_back(table, rows, client)
    known[asked] = found
    return found


def _point_back(table: Table, rows: list[Any], client: Client) -> None:
    for field in table._meta.concrete_fields:
        if not isinstance(field, ForeignKey) or field.related_model is not Client:
            continue
        for row in rows:
            if row.__dict__.get(field.attname) == client.pk:
                field.set_cached_value(row, client)
