"""Houses of the municipality a list names: by their name or address, however they are spelt. Pure."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from intake.importing.values import plain

# What lists write where a private address is meant and not the name of a house.
PRIVATE_WORDS = frozenset({"privat", "private", "privatwohnung", "privatunterkunft", "wohnung"})
# What such a house is called before its name.
_KINDS = frozenset(
    {
        *(
            "au",
            "gu",
            "gk",
            "aub",
            "unterkunft",
            "unterbringung",
            "haus",
            "heim",
            "wohnheim",
            "objekt",
            "container",
        ),
        *(
            "anschlussunterbringung",
            "anschlussunterkunft",
            "gemeinschaftsunterkunft",
            "gemeinschaftsunterbringung",
        ),
        *("asylunterkunft", "fluechtlingsunterkunft", "containeranlage", "obdach", "obdachlosenunterkunft"),
        *("staedtische", "kommunale", "in", "im", "der", "die", "das"),
    }
)
_ROOM = re.compile(
    r"[,;/(]|[\s-]+(?:zi(?:mmer)?|whg|wohnung|app|apartment|raum|wohneinheit|we|bett)\b\.?|\b\d\.?\s*(?:og|stock)\b|\b[ed]g\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class KnownHouse:
    """A house of the municipality as lists are compared with it."""

    pk: int
    name: str
    street: str
    postcode: str = ""
    town: str = ""
    quarter: str = ""

    def may_be_in(self, postcode: str, town: str) -> bool:
        """Whether a postcode and a town that a list gives do not contradict."""
        said = set(plain(town).split())
        here = set(plain(f"{self.town} {self.quarter}").split())
        elsewhere = said - here if self.quarter else set()
        return (not postcode or postcode == self.postcode) and (
            not said or bool(said & here and not elsewhere)
        )


@dataclass(frozen=True)
class FoundHouse:
    """The house a list means; ``is_partly`` where its cell says more than the house, such as a room."""

    house: KnownHouse
    is_partly: bool = False


def _key(words: Iterable[str]) -> str:
    return "".join(re.sub(r"str(?:asse)?$", "str", word) for word in words if word != "nr")


def _keys(text: str) -> Iterator[str]:
    """The text as it is compared: as a whole, and without what such houses are called."""
    words = plain(text).split()
    yield _key(words)
    while words and words[0] in _KINDS:
        words.pop(0)
    yield _key(words)


class HouseBook:
    """The houses of one municipality, found by name or address."""

    def __init__(self, houses: Iterable[KnownHouse] = ()) -> None:
        self._by_key: defaultdict[str, set[KnownHouse]] = defaultdict(set)
        for house in houses:
            for key in {*_keys(house.name), *_keys(house.street)} - {""}:
                self._by_key[key].add(house)

    def __bool__(self) -> bool:
        return bool(self._by_key)

    def find(self, name: str, street: str, postcode: str, town: str) -> FoundHouse | None:
        """The only house these cells of a row can mean; None for a private address, or where two could be meant."""
        if plain(name) in PRIVATE_WORDS:
            return None
        at_street = self._meant(street, postcode, town)
        found = self._meant(name, postcode, town)
        if found is None:
            return at_street
        if street and (at_street is None or at_street.house != found.house):
            return None
        return found

    def _meant(self, text: str, postcode: str, town: str) -> FoundHouse | None:
        beginning = _ROOM.split(text, maxsplit=1)[0]
        for part in dict.fromkeys((text, beginning)):
            for key in _keys(part):
                fitting = [house for house in self._by_key.get(key, ()) if house.may_be_in(postcode, town)]
                if len(fitting) == 1:
                    return FoundHouse(fitting[0], is_partly=part != text)
        return None
