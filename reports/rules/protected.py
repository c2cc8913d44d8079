"""Protected figures: how a number about people is said, and whether a table of them may be stored (rules.md §8, §10).

Rounding hides one person among five; what it cannot hide is the difference between two tables that few people lie
between. So a table is stored only when enough of them came or left since the last one, each family and each group
that was opened together counted as one.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass

STEP = 5
SMALLEST_BASE = 50
"""Rounded persons a share is made of at least."""

Person = int
Place = int
Tie = Hashable
"""What makes several persons one unit: a household, or a day on which files were opened."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What a table needs to be stored.

    Attributes:
        persons: persons in the base.
        units: units that came into it or left it since the last stored table.
        crossed_persons: persons in the base of a table of two attributes.
        entries: entries of a table about work, such as consultations by topic.
        entry_persons: persons these entries are about.
    """

    persons: int = 50
    units: int = 20
    crossed_persons: int = 200
    entries: int = 50
    entry_persons: int = 20


def rounded(number: int) -> int:
    """The nearest multiple of five, each number by itself: 0–2 → 0, 3–7 → 5, 8–12 → 10."""
    return (number + STEP // 2) // STEP * STEP


def share(number: int, total: int) -> int | None:
    """Whole per cent of two numbers as they are shown, half up; None of a base below fifty."""
    return (number * 200 + total) // (total * 2) if total >= SMALLEST_BASE else None


def unit_count(persons: Iterable[Person], ties: Mapping[Person, Collection[Tie]]) -> int:
    """How many units some persons form: persons who share a tie belong to one unit.

    Args:
        persons: those who came or left.
        ties: the ties of each; a person without any is a unit alone.
    """
    unit_of: dict[Tie, int] = {}
    units: dict[int, list[Tie]] = {}
    for number, person in enumerate(persons):
        own = list(ties.get(person, ()))
        joined = {unit_of[tie] for tie in own if tie in unit_of}
        merged = [*own, *(tie for unit in joined for tie in units.pop(unit))]
        units[number] = merged
        unit_of.update(dict.fromkeys(merged, number))
    return len(units)


def may_store(
    base: Collection[Person],
    last: Collection[Person],
    ties: Mapping[Person, Collection[Tie]],
    *,
    persons: int,
    units: int,
) -> bool:
    """Whether a base is large enough and far enough from the one of the last stored table.

    Args:
        base: persons with a recorded value.
        last: the base of the last stored table; empty before the first, so that everybody counts as having come.
        ties: see `unit_count`.
        persons: how many the base needs.
        units: how many must have come or left.
    """
    return len(base) >= persons and unit_count(set(base) ^ set(last), ties) >= units


def district_may_store(
    base: Mapping[Place, Collection[Person]],
    last: Mapping[Place, Collection[Person]],
    with_table: Collection[Place],
    ties: Mapping[Person, Collection[Tie]],
    *,
    persons: int,
    units: int,
) -> bool:
    """The same for the district, by municipality.

    Who subtracts the municipalities' tables from the district's learns of the rest, so the persons of municipalities
    without a table of that day are none, or fulfil the same by themselves.

    Args:
        base: persons with a recorded value.
        last: the base of the district's last stored table.
        with_table: municipalities that have a table of that day.
        ties: see `unit_count`.
        persons: see `may_store`.
        units: see `may_store`.
    """

    def of(bases: Mapping[Place, Collection[Person]], without: Collection[Place] = ()) -> set[Person]:
        return {person for place, found in bases.items() if place not in without for person in found}

    rest = of(base, with_table)
    return may_store(of(base), of(last), ties, persons=persons, units=units) and (
        not rest or may_store(rest, of(last, with_table), ties, persons=persons, units=units)
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One person's part in something counted by kind: a consultation by topic, a closing by reason.

    Attributes:
        key: which one; a joint talk is one entry with several persons.
        row: what it is counted as.
        person: a person it is about.
        place: the municipality the person belonged to on that day.
    """

    key: int
    row: str
    person: Person
    place: Place


def enough_entries(found: Collection[Entry], thresholds: Thresholds) -> bool:
    """Whether entries are enough, of enough persons, to be told by kind."""
    return (
        len({entry.key for entry in found}) >= thresholds.entries
        and len({entry.person for entry in found}) >= thresholds.entry_persons
    )


def district_has_enough_entries(
    found: Collection[Entry], with_table: Collection[Place], thresholds: Thresholds
) -> bool:
    """The same for the district; what municipalities without a table have is nothing, or enough by itself."""
    rest = [entry for entry in found if entry.place not in with_table]
    return enough_entries(found, thresholds) and (not rest or enough_entries(rest, thresholds))
