"""How a caseload that lost its manager is dealt out by count (rules.md §8).

Whoever deals it sees numbers only, so the rule takes care of what she cannot see: a household goes into one hand
if the numbers allow it, into one that has somebody of it already where there is a choice; the most pressing files
go first; and nobody gets all of these. A household larger than every number waits, unless nothing else is left.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

File = TypeVar("File")
Taker = TypeVar("Taker", bound=Hashable)

MOST_TRIES = 20_000
"""After so many attempts to fit in every household whole, one is split: the numbers hardly allow it."""


@dataclass(frozen=True, slots=True)
class Bundle(Generic[File]):
    """Files that belong into one hand: one household's, or a single person's.

    Attributes:
        files: at least one.
        pressing: how pressing the most pressing of them is; more is more.
        near: takers who have files of the same household.
    """

    files: tuple[File, ...]
    pressing: float
    near: frozenset[Hashable] = frozenset()

    def split(self, first: int) -> "tuple[Bundle[File], Bundle[File]]":
        """So many files, and the rest."""
        return (
            Bundle(self.files[:first], self.pressing, self.near),
            Bundle(self.files[first:], self.pressing, self.near),
        )


def deal(bundles: Sequence[Bundle[File]], counts: Mapping[Taker, int]) -> dict[Taker, list[File]]:
    """Give every taker exactly her number of files.

    Args:
        bundles: what there is, in an order that decides between equals.
        counts: how many files each taker gets; 0 is none.

    Raises:
        ValueError: more files are asked for than there are, or a negative number.
    """
    wanted = sum(counts.values())
    if min(counts.values(), default=0) < 0 or wanted > sum(len(bundle.files) for bundle in bundles):
        raise ValueError("These files cannot be dealt out like that.")
    chosen = _most_pressing(bundles, wanted, largest=max(counts.values(), default=0))
    # The large ones first: the small ones fit in anywhere.
    chosen.sort(key=lambda bundle: (-len(bundle.files), not bundle.near))
    table = _Table(counts)
    table.fit_in([bundle for bundle in chosen if len(bundle.files) > 1])
    table.share_out(chosen)
    return table.hands


@dataclass(slots=True)
class _Table(Generic[Taker]):
    """What everybody has been given so far."""

    counts: Mapping[Taker, int]
    hands: dict[Taker, list] = field(init=False)
    carried: dict[Taker, float] = field(init=False)
    seats: dict[int, Taker] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.hands = {taker: [] for taker in self.counts}
        self.carried = dict.fromkeys(self.counts, 0.0)

    def fit_in(self, households: Sequence[Bundle]) -> None:
        """Find a hand for every household, whole; none at all if that cannot be had."""
        room = dict(self.counts)
        carried = dict.fromkeys(self.counts, 0.0)
        seats: list[Taker] = []
        tried: list[list[Taker]] = []
        for _attempt in range(MOST_TRIES):
            if len(seats) == len(households):
                self.seats = {id(bundle): taker for bundle, taker in zip(households, seats, strict=True)}
                return
            bundle = households[len(seats)]
            if len(tried) == len(seats):
                fitting = [taker for taker in self.counts if room[taker] >= len(bundle.files)]
                tried.append(sorted(fitting, key=lambda taker: self._order(taker, bundle, carried))[::-1])
            if tried[-1]:
                taker = tried[-1].pop()
                seats.append(taker)
                room[taker] -= len(bundle.files)
                carried[taker] += _weight(bundle)
            elif seats:
                # A dead end: the household before this one goes somewhere else.
                tried.pop()
                taker = seats.pop()
                room[taker] += len(households[len(seats)].files)
                carried[taker] -= _weight(households[len(seats)])
            else:
                return

    def share_out(self, bundles: Sequence[Bundle]) -> None:
        """Everything to the hand it fits in, else split."""
        waiting = list(bundles)
        while waiting:
            bundle = waiting.pop(0)
            room = {taker: count - len(self.hands[taker]) for taker, count in self.counts.items()}
            taker = self.seats.get(id(bundle)) or min(
                (taker for taker in self.counts if room[taker]),
                key=lambda taker: (
                    room[taker] < len(bundle.files),
                    *self._order(taker, bundle, self.carried),
                ),
            )
            given, rest = bundle.split(room[taker])
            self.hands[taker] += given.files
            self.carried[taker] += _weight(given)
            if rest.files:
                waiting.insert(0, rest)

    def _order(self, taker: Taker, bundle: Bundle, carried: Mapping[Taker, float]) -> tuple[bool, float]:
        """Who has somebody of the household already, then who has the fewest pressing files for her number."""
        return taker not in bundle.near, carried[taker] / self.counts[taker]


def _weight(bundle: Bundle) -> float:
    return len(bundle.files) * bundle.pressing


def _most_pressing(bundles: Iterable[Bundle[File]], wanted: int, *, largest: int) -> list[Bundle[File]]:
    """Exactly so many files: the most pressing bundles that fit into one hand, and others only if nothing else is left.

    Args:
        wanted: how many files.
        largest: the largest number somebody gets.
    """
    chosen, passed_over = [], []
    for bundle in sorted(bundles, key=lambda bundle: -bundle.pressing):
        if len(bundle.files) <= min(wanted, largest):
            chosen.append(bundle)
            wanted -= len(bundle.files)
        else:
            passed_over.append(bundle)
    for bundle in passed_over:
        if wanted:
            given, _left = bundle.split(wanted)
            chosen.append(given)
            wanted -= len(given.files)
    return chosen
