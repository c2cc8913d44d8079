"""The one way an audit entry comes into being."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from audit.actions import Action
from audit.models import AuditEntry


def record(
    action: Action,
    *,
    by: Any,
    subject: UUID | None = None,
    kind: str = "",
    fields: Iterable[str] = (),
    acting_for: int | None = None,
    count: int | None = None,
) -> AuditEntry:
    """Write one entry.

    Args:
        action: what happened.
        by: the acting user; ``None`` for anonymous visitors and commands.
        subject: the client's ``subject_ref``; never another id.
        kind: the kind of object touched ("client", "contact", "plan"), not which one.
        fields: names of the fields changed; values never reach the log.
        acting_for: id of the user a stand-in acts for.
        count: number of rows, for lists, searches and exports.

    Returns:
        The stored entry. Inside a transaction it lives and dies with the change it describes.
    """
    known = by if by is not None and getattr(by, "pk", None) else None
    return AuditEntry.objects.create(
        action=action.code,
        actor=known,
        actor_role=getattr(known, "role", "") or "",
        acting_for_id=acting_for,
        subject_ref=subject,
        kind=kind,
        fields=sorted(fields),
        count=count,
    )
