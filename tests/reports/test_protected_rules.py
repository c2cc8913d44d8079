"""Rounding, units and thresholds of protected figures, and an attack on them by integer programming (rules.md §8)."""

import itertools
import random
from collections import Counter

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from reports.rules.protected import (
    Entry,
    Thresholds,
    district_has_enough_entries,
    district_may_store,
    enough_entries,
    may_store,
    rounded,
    share,
    unit_count,
)

NEEDS = {"persons": 50, "units": 20}


@pytest.mark.parametrize(
    ("number", "said"), [(0, 0), (2, 0), (3, 5), (5, 5), (7, 5), (8, 10), (12, 10), (13, 15), (252, 250)]
)
def test_a_number_is_said_as_the_nearest_multiple_of_five(number, said):
    assert rounded(number) == said


@given(st.integers(0, 10_000))
def test_rounding_never_moves_a_number_by_more_than_two(number):
    assert rounded(number) % 5 == 0
    assert abs(rounded(number) - number) <= 2


def test_shares_are_whole_per_cent_of_rounded_numbers_over_fifty():
    assert share(45, 50) == 90
    assert share(5, 80) == 6, "6.25"
    assert share(10, 80) == 13, "12.5 is rounded up"
    assert share(5, 45) is None
    assert share(0, 0) is None


def alone(number, start=0):
    """Persons nobody of whom belongs together."""
    return {start + person: {("opened", start + person)} for person in range(number)}


def test_a_family_is_one_unit_and_so_are_twelve_of_one_day():
    assert unit_count(range(20), alone(20)) == 20
    assert unit_count(range(20), {}) == 20
    family = alone(20) | {person: {("household", 1)} for person in range(4)}
    assert unit_count(range(20), family) == 17
    twelve = alone(20) | {person: {("opened", "day")} for person in range(12)}
    assert unit_count(range(20), twelve) == 9


def test_units_join_over_families_and_days():
    """The sister of somebody who came with eleven others on one day belongs to the twelve."""
    ties = {person: {("opened", "day")} for person in range(12)}
    ties[0] = {("opened", "day"), ("household", 1)}
    ties[12] = {("opened", "later"), ("household", 1)}
    ties[13] = {("opened", "later")}
    ties[14] = {("opened", "elsewhere")}
    for order in (range(15), reversed(range(15)), random.Random(1).sample(range(15), 15)):
        assert unit_count(order, ties) == 2


@pytest.mark.parametrize(("persons", "stored"), [(49, False), (50, True)])
def test_a_table_needs_fifty_persons(persons, stored):
    assert may_store(range(persons), [], alone(persons), **NEEDS) is stored


@pytest.mark.parametrize(
    ("came", "left", "stored"), [(19, 0, False), (20, 0, True), (10, 9, False), (10, 10, True)]
)
def test_twenty_units_must_have_come_or_left_since_the_last_one(came, left, stored):
    before, now = range(100), range(left, 100 + came)
    assert may_store(now, before, alone(200), **NEEDS) is stored


def test_nineteen_people_and_a_family_are_twenty_units_and_a_large_family_is_one():
    family = {100 + child: {("household", 1)} for child in range(9)}
    ties = alone(100) | family | alone(19, 200)
    base = set(range(100))
    assert not may_store(base | family.keys(), base, ties, **NEEDS)
    assert may_store(base | family.keys() | set(range(200, 219)), base, ties, **NEEDS)


def test_the_table_of_a_town_of_250_beside_a_town_of_one_keeps_the_district_silent():
    """The difference of the two tables would be that one person."""
    bases = {1: set(range(250)), 2: {999}}
    ties = alone(1000)
    assert may_store(bases[1], [], ties, **NEEDS)
    assert not may_store(bases[2], [], ties, **NEEDS)
    assert not district_may_store(bases, {}, [1], ties, **NEEDS)
    assert district_may_store({1: bases[1]}, {}, [1], ties, **NEEDS)
    assert district_may_store(bases, {}, [], ties, **NEEDS), "nothing to subtract"


def test_what_the_municipalities_leave_of_the_district_must_be_enough_by_itself():
    ties = alone(1000)
    large, small, second = set(range(250)), set(range(300, 325)), set(range(400, 425))
    bases = {1: large, 2: small, 3: second}
    assert district_may_store(bases, {}, [1], ties, **NEEDS), "fifty persons, all of them new"
    before = {1: set(), 2: small, 3: second}
    assert not district_may_store(bases, before, [1], ties, **NEEDS), "of the rest nobody came or left"


def entries(number, persons, place=1, start=0):
    return [Entry(start + key, "topic", start + key % persons, place) for key in range(number)]


def test_work_is_told_by_kind_from_fifty_entries_of_twenty_persons():
    limits = Thresholds()
    assert enough_entries(entries(50, 20), limits)
    assert not enough_entries(entries(49, 20), limits)
    assert not enough_entries(entries(50, 19), limits)
    joint = [Entry(1, "topic", person, 1) for person in range(60)]
    assert not enough_entries(joint, limits), "a joint talk is one entry"
    large, one = entries(400, 100), entries(1, 1, place=2, start=1000)
    assert not district_has_enough_entries([*large, *one], [1], limits)
    assert district_has_enough_entries(large, [1], limits)
    assert district_has_enough_entries([*large, *entries(50, 20, place=2, start=1000)], [1], limits)


# --- the attack -----------------------------------------------------------------------------------------

VALUES = 4
HALF_YEARS = 8


class Town:
    """Sixty people in families, who come and go over eight half-years; the tables the rule stores of them."""

    def __init__(self, seed):
        pick = random.Random(seed)
        self.units = [pick.choice([1, 1, 1, 2, 3, 4]) for _unit in range(70)]
        self.values = [pick.choices(range(VALUES), weights=(12, 5, 2, 1))[0] for _unit in self.units]
        waiting = list(range(len(self.units)))
        present = []
        while sum(self.units[unit] for unit in present) < 60:
            present.append(waiting.pop(0))
        self.stored = []
        last = set()
        for _half_year in range(HALF_YEARS):
            base = {(unit, n) for unit in present for n in range(self.units[unit])}
            ties = {person: {("household", person[0])} for person in base | last}
            if may_store(base, last, ties, **NEEDS):
                self.stored.append((list(present), self.table_of(present)))
                last = base
            for _change in range(pick.randint(3, 12)):
                present.pop(pick.randrange(len(present)))
                waiting = waiting or [unit for unit in range(len(self.units)) if unit not in present]
                present.append(waiting.pop(0))

    def table_of(self, present):
        counted = Counter()
        for unit in present:
            counted[self.values[unit]] += self.units[unit]
        return [*(rounded(counted[value]) for value in range(VALUES)), rounded(sum(counted.values()))]

    def other_value_is_possible(self, unit):
        """Whether the tables leave a world in which this family has another value.

        The reader is taken to know everything else: who was counted when, and that a family shares its value.
        """
        size = len(self.units) * VALUES
        rows, low, high = [], [], []
        for number in range(len(self.units)):
            row = numpy.zeros(size)
            row[number * VALUES : (number + 1) * VALUES] = 1
            rows.append(row)
            low.append(1)
            high.append(1)
        for present, table in self.stored:
            for value in range(VALUES):
                row = numpy.zeros(size)
                for number in present:
                    row[number * VALUES + value] = self.units[number]
                rows.append(row)
                low.append(table[value] - 2)
                high.append(table[value] + 2)
        most = numpy.ones(size)
        most[unit * VALUES + self.values[unit]] = 0
        found = milp(
            numpy.zeros(size),
            integrality=numpy.ones(size),
            bounds=Bounds(numpy.zeros(size), most),
            constraints=LinearConstraint(numpy.array(rows), low, high),
        )
        return found.status == 0


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_tables_of_eight_half_years_leave_everybody_two_possible_values(seed):
    town = Town(seed)
    assert len(town.stored) > 2, "nothing to attack"
    counted = {unit for present, _table in town.stored for unit in present}
    told = [unit for unit in counted if not town.other_value_is_possible(unit)]
    assert told == []


def test_the_attack_finds_what_is_to_be_found():
    """Exact numbers, or a table after every single change, give people away; the attack must see that."""
    town = Town(1)
    everybody = list(range(30))
    town.stored = [(everybody[: n + 1], town.table_of(everybody[: n + 1])) for n in range(30)]
    exact = [numpy.array(table) for _present, table in town.stored]
    assert any((after != before).any() for before, after in itertools.pairwise(exact))
    told = [unit for unit in everybody if not town.other_value_is_possible(unit)]
    assert told
