"""How well the suspicion of duplicates judges pairs of names that nobody tuned it on.

``python -m benchmarks.names`` prints recall and precision over ``tests/clients/data/pairs_of_names.csv``, by kind of
pair too, and how long a comparison takes. A test holds the floor (tests/clients/test_names_sound_alike.py).
"""

import csv
import time
from collections import Counter
from datetime import date
from pathlib import Path

from clients.rules.dates import UncertainDate
from clients.rules.duplicates import PersonTraits, suspect

PAIRS = Path(__file__).resolve().parent.parent / "tests" / "clients" / "data" / "pairs_of_names.csv"

Pair = dict[str, str]


def pairs() -> list[Pair]:
    """The judged pairs: ``truth`` is "same" or "different"."""
    with PAIRS.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines))


def is_suspected(pair: Pair) -> bool:
    """Whether the product suspects both sides of a pair to be one person."""
    one, other = (
        PersonTraits(
            pair[f"surname_{side}"],
            pair[f"given_{side}"],
            UncertainDate(date.fromisoformat(pair[f"born_{side}"])),
        )
        for side in "ab"
    )
    return suspect(one, other) is not None


def judged(some: list[Pair]) -> tuple[float, float]:
    """Recall and precision over some pairs."""
    found = Counter((pair["truth"], is_suspected(pair)) for pair in some)
    hits = found["same", True]
    return hits / (hits + found["same", False]), hits / (hits + found["different", True])


def main() -> None:
    """Print the figures."""
    every = pairs()
    began = time.process_time()
    recall, precision = judged(every)
    spent = (time.process_time() - began) / len(every)
    print(f"{len(every)} pairs: recall {recall:.2f}, precision {precision:.2f}, {spent * 1000:.1f} ms a pair")
    for kind in sorted({pair["kind"] for pair in every}):
        some = [pair for pair in every if pair["kind"] == kind]
        right = sum((pair["truth"] == "same") == is_suspected(pair) for pair in some)
        print(f"  {kind}: {right} of {len(some)} judged right")


if __name__ == "__main__":
    main()
