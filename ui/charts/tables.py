"""The same figures as a table, which every chart has."""

from collections.abc import Sequence
from dataclasses import dataclass

from ui.charts.figures import Value, say


@dataclass(frozen=True)
class Cell:
    """A figure in a table, perhaps linked to the list behind it."""

    value: Value
    url: str = ""

    @property
    def text(self) -> str:
        """The figure in words."""
        return say(self.value)


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
