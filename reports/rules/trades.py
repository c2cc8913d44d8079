"""Whether a hidden number could be another one: other places for people, and nothing that was shown changes.

The reader is taken to know of every person on which days they are counted, for the list of cases says so, and
to have kept every table that was shown. What is not known is who of them belongs into which cell. A hidden number is
safe when the same people can be put into cells in another way so that every number shown on any day stays
what it is and the hidden one does not. Four ways are tried, the first three over all the days of the people
concerned, for people who have been in one cell only:

- one person belongs into another cell;
- two persons have each other's row and column;
- two persons have each other's row, or each other's column;
- somebody has not yet had the birthday that brought them from one cell into another since the day before.

That is fewer ways than there are, so a number found safe is safe, and one found unsafe may not be.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from reports.rules.hiding import Position

Days = int
"""A set of days, one bit each."""


Positions = frozenset[Position]


@dataclass(frozen=True, slots=True)
class Trade:
    """One person goes from a cell to another one, and a second person, if any, the other way or half of it.

    `alone` and `other_alone` are the numbers that change on days one of the two is there without the other, `both`
    those of days on which both are.
    """

    first: Position
    second: Position | None
    alone: Positions
    other_alone: Positions
    both: Positions

    @property
    def numbers(self) -> Positions:
        """Every number the trade changes on some day."""
        return self.alone | self.other_alone | self.both


class Trades:
    """All trades between people of a table, and which numbers of a day they would change.

    Args:
        corner: position of the grand total.
        people: per cell, on which days somebody is counted who never was in another one.
        grown: the cell of today and the one before of people who changed it since.
        known_columns: the reader knows of everybody whether they belong into one of these.
    """

    def __init__(
        self,
        corner: Position,
        people: Mapping[Position, Collection[Days]],
        grown: Collection[tuple[Position, Position]] = (),
        known_columns: frozenset[int] = frozenset(),
    ) -> None:
        self.corner = corner
        self.people = people
        self.grown = grown
        self.known_columns = known_columns

    def without(
        self, secrets: Collection[Position], hidden: Mapping[Position, Days], today: Days
    ) -> set[Position]:
        """The secrets of a day that no trade changes.

        Args:
            secrets: positions that must not have a single possible value.
            hidden: per position the days on which it is hidden, today among them.
            today: the day asked about.
        """
        left = set(secrets)
        for cell, before in self.grown:
            touched = self._touched(cell, before)
            if self._is_possible(cell, before) and _common(hidden, touched) & today:
                left -= touched
        for trade in self._trades:
            if not left:
                break
            if left & trade.numbers:
                left -= self._changed_by(trade, hidden, today)
        return left

    @cached_property
    def _trades(self) -> list[Trade]:
        return [*self._single(), *self._double()]

    def _single(self) -> Iterator[Trade]:
        height, width = self.corner
        for cell in self.people:
            for i in range(height):
                for j in range(width):
                    if (i, j) != cell and self._is_possible(cell, (i, j)):
                        touched = self._touched(cell, (i, j))
                        yield Trade(cell, None, touched, frozenset(), touched)

    def _double(self) -> Iterator[Trade]:
        """Two who have each other's place change nothing on days both are there.

        Two who have each other's row or column change the four cells then, and no total.
        """
        cells = sorted(self.people)
        for number, one in enumerate(cells):
            for other in cells[number + 1 :]:
                touched = self._touched(one, other)
                if self._is_possible(one, other):
                    yield Trade(one, other, touched, touched, frozenset())
                if one[0] != other[0] and one[1] != other[1]:
                    across, down = (one[0], other[1]), (other[0], one[1])
                    four = frozenset({one, other, across, down})
                    yield Trade(one, other, self._touched(one, down), self._touched(other, across), four)
                    if self._is_possible(one, across):
                        yield Trade(one, other, self._touched(one, across), self._touched(other, down), four)

    def _is_possible(self, cell: Position, goes_to: Position) -> bool:
        """Whether a reader cannot exclude that somebody of one cell belongs into the other."""
        return cell[1] == goes_to[1] or not self.known_columns & {cell[1], goes_to[1]}

    def _touched(self, cell: Position, goes_to: Position) -> Positions:
        """The numbers that change when somebody goes from one cell to another; the grand total never does."""
        return self._counted_in(cell) ^ self._counted_in(goes_to)

    def _counted_in(self, cell: Position) -> Positions:
        return frozenset({cell, (cell[0], self.corner[1]), (self.corner[0], cell[1])})

    def _changed_by(self, trade: Trade, hidden: Mapping[Position, Days], today: Days) -> Positions:
        """The numbers of today that this trade changes for some two people, nothing shown being changed."""
        alone_on, other_on = _common(hidden, trade.alone), _common(hidden, trade.other_alone)
        both_on = _common(hidden, trade.both)
        others = self.people[trade.second] if trade.second is not None else (0,)
        changed: Positions = frozenset()
        for first in self.people[trade.first]:
            for second in others:
                if first & ~second & ~alone_on or second & ~first & ~other_on or first & second & ~both_on:
                    continue
                if first & second & today:
                    changed |= trade.both
                elif first & today:
                    changed |= trade.alone
                elif second & today:
                    changed |= trade.other_alone
        return changed


def _common(hidden: Mapping[Position, Days], positions: Collection[Position]) -> Days:
    """The days on which all of these are hidden; every day when there are none."""
    days = -1
    for position in positions:
        days &= hidden.get(position, 0)
    return days
