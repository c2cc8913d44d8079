"""One change of files: one transaction, one order of locks, one instant, one recompute."""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from accounts.actor import Actor
from accounts.models import StandIn
from accounts.services.locking import lock
from clients import recompute
from clients.models import Client
from clients.querysets import ClientQuerySet
from clients.services.closed_files import refuse_closed

REASON = "files whose access is checked under their locks"
JUST_AFTER = datetime.timedelta(microseconds=1)
_open_change: ContextVar["Change | None"] = ContextVar("open_change", default=None)


def lockable() -> ClientQuerySet:
    """Files, locked as they are read and by key, so that no two changes wait for each other."""
    rows = Client.objects.unscoped(reason=REASON)
    return rows.select_for_update(of=("self",), no_key=True).order_by("pk")


class FileLost(PermissionDenied):
    """The file was handed over or deleted, or the stand-in ended, after the form was opened; nothing was written."""

    def __init__(self, file: Client) -> None:
        super().__init__("not the actor's file any more")
        self.file = file


class Change:
    """What a service knows inside ``change``."""

    def __init__(self, actor: Actor) -> None:
        self._actor = actor
        self._files: dict[int, Client] = {}
        self._now = actor.now
        self._is_recorded = False

    @property
    def now(self) -> datetime.datetime:
        """The instant everything is recorded with, never earlier than the last entry in the locked files.

        A request that waited for a lock began before the entries made meanwhile. With its own instant its entry would
        stand before them, and the derived values would ignore them: an ended ladder would open again (rules.md §10).
        """
        self._is_recorded = True
        return self._now

    @property
    def actor(self) -> Actor:
        """Who acts, at the instant under the locks: for the helpers of a service."""
        return replace(self._actor, now=self.now)

    @property
    def today(self) -> datetime.date:
        """The local date of that instant."""
        return timezone.localdate(self.now)

    def __getitem__(self, key: int) -> Client:
        return self._files[key]

    def file(self, client: Client) -> Client:
        """The stored row of a file, as it was when it was locked.

        Raises:
            FileLost: it was deleted a moment ago.
        """
        if client.pk not in self._files:
            raise FileLost(client)
        return self._files[client.pk]

    def lock(self, files: Iterable[Client]) -> list[Client]:
        """Lock further files, all at once and by key.

        Returns:
            The stored rows of these files only, by key; files of an outer change are not among them.
        """
        keys = {file.pk for file in files}
        if further := keys - self._files.keys():
            self.take_in(lockable().filter(pk__in=further))
        return [self._files[key] for key in sorted(keys & self._files.keys())]

    def require(self, permission: str, file: Client) -> None:
        """Check the actor's permission in a file against its locked row.

        Raises:
            FileLost: the file is not the actor's, or not any more.
            PermissionDenied: the file is hers, but she lacks the permission.
        """
        _judge(self._actor, permission, self.file(file))

    def take_in(self, locked: Iterable[Client]) -> None:
        """Add rows to this change: new ones, or rows that a service found and locked in one statement."""
        self._files |= {row.pk: row for row in locked}
        latest = max(
            (row.last_recorded_at for row in self._files.values() if row.last_recorded_at), default=self._now
        )
        if latest > self._now:
            self._now = latest + JUST_AFTER

    def keep(self) -> dict[int, Client]:
        """What is locked now, for ``go_back``."""
        return dict(self._files)

    def go_back(self, files: dict[int, Client]) -> None:
        """Forget the files locked since: the savepoint was rolled back, which released their locks."""
        self._files = files

    def finish(self) -> None:
        """Write the derived values, and the instant of the last record in each file that has a new one."""
        differed = recompute.recompute([self._files[key] for key in sorted(self._files)], self._now)
        keys = self._files if self._is_recorded else differed
        rows = Client.objects.unscoped(reason=REASON).filter(pk__in=keys).exclude(last_recorded_at=self._now)
        rows.update(last_recorded_at=self._now)


def _judge(actor: Actor, permission: str, file: Client) -> None:
    """The scope of the request was read before the lock; a stand-in may have been ended while it waited."""
    if file.manager_id not in actor.scope.caseloads:
        raise FileLost(file)
    absent = actor.acting_for(file)
    if absent is not None:
        rows = StandIn.objects.unscoped(reason="the actor's own stand-in, read again").active_on(actor.today)
        if not rows.filter(absent=absent, substitute=actor.pk).exists():
            raise FileLost(file)
    actor.require(permission, as_stand_in=absent is not None)


@contextmanager
def _forgotten_with_its_locks(outer: Change | None) -> Iterator[None]:
    """When an inner change fails, the outer change forgets what it locked and may go on."""
    before = outer.keep() if outer is not None else {}
    try:
        yield
    except BaseException:
        if outer is not None:
            outer.go_back(before)
        raise


@contextmanager
def change(
    actor: Actor,
    files: Iterable[Client] = (),
    *,
    users: Iterable[int] = (),
    needs: str = "",
    allow_closed: bool = False,
) -> Iterator[Change]:
    """Change some files in one transaction; what follows is written when the outermost change ends.

    Everybody locks in one order, each kind by key: an enquiry, files, accounts, the counters of numbers
    (architecture.md "Change"). A change inside another one joins it.

    Args:
        actor: who acts.
        files: to be locked; a service of several services locks all of them with its first change.
        users: keys of accounts to be locked after the files.
        needs: the permission the actor must hold in each of these files, checked under their locks; without files her
            role decides. Empty where other rules give access (an inbox, a drop-in, a command).
        allow_closed: accept closed files. For re-opening, for corrections of earlier entries, and for services that
            refuse by themselves.

    Raises:
        FileLost: one of the files is not the actor's, or not any more.
        PermissionDenied: the actor lacks the permission.
        FileClosed: one of the files was closed a moment ago.
    """
    wanted = list(files)
    outer = _open_change.get()
    with transaction.atomic(), _forgotten_with_its_locks(outer):
        inner = outer or Change(actor)
        inner.lock(wanted)
        if needs and not wanted:
            actor.require(needs)
        for file in wanted:
            if needs:
                _judge(actor, needs, inner.file(file))
            if not allow_closed:
                refuse_closed(inner.file(file))
        lock(*users)
        if outer is not None:
            yield outer
            return
        token = _open_change.set(inner)
        try:
            yield inner
        finally:
            _open_change.reset(token)
        inner.finish()
