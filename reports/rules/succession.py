"""Tables of the same people on successive days: what their differences tell is protected like what they show.

Source: decision 0015. The officer knows from the list of cases
which file was active when. If a number goes from 12 to 13 while one file became active, she has learnt the
nationality and the age of that person. Tables are therefore published one after the other, and a number is a
secret, besides being one of 1–4, when a comparison with any table published before would tell of few people:

1. between one and four people are counted in it on one of the two days only (those who came, left or had a
   birthday), or between one and four of these came or left;
2. it was shown then, and the two numbers differ by one to four.

The empty table before the first person counts as published, so a number of 1–4 is the simplest case of this.
Of what is left the usual rule hides more (`reports.rules.hiding`), with two additions: the hidden numbers of
a line with a visible total together must not tell of one to four people either; and every secret must have a
second possible value for a reader who knows of all people on which days they are counted
(`reports.rules.trades`). A table for which that cannot be had, or in which fewer than five people came or
left since another one, is not published: all its numbers are hidden and no later table is compared with it.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic

from reports.rules.hiding import (
    SMALLEST_SHOWN,
    Frame,
    Hiding,
    Line,
    NothingLeftToHide,
    Position,
    table_frame,
)
from reports.rules.suppression import Column, Row, SuppressedTable, published
from reports.rules.trades import Days, Trades

Person = Hashable
Group = int
"""A set of people, one bit each."""


@dataclass(frozen=True, slots=True)
class _Day:
    """A published table: who is counted where, and what of it is hidden."""

    groups: Mapping[Position, Group]
    hidden: frozenset[Position]


@dataclass(frozen=True, slots=True)
class _Path:
    """On which published days somebody was counted, in which cell the last time, and whether always there."""

    days: Days
    cell: Position
    always: bool = True


class Succession(Generic[Row, Column]):
    """Tables of one place, published in the order of their days.

    Args:
        rows: in the order of the table; at least two.
        columns: likewise.
        known_columns: the reader knows from elsewhere of everybody whether they belong into one of these, and so
            their totals.
        smallest: the smallest number of people that may be shown.
    """

    def __init__(
        self,
        rows: Sequence[Row],
        columns: Sequence[Column],
        *,
        known_columns: Collection[Column] = (),
        smallest: int = SMALLEST_SHOWN,
    ) -> None:
        if len(rows) < 2 or len(columns) < 2:
            raise ValueError("With a known grand total a table needs at least two rows and two columns.")
        self.rows, self.columns, self.smallest = tuple(rows), tuple(columns), smallest
        self._row = {row: i for i, row in enumerate(self.rows)}
        self._column = {column: j for j, column in enumerate(self.columns)}
        self._frame = table_frame(len(rows), len(columns))
        self._known_columns = frozenset(self._column[column] for column in known_columns)
        self._bits: dict[Person, Group] = {}
        self._paths: dict[Person, _Path] = {}
        self._days = [_Day(dict.fromkeys(self._frame.arcs, 0), frozenset())]

    def publish(self, people: Mapping[Person, tuple[Row, Column]]) -> SuppressedTable[Row, Column]:
        """The next table, with the exact number of people known from elsewhere.

        Args:
            people: the row and column of everybody counted on its day.
        """
        cells = {person: (self._row[row], self._column[column]) for person, (row, column) in people.items()}
        groups = self._groups(cells)
        values = {position: group.bit_count() for position, group in groups.items()}
        hidden = self._hidden(groups, values, cells)
        return published(self.rows, self.columns, values, hidden)

    def _groups(self, cells: Mapping[Person, Position]) -> dict[Position, Group]:
        height, width = self._frame.corner
        groups = dict.fromkeys(self._frame.arcs, 0)
        for person, (i, j) in cells.items():
            bit = self._bits.setdefault(person, 1 << len(self._bits))
            for position in ((i, j), (i, width), (height, j), (height, width)):
                groups[position] |= bit
        return groups

    def _hidden(
        self,
        groups: Mapping[Position, Group],
        values: Mapping[Position, int],
        cells: Mapping[Person, Position],
    ) -> frozenset[Position]:
        corner = self._frame.corner
        small_total = frozenset({corner}) if 0 < values[corner] < self.smallest else frozenset()
        nothing_shown = frozenset(values) - {corner} | small_total
        if any(self._is_few(day.groups[corner] ^ groups[corner]) for day in self._days):
            return nothing_shown
        secrets = frozenset(
            position for position in values if position != corner and self._is_secret(position, groups)
        )
        paths = self._paths_with(cells)
        hiding = _HidingAmongDays(
            values,
            self._frame,
            known=self._known(values),
            secrets=secrets,
            groups=groups,
            days=self._days[1:],
            smallest=self.smallest,
        )
        try:
            self._keep_secrets(hiding, self._trades(paths))
        except NothingLeftToHide:
            return nothing_shown
        hidden = frozenset(hiding.hidden)
        self._paths = paths
        self._days.append(_Day(groups, hidden))
        return hidden

    def _known(self, values: Mapping[Position, int]) -> frozenset[Position]:
        """The grand total, the totals of known columns, and all of a known column in which there is nobody."""
        height, _width = corner = self._frame.corner
        known = {corner}
        for j in self._known_columns:
            empty = values[height, j] == 0
            known |= {(i, j) for i in range(height + 1) if empty or i == height}
        return frozenset(known)

    def _is_few(self, group: Group) -> bool:
        return 0 < group.bit_count() < self.smallest

    def _is_secret(self, position: Position, groups: Mapping[Position, Group]) -> bool:
        return any(self._tells_of_few(day, position, groups) for day in self._days)

    def _tells_of_few(self, day: _Day, position: Position, groups: Mapping[Position, Group]) -> bool:
        then, now = day.groups[position], groups[position]
        changed = then ^ now
        if not changed:
            return False
        came_or_left = changed & (day.groups[self._frame.corner] ^ groups[self._frame.corner])
        if self._is_few(changed) or self._is_few(came_or_left):
            return True
        difference = abs(now.bit_count() - then.bit_count())
        return position not in day.hidden and 0 < difference < self.smallest

    def _paths_with(self, cells: Mapping[Person, Position]) -> dict[Person, _Path]:
        today = self._today
        paths = dict(self._paths)
        for person, cell in cells.items():
            before = paths.get(person)
            if before is None:
                paths[person] = _Path(today, cell)
            else:
                paths[person] = _Path(before.days | today, cell, before.always and before.cell == cell)
        return paths

    def _trades(self, paths: Mapping[Person, _Path]) -> Trades:
        people: dict[Position, set[Days]] = {}
        grown = set()
        for person, path in paths.items():
            if path.always:
                people.setdefault(path.cell, set()).add(path.days)
            elif path.days & self._today and self._paths[person].cell != path.cell:
                grown.add((path.cell, self._paths[person].cell))
        return Trades(self._frame.corner, people, sorted(grown), self._known_columns)

    @property
    def _today(self) -> Days:
        """The bit of the day to be published."""
        return 1 << len(self._days) - 1

    def _keep_secrets(self, hiding: Hiding, trades: Trades) -> None:
        """Hide until every secret has a second possible value.

        Raises:
            NothingLeftToHide: that cannot be had.
        """
        secrets = hiding.secrets - hiding.known
        hiding.run()
        while left := trades.without(secrets, self._hidden_days(hiding.hidden), self._today):
            hiding.hide_for(min(left))
            hiding.run()

    def _hidden_days(self, hidden_today: Collection[Position]) -> dict[Position, Days]:
        """Per number the published days on which it is hidden, today included."""
        days = dict.fromkeys(hidden_today, self._today)
        for number, day in enumerate(self._days[1:]):
            for position in day.hidden:
                days[position] = days.get(position, 0) | 1 << number
        return days


class _HidingAmongDays(Hiding):
    """The engine, with the lines compared to those of the days before."""

    def __init__(
        self,
        values: Mapping[Position, int],
        frame: Frame,
        *,
        known: frozenset[Position],
        secrets: frozenset[Position],
        groups: Mapping[Position, Group],
        days: Sequence[_Day],
        smallest: int,
    ) -> None:
        super().__init__(values, frame, known=known, secrets=secrets, smallest=smallest)
        self.groups = groups
        self.days = days

    def complete_lines(self) -> None:
        super().complete_lines()
        while (cell := self._next_for_a_telling_line()) is not None:
            self.hidden.add(cell)
            super().complete_lines()

    def _next_for_a_telling_line(self) -> Position | None:
        """What is to be hidden next because the hidden numbers of a line together tell of few people."""
        for line in self.frame.lines:
            if self.is_unknown(line.total):
                continue
            hidden = [cell for cell in line.cells if self.is_unknown(cell)]
            for day in self.days:
                if self.is_small(self._moved(hidden, day)):
                    price = self._next_that_moved(line, day)
                    if price is not None:
                        return price
        return None

    def _moved(self, cells: Collection[Position], day: _Day) -> int:
        """How many people are counted in these cells together on one of the two days only."""
        then = now = 0
        for cell in cells:
            then |= day.groups[cell]
            now |= self.groups[cell]
        return (then ^ now).bit_count()

    def _next_that_moved(self, line: Line, day: _Day) -> Position | None:
        moved = [cell for cell in line.cells if day.groups[cell] != self.groups[cell]]
        price = self.next_smallest(moved) or self.next_smallest(line.cells)
        if price is None and line.total not in self.known and line.total not in self.hidden:
            return line.total
        return price
