"""Charts as static SVG: values in, positions in percent out. The same figures are always a table."""

from ui.charts.bars import BarChart, BarRow, Series
from ui.charts.figures import say
from ui.charts.kpi import Kpi
from ui.charts.lines import LineChart, LineSeries, Spark, nice_scale
from ui.charts.tables import Cell, DataRow, DataTable

__all__ = [
    "BarChart",
    "BarRow",
    "Cell",
    "DataRow",
    "DataTable",
    "Kpi",
    "LineChart",
    "LineSeries",
    "Series",
    "Spark",
    "nice_scale",
    "say",
]
