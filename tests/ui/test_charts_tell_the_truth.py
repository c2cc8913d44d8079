"""Charts: geometry, and the same figures as a table."""

import re
from typing import Any

import pytest
from django.template import engines

from ui.charts import (
    BarChart,
    BarRow,
    DataRow,
    DataTable,
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


def test_the_target_band_leaves_room_above_it() -> None:
    chart = BarChart(
        [BarRow("Jana", [156])], [Series("gewichtet")], "c", "Name", band=(100, 160), legend_totals=False
    )
    assert chart.band_box is not None
    assert (chart.band_box["x"], chart.band_box["width"]) == ("50", "30")
    assert chart.bars[0].segments[0].width == "78"
    assert "Zielband" in figure(chart)


@pytest.mark.parametrize(("weighted", "width", "is_cut"), [(15_600, "100", True), (399, "99.75", False)])
def test_a_load_far_beyond_the_band_is_broken_off_and_leaves_the_others_readable(
    weighted: int, width: str, is_cut: bool
) -> None:
    """A position of 0.01 makes a hundred times the load; the number beside the bar stays what it is."""
    rows = [BarRow("Jana", [weighted]), BarRow("Tobias", [130])]
    chart = BarChart(rows, [Series("gewichtet")], "c", "Name", band=(100, 160), maximum=None)
    far, near = chart.bars
    assert (far.segments[0].width, far.is_cut, near.is_cut) == (width, is_cut, False)
    assert float(near.segments[0].width) > 25
    assert chart.band_box is not None
    assert float(chart.band_box["width"]) > 10
    text = figure(chart)
    assert say(weighted) in text
    assert ('x1="96%"' in text) is is_cut


def test_parts_of_a_bar_lead_to_their_lists_and_are_told_to_who_does_not_see_them() -> None:
    text = figure(bars([BarRow("Jana", [1, 99, 0], urls=["/list/1/", "", ""])]))
    assert '<a href="/list/1/" aria-label="Krise 1">' in text
    assert 'role="group" aria-label="Jana"' in text
    without = figure(bars([BarRow("Jana", [1, 99, 0])]))
    assert re.search(r'role="img"\s+aria-label="Jana: Krise 1, intensiv 99"', without)
    single = figure(BarChart([BarRow("Jana", [7], ["/list/2/"])], [Series("Akten")], "c", "Name"))
    assert '<span class="bar-end"><a href="/list/2/">7</a></span>' in single


def test_the_same_table_is_a_sheet() -> None:
    rows = [DataRow.of("Syrien", [24], note="80 %"), DataRow.of("Irak", [3])]
    table = DataTable(["Staat", "Zahl"], rows, foot=DataRow.of("gesamt", [27]))
    assert table.sheet == (
        ["Staat", "Zahl", "Bemerkung"],
        [["Syrien", 24, "80 %"], ["Irak", 3, ""], ["gesamt", 27, ""]],
    )
    assert bars([BarRow("Jana", [1, 2, 3])]).table.sheet == (
        ["Name", "Krise", "intensiv", "pausiert", "gesamt"],
        [["Jana", 1, 2, 3, 6]],
    )


def test_a_line_begins_where_the_service_began_and_hatches_the_time_before() -> None:
    chart = LineChart(["Nov 17", "Dez 17", "Jan 18"], [LineSeries("Aktive", [None, 61, 250])], "c", "Monat")
    assert chart.hatch_width == "50"
    assert chart.lines[0].runs == ["50,79.67 100,16.67"]
    assert chart.lines[0].end_text == "Aktive 250"
    assert [row.label for row in chart.table.rows] == ["Jan 18", "Dez 17"]


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
        [DataRow.of("Syrien", [24]), DataRow.of("Irak", [3])],
        foot=DataRow.of("gesamt", [27]),
        finding="Satz.",
    )
    text = figure(table)
    assert "<tfoot>" in text
    assert "data-view" not in text
    assert [words(cell) for cell in cells(text)] == ["24", "3", "27"]


def test_numbers_are_written_in_german() -> None:
    assert say(17.4) == "17,4"
    assert say(None) == ""


def test_a_line_breaks_where_there_is_no_value() -> None:
    chart = LineChart(["1", "2", "3", "4"], [LineSeries("a", [5, None, 6, None])], "c", "Monat")
    assert len(chart.lines[0].runs) == 2
    assert chart.lines[0].end_text == ""
    assert "<circle" not in figure(chart)


def test_a_spark_ends_without_a_dot_when_it_has_no_last_value() -> None:
    assert Spark([0, 50, 100]).runs == ["0,100 50,50 100,0"]
    assert Spark([1, None]).end == ""
    assert Spark([]).runs == []
