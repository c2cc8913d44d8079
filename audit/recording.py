"""The one way an audit entry comes into being."""

from collections.abc import Iterable
from typing import Any, Protocol
from uuid import UUID

from audit.actions import Action
from audit.models import AuditEntry


class Acting(Protocol):
    """Who acts, as ``accounts.actor.Actor`` knows it."""

    @property
    def user(self) -> Any: ...

    def acting_for(self, client: Any) -> int | None: ...


def record(
    actor: Acting,
    action: Action,
    *,
    client: Any = None,
    subject: UUID | None = None,
    kind: str = "",
    fields: Iterable[str] = (),
    acting_for: int | None = None,
    count: int | None = None,
) -> AuditEntry:
    """Write one entry.

    Args:
        actor: who acts.
        action: what happened.
        client: the file it happened in; says whose data it is and for whom a stand-in acted.
        subject: the client's ``subject_ref`` where the file itself was not read; never another id.
        kind: the kind of object touched ("client", "contact", "plan"), not which one.
        fields: names of the fields changed; values never reach the log.
        acting_for: id of the user a stand-in acts for, where it concerns no single file: a file says that itself.
        count: number of rows, for lists, searches and exports.

    Raises:
        ValueError: a file is given, and with it what follows from the file.

    Returns:
        The stored entry. Inside a transaction it lives and dies with the change it describes.
    """
    if client is not None:
        if subject is not None or acting_for is not None:
            raise ValueError("a file says itself whose data it is and for whom the actor acts in it")
        subject, acting_for = client.subject_ref, actor.acting_for(client)
    entry = _entry(actor, action, subject, acting_for, kind, fields, count)
    entry.save(force_insert=True)
    return entry


def record_each(
    actor: Acting, action: Action, clients: Iterable[Any], *, kind: str = "", fields: Iterable[str] = ()
) -> None:
    """One entry in each of many files, in as many statements for one as for 500; arguments are those of ``record``."""
    named = list(fields)
    entries = [
        _entry(actor, action, client.subject_ref, actor.acting_for(client), kind, named, None)
        for client in clients
    ]
    AuditEntry.objects.bulk_create(entries, batch_size=500)


def _entry(
    actor: Acting,
    action: Action,
    subject: UUID | None,
    acting_for: int | None,
    kind: str,
    fields: Iterable[str],
    count: int | None,
) -> AuditEntry:
    known = actor.user if getattr(actor.user, "pk", None) else None
    return AuditEntry(
        action=action.code,
        actor=known,
        actor_role=getattr(known, "role", "") or "",
        acting_for_id=acting_for,
        subject_ref=subject,
        kind=kind,
        fields=sorted(fields),
        count=count,
    )
