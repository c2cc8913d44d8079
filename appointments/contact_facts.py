"""The contacts of some files as rules look at them, every version, in one statement."""

import datetime
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from appointments.models import ContactParticipant
from appointments.rules.contact import ContactFact
from clients.stored_facts import StoredFacts

REASON = "what follows from the contacts of a file"
COLUMNS = (
    "happened_at",
    "recorded_at",
    "channel",
    "direction",
    "spoken_with",
    "result",
    "returned_at",
    "appointment_id",
    "has_time",
)
HEAD = (
    "client_id",
    "relative_id",
    "contact_id",
    "address_valid",
    "script_ok",
    "language_ok",
    "version_id",
    "version__withdrawn_at",
    "contact__uuid",
    "contact__client_id",
    "contact__left_by_id",
    "contact__accepted_at",
    "contact__happened_on",
    "contact__urgent",
)
CONTACT = tuple(f"contact__{name}" for name in COLUMNS)
VERSION = tuple(f"version__{name}" for name in COLUMNS)


@dataclass(frozen=True, slots=True)
class DropIn:
    """A contact a colleague left, which the responsible manager has neither accepted nor corrected."""

    uuid: UUID
    happened_on: datetime.date
    urgent: bool


@dataclass(slots=True)
class FileContacts:
    """The contacts of one file.

    Attributes:
        versions: every version of every contact the client took part in; all versions of one share its ref.
        current: those among them that are the record.
        drop_ins: what waits to be accepted.
        logged: refs of the appointments that have a contact of their own.
    """

    versions: list[ContactFact] = field(default_factory=list)
    current: list[ContactFact] = field(default_factory=list)
    drop_ins: dict[UUID, DropIn] = field(default_factory=dict)
    logged: set[str] = field(default_factory=set)


def contacts_of(facts: StoredFacts) -> Mapping[int, FileContacts]:
    """The contacts of each file of a recompute."""
    return contacts_of_files(facts.keys)


def contacts_of_files(keys: Sequence[int]) -> Mapping[int, FileContacts]:
    """The contacts of each file by its key.

    The one table of a file that grows with every talk, so only the columns rules look at are read.
    """
    rows = ContactParticipant.objects.unscoped(reason=REASON).filter(client__in=keys)
    found: dict[int, FileContacts] = defaultdict(FileContacts)
    for row in rows.values_list(*HEAD, *CONTACT, *VERSION, named=True):
        own, is_current = found[row.client_id], row.version_id is None
        if is_current and row.contact__appointment_id:
            own.logged.add(str(row.contact__appointment_id))
        is_waiting = row.contact__left_by_id is not None and row.contact__accepted_at is None
        if is_current and is_waiting and row.contact__client_id == row.client_id:
            own.drop_ins[row.contact__uuid] = DropIn(
                row.contact__uuid, row.contact__happened_on, row.contact__urgent
            )
        # Asked for "no relative", SQLite would begin with all participants who are none.
        if row.relative_id is None:
            fact = _fact(row, row[len(HEAD) :][: len(COLUMNS)] if is_current else row[-len(COLUMNS) :])
            own.versions.append(fact)
            if is_current:
                own.current.append(fact)
    return found


def _fact(row: Any, columns: Sequence[Any]) -> ContactFact:
    """One version of a contact as it concerns one participant."""
    happened_at, recorded_at, channel, direction, spoken_with, result, returned_at, appointment, timed = (
        columns
    )
    return ContactFact(
        ref=str(row.contact_id),
        happened_at=happened_at,
        recorded_at=recorded_at,
        channel=channel,
        direction=direction,
        spoken_with=spoken_with,
        result=result,
        address_valid=row.address_valid,
        script_ok=row.script_ok,
        language_ok=row.language_ok,
        withdrawn_at=row.version__withdrawn_at,
        returned_at=returned_at,
        appointment=str(appointment) if appointment else None,
        has_time=timed,
    )
