"""What waits in the files of a caseload, and what waits for the reader besides, line by line.

What waits in a file is a stored ``DueItem``; the app that derived it says here how its items read. What belongs to no
file (drafts, the inbox, absences) an app lists when asked.
"""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

from accounts.access import Scope
from accounts.file_loader import FILES, NOW, Keys, Wanted, load_together
from accounts.models import User
from accounts.rules.days import Days
from clients.choices import DueReader
from clients.file_rows import Rows
from clients.health import files_without_health
from clients.models import Client, DueItem
from ui.due import DueLine


class Group(StrEnum):
    """What sort of matter a line is: *Mein Tag* places it by this and by its day, the dashboard has a list each."""

    APPOINTMENTS = "appointments"
    DEADLINES = "deadlines"
    OUTREACH = "outreach"
    OTHERS = "others"
    INTAKE = "intake"
    PERMITS = "permits"
    PLANS = "plans"
    HINTS = "hints"
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
        file: one file the reader may see, when only what waits in it is wanted.
        days: what waits on at least one of these days instead of today, each matter once.
    """

    user: User
    scope: Scope
    today: datetime.date
    now: datetime.datetime
    file: Client | None = None
    days: Days | None = None

    @cached_property
    def _rows(self) -> list[DueItem]:
        asked = self.days or Days(self.today, self.today)
        rows = DueItem.objects.visible_to(self.user).standing_between(asked.first, asked.last)
        rows = rows.select_related("client")
        if self.file is not None:
            rows = rows.filter(client=self.file)
        rows = rows.only(*ITEM_COLUMNS, *CLIENT_COLUMNS).order_by()
        found = sorted(rows, key=lambda row: (row.due_on or datetime.date.max, row.pk))
        if self.days is None:
            return found
        # What is said anew as time goes by has a row for each time; the reader sets some of them apart.
        once = {(row.client_id, row.kind, row.object, row.reader): row for row in reversed(found)}
        return [row for row in found if once[row.client_id, row.kind, row.object, row.reader] is row]

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
        """What the items are about and what waits for the reader herself, of the registered tables; one statement."""
        keys: Keys = {
            NOW: self.now,
            OBJECTS: {item.object for item in self._rows},
            FILES: {item.client_id for item in self._rows},
            READER: [self.user.pk],
            CASELOADS: self.scope.caseloads,
        }
        return load_together(keys, *dict.fromkeys([*_PARTS, User]))

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
        "list_number",
        "next_appointment_at",
    )
)
"""What lines say of a file; every column more is read once for each item."""
Lines = Callable[[Reader], Iterable[DueLine]]
Compose = Callable[[Sequence[DueItem], Reader], Iterable[DueLine]]
_LINES: dict[str, Lines] = {}
OBJECTS, READER, CASELOADS = "objects", "reader", "caseloads"
"""What parts may lead to besides the files with items: what the items are about, the reader, and her caseloads."""
_PARTS: list[Wanted] = []
_KINDS: dict[str, Compose] = {}


def register(code: str, lines: Lines, *parts: Wanted) -> None:
    """Register what waits for a reader besides her files; called from ``contributions.py``.

    Args:
        code: the app's.
        lines: composes the lines.
        parts: what it reads through ``Reader.rows``.
    """
    _LINES[code] = lines
    _PARTS.extend(parts)


def register_items(kinds: type[StrEnum], compose: Compose, *parts: Wanted) -> None:
    """Register how the items of an app read; called from ``contributions.py``.

    Args:
        kinds: those of the app.
        compose: gets all items of these kinds at once, also when there are none.
        parts: what it reads through ``Reader.rows``.
    """
    _PARTS.extend(parts)
    for kind in kinds:
        _KINDS[kind.value] = compose


def kinds() -> frozenset[str]:
    """The kinds of items that can be read."""
    return frozenset(_KINDS)


def lines_for(reader: Reader) -> list[DueLine]:
    """Everything that waits for a reader; an item of a kind nobody registered is passed over."""
    composed = item_lines(reader)
    if reader.file is not None:
        return [line for line in composed if line.subject == str(reader.file.uuid)]
    return [*composed, *(line for code in sorted(_LINES) for line in _LINES[code](reader))]


def item_lines(reader: Reader) -> list[DueLine]:
    """What waits in the files a reader may see."""
    own: dict[Compose, list[DueItem]] = {compose: [] for compose in _KINDS.values()}
    for item in reader.items:
        if item.kind in _KINDS:
            own[_KINDS[item.kind]].append(item)
    return [line for compose, items in own.items() for line in compose(items, reader)]


def file_line(item: DueItem, today: datetime.date, *, group: Group, **values: Any) -> DueLine:
    """A line about a file: whose it is and where it leads unless something else is said."""
    values.setdefault("url", item.client.get_absolute_url())
    return DueLine(
        group=group,
        kind=item.kind,
        today=today,
        title=item.client.display_name,
        case_no=item.client.case_no,
        subject=str(item.client.uuid),
        hard=item.hard,
        **values,
    )
