"""A key figure with its course."""

from collections.abc import Sequence
from dataclasses import dataclass

from ui.charts.figures import Explained, Value
from ui.charts.lines import Spark
from ui.charts.tables import Cell


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
    definitions: Sequence[Explained] = ()

    @property
    def cell(self) -> Cell:
        """The figure and the list behind it."""
        return Cell(self.value, self.url)
