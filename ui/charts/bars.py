"""Bars: figures side by side, or as parts of a whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils.translation import gettext as _

from ui.charts.figures import Explained, Number, Value, known, percent, say, total_of
from ui.charts.tables import Cell, DataRow, DataTable

LABEL_WIDTH = 2.4
"""Percent of the bar that one digit needs inside its segment."""

FURTHEST = 2.5
"""How many times the upper end of a target band the scale reaches at most; a longer bar is broken off there."""


@dataclass(frozen=True)
class Series:
    """One part of a stacked bar. ``tone`` is 1 (dark) to 5 (light); ``hatch`` means no value to show."""

    label: str
    tone: int | None = None
    hatch: bool = False


@dataclass(frozen=True)
class BarRow:
    """One bar. ``urls`` link its figures; ``total`` overrides the sum shown at the end."""

    label: str
    values: Sequence[Value]
    urls: Sequence[str] = ()
    total: Value = None
    note: str = ""

    @property
    def end(self) -> Value:
        """The figure at the end of the bar."""
        return total_of(self.values) if self.total is None else self.total


@dataclass(frozen=True)
class Segment:
    """A drawn part of a bar, in percent."""

    x: str
    width: str
    middle: str
    css: str
    text: str = ""
    hatch: bool = False
    first: bool = False
    url: str = ""
    said: str = ""


@dataclass(frozen=True)
class LegendItem:
    """A colour, its name and its sum."""

    label: str
    css: str
    hatch: bool
    total: Value = None

    @property
    def text(self) -> str:
        """The sum in words."""
        return say(self.total)


@dataclass(frozen=True)
class DrawnBar:
    """A bar ready for the template."""

    label: str
    segments: Sequence[Segment]
    end: Cell
    note: str = ""
    is_cut: bool = False

    @property
    def said(self) -> str:
        """All parts in words, for who does not see them; a bar of one part is said by its end."""
        parts = [part.said for part in self.segments]
        return ", ".join(parts) if len(parts) > 1 or any(part.url for part in self.segments) else ""

    @property
    def has_links(self) -> bool:
        """Whether parts of the bar lead to the lists behind them."""
        return any(part.url for part in self.segments)


@dataclass(frozen=True)
class BarChart:
    """Stacked bars, or plain ones against a target band ``(low, high)`` in the unit of the values.

    ``finding`` is the sentence above, ``caption`` names the table with period and unit,
    ``row_head`` heads its first column. ``maximum`` fixes the scale, otherwise the longest bar does.
    """

    rows: Sequence[BarRow]
    series: Sequence[Series]
    caption: str
    row_head: str
    finding: str = ""
    total_head: str = ""
    band: tuple[Number, Number] | None = None
    band_label: str = ""
    maximum: Number | None = None
    legend_totals: bool = True
    empty: str = ""
    definitions: Sequence[Explained] = ()

    @cached_property
    def scale(self) -> float:
        """Percent per unit."""
        longest = max((sum(known(row.values)) for row in self.rows), default=0.0)
        if self.band:
            high = float(self.band[1])
            longest = min(max(longest, high) * 1.25, max(high * FURTHEST, 1.0))
        top = float(self.maximum) if self.maximum is not None else longest
        return 100.0 / top if top else 0.0

    @property
    def bars(self) -> list[DrawnBar]:
        """Every row with its segments."""
        return [
            DrawnBar(
                row.label,
                self._segments(row),
                Cell(row.end, row.urls[0] if row.urls and len(self.series) == 1 else ""),
                row.note,
                is_cut=sum(known(row.values)) * self.scale > 100.01,
            )
            for row in self.rows
        ]

    @property
    def says_all(self) -> bool:
        """Whether each figure stands beside its bar, so that paper needs no table below."""
        return len(self.series) == 1

    def _segments(self, row: BarRow) -> list[Segment]:
        drawn: list[Segment] = []
        at = 0.0
        is_split = len(self.series) > 1
        urls = [*row.urls, *[""] * (len(row.values) - len(row.urls))]
        for index, (series, value) in enumerate(zip(self.series, row.values, strict=True)):
            if not value:
                continue
            width = min(float(value) * self.scale, 100.0 - at)
            text = say(value)
            drawn.append(
                Segment(
                    x=percent(at),
                    width=percent(width),
                    middle=percent(at + width / 2),
                    css="d5" if series.hatch else self.tone(index),
                    text=text if width >= max(2, len(text)) * LABEL_WIDTH and not self.band else "",
                    hatch=series.hatch,
                    first=not drawn,
                    url=urls[index] if is_split else "",
                    said=f"{series.label} {text}",
                )
            )
            at += width
        return drawn

    def tone(self, index: int) -> str:
        """The colour class of a series."""
        series = self.series[index]
        if series.tone is None and len(self.series) == 1:
            return "d2"
        return f"d{series.tone or min(index + 1, 5)}"

    @property
    def legend(self) -> list[LegendItem]:
        """Colours with names, and sums where the chart is a breakdown."""
        items = []
        for index, series in enumerate(self.series):
            total = total_of([row.values[index] for row in self.rows]) if self.legend_totals else None
            items.append(LegendItem(series.label, self.tone(index), series.hatch, total))
        if self.band:
            items = [LegendItem(item.label, item.css, item.hatch) for item in items]
            items.append(LegendItem(self.band_label or _("Target range"), "d4", False))
        return items

    @property
    def band_box(self) -> dict[str, str] | None:
        """Where the target band lies, with its two labels."""
        if not self.band:
            return None
        low, high = (float(edge) * self.scale for edge in self.band)
        return {
            "x": percent(low),
            "width": percent(high - low),
            "high": percent(high),
            "low_text": say(self.band[0]),
            "high_text": say(self.band[1]),
        }

    @property
    def table(self) -> DataTable:
        """The same figures."""
        with_total = bool(self.total_head)
        rows = []
        for row in self.rows:
            urls = [*row.urls, *[""] * (len(row.values) - len(row.urls))]
            cells = [Cell(value, url) for value, url in zip(row.values, urls, strict=True)]
            rows.append(
                DataRow(
                    row.label,
                    [*cells, *([Cell(row.end)] if with_total else [])],
                    row.note,
                )
            )
        heads = [self.row_head, *[series.label for series in self.series]]
        return DataTable([*heads, self.total_head] if with_total else heads, rows, self.caption)
