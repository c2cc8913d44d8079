"""Charts as static SVG: values in, positions in percent out. The same figures are always a table.

Figures come suppressed already. A ``HIDDEN`` cell is drawn as a hatched block of one fixed width and
takes no part in any sum or scale, so that nothing about its value can be read from the picture.
"""

from ui.charts.bars import HIDDEN_WIDTH, BarChart, BarRow, Series
from ui.charts.figures import HIDDEN, Hidden, say
from ui.charts.kpi import Kpi
from ui.charts.lines import LineChart, LineSeries, Spark, nice_scale
from ui.charts.tables import Cell, DataRow, DataTable

__all__ = [
    "HIDDEN",
    "HIDDEN_WIDTH",
    "BarChart",
    "BarRow",
    "Cell",
    "DataRow",
    "DataTable",
    "Hidden",
    "Kpi",
    "LineChart",
    "LineSeries",
    "Series",
    "Spark",
    "nice_scale",
    "say",
]
