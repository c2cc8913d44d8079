"""Dealing out a caseload by count: exact numbers, households together, the pressing files first and shared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.rules.caseload_distribution import FileGroup, distribute


def alone(*pressing: float) -> list[FileGroup[str]]:
    """Single persons, named by their place in the row."""
    return [FileGroup((f"p{number}",), level) for number, level in enumerate(pressing)]


def family(name: str, size: int, pressing: float = 1) -> FileGroup[str]:
    return FileGroup(tuple(f"{name}{number}" for number in range(size)), pressing)


def test_a_household_goes_into_one_hand():
    distributed = distribute([*alone(1, 1, 1), family("a", 3), family("b", 2)], {"one": 4, "other": 4})

    assignments = [sorted({file[0] for file in files}) for files in distributed.values()]
    assert assignments == [["a", "p"], ["b", "p"]]


def test_the_most_pressing_go_first():
    distributed = distribute(alone(0, 4, 1, 3), {"one": 2})

    assert sorted(distributed["one"]) == ["p1", "p3"]


def test_nobody_gets_all_pressing_files():
    distributed = distribute(alone(4, 4, 4, 4, 0, 0, 0, 0), {"one": 4, "other": 4})

    assert [sum(file in {"p0", "p1", "p2", "p3"} for file in files) for files in distributed.values()] == [
        2,
        2,
    ]


def test_pressing_files_follow_the_numbers():
    distributed = distribute(alone(*[4] * 4, *[0] * 8), {"one": 9, "other": 3})

    assert [sum(int(file[1:]) < 4 for file in files) for files in distributed.values()] == [3, 1]


def test_a_household_larger_than_every_number_is_shared():
    distributed = distribute([family("a", 5)], {"one": 3, "other": 2})

    assert [len(files) for files in distributed.values()] == [3, 2]


@pytest.mark.parametrize(
    ("sizes", "counts"),
    [((3, 2, 2), (4, 3)), ((3, 3, 2, 2, 2), (6, 6)), ((5, 4, 3, 3, 3), (9, 9)), ((2, 2, 2, 2, 1), (3, 6))],
)
def test_every_household_stays_whole_where_that_is_possible_at_all(sizes, counts):
    groups = [family(f"{number}-", size) for number, size in enumerate(sizes)]

    distributed = distribute(groups, dict(zip("ab", counts, strict=True)))

    assignments = [{file.split("-")[0] for file in files} for files in distributed.values()]
    assert assignments[0].isdisjoint(assignments[1])
    assert [len(files) for files in distributed.values()] == list(counts)


def test_a_household_goes_to_whoever_has_somebody_of_it():
    near = [FileGroup(("a0", "a1"), 4, frozenset({"other"})), FileGroup(("b0",), 4, frozenset({"other"}))]

    distributed = distribute([*alone(4, 4, 4), *near], {"one": 3, "other": 3})

    assert set(distributed["other"]) == {"a0", "a1", "b0"}


def test_a_household_larger_than_every_number_waits_as_long_as_there_are_others():
    distributed = distribute([family("a", 3, 4), *alone(0, 0, 0)], {"one": 2, "other": 1})

    assert not [file for files in distributed.values() for file in files if file.startswith("a")]


def test_what_is_left_is_a_whole_household_where_possible():
    distributed = distribute([family("a", 3), *alone(1, 1)], {"one": 2})

    assert distributed["one"] == ["p0", "p1"]


def test_who_gets_none_gets_none():
    assert distribute(alone(1), {"one": 0, "other": 1}) == {"one": [], "other": ["p0"]}
    assert distribute([], {"one": 0}) == {"one": []}


@pytest.mark.parametrize("counts", [{"one": 3}, {"one": 3, "other": -1}])
def test_more_than_there_are_cannot_be_dealt(counts):
    with pytest.raises(ValueError, match="distributed"):
        distribute(alone(1, 1), counts)


sizes = st.lists(st.tuples(st.integers(1, 6), st.sampled_from([0, 0.5, 1.5, 3, 4])), max_size=12)


@given(sizes, st.data())
def test_everybody_gets_exactly_her_number_and_no_file_twice(given_sizes, data):
    groups = [family(f"{number}-", size, level) for number, (size, level) in enumerate(given_sizes)]
    left = sum(len(group.files) for group in groups)
    counts = {}
    for taker in "abc":
        counts[taker] = data.draw(st.integers(0, left))
        left -= counts[taker]

    distributed = distribute(groups, counts)

    files = [file for hand in distributed.values() for file in hand]
    assert {taker: len(hand) for taker, hand in distributed.items()} == counts
    assert len(set(files)) == len(files)
    assert set(files) - {file for group in groups for file in group.files} == set()
    if not left:
        assert len(files) == sum(len(group.files) for group in groups)
