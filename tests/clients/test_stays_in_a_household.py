"""From when until when somebody lives in a household, over generated histories of joining, leaving and splitting."""

import datetime
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from clients.rules.stays import ONE_DAY, Stay, earliest_arrival, earliest_departure, left_on

FIRST = datetime.date(2024, 2, 20)
days = st.integers(0, 40).map(lambda number: FIRST + number * ONE_DAY)
people = st.integers(0, 4)
acts = st.lists(
    st.tuples(st.sampled_from(["join", "split"]), people, st.sets(people, min_size=1), days), max_size=25
)


@dataclass
class Village:
    """Who lived where; acts as the services do, each refused as a whole."""

    stays: dict[int, list[tuple[int, Stay]]] = field(default_factory=lambda: {n: [] for n in range(5)})
    houses: int = 0

    def all_of(self, person):
        return [stay for _house, stay in self.stays[person]]

    def home(self, person):
        return next(((house, stay) for house, stay in self.stays[person] if stay.until is None), None)

    def leave(self, person, day):
        house, stay = self.home(person)
        self.stays[person].remove((house, stay))
        ended = left_on(stay, day)
        if ended is not None:
            self.stays[person].append((house, ended))

    def join(self, person, others, day):
        movers = others - {person}
        newcomers = {mover for mover in movers if not self.together(person, mover)}
        arriving = newcomers | ({person} if self.home(person) is None else set())
        if any(day < earliest_arrival(self.all_of(mover)) for mover in arriving):
            return False
        if self.home(person) is None:
            self.houses += 1
            self.stays[person].append((self.houses, Stay(day)))
        house, _stay = self.home(person)
        for mover in newcomers:
            if self.home(mover) is not None:
                self.leave(mover, day)
            self.stays[mover].append((house, Stay(day)))
        return True

    def together(self, one, other):
        return (
            self.home(one) is not None
            and self.home(other) is not None
            and self.home(one)[0] == self.home(other)[0]
        )

    def split(self, person, others, day):
        if self.home(person) is None:
            return False
        leaving = {other for other in others if self.together(person, other)}
        members = {other for other in self.stays if self.together(person, other)}
        if not leaving or leaving == members:
            return False
        if day < earliest_departure(self.home(other)[1] for other in leaving):
            return False
        self.houses += 1
        for other in leaving:
            self.leave(other, day)
            self.stays[other].append((self.houses, Stay(day)))
        return True


@given(acts)
def test_nobody_ever_lives_in_two_households_or_ends_before_the_beginning(history):
    village = Village()
    for act, person, others, day in history:
        getattr(village, act)(person, others, day)
    for person in village.stays:
        stays = village.all_of(person)
        assert [stay for stay in stays if stay.until is not None and stay.until < stay.since] == []
        assert sum(stay.until is None for stay in stays) <= 1
        for number in range(45):
            assert sum(stay.holds_on(FIRST + number * ONE_DAY) for stay in stays) <= 1


@given(acts)
def test_what_is_refused_changes_nothing(history):
    village = Village()
    for act, person, others, day in history:
        before = {key: list(rows) for key, rows in village.stays.items()}
        if not getattr(village, act)(person, others, day):
            assert village.stays == before


@given(days, st.integers(0, 60))
def test_who_leaves_was_there_until_the_day_before_and_not_longer(since, later):
    day = since + later * ONE_DAY
    ended = left_on(Stay(since), day)
    there = [
        since + n * ONE_DAY
        for n in range(later + 3)
        if ended is not None and ended.holds_on(since + n * ONE_DAY)
    ]
    assert there == [since + n * ONE_DAY for n in range(later)]


@given(st.lists(days, min_size=1, max_size=5))
def test_a_split_waits_for_the_last_who_came(arrivals):
    first = earliest_departure(map(Stay, arrivals))
    assert all(since <= first for since in arrivals)
    assert first in arrivals
