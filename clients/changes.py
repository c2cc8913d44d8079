"""What follows a changed fact of a file.

First what is known of reaching the person is put on record in two times (``services.reach``). Then the right-hand
apps recompute: the outreach ladder is a function of everything in the file, taking it, a phase, an address, a number,
a language. Those services live here, the ladder lives two apps to the right, and imports run leftward only; so the
right-hand app registers a follower, and every service of this app that changes such a fact calls ``announce`` inside
its transaction. Nothing else may hang on this registry; a test pins what is registered (decision record 0010).
"""

import datetime
from collections.abc import Callable
from typing import Any

from clients.services.reach import note_reach

_FOLLOWERS: dict[str, Callable[[Any, datetime.datetime], None]] = {}


def register(code: str, follower: Callable[[Any, datetime.datetime], None]) -> None:
    """Register a follower ``(client, now)``; called from ``AppConfig.ready``."""
    _FOLLOWERS[code] = follower


def registered() -> list[str]:
    """Codes of all followers."""
    return sorted(_FOLLOWERS)


def announce(client: Any, now: datetime.datetime) -> None:
    """Record what changed in reaching the person and tell every follower; the caller holds the transaction."""
    note_reach(client, now)
    for code in sorted(_FOLLOWERS):
        _FOLLOWERS[code](client, now)
