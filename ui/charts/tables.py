"""The same figures as a table, which every chart has."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from ui.charts.figures import Explained, Value, say


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
    def html(self) -> SafeString:
        """The figure as it stands in the page; written here, as there are hundreds of them."""
        return format_html('<a href="{}">{}</a>', self.url, self.text) if self.url else escape(self.text)


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

    @property
    def html(self) -> SafeString:
        """The row of the page."""
        note = format_html(' <small class="faint">{}</small>', self.note) if self.note else ""
        figures = format_html_join("", '<td class="num">{}</td>', ((cell.html,) for cell in self.cells))
        return format_html('<tr><th scope="row">{}{}</th>{}</tr>', self.label, note, figures)


@dataclass(frozen=True)
class DataTable:
    """A table of figures: first head is that of the row headings. ``foot`` holds the sums."""

    heads: Sequence[str]
    rows: Sequence[DataRow]
    caption: str = ""
    foot: DataRow | None = None
    finding: str = ""
    empty: str = ""
    definitions: Sequence[Explained] = ()

    @property
    def sheet(self) -> tuple[list[str], list[list[str | Value]]]:
        """Heads and rows of the same table as a file; what is said beside a row has a column where there is any."""
        rows = [*self.rows, *([self.foot] if self.foot else [])]
        has_notes = any(row.note for row in rows)
        heads = [*self.heads, *([_("Remark")] if has_notes else [])]
        return heads, [
            [row.label, *(cell.value for cell in row.cells), *([row.note] if has_notes else [])]
            for row in rows
        ]
