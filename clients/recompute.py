"""What follows from the facts of files: written once at the end of every change, for all its files together.

One statement reads the tables of all apps. First what is known of reaching a person is put on record in two times
(``services.reach``); then every app writes what it derives from the files' facts: summary columns, rows of its own,
and what waits in the file. Those apps lie to the right of this one and imports run leftward only, so each registers
its derivations; nothing else may hang on this registry. ``services.change`` calls ``recompute``, and no service writes
a derived value itself (decision record 0010).
"""

import datetime
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any

from accounts.file_loader import Table
from clients.choices import DueReader
from clients.models import Client, DueItem
from clients.services.reach import REACH_TABLES, note_reach
from clients.stored_facts import Columns, StoredFacts

Summary = Callable[[StoredFacts], Mapping[int, Mapping[str, Any]]]
Rows = Callable[[StoredFacts], set[int]]
Items = Callable[[StoredFacts], Iterable[DueItem]]
CHUNK = 500
REASON = "derived values follow the facts of files"
_TABLES: dict[Table, Columns] = dict.fromkeys((*REACH_TABLES, DueItem), ())
_COLUMNS: dict[str, Summary] = {}
_ROWS: dict[str, Rows] = {}
_ITEMS: dict[str, Items] = {}
_SAID = [field.attname for field in DueItem._meta.concrete_fields if field.name not in {"id", "shows_on"}]


def register(
    code: str,
    tables: Mapping[Table, Columns],
    *,
    columns: Summary | None = None,
    rows: Rows | None = None,
    items: Items | None = None,
) -> None:
    """Register what an app derives; called from ``contributions.py``.

    Args:
        code: the app's.
        tables: what its derivations look at, with the columns that are enough; none for whole rows.
        columns: gives summary columns of ``Client`` by file.
        rows: writes derived rows and returns the keys of the files in which they differed.
        items: what waits in the attended files, also from a later day on.
    """
    for table, names in tables.items():
        known = _TABLES.get(table)
        whole = not names or known == ()
        _TABLES[table] = () if whole else tuple(dict.fromkeys((*(known or ()), *names)))
    if columns is not None:
        _COLUMNS[code] = columns
    if rows is not None:
        _ROWS[code] = rows
    if items is not None:
        _ITEMS[code] = items


def registered() -> list[str]:
    """Codes of everything derived."""
    return sorted({*_COLUMNS, *_ROWS, *_ITEMS})


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
        facts = stored_facts(keys, now)
        noted = note_reach(facts.files, now, facts.rows)
        if noted:
            facts = stored_facts(keys, now)
        changed = _set_columns(facts, summaries(facts))
        for code in sorted(_ROWS):
            differed |= _ROWS[code](facts)
        items = derive_items(facts)
        changed |= _set_columns(facts, next_due(facts, items))
        _save_columns(facts, changed)
        differed |= noted | {key for key, _name in changed} | _write_items(facts, items)
    return differed


def stored_facts(keys: Iterable[int], now: datetime.datetime) -> StoredFacts:
    """Some files and everything their derived values are functions of; two statements."""
    files = Client.objects.unscoped(reason=REASON).filter(pk__in=keys).order_by("pk")
    return StoredFacts(list(files), now, _TABLES)


def derive_items(facts: StoredFacts) -> list[DueItem]:
    """What waits in the attended ones of some files, from today on."""
    return [
        item
        for code in sorted(_ITEMS)
        for item in _ITEMS[code](facts)
        if item.shows_until is None or item.shows_until >= facts.today
    ]


Values = Mapping[int, Mapping[str, Any]]


def summaries(facts: StoredFacts) -> Values:
    values: dict[int, dict[str, Any]] = defaultdict(dict)
    for code in sorted(_COLUMNS):
        for key, columns in _COLUMNS[code](facts).items():
            values[key].update(columns)
    return values


def next_due(facts: StoredFacts, items: Iterable[DueItem]) -> Values:
    """The day of the most urgent thing a stand-in may know too, for lists."""
    days: dict[int, list[datetime.date]] = defaultdict(list)
    for item in items:
        if item.due_on is not None and item.reader not in (DueReader.HEALTH, DueReader.OWNER):
            days[item.client_id].append(item.due_on)
    return {key: {"next_due_on": min(days[key], default=None)} for key in facts.keys}


def _set_columns(facts: StoredFacts, values: Values) -> set[tuple[int, str]]:
    """Key and column of what was stored otherwise."""
    changed = set()
    for file in facts.files:
        for name, value in values[file.pk].items():
            if getattr(file, name) != value:
                setattr(file, name, value)
                changed.add((file.pk, name))
    return changed


def _save_columns(facts: StoredFacts, changed: Collection[tuple[int, str]]) -> None:
    """Only the summary columns, and the file's ``version`` is left alone: a talk logged meanwhile is no conflict with
    somebody editing the address."""
    keys = {key for key, _name in changed}
    files = [file for file in facts.files if file.pk in keys]
    if files:
        rows = Client.objects.unscoped(reason=REASON)
        rows.bulk_update(files, sorted({name for _key, name in changed}))


def _write_items(facts: StoredFacts, items: Iterable[DueItem]) -> set[int]:
    """Rows that say the same from today on stay; those whose days are over go without being counted as a difference."""
    missing: dict[tuple[Any, ...], list[DueItem]] = defaultdict(list)
    for item in items:
        missing[_said(item, facts.today)].append(item)
    gone: list[int] = []
    differed: set[int] = set()
    for row in facts.rows[DueItem]:
        alike = missing[_said(row, facts.today)]
        if alike:
            alike.pop()
            continue
        gone.append(row.pk)
        if row.shows_until is None or row.shows_until >= facts.today:
            differed.add(row.client_id)
    if gone:
        DueItem.objects.unscoped(reason=REASON).filter(pk__in=gone).delete()
    new = [item for alike in missing.values() for item in alike]
    DueItem.objects.bulk_create(new)
    return differed | {item.client_id for item in new}


def _said(item: DueItem, today: datetime.date) -> tuple[Any, ...]:
    """What a row says from today on; since when it was shown makes no difference any more."""
    return (max(item.shows_on, today), *(getattr(item, name) for name in _SAID))
