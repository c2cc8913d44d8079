"""Charts as static SVG: values in, positions in percent out. The same figures are always a table.

Figures come suppressed already. A ``HIDDEN`` cell is drawn as a hatched block of one fixed width and
takes no part in any sum or scale, so that nothing about its value can be read from the picture.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from math import floor, log10

from django.utils.formats import number_format
from django.utils.translation import gettext as _


class Hidden:
    """A figure that is suppressed; there is one, ``HIDDEN``."""

    def __str__(self) -> str:
        return _("hidden")

    def __repr__(self) -> str:
        return "HIDDEN"


HIDDEN = Hidden()

Number = int | float | Decimal
Value = Number | Hidden | None

HIDDEN_WIDTH = 8.0
"""Width of a suppressed block in percent, whatever its value."""
LABEL_WIDTH = 2.4
"""Percent of the bar that one digit needs inside its segment."""
PLOT_TOP, PLOT_HEIGHT = 8.0, 196.0
LABEL_GAP = 12.0


def percent(value: float) -> str:
    """A position for SVG: at most two decimals, a point whatever the language."""
    return f"{value:.2f}".rstrip("0").rstrip(".")


def say(value: Value) -> str:
    """A figure as the reader's language writes it; nothing for no value."""
    if value is None:
        return ""
    if isinstance(value, Hidden):
        return str(value)
    places = None if isinstance(value, int) else 1
    return number_format(value, decimal_pos=places, use_l10n=True, force_grouping=True)


def known(values: Sequence[Value]) -> list[float]:
    """The figures that may be drawn."""
    return [float(value) for value in values if value is not None and not isinstance(value, Hidden)]


def total_of(values: Sequence[Value]) -> Value:
    """The sum, or ``HIDDEN`` when a part of it is: a sum of the rest would give the part away."""
    if any(isinstance(value, Hidden) for value in values):
        return HIDDEN
    numbers = [value for value in values if value is not None and not isinstance(value, Hidden)]
    return sum(numbers) if numbers else None


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

    @cached_property
    def scale(self) -> float:
        """Percent per unit."""
        longest = max((sum(known(row.values)) for row in self.rows), default=0.0)
        if self.band:
            longest = max(longest, float(self.band[1])) * 1.25
        top = float(self.maximum) if self.maximum is not None else longest
        most_hidden = max((_hidden_count(row.values) for row in self.rows), default=0)
        return (100.0 - HIDDEN_WIDTH * most_hidden) / top if top else 0.0

    @property
    def bars(self) -> list[DrawnBar]:
        """Every row with its segments."""
        return [DrawnBar(row.label, self._segments(row), Cell(row.end), row.note) for row in self.rows]

    def _segments(self, row: BarRow) -> list[Segment]:
        drawn: list[Segment] = []
        at = 0.0
        for index, (series, value) in enumerate(zip(self.series, row.values, strict=True)):
            if value is None or (not isinstance(value, Hidden) and not value):
                continue
            suppressed = isinstance(value, Hidden)
            width = HIDDEN_WIDTH if isinstance(value, Hidden) else float(value) * self.scale
            text = "" if suppressed else say(value)
            hatch = suppressed or series.hatch
            drawn.append(
                Segment(
                    x=percent(at),
                    width=percent(width),
                    middle=percent(at + width / 2),
                    css="d5" if hatch else self.tone(index),
                    text=text if width >= max(2, len(text)) * LABEL_WIDTH and not self.band else "",
                    hatch=hatch,
                    first=not drawn,
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
    def has_hidden(self) -> bool:
        """Whether something is suppressed."""
        return self.table.has_hidden

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


def _hidden_count(values: Sequence[Value]) -> int:
    return sum(isinstance(value, Hidden) for value in values)


@dataclass(frozen=True)
class LineSeries:
    """A line; ``None`` before it began, ``HIDDEN`` where suppressed: both leave a gap."""

    label: str
    values: Sequence[Value]


@dataclass(frozen=True)
class Tick:
    """A mark on an axis."""

    at: str
    text: str
    anchor: str = "middle"
    text_at: str = ""


@dataclass(frozen=True)
class DrawnLine:
    """A line ready for the template."""

    label: str
    css: str
    runs: Sequence[str]
    end_x: str = ""
    end_y: str = ""
    end_text: str = ""
    text_y: str = ""


@dataclass(frozen=True)
class LineChart:
    """One or two lines over time from a zero baseline; the time before any value is hatched."""

    labels: Sequence[str]
    series: Sequence[LineSeries]
    caption: str
    row_head: str
    finding: str = ""
    empty: str = ""
    ticks: Sequence[int] = field(default=())

    @cached_property
    def _scale(self) -> tuple[float, int]:
        return nice_scale(max((value for line in self.series for value in known(line.values)), default=0.0))

    @property
    def top(self) -> float:
        """The upper end of the scale: a round number."""
        return self._scale[0]

    def _x(self, index: int) -> float:
        return 100.0 * index / max(len(self.labels) - 1, 1)

    def _y(self, value: float) -> float:
        return 100.0 - 100.0 * value / self.top

    def _pixel(self, value: float) -> float:
        return PLOT_TOP + PLOT_HEIGHT * self._y(value) / 100.0

    @cached_property
    def begin(self) -> int:
        """Index of the first point with a value or a suppressed one; the end when there is none."""
        for index in range(len(self.labels)):
            if any(line.values[index] is not None for line in self.series):
                return index
        return max(len(self.labels) - 1, 0)

    @property
    def hatch_width(self) -> str:
        """How much of the width lies before the beginning."""
        return percent(self._x(self.begin)) if self.begin else ""

    @property
    def lines(self) -> list[DrawnLine]:
        """The first line strong, the second one dashed; direct labels that keep their distance."""
        drawn = []
        taken: list[float] = []
        for index, line in enumerate(self.series):
            css = "main" if index == 0 else "second"
            last = line.values[-1] if line.values else None
            runs = self._runs(line.values)
            if last is None or isinstance(last, Hidden):
                drawn.append(DrawnLine(line.label, css, runs))
                continue
            dot = self._pixel(float(last))
            text_y = dot - LABEL_GAP
            if any(abs(text_y - other) < 18 for other in taken):
                text_y = dot + LABEL_GAP + 10
            taken.append(text_y)
            drawn.append(
                DrawnLine(
                    line.label,
                    css,
                    runs,
                    "100",
                    percent(dot),
                    f"{line.label} {say(last)}",
                    percent(text_y),
                )
            )
        return drawn

    def _runs(self, values: Sequence[Value]) -> list[str]:
        runs: list[list[str]] = [[]]
        for index, value in enumerate(values):
            if value is None or isinstance(value, Hidden):
                runs.append([])
            else:
                runs[-1].append(f"{percent(self._x(index))},{percent(self._y(float(value)))}")
        return [" ".join(run) for run in runs if run]

    @property
    def unlabelled(self) -> list[DrawnLine]:
        """Lines that end without a value and need a legend instead."""
        return [line for line in self.lines if not line.end_text]

    @property
    def grid(self) -> list[Tick]:
        """Horizontal lines above the baseline."""
        top, steps = self._scale
        marks = [top * number / steps for number in range(1, steps + 1)]
        return [
            Tick(
                percent(self._pixel(mark)),
                say(_plain(mark)),
                text_at=percent(self._pixel(mark) - 5),
            )
            for mark in marks
        ]

    @property
    def axis(self) -> list[Tick]:
        """Labels below: the ends, the beginning and one between."""
        last = len(self.labels) - 1
        if last < 0:
            return []
        chosen = sorted(set(self.ticks) or {0, self.begin, (self.begin + last + 1) // 2, last})
        spaced: list[int] = []
        for index in chosen:
            if spaced and self._x(index) - self._x(spaced[-1]) < 14:
                if index != last:
                    continue
                if len(spaced) > 1:
                    spaced.pop()
            spaced.append(index)
        return [
            Tick(
                percent(self._x(index)),
                self.labels[index],
                "start" if index == 0 else "end" if index == last else "middle",
            )
            for index in spaced
        ]

    @property
    def has_hidden(self) -> bool:
        """Whether something is suppressed."""
        return self.table.has_hidden

    @property
    def table(self) -> DataTable:
        """The same figures, newest first, from the beginning on."""
        rows = [
            DataRow.of(self.labels[index], [line.values[index] for line in self.series])
            for index in range(len(self.labels) - 1, self.begin - 1, -1)
        ]
        return DataTable([self.row_head, *[line.label for line in self.series]], rows, self.caption)


NICE_TOPS = ((2, 2), (3, 3), (4, 4), (6, 3), (8, 4), (9, 3), (12, 4))
"""Upper ends of a scale in units of its power of ten, with the number of grid lines each is cut into."""


def nice_scale(largest: float) -> tuple[float, int]:
    """A round upper end for ``largest`` and into how many steps it is divided; at least 3 in 3."""
    if largest <= 3:
        return 3.0, 3
    unit = 10.0 ** floor(log10(largest))
    for top, steps in NICE_TOPS:
        if largest <= top * unit:
            return top * unit, steps
    raise ValueError(largest)


def _plain(value: float) -> Number:
    return int(value) if value == int(value) else value


@dataclass(frozen=True)
class Spark:
    """A line without axes above ``floor``; gaps where there is no value to show."""

    values: Sequence[Value]
    floor: Number = 0

    @cached_property
    def _top(self) -> float:
        return max([*known(self.values), float(self.floor)])

    def _y(self, value: float) -> float:
        span = self._top - float(self.floor)
        return 100.0 * (self._top - value) / span if span else 100.0

    @property
    def runs(self) -> list[str]:
        """Points of every unbroken piece."""
        runs: list[list[str]] = [[]]
        for index, value in enumerate(self.values):
            if value is None or isinstance(value, Hidden):
                runs.append([])
                continue
            x = 100.0 * index / max(len(self.values) - 1, 1)
            runs[-1].append(f"{percent(x)},{percent(self._y(float(value)))}")
        return [" ".join(run) for run in runs if run]

    @property
    def end(self) -> str:
        """Where the last point sits; empty when it may not be shown."""
        last = self.values[-1] if self.values else None
        return "" if last is None or isinstance(last, Hidden) else percent(self._y(float(last)))


@dataclass(frozen=True)
class Kpi:
    """A key figure; ``late_word`` marks it as overdue, ``delta`` is the line below."""

    label: str
    value: Value
    unit: str = ""
    url: str = ""
    delta: str = ""
    late_word: str = ""
    spark: Spark | None = None

    @property
    def cell(self) -> Cell:
        """The figure and the list behind it."""
        return Cell(self.value, self.url)

    @property
    def line(self) -> Spark | None:
        """The course of the figure; a suppressed one shows none, its end would give it away."""
        return None if self.cell.is_hidden else self.spark
