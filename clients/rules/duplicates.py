"""Whether two entries may be the same person. A suspicion is a warning, never a block: the person decides.

The consonant key finds, rapidfuzz ranks. Members of one household share surname, address and phone, so
without a matching given name there is no suspicion.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import Generic, TypeVar

from rapidfuzz import fuzz

from clients.choices import DuplicateReason, Precision
from clients.rules.dates import UncertainDate
from clients.rules.names import consonant_key, fold, name_parts

T = TypeVar("T")

# Two folded parts this similar are one name, also with different keys (measured on 72 spellings of 15 names).
SAME_SPELLING = 85.0
# Equal keys alone are noisy when short ("Ali" and "Ola" share one): the letters must agree somewhat too.
KEY_NEEDS_SPELLING = 50.0
# No name has more words; comparing costs time by their square.
MOST_PARTS = 8
# How many entries one entry is compared with. More with the same sound and birth date are made up.
MOST_COMPARED = 200
SURE = frozenset({DuplicateReason.SAME_NAME, DuplicateReason.SAME_BIRTH_DATE})


@dataclass(frozen=True)
class PersonTraits:
    """What two entries are compared by. `phone` in normalised form; `born` None when unknown."""

    surname: str
    given: str
    born: UncertainDate | None = None
    phone: str = ""

    @cached_property
    def surname_parts(self) -> tuple[str, ...]:
        return name_parts(self.surname, MOST_PARTS)

    @cached_property
    def given_parts(self) -> tuple[str, ...]:
        return name_parts(self.given, MOST_PARTS)

    @cached_property
    def folded(self) -> tuple[str, str]:
        return fold(self.surname), fold(self.given)

    @cached_property
    def block_keys(self) -> frozenset[str]:
        """Keys under which another entry must stand to be compared at all."""
        keys = (consonant_key(part) for part in self.surname_parts + self.given_parts)
        return frozenset(key for key in keys if key)


@dataclass(frozen=True, slots=True)
class Suspicion:
    """Two entries may be one person. `score` ranks (0–100); `reasons` are what the screen says."""

    score: int
    reasons: tuple[DuplicateReason, ...]

    @property
    def text(self) -> str:
        """The reasons in words."""
        return ", ".join(str(reason.label) for reason in self.reasons)

    @property
    def is_sure(self) -> bool:
        """Same name and same date of birth: this very person, as far as paper can tell."""
        return SURE.issubset(self.reasons)


class _Birth(StrEnum):
    SAME = "same"
    SAME_PLACEHOLDER = "same_placeholder"
    NEAR = "near"
    UNKNOWN = "unknown"
    DIFFERENT = "different"


_BIRTH_POINTS = {
    _Birth.SAME: 30,
    _Birth.SAME_PLACEHOLDER: 22,
    _Birth.NEAR: 15,
    _Birth.UNKNOWN: 5,
    _Birth.DIFFERENT: 0,
}


def _compare_births(one: UncertainDate | None, other: UncertainDate | None) -> _Birth:
    if one is None or other is None:
        return _Birth.UNKNOWN
    if one == other:
        return _Birth.SAME_PLACEHOLDER if one.is_placeholder else _Birth.SAME
    if one.is_placeholder or other.is_placeholder:
        return _Birth.NEAR if one.value.year == other.value.year else _Birth.DIFFERENT
    if Precision.MONTH in (one.precision, other.precision):
        same_month = (one.value.year, one.value.month) == (other.value.year, other.value.month)
        return _Birth.NEAR if same_month else _Birth.DIFFERENT
    if (one.value.year, one.value.month, one.value.day) == (
        other.value.year,
        other.value.day,
        other.value.month,
    ):
        return _Birth.NEAR
    digits = zip(f"{one.value:%d%m%Y}", f"{other.value:%d%m%Y}", strict=True)
    return _Birth.NEAR if sum(a != b for a, b in digits) == 1 else _Birth.DIFFERENT


def _same_part(one: str, other: str) -> bool:
    ratio = fuzz.ratio(one, other)
    if ratio >= SAME_SPELLING:
        return True
    return ratio >= KEY_NEEDS_SPELLING and consonant_key(one) == consonant_key(other)


def _covers(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether each part of the shorter name finds its own partner in the longer one."""
    # Also ordered by spelling: the first partner wins, and the answer must not depend on who comes first.
    fewer, more = sorted((sorted(one), sorted(other)), key=lambda parts: (len(parts), parts))
    left = list(more)
    for part in fewer:
        partner = next((candidate for candidate in left if _same_part(part, candidate)), None)
        if partner is None:
            return False
        left.remove(partner)
    return bool(fewer)


def _same_name(one: Sequence[str], other: Sequence[str]) -> bool:
    """Parts agree, or the whole does when one side is written in one word (Al Ahmad, Alahmad)."""
    if not one or not other:
        return False
    return _covers(one, other) or _same_part("".join(one), "".join(other))


def _compare_names(one: PersonTraits, other: PersonTraits) -> DuplicateReason | None:
    if one.folded == other.folded and all(one.folded):
        return DuplicateReason.SAME_NAME
    if _same_name(one.surname_parts, other.surname_parts) and _same_name(one.given_parts, other.given_parts):
        return DuplicateReason.SIMILAR_NAME
    if _same_name(one.surname_parts, other.given_parts) and _same_name(one.given_parts, other.surname_parts):
        return DuplicateReason.SWAPPED_NAME
    all_of_one = one.surname_parts + one.given_parts
    all_of_other = other.surname_parts + other.given_parts
    # "Nazari, Mohammad Reza" and "Reza Nazari, Mohammad": the same words, divided differently.
    if len(all_of_one) == len(all_of_other) > 2 and _covers(all_of_one, all_of_other):
        return DuplicateReason.SWAPPED_NAME
    one_lacks_given, other_lacks_given = not one.given_parts, not other.given_parts
    if (one_lacks_given or other_lacks_given) and _same_name(one.surname_parts, other.surname_parts):
        return DuplicateReason.GIVEN_NAME_MISSING
    return None


def suspect(one: PersonTraits, other: PersonTraits) -> Suspicion | None:
    """Whether two entries may be one person; None when nothing speaks for it. Symmetric.

    A full name match needs a birth date that does not contradict, or the same phone; an entry without a given
    name needs the same exact birth date.
    """
    name = _compare_names(one, other)
    if name is None:
        return None
    birth = _compare_births(one.born, other.born)
    same_phone = bool(one.phone) and one.phone == other.phone
    if name is DuplicateReason.GIVEN_NAME_MISSING and birth is not _Birth.SAME:
        return None
    if birth is _Birth.DIFFERENT and not same_phone:
        return None
    reasons = [name]
    if birth in (_Birth.SAME, _Birth.SAME_PLACEHOLDER):
        reasons.append(DuplicateReason.SAME_BIRTH_DATE)
    elif birth is _Birth.NEAR:
        reasons.append(DuplicateReason.SIMILAR_BIRTH_DATE)
    if same_phone:
        reasons.append(DuplicateReason.SAME_PHONE)
    likeness = fuzz.token_sort_ratio(
        " ".join(one.surname_parts + one.given_parts), " ".join(other.surname_parts + other.given_parts)
    )
    points = likeness * 0.6 + _BIRTH_POINTS[birth] + (10 if same_phone else 0)
    return Suspicion(min(round(points), 100), tuple(reasons))


def rank(person: PersonTraits, candidates: Iterable[tuple[T, PersonTraits]]) -> list[tuple[T, Suspicion]]:
    """The candidates that may be `person`, most likely first; each once, with its best spelling."""
    best: dict[T, Suspicion] = {}
    for candidate, traits in candidates:
        suspicion = suspect(person, traits)
        if suspicion and (candidate not in best or suspicion.score > best[candidate].score):
            best[candidate] = suspicion
    return sorted(best.items(), key=lambda found: -found[1].score)


def without_dismissed(
    found: Sequence[tuple[T, Suspicion]], apart: Mapping[T, Collection[T]]
) -> list[tuple[T, Suspicion]]:
    """Leave out candidates that were told apart from the one that surely is this person.

    Args:
        found: the candidates that may be the person.
        apart: for each candidate those it was told apart from.
    """
    sure = {candidate for candidate, suspicion in found if suspicion.is_sure}
    settled = {other for candidate in sure for other in apart.get(candidate, ())} - sure
    return [(candidate, suspicion) for candidate, suspicion in found if candidate not in settled]


def _birth_keys(born: UncertainDate | None) -> tuple[set[str], set[str]]:
    """Under what an entry of this birth date is filed, and where those it does not contradict are found.

    Loses nothing: two dates that ``_compare_births`` does not call different share a key.
    """
    if born is None:
        return {"unknown", "any"}, {"any"}
    year, month = f"{born.value:year %Y}", f"{born.value:month %m%Y}"
    if born.is_placeholder:
        return {f"placeholder {year}", year, "any"}, {year, "unknown"}
    if born.precision == Precision.MONTH:
        return {f"only {month}", month, year, "any"}, {month, f"placeholder {year}", "unknown"}
    digits = f"{born.value:%d%m%Y}"
    near = {f"{digits[:place]}?{digits[place + 1 :]}" for place in range(len(digits))}
    near.add("swapped " + " ".join(sorted((digits[:2], digits[2:4]))) + digits[4:])
    return {*near, month, year, "any"}, {*near, f"only {month}", f"placeholder {year}", "unknown"}


class Crowd(Generic[T]):
    """Entries grouped by what two of them must share before they can be suspected.

    That is the sound of a name, and a birth date that does not contradict or a phone.
    """

    def __init__(self) -> None:
        self._blocks: defaultdict[tuple[str, str], list[T]] = defaultdict(list)

    def add(self, entry: T, person: PersonTraits) -> None:
        """File an entry."""
        filed, _found = _birth_keys(person.born)
        for key in _keys(person, filed):
            self._blocks[key].append(entry)

    def near(self, person: PersonTraits) -> tuple[list[T], bool]:
        """Whom to compare a person with, those with the rarest in common first; whether nobody is left out."""
        _filed, found = _birth_keys(person.born)
        blocks = [self._blocks[key] for key in _keys(person, found) if key in self._blocks]
        chosen: dict[T, None] = {}
        for block in sorted(blocks, key=len):
            chosen.update(dict.fromkeys(reversed(block[-MOST_COMPARED - 1 :])))
            if len(chosen) > MOST_COMPARED:
                return list(chosen)[:MOST_COMPARED], False
        return list(chosen), True


def _keys(person: PersonTraits, births: Iterable[str]) -> list[tuple[str, str]]:
    if not person.block_keys:
        return []
    shared = {*births, person.phone} - {""}
    return [*product(sorted(person.block_keys), sorted(shared)), (" ".join(person.folded), str(person.born))]


def suspected_among(
    people: Sequence[PersonTraits], start: int = 0, stop: int | None = None
) -> Iterator[tuple[int, list[tuple[int, Suspicion]], bool]]:
    """For each entry of a list (an import) the earlier ones it may repeat, in list order, and whether all were asked.

    Args:
        start, stop: judge only the entries in this range; ranges side by side give together what one call for
            the whole list gives, so that a long list can be compared in portions.
    """
    crowd: Crowd[int] = Crowd()
    for position, person in enumerate(people[:stop]):
        if position >= start:
            compared, is_complete = crowd.near(person)
            found = ((earlier, suspect(people[earlier], person)) for earlier in sorted(compared))
            yield position, [(earlier, hit) for earlier, hit in found if hit], is_complete
        crowd.add(position, person)
