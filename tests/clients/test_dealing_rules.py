"""Dealing out a caseload by count: exact numbers, households together, the pressing files first and shared."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.rules.dealing import Bundle, deal


def alone(*pressing: float) -> list[Bundle[str]]:
    """Single persons, named by their place in the row."""
    return [Bundle((f"p{number}",), level) for number, level in enumerate(pressing)]


def family(name: str, size: int, pressing: float = 1) -> Bundle[str]:
    return Bundle(tuple(f"{name}{number}" for number in range(size)), pressing)


def test_a_household_goes_into_one_hand():
    dealt = deal([*alone(1, 1, 1), family("a", 3), family("b", 2)], {"one": 4, "other": 4})

    hands = [sorted({file[0] for file in files}) for files in dealt.values()]
    assert hands == [["a", "p"], ["b", "p"]]


def test_the_most_pressing_go_first():
    dealt = deal(alone(0, 4, 1, 3), {"one": 2})

    assert sorted(dealt["one"]) == ["p1", "p3"]


def test_nobody_gets_all_pressing_files():
    dealt = deal(alone(4, 4, 4, 4, 0, 0, 0, 0), {"one": 4, "other": 4})

    assert [sum(file in {"p0", "p1", "p2", "p3"} for file in files) for files in dealt.values()] == [2, 2]


def test_pressing_files_follow_the_numbers():
    dealt = deal(alone(*[4] * 4, *[0] * 8), {"one": 9, "other": 3})

    assert [sum(int(file[1:]) < 4 for file in files) for files in dealt.values()] == [3, 1]


def test_a_household_larger_than_every_number_is_shared():
    dealt = deal([family("a", 5)], {"one": 3, "other": 2})

    assert [len(files) for files in dealt.values()] == [3, 2]


@pytest.mark.parametrize(
    ("sizes", "counts"),
    [((3, 2, 2), (4, 3)), ((3, 3, 2, 2, 2), (6, 6)), ((5, 4, 3, 3, 3), (9, 9)), ((2, 2, 2, 2, 1), (3, 6))],
)
def test_every_household_stays_whole_where_that_is_possible_at_all(sizes, counts):
    bundles = [family(f"{number}-", size) for number, size in enumerate(sizes)]

    dealt = deal(bundles, dict(zip("ab", counts, strict=True)))

    hands = [{file.split("-")[0] for file in files} for files in dealt.values()]
    assert hands[0].isdisjoint(hands[1])
    assert [len(files) for files in dealt.values()] == list(counts)


def test_a_household_goes_to_whoever_has_somebody_of_it():
    near = [Bundle(("a0", "a1"), 4, frozenset({"other"})), Bundle(("b0",), 4, frozenset({"other"}))]

    dealt = deal([*alone(4, 4, 4), *near], {"one": 3, "other": 3})

    assert set(dealt["other"]) == {"a0", "a1", "b0"}


def test_a_household_larger_than_every_number_waits_as_long_as_there_are_others():
    dealt = deal([family("a", 3, 4), *alone(0, 0, 0)], {"one": 2, "other": 1})

    assert not [file for files in dealt.values() for file in files if file.startswith("a")]


def test_what_is_left_is_a_whole_household_where_possible():
    dealt = deal([family("a", 3), *alone(1, 1)], {"one": 2})

    assert dealt["one"] == ["p0", "p1"]


def test_who_gets_none_gets_none():
    assert deal(alone(1), {"one": 0, "other": 1}) == {"one": [], "other": ["p0"]}
    assert deal([], {"one": 0}) == {"one": []}


@pytest.mark.parametrize("counts", [{"one": 3}, {"one": 3, "other": -1}])
def test_more_than_there_are_cannot_be_dealt(counts):
    with pytest.raises(ValueError, match="dealt"):
        deal(alone(1, 1), counts)


sizes = st.lists(st.tuples(st.integers(1, 6), st.sampled_from([0, 0.5, 1.5, 3, 4])), max_size=12)


@given(sizes, st.data())
def test_everybody_gets_exactly_her_number_and_no_file_twice(given_sizes, data):
    bundles = [family(f"{number}-", size, level) for number, (size, level) in enumerate(given_sizes)]
    left = sum(len(bundle.files) for bundle in bundles)
    counts = {}
    for taker in "abc":
        counts[taker] = data.draw(st.integers(0, left))
        left -= counts[taker]

    dealt = deal(bundles, counts)

    files = [file for hand in dealt.values() for file in hand]
    assert {taker: len(hand) for taker, hand in dealt.items()} == counts
    assert len(set(files)) == len(files)
    assert set(files) - {file for bundle in bundles for file in bundle.files} == set()
    if not left:
        assert len(files) == sum(len(bundle.files) for bundle in bundles)
