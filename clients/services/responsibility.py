"""Who is responsible: one open row per file, ``Client.manager`` is its copy."""

from collections.abc import Iterable

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _

from accounts.actor import Actor
from accounts.duties import CASELOAD, FileDuty, files_besides
from accounts.models import User
from accounts.services.locking import lock_taker
from audit.recording import record
from clients import drafts
from clients.actions import FELL_TO_INBOX, REASSIGNED
from clients.choices import Phase
from clients.models import Client, Responsibility
from clients.querysets import ClientQuerySet
from clients.services.change import change, lockable


def assign(
    actor: Actor,
    client: Client,
    manager: User | None,
    *,
    reason: str = "",
    is_taking: bool = False,
    needs: str = "caseload.assign",
) -> Responsibility:
    """Give a file to a manager, or to the municipality's inbox with ``None``.

    Args:
        actor: who acts, and when.
        client: the file.
        manager: who becomes responsible.
        reason: kept with the row.
        is_taking: the manager took the file from the inbox (a ladder trigger, rules.md §4).
        needs: the permission the actor must hold where it is no taking; other rules say which file.

    Returns:
        The new open row.

    Raises:
        PermissionDenied: taking is for oneself, and giving is for those who assign files.
        ValidationError: the manager was deactivated or has another role by now; nothing was written.
    """
    actor.require("inbox.take" if is_taking else needs)
    if is_taking and manager != actor.user:
        raise PermissionDenied
    with change(actor, [client], allow_closed=True) as locked:
        if manager is not None:
            lock_taker(manager)
        rows = Responsibility.objects.unscoped(reason="one open row per file").filter(client=client)
        rows.filter(until__isnull=True).update(until=locked.now)
        row = Responsibility.objects.create(
            client=client,
            manager=manager,
            municipality_id=client.municipality_id,
            since=locked.now,
            former_manager=client.manager,
            recorded_by=actor.user,
            is_taking=is_taking,
            reason=reason,
        )
        client.manager = locked.file(client).manager = manager
        Client.objects.unscoped(reason="the copy of the open responsibility").filter(pk=client.pk).update(
            manager=manager
        )
        if manager is not None:
            drafts.travel(client, manager)
    return row


class CaseloadDuty(FileDuty):
    """The files themselves: they go to the successor, or fall to the inbox marked "from …".

    A closed file keeps its last manager: it stays readable for nobody else, and re-opening it later needs
    an assignment of its own.
    """

    code = CASELOAD
    label = _("files")

    def open_for(self, user: User, client: Client | None = None) -> int:
        rows = self._rows(Client.objects.unscoped(reason="counting what a leaving manager owes"), user)
        return int((rows if client is None else rows.filter(pk=client.pk)).count())

    def rows(self, user: User, *, lock: bool) -> Iterable[int]:
        files = lockable() if lock else Client.objects.unscoped(reason="what a leaving manager owes")
        besides = files.filter(pk__in=files_besides(user))
        return (self._rows(files, user) | besides).values_list("pk", flat=True)

    def transfer(self, actor: Actor, old: User, new: User | None, client: Client | None) -> int:
        rows = self._rows(lockable(), old)
        if client is not None:
            rows = rows.filter(pk=client.pk)
        action = FELL_TO_INBOX if new is None else REASSIGNED
        with change(actor) as locked:
            # Not all files of the change: a caller may hold others, which are nobody's to hand over here.
            files = list(rows)
            locked.take_in(files)
            for file in files:
                assign(actor, file, new)
                record(actor, action, client=file, kind="client", fields=["manager"])
            return len(files)

    def _rows(self, rows: ClientQuerySet, user: User) -> ClientQuerySet:
        return rows.filter(manager=user).exclude(phase=Phase.CLOSED)
