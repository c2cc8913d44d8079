"""What waits for somebody, line by line, with files whose rows a test wrote past the services."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from accounts.access import scope_of
from accounts.models import User
from clients import recompute, worklist
from clients.models import Client
from ui.due import DueLine


def derive(*files: Client, now: datetime.datetime | None = None) -> None:
    """Derive what waits in files from their rows and summary columns; in all files when none is named."""
    keys = [file.pk for file in files or Client.objects.unscoped(reason="test")]
    for first in range(0, len(keys), recompute.CHUNK):
        facts = recompute.stored_facts(keys[first : first + recompute.CHUNK], now or timezone.now())
        for write in recompute._ROWS.values():
            write(facts)
        recompute._write_items(facts, recompute.derive_items(facts))


def lines_of(
    user: User, now: datetime.datetime | None = None, *, kinds: Iterable[str] = (), fresh: bool = True
) -> list[DueLine]:
    """The lines a user reads, in no particular order.

    Args:
        user: the reader.
        now: when; the test's clock by default.
        kinds: only lines of these kinds.
        fresh: derive everything first, as services would have done.
    """
    now = now or timezone.now()
    if fresh:
        derive(now=now)
    today = timezone.localdate(now)
    found = worklist.lines_for(worklist.Reader(user, scope_of(user, today), today, now))
    wanted = set(kinds)
    return [line for line in found if not wanted or line.kind in wanted]
