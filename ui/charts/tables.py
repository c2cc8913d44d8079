"""The same figures as a table, which every chart has."""

from collections.abc import Sequence
from dataclasses import dataclass

from ui.charts.figures import Hidden, Value, say


@dataclass(frozen=True)
class Cell:
    """A figure in a table, perhaps linked to the list behind it."""

    value: Value
    url: str = ""

    @property
    def text(self) -> str:
        """The figure in words."""
        return say(self.value)

    @property
    def is_hidden(self) -> bool:
        """Whether it is suppressed."""
        return isinstance(self.value, Hidden)

    @property
    def link(self) -> str:
        """The list behind the figure; never behind a suppressed one."""
        return "" if self.is_hidden else self.url


@dataclass(frozen=True)
class DataRow:
    """A heading and its figures."""

    label: str
    cells: Sequence[Cell]
    note: str = ""

    @classmethod
    def of(cls, label: str, values: Sequence[Value], note: str = "") -> "DataRow":
        """A row without links."""
        return cls(label, [Cell(value) for value in values], note)


@dataclass(frozen=True)
class DataTable:
    """A table of figures: first head is that of the row headings. ``foot`` holds the sums."""

    heads: Sequence[str]
    rows: Sequence[DataRow]
    caption: str = ""
    foot: DataRow | None = None
    finding: str = ""
    empty: str = ""

    @property
    def has_hidden(self) -> bool:
        """Whether the note on suppressed figures belongs below."""
        rows = [*self.rows, *([self.foot] if self.foot else [])]
        return any(cell.is_hidden for row in rows for cell in row.cells)
