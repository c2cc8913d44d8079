"""Lines over time: the chart with axes, the small one beside a key figure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import floor, log10

from ui.charts.figures import Explained, Number, Value, known, percent, say
from ui.charts.tables import DataRow, DataTable

PLOT_TOP, PLOT_HEIGHT = 8.0, 196.0
LABEL_GAP = 12.0
TEXT_HEIGHT = 18.0


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
    definitions: Sequence[Explained] = ()

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
        """Index of the first point with a value, also a suppressed one; the end when no point has one."""
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
            if last is None:
                drawn.append(DrawnLine(line.label, css, runs))
                continue
            dot = self._pixel(float(last))
            text_y = dot - LABEL_GAP
            if any(abs(text_y - other) < TEXT_HEIGHT for other in taken):
                below = dot + LABEL_GAP + 10
                # Under the baseline stand the months.
                text_y = below if below <= PLOT_TOP + PLOT_HEIGHT else min(taken) - TEXT_HEIGHT
            taken.append(text_y)
            drawn.append(
                DrawnLine(
                    line.label,
                    css,
                    runs,
                    end_y=percent(dot),
                    end_text=f"{line.label} {say(last)}",
                    text_y=percent(text_y),
                )
            )
        return drawn

    def _runs(self, values: Sequence[Value]) -> list[str]:
        runs: list[list[str]] = [[]]
        for index, value in enumerate(values):
            if value is None:
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
            if value is None:
                runs.append([])
                continue
            x = 100.0 * index / max(len(self.values) - 1, 1)
            runs[-1].append(f"{percent(x)},{percent(self._y(float(value)))}")
        return [" ".join(run) for run in runs if run]

    @property
    def end(self) -> str:
        """Where the last point sits; empty when there is no value."""
        last = self.values[-1] if self.values else None
        return "" if last is None else percent(self._y(float(last)))
