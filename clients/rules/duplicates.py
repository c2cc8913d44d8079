"""Whether two entries may be the same person. A suspicion is a warning, never a block: the person decides.

Keys of the names find whom to compare (``clients.rules.sounds``), likeness and birth date decide. Members of one
household share surname, address and phone, so without a matching given name there is no suspicion.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property
from itertools import product
from typing import Generic, TypeVar

from django.utils.translation import gettext as _

from clients.choices import DuplicateReason, Precision
from clients.rules.dates import UncertainDate
from clients.rules.likeness import LEAST, Alike, alike, both, keys_of, words
from clients.rules.names import fold

T = TypeVar("T")

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
    def folded(self) -> tuple[str, str]:
        return fold(self.surname), fold(self.given)

    @cached_property
    def full_name(self) -> str:
        """Surname and given name in one, as one who does not know which is which would write them."""
        return f"{self.surname} {self.given}".strip()

    @property
    def word_count(self) -> int:
        """Of how many words the name is made."""
        return len(words(self.full_name))

    @cached_property
    def block_keys(self) -> frozenset[str]:
        """Keys under which another entry must stand to be compared at all."""
        return keys_of(self.surname, self.given)


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
    def likelihood(self) -> str:
        """The score in words."""
        return likelihood(self.score)

    @property
    def is_sure(self) -> bool:
        """Same name and same date of birth: this very person, as far as paper can tell."""
        return SURE.issubset(self.reasons)


def likelihood(score: int) -> str:
    """A score in words."""
    if score >= VERY_LIKELY:
        return str(_("very likely the same person"))
    return str(_("probably the same person") if score >= LIKELY else _("possibly the same person"))


class _Birth(StrEnum):
    SAME = "same"
    SAME_PLACEHOLDER = "same_placeholder"
    NEAR = "near"
    SLIPPED = "slipped"
    UNKNOWN = "unknown"
    DIFFERENT = "different"


_POINTS = {
    _Birth.SAME: 50,
    _Birth.SAME_PLACEHOLDER: 35,
    _Birth.NEAR: 30,
    _Birth.SLIPPED: 25,
    _Birth.UNKNOWN: 15,
    _Birth.DIFFERENT: 0,
}
# How like the names must be, the less the dates of birth say: many were born on 1 January.
_LEAST_LIKE = {
    _Birth.SAME: LEAST,
    _Birth.SAME_PLACEHOLDER: 0.9,
    _Birth.NEAR: 0.92,
    _Birth.SLIPPED: 0.95,
    _Birth.UNKNOWN: 0.92,
    _Birth.DIFFERENT: LEAST,
}
NAME_POINTS, PHONE_POINTS, WORD_MISSING = 50, 10, -8
VERY_LIKELY, LIKELY = 90, 75


def _compare_births(one: UncertainDate | None, other: UncertainDate | None) -> _Birth:
    if one is None or other is None:
        return _Birth.UNKNOWN
    if one == other:
        return _Birth.SAME_PLACEHOLDER if one.is_placeholder else _Birth.SAME
    years_apart = abs(one.value.year - other.value.year)
    if one.is_placeholder or other.is_placeholder:
        return (_Birth.NEAR, _Birth.SLIPPED)[years_apart] if years_apart <= 1 else _Birth.DIFFERENT
    if Precision.MONTH in (one.precision, other.precision):
        same_month = (one.value.year, one.value.month) == (other.value.year, other.value.month)
        return _Birth.NEAR if same_month else _Birth.DIFFERENT
    return _slip(one.value, other.value)


def _slip(one: date, other: date) -> _Birth:
    """What one slip of the pen makes of a date: day and month swapped, one digit, two neighbouring digits swapped."""
    if (one.year, one.month, one.day) == (other.year, other.day, other.month):
        return _Birth.NEAR
    here, there = f"{one:%d%m%Y}", f"{other:%d%m%Y}"
    wrong = [place for place in range(len(here)) if here[place] != there[place]]
    if len(wrong) == 1:
        return _Birth.NEAR
    if len(wrong) == 2:
        first, second = wrong
        if second - first == 1 and (here[first], here[second]) == (there[second], there[first]):
            return _Birth.NEAR
        # Two parts wrong by one each, as when one counts on fingers.
        parts = ((one.day, other.day), (one.month, other.month), (one.year, other.year))
        if all(abs(mine - yours) <= 1 for mine, yours in parts):
            return _Birth.SLIPPED
    return _Birth.DIFFERENT


def _compare_names(one: PersonTraits, other: PersonTraits) -> tuple[DuplicateReason, Alike] | None:
    straight = both(alike(one.surname, other.surname), alike(one.given, other.given))
    same = one.folded == other.folded and straight.worst == 1
    crossed = both(alike(one.surname, other.given), alike(one.given, other.surname))
    # "Nazari, Mohammad Reza" and "Reza Nazari, Mohammad": the same words, divided differently.
    divided = Alike()
    if one.word_count > 1 and other.word_count > 1:
        divided = alike(one.full_name, other.full_name)
        divided = Alike() if divided.is_partial else divided
    found = [
        (DuplicateReason.SAME_NAME if same else DuplicateReason.SIMILAR_NAME, straight),
        (DuplicateReason.SWAPPED_NAME, crossed),
        (DuplicateReason.SWAPPED_NAME, divided),
    ]
    if bool(one.given.strip()) != bool(other.given.strip()):
        found.append((DuplicateReason.GIVEN_NAME_MISSING, alike(one.surname, other.surname)))
    # What leaves no word over says more; else in this order.
    return min((pair for pair in found if pair[1]), key=lambda pair: pair[1].is_partial, default=None)


def _says_enough(name: DuplicateReason, fit: Alike, birth: _Birth, word_count: int) -> bool:
    if birth is _Birth.SAME:
        return True
    # Of two given names either may be the surname, and Ali Hassan and Hassan Ali were both born on 1 January.
    reversed_only = name is DuplicateReason.SWAPPED_NAME and word_count <= 2
    return fit.worst >= _LEAST_LIKE[birth] and not fit.is_partial and not reversed_only


def suspect(one: PersonTraits, other: PersonTraits) -> Suspicion | None:
    """Whether two entries may be one person; None when nothing speaks for it. Symmetric.

    The less the dates of birth say, the more alike the names must be. A name of which a part is missing needs the same
    exact birth date or the same phone, and so does a contradicting birth date.
    """
    if one.block_keys.isdisjoint(other.block_keys):
        return None
    birth = _compare_births(one.born, other.born)
    same_phone = bool(one.phone) and one.phone == other.phone
    if birth is _Birth.DIFFERENT and not same_phone:
        return None
    compared = _compare_names(one, other)
    if compared is None:
        return None
    name, fit = compared
    if name is DuplicateReason.GIVEN_NAME_MISSING and birth is not _Birth.SAME:
        return None
    if not same_phone and not _says_enough(name, fit, birth, min(one.word_count, other.word_count)):
        return None
    reasons = [name]
    if birth in (_Birth.SAME, _Birth.SAME_PLACEHOLDER):
        reasons.append(DuplicateReason.SAME_BIRTH_DATE)
    elif birth in (_Birth.NEAR, _Birth.SLIPPED):
        reasons.append(DuplicateReason.SIMILAR_BIRTH_DATE)
    if same_phone:
        reasons.append(DuplicateReason.SAME_PHONE)
    points = fit.worst * NAME_POINTS + _POINTS[birth]
    points += (PHONE_POINTS if same_phone else 0) + (WORD_MISSING if fit.is_partial else 0)
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
    day = born.value
    year, month = f"year {day.year}", f"month {day:%m%Y}"
    years = range(day.year - 1, day.year + 2)
    placeholders = {f"placeholder {number}" for number in years}
    if born.is_placeholder:
        return {f"placeholder {day.year}", year, "any"}, {*(f"year {number}" for number in years), "unknown"}
    if born.precision == Precision.MONTH:
        return {f"only {month}", month, year, "any"}, {month, *placeholders, "unknown"}
    digits = f"{day:%d%m%Y}"
    near = {f"{digits[:place]}?{digits[place + 1 :]}" for place in range(len(digits))}
    for place in range(len(digits) - 1):
        pair = "".join(sorted(digits[place : place + 2]))
        near.add(f"{place} {digits[:place]}{pair}{digits[place + 2 :]}")
    near.add("swapped " + " ".join(sorted((digits[:2], digits[2:4]))) + digits[4:])
    beside = product((day.day - 1, day.day, day.day + 1), (day.month - 1, day.month, day.month + 1), years)
    slipped = {"exactly {:02}{:02}{}".format(*parts) for parts in beside}
    found = {*near, *slipped, f"only {month}", *placeholders, "unknown"}
    return {*near, f"exactly {digits}", month, year, "any"}, found


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
