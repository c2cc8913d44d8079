"""What is stored of some files, read in one statement: what derived values are functions of."""

import datetime
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, TypeVar

from accounts.file_loader import Part, Table, load_together, path_to_file
from accounts.rules.calendar import local_date
from clients.choices import Phase
from clients.file_rows import Rows
from clients.models import Client

T = TypeVar("T")
Columns = tuple[str, ...]
"""Names of the columns to read of a table; none for whole rows."""


class StoredFacts:
    """The files of one recompute and their rows.

    Attributes:
        files: locked, as stored; their summary columns are set before rows and due items are derived.
        now: the instant of the change.
        rows: the registered tables, each in its usual order.
    """

    def __init__(
        self, files: Sequence[Client], now: datetime.datetime, tables: Mapping[Table, Columns]
    ) -> None:
        self.files = files
        self.now = now
        self.rows: Rows = load_together(
            [file.pk for file in files],
            *(Part(table, path_to_file(table), columns) for table, columns in tables.items()),
        )
        self._grouped: dict[Table, Mapping[int, list[Any]]] = {}
        self._known: dict[Callable[[Any], Any], Any] = {}

    @property
    def keys(self) -> list[int]:
        return [file.pk for file in self.files]

    @cached_property
    def today(self) -> datetime.date:
        return local_date(self.now)

    @property
    def attended(self) -> list[Client]:
        """Files in which something can wait: open ones with a responsible manager."""
        return [file for file in self.files if file.manager_id is not None and file.phase != Phase.CLOSED]

    def of(self, table: Table) -> Mapping[int, list[Any]]:
        """The rows of a table that points to files, by the key of the file."""
        if table not in self._grouped:
            found: dict[int, list[Any]] = defaultdict(list)
            for row in self.rows[table]:
                found[row.client_id].append(row)
            self._grouped[table] = found
        return self._grouped[table]

    def once(self, derive: "Callable[[StoredFacts], T]") -> T:
        """What a function says of these facts, computed once for all who ask."""
        if derive not in self._known:
            self._known[derive] = derive(self)
        answer: T = self._known[derive]
        return answer
