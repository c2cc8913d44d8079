"""Hiding small numbers of personal attributes so that nobody can compute them back.

Source: rules.md §8 and §10, "Suppression". A table is published with its row totals, its column totals and
its grand total. The rule, in the order in which it is applied here:

1. Every cell of 1–4 is hidden. Totals are cells too: the row totals are the cells of the line of totals
   whose own total is the grand total, and the column totals likewise.
2. In every line (row, column, the two lines of totals) with a hidden cell and a shown total the next smallest
   cell is hidden until at least two cells with a sum of at least 5 are hidden. Cells with a value come first,
   a zero only when nothing else is left. A line whose own total is hidden needs no second cell, but hiding
   only the total never suffices: then its smallest cell goes with it.
3. Every hidden cell of 1–4 which still has a single possible value, given everything shown at once, costs its
   line the next smallest cell, until there is none left.

Why step 3 is exact ------------------- Write the published table as a closed flow: the grand total flows into
the columns, through the cells into the rows, through the row totals back into the grand total. Each line is a
node whose inflow equals its outflow, each number is one arc. What a reader knows are the numbers on the shown
arcs and that every hidden arc carries a whole number of at least 0. The difference of two flows that agree
with everything shown is itself a closed flow on the hidden arcs, and a closed flow in whole numbers
decomposes into circles in which no arc is used against its own change. Pushing a single unit round one such
circle therefore gives a possible table again. So a hidden arc has a second possible value exactly when there
is a circle through it on hidden arcs, going with an arc always and against an arc only where its true number
is at least 1. That is a search in a small graph, without enumeration and without rounding, for tables of any
size.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Generic, TypeVar

from reports.rules.rates import percent
from ui.charts import HIDDEN, Hidden

SMALLEST_SHOWN: Final = 5
"""The smallest number of people that may be shown; 1 to 4 are hidden (rules.md §8)."""


Shown = int | Hidden
Position = tuple[int, int]
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
    def anything_hidden(self) -> bool:
        shown = (
            *self.cells.values(),
            *self.row_totals.values(),
            *self.column_totals.values(),
            self.grand_total,
        )
        return any(isinstance(value, Hidden) for value in shown)


@dataclass(frozen=True, slots=True)
class SuppressedList(Generic[Row]):
    """A one-dimensional table with its total, as it may be published."""

    cells: Mapping[Row, Shown]
    total: Shown

    @property
    def anything_hidden(self) -> bool:
        return any(isinstance(value, Hidden) for value in (*self.cells.values(), self.total))


@dataclass(frozen=True, slots=True)
class _Line:
    """Cells that add up to a total; both are positions in the published table."""

    cells: tuple[Position, ...]
    total: Position


@dataclass(frozen=True, slots=True)
class _Arc:
    """A number of the published table as an arc from one line to another (see the module's text)."""

    tail: str
    head: str


class _Published:
    """The numbers to be published, which of them are hidden so far, and the three steps of the rule."""

    def __init__(
        self,
        values: Mapping[Position, int],
        lines: Sequence[_Line],
        arcs: Mapping[Position, _Arc],
        known: frozenset[Position],
    ) -> None:
        self.values = values
        self.lines = lines
        self.arcs = arcs
        self.known = known  # shown elsewhere exactly: the reader has them, whatever is hidden here
        self.hidden: set[Position] = set()
        self.lines_of: dict[Position, list[_Line]] = {position: [] for position in values}
        self.totalled_lines: dict[Position, list[_Line]] = {position: [] for position in values}
        for line in lines:
            self.totalled_lines[line.total].append(line)
            for cell in line.cells:
                self.lines_of[cell].append(line)

    def run(self) -> set[Position]:
        self.hidden = {position for position, value in self.values.items() if is_small(value)}
        self._complete_lines()
        while pinned := self.first_pinned():
            self.hidden.add(self._price_of(pinned))
            self._complete_lines()
        return self.hidden

    def _secret(self, position: Position) -> bool:
        return position in self.hidden and position not in self.known

    def _complete_lines(self) -> None:
        """Step 2 until no line needs another cell. Every turn hides at least one number more, so it ends."""
        changed = True
        while changed:
            changed = False
            for line in self.lines:
                while self._needs_another(line):
                    costs = self._next_smallest(line.cells)
                    if costs is None and self._secret(line.total):
                        break
                    if costs is None:
                        if line.total in self.known:
                            break
                        costs = line.total
                    self.hidden.add(costs)
                    changed = True

    def _needs_another(self, line: _Line) -> bool:
        hidden = [self.values[cell] for cell in line.cells if cell in self.hidden]
        if self._secret(line.total):
            return not hidden
        return bool(hidden) and (len(hidden) < 2 or sum(hidden) < SMALLEST_SHOWN)

    def _next_smallest(self, cells: Iterable[Position]) -> Position | None:
        """The smallest shown cell, zeros last; of equal ones the one whose other line has hidden cells
        already.

        The last point only chooses between equals: it keeps the hiding from spreading into untouched lines.
        """
        shown = [cell for cell in cells if cell not in self.hidden]
        if not shown:
            return None
        return min(
            shown, key=lambda cell: (self.values[cell] == 0, self.values[cell], self._untouched(cell), cell)
        )

    def _untouched(self, cell: Position) -> int:
        around = self.lines_of[cell] + self.totalled_lines[cell]
        return sum(1 for line in around if not any(other in self.hidden for other in line.cells))

    def _price_of(self, pinned: Position) -> Position:
        """Step 3: what is hidden next because of a cell with a single possible value."""
        lines = self.lines_of[pinned] or self.totalled_lines[pinned]
        in_its_lines = [cell for line in lines for cell in line.cells]
        totals = [line.total for line in lines if line.total not in self.known]
        everything = [position for position in self.values if position not in self.known]
        for candidates in (in_its_lines, totals, everything):
            price = self._next_smallest(candidates)
            if price is not None:
                return price
        raise ValueError("A number that is known elsewhere leaves nothing to hide behind.")

    def first_pinned(self) -> Position | None:
        """The first hidden cell of 1–4 with a single possible value, or None."""
        for position in sorted(self.hidden):
            if (
                position not in self.known
                and is_small(self.values[position])
                and not self._has_alternative(position)
            ):
                return position
        return None

    def _has_alternative(self, position: Position) -> bool:
        arc = self.arcs[position]
        return self._reaches(arc.head, arc.tail, without=position) or self._reaches(
            arc.tail, arc.head, without=position
        )

    def _reaches(self, start: str, goal: str, *, without: Position) -> bool:
        """Whether one unit can be pushed from start to goal over hidden numbers other than `without`."""
        steps: dict[str, list[str]] = {}
        for position in self.hidden - self.known - {without}:
            arc = self.arcs[position]
            steps.setdefault(arc.tail, []).append(arc.head)
            if self.values[position] > 0:
                steps.setdefault(arc.head, []).append(arc.tail)
        seen, waiting = {start}, [start]
        while waiting:
            node = waiting.pop()
            if node == goal:
                return True
            for following in steps.get(node, ()):
                if following not in seen:
                    seen.add(following)
                    waiting.append(following)
        return False


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
    height, width = len(rows), len(columns)
    values: dict[Position, int] = {
        (i, j): table[row][column] for i, row in enumerate(rows) for j, column in enumerate(columns)
    }
    if any(value < 0 for value in values.values()):
        raise ValueError("Numbers of people are not negative.")
    values |= {(i, width): sum(values[i, j] for j in range(width)) for i in range(height)}
    values |= {(height, j): sum(values[i, j] for i in range(height)) for j in range(width)}
    corner = (height, width)
    values[corner] = sum(values[i, width] for i in range(height))

    lines = [_Line(tuple((i, j) for j in range(width)), (i, width)) for i in range(height + 1)]
    lines += [_Line(tuple((i, j) for i in range(height)), (height, j)) for j in range(width + 1)]
    arcs = {position: _table_arc(position, corner) for position in values}
    known = frozenset({corner}) if grand_total_known else frozenset()
    hidden = _Published(values, lines, arcs, known).run()

    def shown(i: int, j: int) -> Shown:
        return HIDDEN if (i, j) in hidden else values[i, j]

    return SuppressedTable(
        rows=rows,
        columns=columns,
        cells={(row, column): shown(i, j) for i, row in enumerate(rows) for j, column in enumerate(columns)},
        row_totals={row: shown(i, width) for i, row in enumerate(rows)},
        column_totals={column: shown(height, j) for j, column in enumerate(columns)},
        grand_total=shown(*corner),
    )


def _table_arc(position: Position, corner: Position) -> _Arc:
    """Grand total → columns → rows → grand total; the last row and column are the lines of totals."""
    i, j = position
    if position == corner:
        return _Arc(f"column {j}", f"row {i}")
    if i == corner[0]:
        return _Arc(f"row {i}", f"column {j}")
    if j == corner[1]:
        return _Arc(f"row {i}", f"column {j}")
    return _Arc(f"column {j}", f"row {i}")


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
    total = (len(keys), 0)
    values: dict[Position, int] = {(i, 0): numbers[key] for i, key in enumerate(keys)}
    values[total] = sum(numbers.values())
    line = _Line(tuple((i, 0) for i in range(len(keys))), total)
    arcs = {position: _Arc("outside", "line") for position in line.cells} | {total: _Arc("line", "outside")}
    hidden = _Published(values, [line], arcs, frozenset({total}) if total_known else frozenset()).run()
    return SuppressedList(
        cells={key: HIDDEN if (i, 0) in hidden else numbers[key] for i, key in enumerate(keys)},
        total=HIDDEN if total in hidden else values[total],
    )


def add_up(
    tables: Sequence[SuppressedTable[Row, Column]], sums: Mapping[Row, Mapping[Column, int]]
) -> SuppressedTable[Row, Column]:
    """The table over several municipalities, where each one's own table is published too ("filter pairs").

    It hides exactly what any of its parts hides. That is enough: whatever other values are possible within
    one part are possible for the sum as well, because the sum's number is hidden wherever the part's is; and
    a sum of 1–4 has a part of 1–4, which is hidden and has a second possible value.

    Args:
        tables: the parts, each suppressed by itself, all with the same rows and columns.
        sums: the exact sums by row and column.

    Raises:
        ValueError: no parts, or parts with different rows or columns.
    """
    if not tables or any(part.rows != tables[0].rows or part.columns != tables[0].columns for part in tables):
        raise ValueError("The parts of a sum need the same rows and columns.")
    first = tables[0]

    def shown(value: int, parts: Iterable[Shown]) -> Shown:
        return HIDDEN if any(isinstance(part, Hidden) for part in parts) else value

    return SuppressedTable(
        rows=first.rows,
        columns=first.columns,
        cells={(r, c): shown(sums[r][c], (part.cells[r, c] for part in tables)) for r, c in first.cells},
        row_totals={
            row: shown(sum(sums[row].values()), (part.row_totals[row] for part in tables))
            for row in first.rows
        },
        column_totals={
            column: shown(
                sum(sums[row][column] for row in first.rows), (part.column_totals[column] for part in tables)
            )
            for column in first.columns
        },
        grand_total=shown(
            sum(sum(row.values()) for row in sums.values()), (part.grand_total for part in tables)
        ),
    )


def share(part: Shown, base: Shown) -> Decimal | Hidden | None:
    """A percentage of people: hidden when made from a hidden number or with a base of 1–4, None without a base."""
    if isinstance(part, Hidden) or isinstance(base, Hidden) or is_small(base):
        return HIDDEN
    return percent(part, base)
