"""Tables of successive days give nobody away, also not to a reader who keeps them all (decision 0015).

The reader of these tests knows everything the officer can know: every number shown on any day, the exact number
of people, and of each person on which days they were counted, for the list of cases says so.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.rules.hiding import Position
from reports.rules.succession import Succession
from reports.rules.suppression import HIDDEN, SuppressedTable, add_up
from reports.rules.trades import Trades

Cell = tuple[int, int]
Presence = tuple[bool, ...]


def crowd(cell: Cell, number: int, name: str) -> dict[str, Cell]:
    return {f"{name}{k}": cell for k in range(number)}


def numbers(people: Mapping[str, Cell], height: int, width: int) -> Counter[Position]:
    found: Counter[Position] = Counter()
    for i, j in people.values():
        found.update([(i, j), (i, width), (height, j), (height, width)])
    return found


def publish(
    days: Sequence[Mapping[str, Cell]],
    height: int = 3,
    width: int = 3,
    smallest: int = 5,
    known: Sequence[int] = (),
) -> list[SuppressedTable[int, int]]:
    succession = Succession(range(height), range(width), known_columns=known, smallest=smallest)
    return [succession.publish(day) for day in days]


def shown(table: SuppressedTable[int, int]) -> dict[Position, int]:
    return {place: value for place, value in table.by_position if value is not HIDDEN}


BEFORE = crowd((0, 0), 12, "a") | crowd((0, 1), 20, "b") | crowd((1, 0), 30, "c") | crowd((1, 1), 17, "d")


def test_a_first_table_of_large_numbers_is_shown_as_it_is():
    (table,) = publish([BEFORE], height=2, width=2)
    assert shown(table) == {
        (0, 0): 12,
        (0, 1): 20,
        (0, 2): 32,
        (1, 0): 30,
        (1, 1): 17,
        (1, 2): 47,
        (2, 0): 42,
        (2, 1): 37,
        (2, 2): 79,
    }


def test_where_one_person_came_nothing_is_shown_but_the_number_everybody_knows():
    _first, second = publish([BEFORE, BEFORE | crowd((0, 0), 1, "new")])
    assert shown(second) == {(3, 3): 80}


def test_one_person_in_a_cell_stays_hidden_among_many_who_came_elsewhere():
    came = crowd((0, 0), 1, "x") | crowd((1, 1), 30, "y") | crowd((2, 2), 12, "z")
    _first, second = publish([BEFORE, BEFORE | came])
    assert second.cells[0, 0] is HIDDEN
    assert second.row_totals[0] is HIDDEN
    assert second.row_totals[2] is HIDDEN, "the next smallest goes with it"
    assert second.row_totals[1] == 47 + 30


def test_a_cell_with_the_same_people_is_shown_again():
    first, second = publish([BEFORE, BEFORE | crowd((2, 2), 9, "z")])
    assert first.cells[0, 0] == second.cells[0, 0] == 12
    assert second.cells[2, 2] == 9


def test_four_who_left_and_four_who_came_are_few_although_the_number_is_the_same():
    after = {name: cell for name, cell in BEFORE.items() if name not in ("a0", "a1")}
    after |= crowd((0, 0), 2, "new") | crowd((2, 2), 9, "z")
    _first, second = publish([BEFORE, after])
    assert second.cells[0, 0] is HIDDEN


def test_a_birthday_is_a_change_of_two_cells():
    after = BEFORE | {"a0": (0, 1)} | crowd((2, 2), 9, "z")
    _first, second = publish([BEFORE, after])
    assert second.cells[0, 0] is second.cells[0, 1] is HIDDEN
    assert second.row_totals[0] == 32, "nobody came into the row"


def test_who_came_is_not_hidden_behind_the_birthdays_of_others():
    aged = {f"a{k}": (0, 1) for k in range(5)}
    after = BEFORE | aged | crowd((0, 1), 1, "x") | crowd((2, 2), 9, "z")
    _first, second = publish([BEFORE, after])
    assert second.cells[0, 1] is HIDDEN, "six people changed in it, but one of them came"


def test_a_table_that_was_not_shown_stands_in_nobodys_way():
    one_more = BEFORE | crowd((0, 0), 1, "x")
    many_more = one_more | crowd((0, 0), 8, "y") | crowd((1, 1), 8, "z")
    _first, second, third = publish([BEFORE, one_more, many_more])
    assert second.cells[0, 0] is HIDDEN
    assert third.cells[0, 0] == 21


def test_few_people_at_all_have_no_table():
    (table,) = publish([crowd((0, 0), 4, "a")])
    assert not shown(table)


def test_nobody_at_all_is_shown_as_zero():
    (table,) = publish([{}])
    assert set(shown(table).values()) == {0}


def test_the_table_of_a_day_does_not_depend_on_later_ones():
    days = [BEFORE, BEFORE | crowd((1, 1), 7, "x"), BEFORE | crowd((1, 1), 7, "x") | crowd((0, 0), 9, "y")]
    assert publish(days)[:2] == publish(days[:2])


def test_a_table_needs_two_rows_and_two_columns():
    with pytest.raises(ValueError, match="two rows"):
        Succession(["one"], ["a", "b"])


cells = st.sampled_from([(i, j) for i in range(3) for j in range(3)])
histories = st.lists(
    st.tuples(cells, st.integers(0, 3), st.integers(1, 4), st.integers(1, 14), st.integers(0, 3)),
    min_size=1,
    max_size=9,
)


def days_of(history: Sequence[tuple[Cell, int, int, int, int]]) -> list[dict[str, Cell]]:
    """Groups of people who come on a day, stay for some, and of whom a few have a birthday on the second one."""
    days: list[dict[str, Cell]] = [{} for _day in range(4)]
    for number, (cell, first, stay, size, older) in enumerate(history):
        for person in range(size):
            for day in range(first, min(first + stay, 4)):
                grown = person < older and day > first and cell[1] < 2
                days[day][f"{number}-{person}"] = (cell[0], cell[1] + 1) if grown else cell
    return days


@given(histories)
@settings(max_examples=150, deadline=None)
def test_two_shown_numbers_are_equal_or_at_least_five_apart(history):
    days = days_of(history)
    tables = [shown(table) for table in publish(days)]
    for table, people in zip(tables, days, strict=True):
        true = numbers(people, 3, 3)
        assert all(value == true[place] and not 1 <= value <= 4 for place, value in table.items())
    for one, other in itertools.combinations(tables, 2):
        for place in (one.keys() & other.keys()) - {(3, 3)}:
            assert not 1 <= abs(one[place] - other[place]) <= 4


@given(histories)
@settings(max_examples=150, deadline=None)
def test_between_two_shown_numbers_nobody_or_at_least_five_people_changed(history):
    days = days_of(history)
    tables = [shown(table) for table in publish(days)]
    for (one, before), (other, after) in itertools.combinations(zip(tables, days, strict=True), 2):
        for place in (one.keys() & other.keys()) - {(3, 3)}:
            changed = counted_in([place], before) ^ counted_in([place], after)
            assert not 1 <= len(changed) <= 4
            assert not 1 <= len(changed & (before.keys() ^ after.keys())) <= 4


@given(histories)
@settings(max_examples=60, deadline=None)
def test_the_same_history_is_always_hidden_the_same_way(history):
    days = days_of(history)
    assert publish(days) == publish([dict(reversed(list(day.items()))) for day in days])


def possible_worlds(kinds: Mapping[tuple[Presence, bool], int], height: int, width: int, known: set[int]):
    """Every way to put the people into cells.

    Of everybody the reader knows on which days they are there, and whether they belong into a known column.
    """
    places = [(i, j) for i in range(height) for j in range(width)]
    choices = [
        list(
            itertools.combinations_with_replacement(
                [cell for cell in places if (cell[1] in known) == inside], number
            )
        )
        for (_presence, inside), number in kinds.items()
    ]
    days = len(next(iter(kinds))[0])
    for choice in itertools.product(*choices):
        yield [
            Counter(
                cell
                for (presence, _inside), chosen in zip(kinds, choice, strict=True)
                if presence[day]
                for cell in chosen
            )
            for day in range(days)
        ]


def number_in(world: Mapping[Cell, int], place: Position, height: int, width: int) -> int:
    i, j = place
    return sum(n for (row, column), n in world.items() if i in (row, height) and j in (column, width))


@st.composite
def small_towns(draw, height: int, width: int, days: int, most: int):
    people = draw(st.integers(1, most))
    places = [(i, j) for i in range(height) for j in range(width)]
    favourites = draw(st.lists(st.sampled_from(places), min_size=1, max_size=6))
    town = []
    for _person in range(people):
        first = draw(st.integers(0, days - 1))
        last = draw(st.integers(first, days - 1))
        presence = tuple(first <= day <= last for day in range(days))
        town.append((draw(st.sampled_from(favourites)), presence))
    return town


def assert_nobody_is_found_out(
    town: Sequence[tuple[Cell, Presence]], height: int, width: int, smallest: int, known: Sequence[int] = ()
) -> None:
    """A number that can be worked out counts as shown: it differs from those shown before by none or enough.

    Numbers that follow from what everybody knows are left out: the tables do not tell them.
    """
    days = [
        {str(name): cell for name, (cell, presence) in enumerate(town) if presence[day]}
        for day in range(len(town[0][1]))
    ]
    tables = [shown(table) for table in publish(days, height, width, smallest, known)]
    everywhere = [(i, j) for i in range(height + 1) for j in range(width + 1)]
    kinds = Counter((presence, cell[1] in known) for cell, presence in town)
    worlds = list(possible_worlds(kinds, height, width, set(known)))

    def possible(place: Position, day: int) -> set[int]:
        return {number_in(world[day], place, height, width) for world in worlds}

    open_places = [[place for place in everywhere if len(possible(place, d)) > 1] for d in range(len(days))]
    shown_before: dict[Position, set[int]] = {place: {0} for place in everywhere}
    for day, table in enumerate(tables):
        true = numbers(days[day], height, width)
        worlds = [
            world
            for world in worlds
            if all(number_in(world[day], place, height, width) == value for place, value in table.items())
        ]
        for place in open_places[day] if table.keys() - {(height, width)} else ():
            if len(possible(place, day)) == 1:
                assert not [v for v in shown_before[place] if 0 < abs(true[place] - v) < smallest]
        for place, value in table.items():
            shown_before[place].add(value)


@given(small_towns(2, 2, days=3, most=7))
@settings(max_examples=120, deadline=None)
def test_a_reader_who_tries_every_world_finds_no_small_difference(town):
    assert_nobody_is_found_out(town, 2, 2, smallest=2)


@given(small_towns(3, 2, days=3, most=5))
@settings(max_examples=60, deadline=None)
def test_nor_in_a_table_of_three_rows(town):
    assert_nobody_is_found_out(town, 3, 2, smallest=2)


@given(small_towns(2, 2, days=3, most=8))
@settings(max_examples=60, deadline=None)
def test_nor_with_a_higher_limit(town):
    assert_nobody_is_found_out(town, 2, 2, smallest=3)


@given(small_towns(3, 2, days=3, most=6))
@settings(max_examples=80, deadline=None)
def test_nor_does_one_who_knows_of_everybody_whether_they_are_a_minor(town):
    assert_nobody_is_found_out(town, 3, 2, smallest=2, known=[0])


def test_a_known_column_protects_nothing_by_being_hidden():
    days = [crowd((0, 0), 3, "a") | crowd((1, 1), 20, "b") | crowd((2, 1), 30, "c")]
    (unknown,) = publish(days, 3, 2)
    (known,) = publish(days, 3, 2, known=[0])
    assert unknown.column_totals[0] is known.column_totals[0] is HIDDEN, "small it is in any case"
    assert [known.cells[i, 0] for i in range(3)].count(HIDDEN) > 1, (
        "three who are all in one row would be known"
    )


def test_an_empty_known_column_is_no_reason_to_hide_the_table():
    left = {name: cell for name, cell in BEFORE.items() if not name.startswith("a")}
    small = crowd((0, 2), 2, "m")
    days = [BEFORE | small, left | crowd((2, 1), 9, "z")]
    _first, second = publish(days, 3, 3, known=[2])
    assert shown(second).keys() - {(3, 3)}


def test_what_two_days_hide_together_is_not_found_on_the_third():
    """Found by search: each table hides enough by itself, and only the trades see that all three together do not."""
    town = [
        ((0, 1), (True, True, False)),
        ((0, 1), (True, True, True)),
        ((1, 0), (False, True, True)),
        ((1, 1), (False, True, True)),
        ((1, 0), (False, True, False)),
    ]
    assert_nobody_is_found_out(town, 2, 2, smallest=2)


@given(histories)
@settings(max_examples=150, deadline=None)
def test_what_a_line_hides_together_tells_of_nobody_or_at_least_five(history):
    days = days_of(history)
    tables = publish(days)
    known = [
        (table, people) for table, people in zip(tables, days, strict=True) if shown(table).keys() - {(3, 3)}
    ]
    lines = [([(i, j) for j in range(3)], (i, 3)) for i in range(4)]
    lines += [([(i, j) for i in range(3)], (3, j)) for j in range(4)]
    for (_before, then), (table, now) in itertools.combinations(known, 2):
        for places, total in lines:
            hidden = [place for place in places if place in table.hidden_positions]
            if total in table.hidden_positions or len(hidden) in (0, 3):
                continue
            changed = counted_in(hidden, then) ^ counted_in(hidden, now)
            assert not 1 <= len(changed) <= 4


def counted_in(places: Sequence[Position], people: Mapping[str, Cell]) -> set[str]:
    return {
        name
        for name, (row, column) in people.items()
        if any(i in (row, 3) and j in (column, 3) for i, j in places)
    }


def test_trades_find_another_world_or_none():
    hidden = dict.fromkeys([(0, 0), (1, 0), (0, 2), (1, 2)], 0b1)
    trades = Trades((2, 2), {(0, 0): {0b1}, (1, 1): {0b1}})
    grown = Trades((2, 2), {}, [((0, 1), (0, 0))])
    assert grown.without([(0, 1)], dict.fromkeys([(0, 0), (0, 1), (2, 0), (2, 1)], 0b1), 0b1) == set()
    assert trades.without([(0, 0)], hidden, 0b1) == set(), "the one in (0, 0) may belong into (1, 0)"
    assert trades.without([(0, 1)], hidden | {(0, 1): 0b1}, 0b1) == {(0, 1)}, "columns are shown"
    both_days = Trades((2, 2), {(0, 0): {0b11}, (1, 1): {0b11}})
    assert both_days.without([(0, 0)], dict.fromkeys(hidden, 2), 0b10) == {(0, 0)}, "shown the day before"


def test_the_sum_over_municipalities_hides_what_one_of_them_hides_on_every_day():
    quiet = [BEFORE, BEFORE | crowd((0, 0), 1, "x")]
    busy = [BEFORE, BEFORE | crowd((0, 0), 9, "y") | crowd((1, 1), 9, "z")]
    parts = [publish(days, 2, 2)[1] for days in (quiet, busy)]
    sums = {i: dict.fromkeys(range(2), 0) for i in range(2)}
    for people in (quiet[1], busy[1]):
        for i, j in people.values():
            sums[i][j] += 1
    together = add_up(parts, sums, grand_total_known=True)
    assert shown(parts[1])
    assert shown(together) == {(2, 2): 79 + 1 + 79 + 18}
