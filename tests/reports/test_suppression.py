"""Small numbers of personal attributes stay hidden, also from a reader who computes (rules.md §8, §10)."""

import itertools
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.rules.suppression import (
    HIDDEN,
    Hidden,
    Shown,
    SuppressedTable,
    add_up,
    share,
    suppress,
    suppress_list,
)


def table_of(*rows: list[int]) -> dict[str, dict[str, int]]:
    return {f"r{i}": {f"c{j}": value for j, value in enumerate(row)} for i, row in enumerate(rows)}


def grid(published: SuppressedTable[str, str]) -> list[list[Shown]]:
    """The table as it stands on the page, totals in the last column and row."""
    body = [[*published.row(row), published.row_totals[row]] for row in published.rows]
    return [*body, [*(published.column_totals[c] for c in published.columns), published.grand_total]]


def values(rows: list[list[int]]) -> list[list[int]]:
    body = [[*row, sum(row)] for row in rows]
    return [*body, [sum(column) for column in zip(*body, strict=True)]]


tables = st.integers(1, 4).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.integers(0, 6), st.integers(0, 30)), min_size=width, max_size=width),
        min_size=1,
        max_size=4,
    )
)
tiny_tables = st.sampled_from([(1, 2), (2, 1), (2, 2), (2, 3), (3, 2)]).flatmap(
    lambda size: st.lists(
        st.lists(st.integers(0, 6), min_size=size[1], max_size=size[1]), min_size=size[0], max_size=size[0]
    )
)


def possible_tables(shown: list[list[Shown]], most: int) -> Iterator[list[list[int]]]:
    """Every table a reader can think of with cells up to `most` where they are hidden; no cleverness on purpose."""
    height, width = len(shown) - 1, len(shown[0]) - 1
    ranges = [
        range(most + 1) if isinstance(shown[i][j], Hidden) else (shown[i][j],)
        for i in range(height)
        for j in range(width)
    ]

    def agrees(value: int, seen: Shown) -> bool:
        return isinstance(seen, Hidden) or value == seen

    row_choices = []
    for i in range(height):
        candidates = itertools.product(*ranges[i * width : (i + 1) * width])
        row_choices.append([list(row) for row in candidates if agrees(sum(row), shown[i][width])])
    for rows in itertools.product(*row_choices):
        thought = values(list(rows))
        if all(agrees(value, seen) for value, seen in zip(thought[height], shown[height], strict=True)):
            yield thought


def test_a_table_of_large_numbers_is_shown_as_it_is():
    published = suppress(table_of([10, 20], [30, 40]))
    assert grid(published) == [[10, 20, 30], [30, 40, 70], [40, 60, 100]]
    assert not published.anything_hidden


def test_a_small_cell_takes_a_second_one_in_its_row_and_column_with_it():
    published = grid(suppress(table_of([3, 9, 20], [8, 7, 30], [11, 12, 13])))
    assert published == [
        [HIDDEN, HIDDEN, 20, 32],
        [HIDDEN, HIDDEN, 30, 45],
        [11, 12, 13, 36],
        [22, 28, 63, 113],
    ]


def test_two_small_cells_with_a_sum_below_five_take_a_third():
    published = suppress_list({"a": 2, "b": 2, "c": 10, "d": 7})
    assert published.cells == {"a": HIDDEN, "b": HIDDEN, "c": 10, "d": HIDDEN}
    assert published.total == 21


def test_two_small_cells_with_a_sum_of_five_are_enough():
    published = suppress_list({"a": 2, "b": 3, "c": 10})
    assert published.cells == {"a": HIDDEN, "b": HIDDEN, "c": 10}
    assert published.total == 15


def test_a_zero_is_hidden_only_when_nothing_else_is_left():
    assert suppress_list({"a": 0, "b": 3, "c": 9}).cells == {"a": 0, "b": HIDDEN, "c": HIDDEN}
    assert suppress_list({"a": 0, "b": 3, "c": 0}, total_known=True).cells["b"] is HIDDEN
    assert HIDDEN in [suppress_list({"a": 0, "b": 3, "c": 0}, total_known=True).cells[k] for k in "ac"]


def test_a_line_whose_own_total_is_hidden_needs_no_second_cell():
    published = suppress_list({"a": 3, "b": 0})
    assert published.cells == {"a": HIDDEN, "b": 0}
    assert published.total is HIDDEN


def test_zeros_and_empty_tables_stay_zeros():
    assert grid(suppress(table_of([0, 0], [0, 0]))) == [[0, 0, 0]] * 3
    assert suppress({}).grand_total == 0
    assert suppress_list({}).total == 0


def test_small_row_totals_are_cells_of_the_line_of_totals():
    published = suppress(table_of([3, 0], [8, 9], [20, 30]))
    assert published.row_totals["r0"] is HIDDEN
    assert published.row_totals["r1"] is HIDDEN, "the next smallest total goes with it"
    assert published.row_totals["r2"] == 50


def test_hiding_only_the_total_never_suffices():
    published = suppress(table_of([3, 0], [8, 9], [20, 30]))
    assert HIDDEN in published.row("r1"), "its total would be the sum of what is shown"


def test_a_cell_that_everything_else_pins_costs_its_line_another():
    """Two hidden cells per line leave exactly one solution for the 2 here; only the third step sees that."""
    shown = grid(suppress(table_of([1, 17, 9], [2, 1, 0], [0, 11, 0])))
    assert any(table[1][0] != 2 for table in possible_tables(shown, 12))


def test_the_prototype_table_hides_at_least_two_cells_in_every_line_it_touches():
    rows = [[24, 19, 38, 7], [2, 14, 18, 12], [3, 8, 15, 8], [0, 13, 12, 0], [5, 9, 8, 0], [6, 5, 7, 0]]
    shown = grid(suppress(table_of(*rows)))
    assert shown[1][0] is HIDDEN
    assert shown[2][0] is HIDDEN
    for line in [*shown[:-1], *map(list, zip(*shown, strict=True))]:
        hidden = [cell for cell in line[:-1] if cell is HIDDEN]
        assert len(hidden) != 1 or line[-1] is HIDDEN


@given(tables)
@settings(deadline=None)
def test_no_number_from_one_to_four_is_ever_shown(rows):
    for line, true_line in zip(grid(suppress(table_of(*rows))), values(rows), strict=True):
        for shown, value in zip(line, true_line, strict=True):
            assert shown is HIDDEN or (shown == value and not 1 <= shown <= 4)


@given(tables, st.booleans())
@settings(deadline=None)
def test_every_line_with_a_shown_total_hides_none_or_two_cells_with_a_sum_of_five(rows, known):
    if known and (len(rows) < 2 or len(rows[0]) < 2):
        return
    shown, true = grid(suppress(table_of(*rows), grand_total_known=known)), values(rows)
    lines = [(shown[i], true[i]) for i in range(len(shown))]
    lines += list(zip(map(list, zip(*shown, strict=True)), map(list, zip(*true, strict=True)), strict=True))
    for line, true_line in lines:
        hidden = [v for s, v in zip(line[:-1], true_line[:-1], strict=True) if s is HIDDEN]
        if line[-1] is HIDDEN:
            assert hidden, "hiding only the total never suffices"
        elif hidden and sum(hidden) < 5:
            assert known
            assert len(hidden) == len(line) - 1, "only a known total can force all cells away"
        else:
            assert len(hidden) != 1


@given(tiny_tables)
@settings(max_examples=300, deadline=None)
def test_a_reader_who_tries_every_table_never_finds_a_small_number(rows):
    shown, true = grid(suppress(table_of(*rows))), values(rows)
    small = [
        (i, j)
        for i, line in enumerate(true)
        for j, value in enumerate(line)
        if 1 <= value <= 4 and shown[i][j] is HIDDEN
    ]
    open_cells = set(small)
    for thought in possible_tables(shown, 8):
        open_cells -= {(i, j) for i, j in open_cells if thought[i][j] != true[i][j]}
        if not open_cells:
            return
    assert not open_cells


@given(tiny_tables.filter(lambda rows: len(rows) > 1 and len(rows[0]) > 1))
@settings(max_examples=200, deadline=None)
def test_nor_does_a_reader_who_knows_the_exact_number_of_people(rows):
    shown, true = grid(suppress(table_of(*rows), grand_total_known=True)), values(rows)
    shown[-1][-1] = true[-1][-1]
    open_cells = {
        (i, j)
        for i, line in enumerate(true)
        for j, value in enumerate(line)
        if 1 <= value <= 4 and shown[i][j] is HIDDEN
    }
    for thought in possible_tables(shown, 8):
        open_cells -= {(i, j) for i, j in open_cells if thought[i][j] != true[i][j]}
        if not open_cells:
            return
    assert not open_cells


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_a_list_hides_like_a_table(numbers):
    published = suppress_list(dict(enumerate(numbers)))
    hidden = [numbers[i] for i, shown in published.cells.items() if shown is HIDDEN]
    assert all(
        shown is HIDDEN or not 1 <= shown <= 4 for shown in [*published.cells.values(), published.total]
    )
    if published.total is HIDDEN:
        assert hidden
    elif hidden:
        assert len(hidden) >= 2
        assert sum(hidden) >= 5


@given(tables)
@settings(deadline=None, max_examples=50)
def test_the_same_table_is_always_hidden_the_same_way(rows):
    assert suppress(table_of(*rows)) == suppress(table_of(*rows))


@given(
    st.sampled_from([(2, 2), (2, 3)]).flatmap(
        lambda size: st.lists(
            st.lists(
                st.lists(st.integers(0, 7), min_size=size[1], max_size=size[1]),
                min_size=size[0],
                max_size=size[0],
            ),
            min_size=2,
            max_size=3,
        )
    )
)
@settings(deadline=None)
def test_a_sum_of_municipalities_never_gives_away_what_one_of_them_hides(parts):
    published = [suppress(table_of(*rows)) for rows in parts]
    sums = [
        [sum(part[i][j] for part in parts) for j in range(len(parts[0][0]))] for i in range(len(parts[0]))
    ]
    together = grid(add_up(published, table_of(*sums)))
    for i, line in enumerate(values(sums)):
        for j, value in enumerate(line):
            hidden_in_a_part = any(grid(part)[i][j] is HIDDEN for part in published)
            assert (together[i][j] is HIDDEN) == hidden_in_a_part
            assert together[i][j] is HIDDEN or not 1 <= value <= 4


def test_a_sum_needs_parts_of_one_shape():
    with pytest.raises(ValueError):
        add_up([], {})
    with pytest.raises(ValueError):
        add_up([suppress(table_of([1])), suppress(table_of([1, 2]))], table_of([2, 2]))


def test_a_percentage_from_a_hidden_number_is_hidden():
    assert share(HIDDEN, 20) is HIDDEN
    assert share(5, HIDDEN) is HIDDEN
    assert share(0, 3) is HIDDEN, "a base of 1 to 4 is hidden too"
    assert share(5, 20) == Decimal("25.0")
    assert share(0, 0) is None


def test_nonsense_is_refused():
    with pytest.raises(ValueError):
        suppress(table_of([1, -1]))
    with pytest.raises(ValueError):
        suppress({"a": {"x": 1}, "b": {"y": 1}})
    with pytest.raises(ValueError):
        suppress(table_of([1]), grand_total_known=True)
    with pytest.raises(ValueError):
        suppress_list({"a": -1})
    with pytest.raises(ValueError):
        suppress_list({"a": 3}, total_known=True)


def test_the_mark_cannot_be_counted_or_compared():
    with pytest.raises(TypeError):
        sum([HIDDEN, 1])
    with pytest.raises(TypeError):
        sorted([HIDDEN, 1])
