"""What a leaving or handing-over manager still owes: the registry right-hand apps fill (house.md §1)."""

from typing import Any, Protocol


class Duty(Protocol):
    """One kind of open work tied to a manager.

    ``open_for`` counts what is open for a user (for one client, or all); ``transfer`` moves it to the
    successor inside the caller's transaction and returns how many rows moved. ``new`` is None when the
    caseload falls to the inbox. ``open_in`` counts what closing a file has to wait for, whoever owes it.
    """

    code: str
    label: Any

    def open_for(self, user: Any, client: Any | None = None) -> int: ...

    def open_in(self, client: Any) -> int: ...

    def transfer(self, old: Any, new: Any | None, client: Any | None, by: Any) -> int: ...


_REGISTRY: dict[str, Duty] = {}


def register(duty: Duty) -> None:
    """Register a kind of duty; called from ``AppConfig.ready``."""
    _REGISTRY[duty.code] = duty


def registered() -> list[Duty]:
    """All duties, by code."""
    return [_REGISTRY[code] for code in sorted(_REGISTRY)]


def open_duties(user: Any) -> list[tuple[Duty, int]]:
    """Each duty with the number of open items of a user, empty ones left out."""
    counted = [(duty, duty.open_for(user)) for duty in registered()]
    return [(duty, number) for duty, number in counted if number]


def open_work(client: Any) -> list[tuple[Duty, int]]:
    """What has to be settled before a file is closed, with numbers, empty ones left out."""
    counted = [(duty, duty.open_in(client)) for duty in registered()]
    return [(duty, number) for duty, number in counted if number]


def transfer_all(old: Any, new: Any | None, *, client: Any | None = None, by: Any) -> int:
    """Transfer every duty; the caller holds the transaction."""
    return sum(duty.transfer(old, new, client, by) for duty in registered())
