"""How a caseload that lost its manager is dealt out by count (rules.md §8).

Whoever deals it sees numbers only, so the rule takes care of what she cannot see: a household stays together
where the numbers allow it, the most pressing files go first, and nobody gets all of them.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

File = TypeVar("File")
Taker = TypeVar("Taker", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Bundle(Generic[File]):
    """Files that belong to one hand: one household's, or a single person's.

    Attributes:
        files: at least one.
        pressing: how pressing the most pressing of them is; more is more.
    """

    files: tuple[File, ...]
    pressing: float

    def split(self, first: int) -> "tuple[Bundle[File], Bundle[File]]":
        """So many files, and the rest."""
        return Bundle(self.files[:first], self.pressing), Bundle(self.files[first:], self.pressing)


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
    dealt: dict[Taker, list[File]] = {taker: [] for taker in counts}
    carried = dict.fromkeys(counts, 0.0)
    # The large ones first: the small ones fit in anywhere.
    hands = sorted(_most_pressing(bundles, wanted), key=lambda bundle: -len(bundle.files))
    while hands:
        bundle = hands.pop(0)
        room = {taker: count - len(dealt[taker]) for taker, count in counts.items()}
        taker = min(
            (taker for taker in counts if room[taker]),
            key=lambda taker: (room[taker] < len(bundle.files), carried[taker] / counts[taker]),
        )
        given, rest = bundle.split(room[taker])
        dealt[taker] += given.files
        carried[taker] += len(given.files) * given.pressing
        if rest.files:
            hands.insert(0, rest)
    return dealt


def _most_pressing(bundles: Iterable[Bundle[File]], wanted: int) -> list[Bundle[File]]:
    """Exactly so many files: the most pressing bundles whole, the last of them split only if nothing else fits."""
    chosen, passed_over = [], []
    for bundle in sorted(bundles, key=lambda bundle: -bundle.pressing):
        if len(bundle.files) <= wanted:
            chosen.append(bundle)
            wanted -= len(bundle.files)
        else:
            passed_over.append(bundle)
    if wanted:
        # Each of these holds more files than are still wanted.
        chosen.append(passed_over[0].split(wanted)[0])
    return chosen
