"""Charts: geometry, the same figures as a table, and nothing of a suppressed value."""

import re
from typing import Any

import pytest
from django.template import engines
from hypothesis import given
from hypothesis import strategies as st

from ui.charts import (
    HIDDEN,
    HIDDEN_WIDTH,
    BarChart,
    BarRow,
    DataRow,
    DataTable,
    Kpi,
    LineChart,
    LineSeries,
    Series,
    Spark,
    nice_scale,
    say,
)


def bars(rows: list[BarRow], **more: Any) -> BarChart:
    names = [Series("Krise"), Series("intensiv"), Series("pausiert", hatch=True)][: len(rows[0].values)]
    facts = {"series": names, "caption": "Fälle", "row_head": "Name", "total_head": "gesamt", **more}
    return BarChart(rows=rows, **facts)


def figure(chart: object) -> str:
    template = engines["django"].from_string('{% load ui %}{% figure chart id="d1" %}')
    return template.render({"chart": chart})


def cells(text: str) -> list[str]:
    return re.findall(r'<td class="num">(.*?)</td>', text, re.S)


def words(cell: str) -> str:
    return re.sub(r"<[^>]+>", "", cell).strip()


def test_segments_share_the_width_by_their_values() -> None:
    chart = bars([BarRow("Jana", [10, 30, 0]), BarRow("Tobias", [10, 10, 0])])
    first, second = chart.bars
    assert [(s.x, s.width) for s in first.segments] == [("0", "25"), ("25", "75")]
    assert [(s.x, s.width) for s in second.segments] == [("0", "25"), ("25", "25")]


def test_the_table_says_what_the_chart_shows() -> None:
    chart = bars([BarRow("Jana", [10, 30, 4], urls=["/list/1/", "", ""])])
    text = figure(chart)
    assert [words(cell) for cell in cells(text)] == ["10", "30", "4", "44"]
    assert '<a href="/list/1/">10</a>' in text
    assert "url(#hatch)" in text
    assert re.findall(r"<b>(\d+)</b>", text) == ["10", "30", "4"]


def test_chart_and_table_stand_behind_one_switch() -> None:
    text = figure(bars([BarRow("Jana", [1, 2, 3])]))
    assert 'data-view="d1-fig"' in text
    assert 'id="d1-fig"' in text
    assert 'data-part="table" hidden' in text
    assert "style=" not in text
    assert "<script" not in text


def test_a_hidden_cell_has_a_fixed_width_and_says_only_that_it_is_hidden() -> None:
    chart = bars([BarRow("Syrien", [24, HIDDEN, 3]), BarRow("Irak", [8, 9, 0])])
    hidden = chart.bars[0].segments[1]
    assert hidden.width == str(int(HIDDEN_WIDTH))
    assert hidden.hatch
    assert hidden.text == ""
    text = figure(chart)
    assert [words(cell) for cell in cells(text)][:4] == ["24", "verdeckt", "3", "verdeckt"]
    assert "verdeckt: Werte von 1 bis 4" in text


def test_sums_that_would_give_a_hidden_value_away_are_hidden_too() -> None:
    chart = bars([BarRow("Syrien", [24, HIDDEN, 3]), BarRow("Irak", [8, 9, 0])])
    assert chart.rows[0].end is HIDDEN
    assert chart.legend[1].total is HIDDEN
    assert chart.rows[1].end == 17
    assert BarRow("Syrien", [24, HIDDEN, HIDDEN], total=30).end == 30


@given(st.lists(st.integers(0, 500), min_size=1, max_size=4))
def test_the_picture_is_the_same_whatever_a_hidden_cell_conceals(values: list[int]) -> None:
    # A suppressed cell carries no number, so two charts can differ only in what is known.
    row = [*values, HIDDEN]
    series = [Series(str(index)) for index in range(len(row))]
    chart = BarChart([BarRow("x", row)], series, "c", "r")
    drawn = [float(segment.width) for segment in chart.bars[0].segments]
    assert drawn[-1] == HIDDEN_WIDTH
    assert sum(drawn) <= 100.1


def test_a_hidden_figure_links_to_no_list() -> None:
    chart = bars([BarRow("Syrien", [HIDDEN, 2, 3], urls=["/clients/?x=1", "", ""])])
    assert "/clients/?x=1" not in figure(chart)


def test_the_target_band_leaves_room_above_it() -> None:
    chart = BarChart(
        [BarRow("Jana", [156])], [Series("gewichtet")], "c", "Name", band=(100, 160), legend_totals=False
    )
    assert chart.band_box is not None
    assert (chart.band_box["x"], chart.band_box["width"]) == ("50", "30")
    assert chart.bars[0].segments[0].width == "78"
    assert "Zielband" in figure(chart)


def test_a_line_begins_where_the_service_began_and_hatches_the_time_before() -> None:
    chart = LineChart(["Nov 17", "Dez 17", "Jan 18"], [LineSeries("Aktive", [None, 61, 250])], "c", "Monat")
    assert chart.hatch_width == "50"
    assert chart.lines[0].runs == ["50,79.67 100,16.67"]
    assert chart.lines[0].end_text == "Aktive 250"
    assert [row.label for row in chart.table.rows] == ["Jan 18", "Dez 17"]


def test_a_line_breaks_at_a_hidden_value() -> None:
    chart = LineChart(["1", "2", "3", "4"], [LineSeries("a", [5, HIDDEN, 6, HIDDEN])], "c", "Monat")
    assert len(chart.lines[0].runs) == 2
    assert chart.lines[0].end_text == ""
    text = figure(chart)
    assert "verdeckt" in [words(cell) for cell in cells(text)]
    assert "<circle" not in text


def test_two_labels_at_the_end_keep_their_distance() -> None:
    chart = LineChart(["1", "2"], [LineSeries("a", [50, 50]), LineSeries("b", [50, 49])], "c", "Monat")
    first, second = (float(line.text_y) for line in chart.lines)
    assert abs(first - second) >= 18


def test_labels_at_the_foot_of_a_chart_stay_above_the_names_of_the_months() -> None:
    chart = LineChart(["1", "2"], [LineSeries("a", [0, 0]), LineSeries("b", [0, 0])], "c", "Monat")
    first, second = (float(line.text_y) for line in chart.lines)
    assert max(first, second) <= 204
    assert abs(first - second) >= 18


@pytest.mark.parametrize(
    ("largest", "scale"),
    [
        (0, (3, 3)),
        (3, (3, 3)),
        (5, (6, 3)),
        (84, (90, 3)),
        (255, (300, 3)),
        (100, (200, 2)),
        (1000, (2000, 2)),
    ],
)
def test_scales_end_at_round_numbers(largest: float, scale: tuple[float, int]) -> None:
    assert nice_scale(largest) == scale


def test_no_rows_say_so_instead_of_drawing_nothing() -> None:
    chart = BarChart([], [Series("a")], "c", "Name", empty="Noch keine Gespräche.")
    assert "Noch keine Gespräche." in figure(chart)
    assert '<svg class="chart"' not in figure(chart)


def test_a_table_alone_has_its_sums_in_the_foot() -> None:
    table = DataTable(
        ["Staat", "unter 18"],
        [DataRow.of("Syrien", [24]), DataRow.of("Irak", [HIDDEN])],
        foot=DataRow.of("gesamt", [27]),
        finding="Satz.",
    )
    text = figure(table)
    assert "<tfoot>" in text
    assert "data-view" not in text
    assert text.count("hidden-cell") == 2


def test_numbers_are_written_in_german() -> None:
    assert say(17.4) == "17,4"
    assert say(None) == ""


def test_a_hidden_key_figure_shows_neither_unit_nor_course() -> None:
    template = engines["django"].from_string("{% load ui %}{% kpis items %}")
    text = template.render({"items": [Kpi("Ziele", HIDDEN, "%", "/list/", spark=Spark([1, 2]))]})
    assert "verdeckt" in text
    assert "polyline" not in text
    assert "/list/" not in text
    assert "%</small>" not in text


def test_a_spark_ends_without_a_dot_when_its_last_value_is_hidden() -> None:
    assert Spark([0, 50, 100]).runs == ["0,100 50,50 100,0"]
    assert Spark([1, HIDDEN]).end == ""
    assert Spark([]).runs == []
