"""Who is responsible: one open row per file, ``Client.manager`` is its copy."""

import datetime
from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.duties import CASELOAD, FileDuty
from accounts.services.locking import lock_taker
from audit.recording import record
from clients import changes
from clients.actions import FELL_TO_INBOX, REASSIGNED
from clients.choices import Phase
from clients.models import Client, Responsibility
from clients.services.files import now_under_lock


def assign(
    client: Client,
    manager: Any | None,
    *,
    by: Any,
    now: datetime.datetime,
    reason: str = "",
    is_taking: bool = False,
) -> Responsibility:
    """Give a file to a manager, or to the municipality's inbox with ``None``.

    Args:
        client: the file; the caller holds the transaction and its row.
        manager: who becomes responsible.
        by: the acting user.
        now: instant of the change.
        reason: kept with the row.
        is_taking: the manager took the file from the inbox (a ladder trigger, rules.md §4).

    Returns:
        The new open row.

    Raises:
        ValidationError: the manager was deactivated or has another role by now; nothing was written.
    """
    if manager is not None:
        lock_taker(manager)
    former = client.manager
    Responsibility.objects.unscoped(reason="one open row per file").filter(
        client=client, until__isnull=True
    ).update(until=now)
    row = Responsibility.objects.create(
        client=client,
        manager=manager,
        municipality_id=client.municipality_id,
        since=now,
        from_user=former,
        is_taking=is_taking,
        reason=reason,
    )
    client.manager = manager
    Client.objects.unscoped(reason="the copy of the open responsibility").filter(pk=client.pk).update(
        manager=manager
    )
    changes.announce(client, now)
    return row


class CaseloadDuty(FileDuty):
    """The files themselves: they go to the successor, or fall to the inbox marked "from …".

    A closed file keeps its last manager: it stays readable for nobody else, and re-opening it later needs
    an assignment of its own.
    """

    code = CASELOAD
    label = _("files")

    def open_for(self, user: Any, client: Any | None = None) -> int:
        rows = Client.objects.unscoped(reason="counting what a leaving manager owes").filter(manager=user)
        if client is not None:
            rows = rows.filter(pk=client.pk)
        return rows.exclude(phase=Phase.CLOSED).count()

    def lock(self, user: Any) -> Collection[int]:
        list(self._rows(user).select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
        return ()

    def transfer(self, old: Any, new: Any | None, client: Any | None, by: Any) -> int:
        rows = self._rows(old)
        if client is not None:
            rows = rows.filter(pk=client.pk)
        moved = 0
        with transaction.atomic():
            files = list(rows.select_for_update(of=("self",), no_key=True).order_by("pk"))
            now = now_under_lock(timezone.now(), *files)
            for file in files:
                assign(file, new, by=by, now=now)
                record(
                    FELL_TO_INBOX if new is None else REASSIGNED,
                    by=by,
                    subject=file.subject_ref,
                    kind="client",
                    fields=["manager"],
                )
                moved += 1
        return moved

    def _rows(self, user: Any) -> Any:
        rows = Client.objects.unscoped(reason="a caseload changes hands")
        return rows.filter(manager=user).exclude(phase=Phase.CLOSED)
