"""What a leaving or handing-over manager still owes; right-hand apps add theirs (architecture.md "Contributions")."""

from collections.abc import Iterable
from typing import Any, Protocol

from django.db import transaction

from accounts.actor import Actor
from accounts.models import User
from accounts.services.locking import as_stored


class Duty(Protocol):
    """One kind of open work tied to a manager.

    ``open_for`` counts what is open for a user (for one client, or all); ``transfer`` moves it to the
    successor inside the caller's transaction and returns how many rows moved. ``new`` is None when the
    caseload falls to the inbox. ``open_in`` counts what must be done
    before a file can be closed, by any user.
    ``personal_for`` counts what belongs to no file and so cannot fall to the inbox: ``hand_on`` gives it to
    a named successor.
    ``rows`` are the keys of what ``transfer`` will move, with ``lock`` kept from changing until the caller's
    transaction ends; ``files`` are those of others it will write in besides, and ``accounts`` those whose calendars.
    Everybody locks files before accounts, and each kind at once, so rows are locked before the accounts and all files
    with the caseload; ``locks_first`` goes before files.
    """

    code: str
    label: Any
    locks_first: bool

    def open_for(self, user: User, client: Any | None = None) -> int: ...

    def open_in(self, client: Any) -> int: ...

    def rows(self, user: User, *, lock: bool) -> Iterable[int]: ...

    def files(self, user: User) -> Iterable[int]: ...

    def accounts(self, user: User) -> Iterable[int]: ...

    def transfer(self, actor: Actor, old: User, new: User | None, client: Any | None) -> int: ...

    def personal_for(self, user: User) -> int: ...

    def hand_on(self, actor: Actor, old: User, follow_up_successor: User) -> int: ...


class FileDuty:
    """The usual half of a duty: it lies in files, ends with them, and nothing of it is anybody's own."""

    locks_first = False

    def open_in(self, client: Any) -> int:
        return 0

    def rows(self, user: User, *, lock: bool) -> Iterable[int]:
        """What lies in files is kept by their locks."""
        return ()

    def files(self, user: User) -> Iterable[int]:
        return ()

    def accounts(self, user: User) -> Iterable[int]:
        return ()

    def personal_for(self, user: User) -> int:
        return 0

    def hand_on(self, actor: Actor, old: User, follow_up_successor: User) -> int:
        return 0


CASELOAD = "caseload"
"""Code of the duty that stands for the files themselves."""

_REGISTRY: dict[str, Duty] = {}


def register(duty: Duty) -> None:
    """Register a kind of duty; called from ``AppConfig.ready``."""
    _REGISTRY[duty.code] = duty


def registered() -> list[Duty]:
    """All duties, by code."""
    return [_REGISTRY[code] for code in sorted(_REGISTRY)]


def open_duties(user: User) -> list[tuple[Duty, int]]:
    """Each duty with the number of open items of a user, empty ones left out."""
    counted = [(duty, duty.open_for(user)) for duty in registered()]
    return [(duty, number) for duty, number in counted if number]


def files_besides(user: User) -> set[int]:
    """The files duties lie in, whoever is responsible for them."""
    return {key for duty in registered() for key in duty.files(user)}


def open_files(user: User) -> int:
    """How many open files a manager would leave behind."""
    duty = _REGISTRY.get(CASELOAD)
    return duty.open_for(user) if duty else 0


def personal_duties(user: User) -> list[tuple[Duty, int]]:
    """What of a user's open items belongs to no file, with numbers, empty ones left out."""
    counted = [(duty, duty.personal_for(user)) for duty in registered()]
    return [(duty, number) for duty, number in counted if number]


def in_words(counted: list[tuple[Duty, int]]) -> str:
    """Only the numbers of open items: "Akten: 12, Wiedervorlagen: 3"."""
    return ", ".join(f"{duty.label}: {number}" for duty, number in counted)


def open_work(client: Any) -> list[tuple[Duty, int]]:
    """What must be done before a file can be closed, with numbers; duties with nothing open are left out."""
    counted = [(duty, duty.open_in(client)) for duty in registered()]
    return [(duty, number) for duty, number in counted if number]


def lock_all(user: User, *others: User | None) -> list[Any]:
    """Lock what a leaving manager owes, then her account and those of her successors; call it inside a transaction.

    Once her account is locked, nobody can give her anything more. Work that reached her between the two locks would
    have to be locked after the accounts, which breaks the common order. In that case the function starts again.

    Returns:
        The accounts as they are stored, in the order given.
    """
    while True:
        with transaction.atomic():
            locked = _rows(user, lock=True)
            besides = {key for duty in registered() for key in duty.accounts(user)}
            stored = as_stored(user, *others, besides=besides)
            if _rows(user, lock=False) <= locked:
                return stored
            # Rolled back to the savepoint, all locks are free again.
            transaction.set_rollback(True)


def _rows(user: User, *, lock: bool) -> set[tuple[str, int]]:
    first_ones_first = sorted(registered(), key=lambda duty: not duty.locks_first)
    return {(duty.code, key) for duty in first_ones_first for key in duty.rows(user, lock=lock)}


def transfer_all(actor: Actor, old: User, new: User | None, *, client: Any | None = None) -> int:
    """Transfer every registered duty; call it inside a transaction."""
    actor.require("admin.users")
    return sum(duty.transfer(actor, old, new, client) for duty in registered())


def transfer_besides(actor: Actor, old: User, new: User | None, client: Any) -> list[tuple[Duty, int]]:
    """Transfer what a manager has open in one file, the file itself left out.

    Call it inside a transaction that locked the file and both accounts, by whoever may give the file away.

    Returns:
        Each duty with the number of rows that moved, empty ones left out.
    """
    besides = [duty for duty in registered() if duty.code != CASELOAD]
    moved = [(duty, duty.transfer(actor, old, new, client)) for duty in besides]
    return [(duty, number) for duty, number in moved if number]


def hand_on_all(actor: Actor, old: User, follow_up_successor: User) -> int:
    """Hand on what belongs to no file; call it inside a transaction."""
    actor.require("admin.users")
    return sum(duty.hand_on(actor, old, follow_up_successor) for duty in registered())
