"""How like two names are, word by word: in any order, with words missing, written together or apart.

The words are read by their sounds (``clients.rules.sounds``). Articles and particles are set aside, for one office
writes them and the next does not.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, pairwise
from typing import NamedTuple

from clients.rules import sounds

# No name has more words; comparing costs time by their square.
MOST_WORDS = 8
# Longer names are nobody's who was written in one word elsewhere.
MOST_JOINED = 5
# Names of many words of many readings have more; each is a row of the index.
MOST_KEYS = 32
# Words less like than this are two names, however much else speaks for one person.
LEAST = 0.86
# What a missing word costs in the order of what is found.
PARTIAL = 0.2
# What is found only because the consonants are the same stands last: Mahmoud for Muhammad.
SAME_KEYS = 0.1

_BREAKS = re.compile(r"[\s\-‐-―_/.,;()|]+")
_INSIDE = re.compile(r"['’‘ʼʻ`´ʿʾ\u0640\u200c\u200d\u200e\u200f]+")
_ARTICLES = "al el ul ad an ar as at az ash adh ed en er es ez ال آل"
_FATHERS_AND_SONS = "ibn bin ben bint bent abu abou abo abi ould uld بن ابن بنت ابو أبو ابي أبي"
_EUROPEAN = "von van der den de di da du la le oglu"
_PARTICLES = frozenset(f"{_ARTICLES} {_FATHERS_AND_SONS} {_EUROPEAN}".split())
_SERVANTS = frozenset(["abd", "abdul", "abdel", "abdal", "abdoul", "abdu", "abdur", "abdus", "عبد"])


class Alike(NamedTuple):
    """How like two lists of words are: by the word that fits worst, 0 to 1, and whether one has words more."""

    worst: float = 0.0
    is_partial: bool = False

    def __bool__(self) -> bool:
        return self.worst >= LEAST


@lru_cache(maxsize=16_384)
def words(name: str) -> tuple[str, ...]:
    """The words of a name that sound, without particles: "Abd al-Rahman" is one word, "Al-Hariri" is "hariri"."""
    parted = _INSIDE.sub("", unicodedata.normalize("NFKC", name).lower())
    heard = list(islice((word for word in _BREAKS.split(parted) if sounds.forms(word)), MOST_WORDS))
    told = [word for word in heard if word not in _PARTICLES] or heard
    joined: list[str] = []
    for word in told:
        if joined and joined[-1] in _SERVANTS:
            joined[-1] += word
        else:
            joined.append(word)
    return tuple(joined)


@lru_cache(maxsize=16_384)
def whole(name: str) -> str:
    """A name written as one word, particles included: Al Ahmad as Alahmad."""
    parted = _INSIDE.sub("", unicodedata.normalize("NFKC", name).lower())
    return "".join(_BREAKS.split(parted))[: sounds.MOST_LETTERS]


def keys_of(*names: str) -> frozenset[str]:
    """Under which keys names are found: those of each word and of each two neighbours written together."""
    single: set[str] = set()
    together: set[str] = set()
    for name in names:
        parts = words(name)
        single.update(*map(sounds.keys, parts))
        joined = [one + written for one, other in pairwise(parts) for written in _behind(other)]
        together.update(*map(sounds.keys, (*joined, whole(name))))
    return frozenset([*sorted(single), *sorted(together - single)][:MOST_KEYS])


def alike(one: str, other: str) -> Alike:
    """How like two names are; the words of the shorter one each need a partner of their own. Symmetric."""
    here, there = words(one), words(other)
    if not here or not there:
        return Alike()
    fits = [_pair(here, there)]
    if max(len(here), len(there)) > MOST_JOINED:
        return fits[0]
    if len(here) != len(there):
        fewer, more = sorted((here, there), key=len)
        fits += [_pair(fewer, joined) for joined in _joined(more)]
    if len(here) != len(there) or whole(one) != "".join(here) or whole(other) != "".join(there):
        # A slip weighs as much as in the single words.
        apart = (1 - sounds.likeness(whole(one), whole(other))) * max(len(here), len(there))
        fits.append(Alike(max(1 - apart, 0.0)))
    return max(fits, key=lambda found: (bool(found), not found.is_partial, found.worst))


def both(surnames: Alike, given_names: Alike) -> Alike:
    """How like two persons' names are, of which surnames and given names were compared."""
    return Alike(min(surnames.worst, given_names.worst), surnames.is_partial or given_names.is_partial)


def found_by(typed: str, surname: str, given: str) -> float:
    """How well a typed name finds a stored one, 0 to 1; 0 when it does not.

    In any order and at every division into surname and given name, so that whatever is suspected to be one person
    (``clients.rules.duplicates``) is found too. The last word may still be in the making.
    """
    full = f"{surname} {given}"
    fits = [alike(typed, full)]
    if len(words(typed)) > 1:
        # Of somebody with one name alone the other may be unknown.
        fits.append(Alike(alike(typed, surname).worst, is_partial=True))
    parts = _BREAKS.split(typed)[:MOST_WORDS]
    for cut in range(1, len(parts)):
        first, last = " ".join(parts[:cut]), " ".join(parts[cut:])
        if not words(given):
            fits += [Alike(alike(part, surname).worst, is_partial=True) for part in (first, last)]
        fits += [
            both(alike(first, surname), alike(last, given)),
            both(alike(last, surname), alike(first, given)),
        ]
    best = max((fit.worst - (PARTIAL if fit.is_partial else 0) for fit in fits if fit), default=0.0)
    heard = words(typed)
    if best or not heard:
        return best
    filed = keys_of(surname, given)
    if all(not filed.isdisjoint(sounds.keys(word)) for word in heard):
        best = SAME_KEYS
    before = alike(" ".join(heard[:-1]), full) if len(heard) > 1 else Alike(1)
    begun = max((sounds.begins(heard[-1], word) for word in words(full)), default=0.0)
    return min(before.worst, begun) - PARTIAL if before and begun >= LEAST else best


def _joined(parts: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """With two neighbours written together."""
    for place in range(len(parts) - 1):
        for written in _behind(parts[place + 1]):
            yield (*parts[:place], parts[place] + written, *parts[place + 2 :])


def _behind(word: str) -> tuple[str, ...]:
    """How a word is written behind another one: نور الدين is Nouraldin, and Noureddine."""
    return (word, word[2:]) if word.startswith("ال") and len(word) > 4 else (word,)


def _pair(one: Sequence[str], other: Sequence[str]) -> Alike:
    """The words of the shorter list with the partners that fit best; 0 as soon as one of them has none."""
    is_partial = len(one) != len(other)
    fewer, more = (one, other) if len(one) <= len(other) else (other, one)
    fits = []
    for here_at, here in enumerate(fewer):
        compared = [(sounds.likeness(here, there), here_at, there_at) for there_at, there in enumerate(more)]
        likely = [fit for fit in compared if fit[0] >= LEAST]
        if not likely:
            return Alike(0.0, is_partial)
        fits += likely
    # The best pairs first; among equals by spelling, so that the answer does not depend on who comes first.
    fits.sort(key=lambda fit: (-fit[0], *sorted((fewer[fit[1]], more[fit[2]]))))
    left, right, worst = set(range(len(fewer))), set(range(len(more))), 1.0
    for likeness, here_at, there_at in fits:
        if here_at in left and there_at in right:
            left.remove(here_at)
            right.remove(there_at)
            worst = min(worst, likeness)
    return Alike(0.0 if left else worst, is_partial)
