"""The engine of suppression: which numbers of a published table are hidden, so that nobody can compute them back.

Source: rules.md §8 and decision 0015. A table is published with its row totals, its column totals and
its grand total. The rule, in the order in which it is applied here:

1. Every cell of 1–4 is hidden. Totals are cells too: the row totals are the cells of the line of totals
   whose own total is the grand total, and the column totals likewise. Whoever publishes may name further
   secrets, numbers to be hidden for what a comparison would tell.
2. In every line (row, column, the two lines of totals) with a hidden cell and a shown total the next smallest
   cell is hidden until at least two cells with a sum of at least 5 are hidden. Cells with a value come first,
   a zero only when nothing else is left. A line whose own total is hidden needs no second cell, but hiding
   only the total never suffices: then its smallest cell goes with it.
3. Every hidden cell of 1–4, and every other secret, which still has a single possible value, given everything
   shown at once, costs its line the next smallest cell, until there is none left.

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

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SMALLEST_SHOWN: Final = 5
"""The smallest number of people that may be shown; 1 to 4 are hidden (rules.md §8)."""

Position = tuple[int, int]
"""Row and column of a number; the last row and the last column are the totals."""


class NothingLeftToHide(ValueError):
    """A secret cannot be kept: everything that may be hidden is."""


@dataclass(frozen=True, slots=True)
class Line:
    """Cells that add up to a total; both are positions in the published table."""

    cells: tuple[Position, ...]
    total: Position


@dataclass(frozen=True, slots=True)
class Arc:
    """A number of the published table as an arc from one line to another (see the module's text)."""

    tail: str
    head: str


@dataclass(frozen=True, slots=True)
class Frame:
    """The lines and arcs of a table, whatever its numbers are."""

    lines: Sequence[Line]
    arcs: Mapping[Position, Arc]
    corner: Position


def table_frame(height: int, width: int) -> Frame:
    """Rows, columns and the two lines of totals of a table with so many rows and columns."""
    corner = (height, width)
    lines = [Line(tuple((i, j) for j in range(width)), (i, width)) for i in range(height + 1)]
    lines += [Line(tuple((i, j) for i in range(height)), (height, j)) for j in range(width + 1)]
    positions = [(i, j) for i in range(height + 1) for j in range(width + 1)]
    return Frame(lines, {position: _arc(position, corner) for position in positions}, corner)


def _arc(position: Position, corner: Position) -> Arc:
    """Grand total → columns → rows → grand total; the last row and column are the lines of totals."""
    i, j = position
    if position == corner:
        return Arc(f"column {j}", f"row {i}")
    if i == corner[0] or j == corner[1]:
        return Arc(f"row {i}", f"column {j}")
    return Arc(f"column {j}", f"row {i}")


def list_frame(length: int) -> Frame:
    """A single line of cells with its total."""
    line = Line(tuple((i, 0) for i in range(length)), (length, 0))
    arcs = {position: Arc("outside", "line") for position in line.cells}
    return Frame([line], arcs | {line.total: Arc("line", "outside")}, line.total)


class Hiding:
    """The numbers to be published, which of them are hidden so far, and the three steps of the rule.

    Args:
        values: every number of the table, totals included.
        frame: its lines.
        known: numbers shown elsewhere exactly; the reader has them, whatever is hidden here.
        secrets: numbers to be hidden although they are not small.
        smallest: the smallest number of people that may be shown.
    """

    def __init__(
        self,
        values: Mapping[Position, int],
        frame: Frame,
        *,
        known: frozenset[Position] = frozenset(),
        secrets: frozenset[Position] = frozenset(),
        smallest: int = SMALLEST_SHOWN,
    ) -> None:
        self.values = values
        self.frame = frame
        self.known = known
        self.smallest = smallest
        self.secrets = secrets | {place for place, value in values.items() if self.is_small(value)}
        self.hidden: set[Position] = set(self.secrets)
        self.lines_of: dict[Position, list[Line]] = {position: [] for position in values}
        self.totalled_lines: dict[Position, list[Line]] = {position: [] for position in values}
        for line in frame.lines:
            self.totalled_lines[line.total].append(line)
            for cell in line.cells:
                self.lines_of[cell].append(line)

    def is_small(self, value: int) -> bool:
        """Whether a number of people is one to be hidden."""
        return 0 < value < self.smallest

    def run(self) -> set[Position]:
        """The positions to be hidden.

        Raises:
            NothingLeftToHide: a secret has a single possible value, whatever is hidden.
        """
        self.complete_lines()
        while pinned := self.first_pinned():
            self.hide_for(pinned)
        return self.hidden

    def hide_for(self, secret: Position) -> None:
        """Hide one number more because a secret does not keep.

        Raises:
            NothingLeftToHide: everything is hidden already.
        """
        self.hidden.add(self._price_of(secret))
        self.complete_lines()

    def is_unknown(self, position: Position) -> bool:
        """Whether a reader does not have this number from anywhere."""
        return position in self.hidden and position not in self.known

    def complete_lines(self) -> None:
        """Step 2 until no line needs another cell. Every turn hides at least one number more, so it ends."""
        changed = True
        while changed:
            changed = False
            for line in self.frame.lines:
                while self._needs_another(line):
                    costs = self.next_smallest(line.cells)
                    if costs is None and self.is_unknown(line.total):
                        break
                    if costs is None:
                        if line.total in self.known:
                            break
                        costs = line.total
                    self.hidden.add(costs)
                    changed = True

    def _needs_another(self, line: Line) -> bool:
        hidden = [self.values[cell] for cell in line.cells if self.is_unknown(cell)]
        if self.is_unknown(line.total):
            return not hidden
        return bool(hidden) and (len(hidden) < 2 or sum(hidden) < self.smallest)

    def next_smallest(self, cells: Iterable[Position]) -> Position | None:
        """The smallest shown cell, zeros last; of equal ones the one whose other line has hidden cells
        already. What is known elsewhere is no use.

        The last point only chooses between equals: it keeps the hiding from spreading into untouched lines.
        """
        shown = [cell for cell in cells if cell not in self.hidden and cell not in self.known]
        if not shown:
            return None
        return min(
            shown, key=lambda cell: (self.values[cell] == 0, self.values[cell], self._untouched(cell), cell)
        )

    def _untouched(self, cell: Position) -> int:
        around = self.lines_of[cell] + self.totalled_lines[cell]
        return sum(1 for line in around if not any(other in self.hidden for other in line.cells))

    def _price_of(self, secret: Position) -> Position:
        """Step 3: what is hidden next because of a cell with a single possible value."""
        lines = self.lines_of[secret] or self.totalled_lines[secret]
        in_its_lines = [cell for line in lines for cell in line.cells]
        totals = [line.total for line in lines if line.total not in self.known]
        everything = [position for position in self.values if position not in self.known]
        for candidates in (in_its_lines, totals, everything):
            price = self.next_smallest(candidates)
            if price is not None:
                return price
        raise NothingLeftToHide("A number that is known elsewhere leaves nothing to hide behind.")

    def first_pinned(self) -> Position | None:
        """The first secret with a single possible value, or None."""
        for position in sorted(self.secrets):
            if position not in self.known and not self._has_alternative(position):
                return position
        return None

    def _has_alternative(self, position: Position) -> bool:
        arc = self.frame.arcs[position]
        return self._reaches(arc.head, arc.tail, without=position) or self._reaches(
            arc.tail, arc.head, without=position
        )

    def _reaches(self, start: str, goal: str, *, without: Position) -> bool:
        """Whether one unit can be pushed from start to goal over hidden numbers other than `without`."""
        steps: dict[str, list[str]] = {}
        for position in self.hidden - self.known - {without}:
            arc = self.frame.arcs[position]
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
