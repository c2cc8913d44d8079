"""How a caseload that lost its manager is distributed by count (rules.md §8).

The coordinator sees numbers only, so the rule takes care of what she cannot see: a household goes to one manager
if the numbers allow it, and if possible to one who already has a member of it; the most pressing files
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
class FileGroup(Generic[File]):
    """Files that belong into one hand: one household's, or a single person's.

    Attributes:
        files: at least one.
        pressing: how pressing the most pressing of them is; more is more.
        near: takers who have files of the same household.
    """

    files: tuple[File, ...]
    pressing: float
    near: frozenset[Hashable] = frozenset()

    def split(self, first: int) -> "tuple[FileGroup[File], FileGroup[File]]":
        """So many files, and the rest."""
        return (
            FileGroup(self.files[:first], self.pressing, self.near),
            FileGroup(self.files[first:], self.pressing, self.near),
        )


def distribute(groups: Sequence[FileGroup[File]], counts: Mapping[Taker, int]) -> dict[Taker, list[File]]:
    """Give every taker exactly her number of files.

    Args:
        groups: what there is, in an order that decides between equals.
        counts: how many files each taker gets; 0 is none.

    Raises:
        ValueError: more files are asked for than there are, or a negative number.
    """
    wanted = sum(counts.values())
    if min(counts.values(), default=0) < 0 or wanted > sum(len(group.files) for group in groups):
        raise ValueError("These files cannot be distributed like that.")
    chosen = _most_pressing(groups, wanted, largest=max(counts.values(), default=0))
    # The large ones first: the small ones fit in anywhere.
    chosen.sort(key=lambda group: (-len(group.files), not group.near))
    distribution = _Distribution(counts)
    distribution.fit_in([group for group in chosen if len(group.files) > 1])
    distribution.share_out(chosen)
    return distribution.assignments


@dataclass(slots=True)
class _Distribution(Generic[Taker]):
    """What everybody has been given so far."""

    counts: Mapping[Taker, int]
    assignments: dict[Taker, list] = field(init=False)
    carried: dict[Taker, float] = field(init=False)
    placements: dict[int, Taker] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.assignments = {taker: [] for taker in self.counts}
        self.carried = dict.fromkeys(self.counts, 0.0)

    def fit_in(self, households: Sequence[FileGroup]) -> None:
        """Find a hand for every household, whole; none at all if that cannot be had."""
        room = dict(self.counts)
        carried = dict.fromkeys(self.counts, 0.0)
        placements: list[Taker] = []
        tried: list[list[Taker]] = []
        for _attempt in range(MOST_TRIES):
            if len(placements) == len(households):
                self.placements = {
                    id(group): taker for group, taker in zip(households, placements, strict=True)
                }
                return
            group = households[len(placements)]
            if len(tried) == len(placements):
                fitting = [taker for taker in self.counts if room[taker] >= len(group.files)]
                tried.append(sorted(fitting, key=lambda taker: self._order(taker, group, carried))[::-1])
            if tried[-1]:
                taker = tried[-1].pop()
                placements.append(taker)
                room[taker] -= len(group.files)
                carried[taker] += _weight(group)
            elif placements:
                # A dead end: the household before this one goes somewhere else.
                tried.pop()
                taker = placements.pop()
                room[taker] += len(households[len(placements)].files)
                carried[taker] -= _weight(households[len(placements)])
            else:
                return

    def share_out(self, groups: Sequence[FileGroup]) -> None:
        """Everything to the hand it fits in, else split."""
        waiting = list(groups)
        while waiting:
            group = waiting.pop(0)
            room = {taker: count - len(self.assignments[taker]) for taker, count in self.counts.items()}
            taker = self.placements.get(id(group)) or min(
                (taker for taker in self.counts if room[taker]),
                key=lambda taker: (
                    room[taker] < len(group.files),
                    *self._order(taker, group, self.carried),
                ),
            )
            given, rest = group.split(room[taker])
            self.assignments[taker] += given.files
            self.carried[taker] += _weight(given)
            if rest.files:
                waiting.insert(0, rest)

    def _order(self, taker: Taker, group: FileGroup, carried: Mapping[Taker, float]) -> tuple[bool, float]:
        """First who has a member of the household already, then who has the fewest pressing files for her number."""
        return taker not in group.near, carried[taker] / self.counts[taker]


def _weight(group: FileGroup) -> float:
    return len(group.files) * group.pressing


def _most_pressing(groups: Iterable[FileGroup[File]], wanted: int, *, largest: int) -> list[FileGroup[File]]:
    """Choose exactly so many files: the most pressing households that fit as a whole, others only if none is left.

    Args:
        wanted: how many files.
        largest: the largest number that one manager gets.
    """
    chosen, passed_over = [], []
    for group in sorted(groups, key=lambda group: -group.pressing):
        if len(group.files) <= min(wanted, largest):
            chosen.append(group)
            wanted -= len(group.files)
        else:
            passed_over.append(group)
    for group in passed_over:
        if wanted:
            given, _left = group.split(wanted)
            chosen.append(given)
            wanted -= len(given.files)
    return chosen
