"""Drawing people: where they come from, how old they are, how they live (demonstration.md "People")."""

from __future__ import annotations

import dataclasses
import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from dateutil.relativedelta import relativedelta

from accounts.rules.calendar import full_years
from clients.choices import AccommodationKind, Gender, Precision, ResidenceStatus, Script
from demo import names
from demo.names import NameStock

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Tongue:
    """A mother tongue and who speaks it."""

    code: str
    script: Script
    stock: NameStock


ARABIC: Final = Tongue("ar", Script.ARABIC, names.ARABIC)
KURDISH: Final = Tongue("kmr", Script.LATIN, names.KURDISH)
DARI: Final = Tongue("prs", Script.ARABIC, names.AFGHAN)
PASHTO: Final = Tongue("ps", Script.ARABIC, names.AFGHAN)
FARSI: Final = Tongue("fa", Script.ARABIC, names.IRANIAN)
UKRAINIAN: Final = Tongue("uk", Script.CYRILLIC, names.UKRAINIAN)
RUSSIAN: Final = Tongue("ru", Script.CYRILLIC, names.RUSSIAN)
TURKISH: Final = Tongue("tr", Script.LATIN, names.TURKISH)
TIGRINYA: Final = Tongue("ti", Script.ETHIOPIC, names.ERITREAN)
SOMALI: Final = Tongue("so", Script.LATIN, names.SOMALI)
ENGLISH_GAMBIA: Final = Tongue("en", Script.LATIN, names.GAMBIAN)
ENGLISH_NIGERIA: Final = Tongue("en", Script.LATIN, names.NIGERIAN)
ALBANIAN: Final = Tongue("sq", Script.LATIN, names.BALKAN)
URDU: Final = Tongue("ur", Script.ARABIC, names.PAKISTANI)
GEORGIAN: Final = Tongue("ka", Script.OTHER, names.GEORGIAN)

TONGUES: Final[Mapping[str, Sequence[tuple[Tongue, int]]]] = {
    "SY": ((ARABIC, 85), (KURDISH, 15)),
    "IQ": ((ARABIC, 60), (KURDISH, 40)),
    "AF": ((DARI, 65), (PASHTO, 25), (FARSI, 10)),
    "IR": ((FARSI, 100),),
    "UA": ((UKRAINIAN, 60), (RUSSIAN, 40)),
    "TR": ((TURKISH, 70), (KURDISH, 30)),
    "ER": ((TIGRINYA, 100),),
    "SO": ((SOMALI, 100),),
    "GM": ((ENGLISH_GAMBIA, 100),),
    "NG": ((ENGLISH_NIGERIA, 100),),
    "XK": ((ALBANIAN, 100),),
    "PK": ((URDU, 100),),
    "GE": ((GEORGIAN, 100),),
}
"""Mother tongues by nationality (demonstration.md "People")."""

MALE_SHARE: Final[Mapping[str, int]] = {"UA": 39, "SY": 65, "AF": 69, "IQ": 61, "GM": 88}
OTHER_MALE_SHARE: Final = 58


@dataclass(frozen=True, slots=True)
class Profile:
    """The people of a time: 2018, when the service began, or today."""

    nationalities: Sequence[tuple[str, int]]
    residence: Sequence[tuple[ResidenceStatus, int]]


SEED: Final = Profile(
    nationalities=(
        ("SY", 36),
        ("AF", 15),
        ("IQ", 13),
        ("GM", 7),
        ("NG", 6),
        ("ER", 6),
        ("IR", 5),
        ("XK", 5),
        ("PK", 3),
        ("SO", 2),
        ("TR", 1),
        ("GE", 1),
    ),
    residence=(
        (ResidenceStatus.GFK, 40),
        (ResidenceStatus.SUBS, 18),
        (ResidenceStatus.GESTATTUNG, 14),
        (ResidenceStatus.DULDUNG, 13),
        (ResidenceStatus.ABSCHIEBUNGSVERBOT, 7),
        (ResidenceStatus.FAMILY, 6),
        (ResidenceStatus.FIKTION, 2),
    ),
)
TODAY: Final = Profile(
    nationalities=(
        ("UA", 45),
        ("SY", 21),
        ("AF", 10),
        ("TR", 6),
        ("IQ", 6),
        ("ER", 2),
        ("NG", 2),
        ("GM", 2),
        ("IR", 2),
        ("SO", 1),
        ("GE", 2),
        ("PK", 1),
    ),
    residence=(
        (ResidenceStatus.UKRAINE, 44),
        (ResidenceStatus.SUBS, 16),
        (ResidenceStatus.GFK, 14),
        (ResidenceStatus.GESTATTUNG, 6),
        (ResidenceStatus.DULDUNG, 5),
        (ResidenceStatus.FAMILY, 5),
        (ResidenceStatus.ABSCHIEBUNGSVERBOT, 4),
        (ResidenceStatus.CHANCEN, 4),
        (ResidenceStatus.SETTLEMENT, 2),
    ),
)
PROFILES: Final[Mapping[str, Profile]] = {"seed": SEED, "today": TODAY}

AGES: Final[Sequence[tuple[tuple[int, int], int]]] = (
    ((16, 17), 4),
    ((18, 25), 18),
    ((26, 35), 32),
    ((36, 45), 24),
    ((46, 60), 16),
    ((61, 79), 6),
)
"""Ages of people with a file of their own: mostly adults (demonstration.md "People")."""

HOUSEHOLD_SIZES: Final[Sequence[tuple[int, int]]] = ((1, 46), (2, 16), (3, 14), (4, 12), (5, 8), (6, 4))

ACCOMMODATION: Final[Sequence[tuple[AccommodationKind, int]]] = (
    (AccommodationKind.AU_SHARED, 22),
    (AccommodationKind.AU_FLAT, 28),
    (AccommodationKind.PRIVATE, 48),
    (AccommodationKind.RELATIVES, 2),
)

QUARTERS: Final = ("Blankenloch", "Büchig", "Friedrichstal", "Spöck", "Staffort")
"""The parts of the town of Stutensee; streets are invented, so no address is anybody's."""
STREETS: Final = (
    "Am Probeacker",
    "Musterallee",
    "Beispielweg",
    "An der Vorlage",
    "Zum Entwurf",
    "Übungsring",
    "Modellgasse",
    "Am Testfeld",
)

GERMAN_LEVELS: Final[Sequence[tuple[str, int]]] = (
    ("none", 8),
    ("a1", 20),
    ("a2", 28),
    ("b1", 27),
    ("b2", 13),
    ("c1", 4),
)


def weighted(pick: random.Random, shares: Sequence[tuple[T, int]]) -> T:
    """One of the values, by its share."""
    return pick.choices([value for value, _ in shares], weights=[share for _, share in shares])[0]


@dataclass(frozen=True, slots=True)
class Child:
    """A co-counselled relative without a file."""

    surname: str
    given_name: str
    birth_date: dt.date


@dataclass(frozen=True, slots=True)
class Person:
    """One invented person with a file."""

    surname: str
    given_name: str
    gender: Gender
    birth_date: dt.date
    birth_precision: Precision
    nationality: str
    tongue: Tongue
    reads: bool
    german_level: str
    arrived_on: dt.date
    residence: ResidenceStatus
    accommodation: AccommodationKind
    street: str
    quarter: str
    mobile: str
    children: tuple[Child, ...]

    @property
    def scripts(self) -> list[str]:
        """What they read: the script of their tongue and, with some German, the Latin one."""
        if not self.reads:
            return []
        return list(dict.fromkeys([self.tongue.script.value, *(["latin"] if self.speaks_german else [])]))

    @property
    def speaks_german(self) -> bool:
        """Whether German is one of their languages."""
        return self.german_level not in ("none", "a1")

    @property
    def interpreter_needed(self) -> bool:
        return self.german_level in ("none", "a1") and self.tongue.code != "en"


class People:
    """Draws invented people; the same seed draws the same people.

    Args:
        pick: the source of chance, seeded by the caller.
        profile: whose distributions to use.
        phones: running numbers, shared by all municipalities so that no two people have one telephone.
    """

    def __init__(self, pick: random.Random, profile: Profile, phones: Iterator[int]) -> None:
        self._pick = pick
        self._profile = profile
        self._phones = phones
        self._names: set[tuple[str, str]] = set()

    def draw(self, known_from: dt.date, origin: tuple[str, Tongue] | None = None) -> Person:
        """A person whose file is opened on `known_from`; of a given nationality and tongue when one is named."""
        pick = self._pick
        nationality = origin[0] if origin else weighted(pick, self._profile.nationalities)
        tongue = origin[1] if origin else weighted(pick, TONGUES[nationality])
        female = pick.randrange(100) >= MALE_SHARE.get(nationality, OTHER_MALE_SHARE)
        surname, given = self._name(tongue, female=female)
        born, precision = self._birth(known_from)
        return Person(
            surname=surname,
            given_name=given,
            gender=Gender.FEMALE if female else Gender.MALE,
            birth_date=born,
            birth_precision=precision,
            nationality=nationality,
            tongue=tongue,
            reads=pick.random() > 0.06,
            german_level=weighted(pick, GERMAN_LEVELS),
            arrived_on=known_from - dt.timedelta(days=pick.randint(120, 900)),
            residence=self._residence(nationality),
            accommodation=weighted(pick, ACCOMMODATION),
            street=self._street(),
            quarter=pick.choice(QUARTERS),
            mobile=self._mobile(),
            children=self._children(surname, tongue.stock, born, known_from),
        )

    def _name(self, tongue: Tongue, *, female: bool) -> tuple[str, str]:
        """A name nobody has yet, as long as there are such names."""
        for _attempt in range(20):
            surname = tongue.stock.surname(self._pick, female=female)
            given = tongue.stock.given(self._pick, female=female)
            if (surname, given) not in self._names:
                break
        self._names.add((surname, given))
        return surname, given

    def _residence(self, nationality: str) -> ResidenceStatus:
        if nationality == "UA":
            return ResidenceStatus.UKRAINE
        shares = [
            (status, share) for status, share in self._profile.residence if status != ResidenceStatus.UKRAINE
        ]
        return weighted(self._pick, shares)

    def _birth(self, known_from: dt.date) -> tuple[dt.date, Precision]:
        youngest, oldest = weighted(self._pick, AGES)
        age = self._pick.randint(youngest, oldest)
        day = known_from - relativedelta(years=age, days=self._pick.randint(1, 364))
        chance = self._pick.random()
        if chance < 0.05:
            return dt.date(day.year, 1, 1), Precision.YEAR
        # Authorities write 1 January when they do not know the day.
        if chance < 0.17:
            return dt.date(day.year, 1, 1), Precision.DAY
        return day, Precision.DAY

    def _children(
        self, surname: str, stock: NameStock, born: dt.date, known_from: dt.date
    ) -> tuple[Child, ...]:
        """Children under 16: co-counselled in a parent's file, without one of their own."""
        age = full_years(born, known_from)
        if not 22 <= age < 60:
            return ()
        children = []
        for _ in range(weighted(self._pick, HOUSEHOLD_SIZES) - 1):
            child_age = self._pick.randint(0, min(15, age - 18))
            female = self._pick.random() < 0.5
            birth = known_from - relativedelta(years=child_age, days=self._pick.randint(1, 350))
            children.append(Child(surname, stock.given(self._pick, female=female), birth))
        return tuple(children)

    def partner_of(self, person: Person, known_from: dt.date) -> Person:
        """The other adult of a family: a file of their own, the same home, no second list of the children."""
        female = person.gender == Gender.MALE
        surname, given = self._name_beside(person, female=female)
        return dataclasses.replace(
            person,
            surname=surname,
            given_name=given,
            gender=Gender.FEMALE if female else Gender.MALE,
            birth_date=min(
                person.birth_date + dt.timedelta(days=self._pick.randint(-1500, 1500)),
                known_from - relativedelta(years=19),
            ),
            birth_precision=Precision.DAY,
            reads=self._pick.random() > 0.06,
            german_level=weighted(self._pick, GERMAN_LEVELS),
            mobile=self._mobile(),
            children=(),
        )

    def two_alike(self, one: Person, other: Person, *, born_on_first: bool) -> tuple[Person, Person]:
        """Two people in the place of these, with the same date of birth and names that differ by a spelling.

        Args:
            born_on_first: both were given 1 January, as authorities do when they do not know the day.
        """
        like = self.draw(max(one.arrived_on, other.arrived_on), ("SY", ARABIC))
        born = dt.date(like.birth_date.year, 1, 1) if born_on_first else like.birth_date
        alike: dict[str, Any] = {
            "given_name": like.given_name,
            "gender": like.gender,
            "birth_date": born,
            "birth_precision": Precision.DAY if born_on_first else like.birth_precision,
            "nationality": like.nationality,
            "tongue": like.tongue,
            "residence": like.residence,
            "children": (),
        }
        return (
            dataclasses.replace(one, surname=like.surname, **alike),
            dataclasses.replace(other, surname=names.spelled_otherwise(like.surname), **alike),
        )

    def somebody_like(self, person: Person, known_from: dt.date, family: Person | None = None) -> Person:
        """Another person of the same origin, sex and age in the same situation, with as many children.

        Args:
            known_from: when the file was opened; the age in years on that day stays.
            family: the person they live with, if that person has a file.
        """
        female = person.gender == Gender.FEMALE
        if family is None:
            surname, given = self._name(person.tongue, female=female)
        else:
            surname, given = self._name_beside(family, female=female)
        stock = person.tongue.stock
        return dataclasses.replace(
            person,
            surname=surname,
            given_name=given,
            birth_date=self._same_age(person.birth_date, known_from),
            street=self._street() if family is None else family.street,
            quarter=self._pick.choice(QUARTERS) if family is None else family.quarter,
            mobile=self._mobile(),
            children=tuple(
                Child(
                    surname,
                    stock.given(self._pick, female=self._pick.random() < 0.5),
                    self._same_age(child.birth_date, known_from),
                )
                for child in person.children
            ),
        )

    def _name_beside(self, person: Person, *, female: bool) -> tuple[str, str]:
        """A name for a member of the same family."""
        stock = person.tongue.stock
        surname = person.surname if not stock.women_endings else stock.surname(self._pick, female=female)
        return surname, stock.given(self._pick, female=female)

    def _same_age(self, born: dt.date, day: dt.date) -> dt.date:
        """Another birthday with the same age on a day; 1 January, which often means unknown, stays."""
        other = day - relativedelta(years=full_years(born, day), days=self._pick.randint(1, 364))
        return dt.date(other.year, 1, 1) if (born.month, born.day) == (1, 1) else other

    def _street(self) -> str:
        return f"{self._pick.choice(STREETS)} {self._pick.randint(1, 48)}"

    def _mobile(self) -> str:
        """A number in a range no network has given out."""
        return f"+4915510{next(self._phones) % 1_000_000:06d}"
