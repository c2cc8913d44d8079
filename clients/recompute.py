"""What follows from the facts of files: written once at the end of every change, for all its files together.

First what is known of reaching a person is put on record in two times (``services.reach``). Then every app writes what
it derives from the files' facts. Those apps lie to the right of this one and imports run leftward only, so each
registers its derivation; nothing else may hang on this registry. ``services.change`` calls ``recompute``, and no
service writes a derived value itself (decision record 0010).
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from clients.models import Client
from clients.services.reach import note_reach

Columns = Callable[[Sequence[Client], datetime.datetime], Mapping[int, Mapping[str, Any]]]
Rows = Callable[[Sequence[Client], datetime.datetime], set[int]]
CHUNK = 500
REASON = "derived values follow the facts of files"
_COLUMNS: dict[str, Columns] = {}
_ROWS: dict[str, Rows] = {}


def register_columns(code: str, derivation: Columns) -> None:
    """Register summary columns of ``Client``: a function of files and an instant gives their values by file."""
    _COLUMNS[code] = derivation


def register_rows(code: str, writer: Rows) -> None:
    """Register derived rows: the function writes them for some files and returns the keys of those that differed."""
    _ROWS[code] = writer


def registered() -> list[str]:
    """Codes of everything derived."""
    return sorted([*_COLUMNS, *_ROWS])


def recompute(files: Sequence[Client], now: datetime.datetime) -> set[int]:
    """Write everything that is derived from the facts of some files.

    Args:
        files: locked; their rows are read again, and the number of statements does not grow with them.
        now: the instant of the change.

    Returns:
        Keys of the files in which something stored was not as derived.
    """
    differed: set[int] = set()
    for first in range(0, len(files), CHUNK):
        keys = [file.pk for file in files[first : first + CHUNK]]
        some = list(Client.objects.unscoped(reason=REASON).filter(pk__in=keys).order_by("pk"))
        differed |= note_reach(some, now) | _write_columns(some, now)
        for code in sorted(_ROWS):
            differed |= _ROWS[code](some, now)
    return differed


def _write_columns(files: Sequence[Client], now: datetime.datetime) -> set[int]:
    """Only the summary columns, and the file's ``version`` is left alone: a talk logged meanwhile is no conflict with
    somebody editing the address."""
    values: dict[int, dict[str, Any]] = defaultdict(dict)
    for code in sorted(_COLUMNS):
        for key, columns in _COLUMNS[code](files, now).items():
            values[key].update(columns)
    changed = [
        file for file in files if any(getattr(file, name) != value for name, value in values[file.pk].items())
    ]
    for file in changed:
        for name, value in values[file.pk].items():
            setattr(file, name, value)
    if changed:
        rows = Client.objects.unscoped(reason=REASON)
        rows.bulk_update(changed, sorted({name for file in changed for name in values[file.pk]}))
    return {file.pk for file in changed}
