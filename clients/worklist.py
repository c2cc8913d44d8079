"""What waits in the files of a caseload, and what waits for the reader besides, line by line.

What waits in a file is a stored ``DueItem``; the app that derived it says here how its items read. What belongs to no
file (drafts, the inbox, absences) an app lists when asked.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from accounts.access import Scope
from accounts.file_loader import Part, Table, load_together
from accounts.models import User
from clients.choices import DueReader
from clients.file_rows import Rows
from clients.health import files_without_health
from clients.models import Client, DueItem
from ui.due import DueLine


class Group(StrEnum):
    """Where a line stands: a section of *Mein Tag*, or a list of the dashboard."""

    APPOINTMENTS = "appointments"
    DEADLINES = "deadlines"
    OUTREACH = "outreach"
    OTHERS = "others"
    INTAKE = "intake"
    PLANS = "plans"
    FILES = "files"
    DRAFTS = "drafts"
    CASELOADS = "caseloads"
    ABSENCES = "absences"
    ACCOUNTS = "accounts"


@dataclass(frozen=True)
class Reader:
    """For whom lines are composed, and when.

    Attributes:
        user: the reader, with a scope narrowed to one caseload.
        scope: what she may see today.
        today: local date of the request.
        now: instant of the request.
    """

    user: User
    scope: Scope
    today: datetime.date
    now: datetime.datetime

    @cached_property
    def _rows(self) -> list[DueItem]:
        rows = DueItem.objects.visible_to(self.user).standing(self.today).select_related("client")
        return list(rows.only(*ITEM_COLUMNS, *CLIENT_COLUMNS).order_by("due_on", "pk"))

    @cached_property
    def without_health(self) -> frozenset[int]:
        """Keys of the files with items in which the reader may not read protected modules."""
        return files_without_health(self.user, (row.client for row in self._rows), self.now)

    @cached_property
    def items(self) -> list[DueItem]:
        """What waits in the files and is for this reader to know; one statement, for a stand-in two."""
        return [row for row in self._rows if self._is_told(row)]

    def _is_told(self, item: DueItem) -> bool:
        match item.reader:
            case DueReader.OWNER:
                return item.client.manager_id == self.user.pk
            case DueReader.HEALTH:
                return item.client_id not in self.without_health
            case DueReader.NO_HEALTH:
                return item.client_id in self.without_health
        return True

    @cached_property
    def rows(self) -> Rows:
        """What waits for the reader herself, of the registered tables; one statement."""
        return load_together([self.user.pk], *(Part(table, path) for table, path in _TABLES.items()), User)

    @property
    def is_own_day(self) -> bool:
        """Whether these are her own matters and not those of somebody stood in for."""
        return self.user.pk in self.scope.caseloads

    def stands_in_for(self, file: Client) -> bool:
        """Whether the reader sees the file as a stand-in only."""
        return self.scope.acting_for(file.manager_id) is not None


ITEM_COLUMNS = tuple(field.name for field in DueItem._meta.concrete_fields)
CLIENT_COLUMNS = tuple(
    f"client__{name}"
    for name in (
        "uuid",
        "case_no",
        "surname",
        "given_name",
        "manager",
        "phase",
        "intensity",
        "next_appointment_at",
    )
)
"""What lines say of a file; every column more is read once for each item."""
Lines = Callable[[Reader], Iterable[DueLine]]
Compose = Callable[[Sequence[DueItem], Reader], Iterable[DueLine]]
_LINES: dict[str, Lines] = {}
_TABLES: dict[Table, str] = {}
_KINDS: dict[str, Compose] = {}


def register(code: str, lines: Lines, tables: Mapping[Table, str] | None = None) -> None:
    """Register what waits for a reader besides her files; called from ``contributions.py``.

    Args:
        code: the app's.
        lines: composes the lines.
        tables: those it reads through ``Reader.rows``, with the column that names the reader.
    """
    _LINES[code] = lines
    _TABLES.update(tables or {})


def register_items(kinds: type[StrEnum], compose: Compose) -> None:
    """Register how the items of an app read; ``compose`` gets all of these kinds at once, also when there are none."""
    for kind in kinds:
        _KINDS[kind.value] = compose


def kinds() -> frozenset[str]:
    """The kinds of items that can be read."""
    return frozenset(_KINDS)


def lines_for(reader: Reader) -> list[DueLine]:
    """Everything that waits for a reader; an item of a kind nobody registered is passed over."""
    own: dict[Compose, list[DueItem]] = {compose: [] for compose in _KINDS.values()}
    for item in reader.items:
        if item.kind in _KINDS:
            own[_KINDS[item.kind]].append(item)
    composed = [line for compose, items in own.items() for line in compose(items, reader)]
    return [*composed, *(line for code in sorted(_LINES) for line in _LINES[code](reader))]


def file_line(item: DueItem, today: datetime.date, *, group: Group, **values: Any) -> DueLine:
    """A line about a file: whose it is and where it leads unless something else is said."""
    values.setdefault("url", item.client.get_absolute_url())
    return DueLine(
        group=group,
        kind=item.kind,
        today=today,
        title=item.client.display_name,
        case_no=item.client.case_no,
        hard=item.hard,
        **values,
    )
