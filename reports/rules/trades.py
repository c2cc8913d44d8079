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


@dataclass(frozen=True, slots=True)
class Trade:
    """One person goes from a cell to another one, and a second person, if any, the other way or half of it."""

    first: Position
    first_goes_to: Position
    second: Position | None
    second_goes_to: Position | None


class Trades:
    """All trades between people of a table, and which numbers of a day they would change.

    Args:
        corner: position of the grand total.
        people: per cell, on which days somebody is counted who never was in another one.
        grown: the cell of today and the one before of people who changed it since.
    """

    def __init__(
        self,
        corner: Position,
        people: Mapping[Position, Collection[Days]],
        grown: Collection[tuple[Position, Position]] = (),
    ) -> None:
        self.corner = corner
        self.people = people
        self.grown = grown

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
            if _common(hidden, touched) & today:
                left -= touched
        for trade in self._trades:
            if not left:
                break
            if left & self._numbers(trade):
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
                    if (i, j) != cell:
                        yield Trade(cell, (i, j), None, None)

    def _double(self) -> Iterator[Trade]:
        cells = sorted(self.people)
        for number, one in enumerate(cells):
            for other in cells[number + 1 :]:
                yield Trade(one, other, other, one)
                if one[0] != other[0] and one[1] != other[1]:
                    same_row, same_column = (one[0], other[1]), (other[0], one[1])
                    yield Trade(one, same_row, other, same_column)
                    yield Trade(one, same_column, other, same_row)

    def _counted_in(self, cell: Position) -> frozenset[Position]:
        """The numbers somebody in this cell is counted in, the grand total left out: no trade changes it."""
        return frozenset({cell, (cell[0], self.corner[1]), (self.corner[0], cell[1])})

    def _touched(self, cell: Position, goes_to: Position) -> frozenset[Position]:
        return self._counted_in(cell) ^ self._counted_in(goes_to)

    def _numbers(self, trade: Trade) -> frozenset[Position]:
        touched = self._touched(trade.first, trade.first_goes_to)
        if trade.second is None or trade.second_goes_to is None:
            return touched
        return touched | self._touched(trade.second, trade.second_goes_to)

    def _changed_by(self, trade: Trade, hidden: Mapping[Position, Days], today: Days) -> frozenset[Position]:
        """The numbers of today that this trade changes for some two people, nothing shown being changed."""
        alone = self._touched(trade.first, trade.first_goes_to)
        other, both = self._of_the_second(trade, alone)
        alone_on, other_on, both_on = (_common(hidden, touched) for touched in (alone, other, both))
        others = self.people[trade.second] if trade.second is not None else (0,)
        changed: frozenset[Position] = frozenset()
        for first in self.people[trade.first]:
            for second in others:
                if first & ~second & ~alone_on or second & ~first & ~other_on or first & second & ~both_on:
                    continue
                if first & second & today:
                    changed |= both
                elif first & today:
                    changed |= alone
                elif second & today:
                    changed |= other
        return changed

    def _of_the_second(
        self, trade: Trade, alone: frozenset[Position]
    ) -> tuple[frozenset[Position], frozenset[Position]]:
        """What changes on days the second person alone is there, and on days both are.

        Two who have each other's place change nothing together. Two who have each other's row or column change
        the four cells, and no total.
        """
        if trade.second is None or trade.second_goes_to is None:
            return frozenset(), alone
        other = self._touched(trade.second, trade.second_goes_to)
        if trade.first_goes_to == trade.second:
            return other, frozenset()
        four = frozenset({trade.first, trade.first_goes_to, trade.second, trade.second_goes_to})
        return other, four


def _common(hidden: Mapping[Position, Days], positions: Collection[Position]) -> Days:
    """The days on which all of these are hidden; every day when there are none."""
    days = -1
    for position in positions:
        days &= hidden.get(position, 0)
    return days
