"""Tables of people as they may be published: with totals, over several municipalities, and shares of them.

Source: rules.md §8 and decision 0015; which numbers are hidden is decided in `reports.rules.hiding`. What
tables of successive days would tell together is the matter of `reports.rules.succession`.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, TypeVar

from reports.rules.hiding import SMALLEST_SHOWN, Hiding, Position, list_frame, table_frame
from reports.rules.rates import percent
from ui.charts import HIDDEN, Hidden

Shown = int | Hidden
Row = TypeVar("Row", bound=Hashable)
Column = TypeVar("Column", bound=Hashable)


def is_small(value: int) -> bool:
    """Whether a number of people is one to be hidden: 1, 2, 3 or 4."""
    return 0 < value < SMALLEST_SHOWN


@dataclass(frozen=True, slots=True)
class SuppressedTable(Generic[Row, Column]):
    """A table as it may be published; hidden numbers are not in it any more, only the mark."""

    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    cells: Mapping[tuple[Row, Column], Shown]
    row_totals: Mapping[Row, Shown]
    column_totals: Mapping[Column, Shown]
    grand_total: Shown

    def row(self, row: Row) -> tuple[Shown, ...]:
        """The cells of one row in the order of the columns, without the total."""
        return tuple(self.cells[row, column] for column in self.columns)

    @property
    def by_position(self) -> Iterator[tuple[Position, Shown]]:
        """Every number with its position; the totals stand in the last row and the last column."""
        height, width = len(self.rows), len(self.columns)
        for i, row in enumerate(self.rows):
            for j, column in enumerate(self.columns):
                yield (i, j), self.cells[row, column]
            yield (i, width), self.row_totals[row]
        for j, column in enumerate(self.columns):
            yield (height, j), self.column_totals[column]
        yield (height, width), self.grand_total

    @property
    def hidden_positions(self) -> frozenset[Position]:
        """Where the mark stands."""
        return frozenset(place for place, value in self.by_position if isinstance(value, Hidden))

    @property
    def anything_hidden(self) -> bool:
        return bool(self.hidden_positions)


@dataclass(frozen=True, slots=True)
class SuppressedList(Generic[Row]):
    """A one-dimensional table with its total, as it may be published."""

    cells: Mapping[Row, Shown]
    total: Shown

    @property
    def anything_hidden(self) -> bool:
        return any(isinstance(value, Hidden) for value in (*self.cells.values(), self.total))


def suppress(
    table: Mapping[Row, Mapping[Column, int]], *, grand_total_known: bool = False
) -> SuppressedTable[Row, Column]:
    """Make a two-dimensional table of people publishable (rules.md §8 and §10).

    Args:
        table: numbers of people by row and column, every row with the same columns; 0 for none.
        grand_total_known: the same page shows the exact number of people elsewhere, as it does for steering
            figures. Then a reader has it, and nothing may rest on its being hidden.

    Returns:
        The table with its totals, hidden numbers replaced by `HIDDEN`.

    Raises:
        ValueError: rows with different columns, a negative number, or a known grand total over a single row
        or
            column (that row's total would be the known number).
    """
    rows = tuple(table)
    columns = tuple(table[rows[0]]) if rows else ()
    for row in rows:
        if set(table[row]) != set(columns):
            raise ValueError("Every row needs the same columns.")
    if grand_total_known and (len(rows) < 2 or len(columns) < 2):
        raise ValueError("With a known grand total a table needs at least two rows and two columns.")
    values = with_totals([[table[row][column] for column in columns] for row in rows])
    if any(value < 0 for value in values.values()):
        raise ValueError("Numbers of people are not negative.")
    frame = table_frame(len(rows), len(columns))
    known = frozenset({frame.corner}) if grand_total_known else frozenset()
    return published(rows, columns, values, Hiding(values, frame, known=known).run())


def with_totals(grid: Sequence[Sequence[int]]) -> dict[Position, int]:
    """The numbers of a table by position, with the totals of its rows and columns and the grand total."""
    height, width = len(grid), len(grid[0]) if grid else 0
    values = {(i, j): value for i, row in enumerate(grid) for j, value in enumerate(row)}
    values |= {(i, width): sum(grid[i]) for i in range(height)}
    values |= {(height, j): sum(row[j] for row in grid) for j in range(width)}
    values[height, width] = sum(values[i, width] for i in range(height))
    return values


def published(
    rows: Sequence[Row],
    columns: Sequence[Column],
    values: Mapping[Position, int],
    hidden: Collection[Position],
) -> SuppressedTable[Row, Column]:
    """The table with the mark at every hidden position."""
    height, width = len(rows), len(columns)

    def shown(i: int, j: int) -> Shown:
        return HIDDEN if (i, j) in hidden else values[i, j]

    return SuppressedTable(
        rows=tuple(rows),
        columns=tuple(columns),
        cells={(row, column): shown(i, j) for i, row in enumerate(rows) for j, column in enumerate(columns)},
        row_totals={row: shown(i, width) for i, row in enumerate(rows)},
        column_totals={column: shown(height, j) for j, column in enumerate(columns)},
        grand_total=shown(height, width),
    )


def suppress_list(numbers: Mapping[Row, int], *, total_known: bool = False) -> SuppressedList[Row]:
    """Make a one-dimensional list of people with its total publishable (rules.md §8 and §10).

    Args:
        numbers: numbers of people by category; 0 for none.
        total_known: the exact total is shown elsewhere (see `suppress`).

    Raises:
        ValueError: a negative number, or a known total over a single category.
    """
    if any(value < 0 for value in numbers.values()):
        raise ValueError("Numbers of people are not negative.")
    if total_known and len(numbers) < 2:
        raise ValueError("With a known total a list needs at least two categories.")
    keys = tuple(numbers)
    frame = list_frame(len(keys))
    values: dict[Position, int] = {(i, 0): numbers[key] for i, key in enumerate(keys)}
    values[frame.corner] = sum(numbers.values())
    known = frozenset({frame.corner}) if total_known else frozenset()
    hidden = Hiding(values, frame, known=known).run()
    return SuppressedList(
        cells={key: HIDDEN if (i, 0) in hidden else numbers[key] for i, key in enumerate(keys)},
        total=HIDDEN if frame.corner in hidden else values[frame.corner],
    )


def add_up(
    tables: Iterable[SuppressedTable[Row, Column]],
    sums: Mapping[Row, Mapping[Column, int]],
    *,
    grand_total_known: bool = False,
) -> SuppressedTable[Row, Column]:
    """The table over several municipalities, where each one's own table is published too ("filter pairs").

    It hides exactly what any of its parts hides. That is enough: whatever other values are possible within
    one part are possible for the sum as well, because the sum's number is hidden wherever the part's is; and
    a sum of 1–4 has a part of 1–4, which is hidden and has a second possible value.

    Args:
        tables: the parts, each suppressed by itself, all with the same rows and columns. They are asked for
            one by one, and no more of them once everything is hidden.
        sums: the exact sums by row and column.
        grand_total_known: the exact number of people stands elsewhere on the page, as steering figures do; it
            is then hidden only where it is small itself.

    Raises:
        ValueError: no parts, or parts with different rows or columns.
    """
    rows = tuple(sums)
    columns = tuple(sums[rows[0]]) if rows else ()
    values = with_totals([[sums[row][column] for column in columns] for row in rows])
    corner = (len(rows), len(columns))
    to_hide = set(values) - ({corner} if grand_total_known else set())
    hidden: set[Position] = {corner} if grand_total_known and is_small(values[corner]) else set()
    any_part = False
    for part in tables:
        any_part = True
        if part.rows != rows or part.columns != columns:
            raise ValueError("The parts of a sum need the same rows and columns.")
        hidden |= to_hide & part.hidden_positions
        if hidden >= to_hide:
            break
    if not any_part:
        raise ValueError("A sum has at least one part.")
    return published(rows, columns, values, hidden)


def share(part: Shown, base: Shown) -> Decimal | Hidden | None:
    """A percentage of people: hidden when made from a hidden number or with a base of 1–4, None without a base."""
    if isinstance(part, Hidden) or isinstance(base, Hidden) or is_small(base):
        return HIDDEN
    return percent(part, base)
