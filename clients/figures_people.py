"""Personal attributes of people with a file, and what their files were closed for.

What these functions return is exact and names nobody's value to an officer: `reports` stores it rounded (rules.md §8),
and a manager reads it of her own caseload.
"""

import datetime
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

from django.db.models import Choices
from django.db.models.functions import Coalesce
from django.utils.text import format_lazy
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from accounts.catalogues import Catalogue
from clients.choices import KEPT_TWICE, AccommodationKind, FactKind, Gender, Precision, ResidenceStatus
from clients.figures import FilesOverTime
from clients.models import (
    Accommodation,
    ClientLanguage,
    ClosingReason,
    CounsellingPeriod,
    Country,
    DatedFact,
    FactValue,
    House,
    HouseholdMember,
    Relative,
    Residence,
    SpokenLanguage,
)
from clients.querysets import ClientQuerySet
from clients.rules.dates import UncertainDate, born_by

ADULT_AGE = 18
"""Age from which a person counts as adult."""

MAIN_NATIONALITIES = 10
MAIN_LANGUAGES = 14
"""How many have a row of their own: the first of the catalogue. Neither the choice nor the order of rows may depend
on the numbers, or on who is there."""

OTHER = "other"
"""The row of all values without one of their own."""

OPEN_END = 5
"""From which size on a household, or a number of relatives, is counted as "and more"."""


class AgeGroup(StrEnum):
    """Age groups of figures, completed years on the reference date."""

    UNDER_18 = "under_18"
    FROM_18 = "from_18"
    FROM_27 = "from_27"
    FROM_50 = "from_50"


_AGES = {
    AgeGroup.UNDER_18: _("under 18"),
    AgeGroup.FROM_18: _("18 to 26"),
    AgeGroup.FROM_27: _("27 to 49"),
    AgeGroup.FROM_50: _("50 and over"),
}
_FROM_AGE = ((50, AgeGroup.FROM_50), (27, AgeGroup.FROM_27), (ADULT_AGE, AgeGroup.FROM_18))


class AgeGroups:
    """The age group of a person on one day; the limits are worked out once for many people."""

    def __init__(self, day: datetime.date) -> None:
        # The last birthday of each group, the oldest group first.
        self._limits = [born_by(day, years) for years, _group in _FROM_AGE]
        self._groups = [*(group for _years, group in _FROM_AGE), AgeGroup.UNDER_18]

    def of(self, born: datetime.date, precision: str) -> AgeGroup:
        """The group of a date of birth; an unknown day or month counts as the first possible one."""
        first = born if precision == Precision.DAY else UncertainDate(born, Precision(precision)).first
        return self._groups[bisect_left(self._limits, first)]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A code with its words in both languages: stored tables keep them when the catalogue changes."""

    code: str
    de: str
    en: str

    @classmethod
    def of(cls, code: str, text: Any) -> "Labelled":
        """From a lazy text."""
        with override("de"):
            german = str(text)
        with override("en"):
            return cls(code, german, str(text))

    @property
    def label(self) -> str:
        """In the reader's language."""
        return self.en if (get_language() or "de").startswith("en") else self.de

    @classmethod
    def row(cls, entry: Catalogue) -> "Labelled":
        """From a row of a value list."""
        return cls(entry.code, entry.label_de, entry.label_en or entry.label_de)


Values = Mapping[int, str]
"""The code of the value recorded per file; files without one are absent."""


@dataclass(frozen=True, slots=True)
class Attribute:
    """Something about a person that has one value on a day.

    Attributes:
        title: code and name.
        rows: the values it can have, in the order of their list.
        read: the value per file on a day.
        coarse: for a municipality, which row each value belongs to, and those rows; None where it sees all values.
        place_of: the municipality of each row that is another's business; rows without one are everybody's.
        rank: how good a value is, where it can become better or worse.
    """

    title: Labelled
    rows: Sequence[Labelled]
    read: Callable[[ClientQuerySet, datetime.date], Values]
    coarse: tuple[Mapping[str, str], Sequence[Labelled]] | None = None
    rank: Mapping[str, int] | None = None
    place_of: Mapping[str, int] = field(default_factory=dict)

    def rows_in(self, places: Collection[int] | None) -> list[Labelled]:
        """The rows of some municipalities; of all where None."""
        if places is None:
            return list(self.rows)
        return [row for row in self.rows if self.place_of.get(row.code) in (None, *places)]


COUNTED_FACTS = (FactKind.COURSE, FactKind.EMPLOYMENT, FactKind.BENEFITS, FactKind.SCHOOLING)
"""Beside the German level; the other kinds stay in the file (rules.md §12)."""


def attributes() -> list[Attribute]:
    """The personal attributes of a file that figures are made of."""
    german = _values_of(FactKind.GERMAN_LEVEL)
    facts: dict[FactKind, tuple[Sequence[Labelled], Mapping[str, int] | None]] = {
        FactKind.GERMAN_LEVEL: (german, {row.code: rank for rank, row in enumerate(german)}),
        **{kind: (_values_of(kind), None) for kind in COUNTED_FACTS},
    }
    return [
        Attribute(
            Labelled.of("nationality", _("Nationality")), _first(Country, MAIN_NATIONALITIES), _nationalities
        ),
        Attribute(
            Labelled.of("age", _("Age")), [Labelled.of(group, _AGES[group]) for group in AgeGroup], _ages
        ),
        Attribute(Labelled.of("gender", _("Gender")), _choices(Gender), _genders),
        Attribute(
            Labelled.of("language", _("First language")), _first(SpokenLanguage, MAIN_LANGUAGES), _languages
        ),
        Attribute(Labelled.of("household", _("Persons in the household")), _sizes(1), _household_sizes),
        Attribute(Labelled.of("relatives", _("Co-counselled relatives")), _sizes(0), _relatives),
        Attribute(
            Labelled.of("accommodation", _("Accommodation")), _choices(AccommodationKind), _accommodations
        ),
        _parts_of_town(),
        Attribute(Labelled.of("residence", _("Residence status")), _choices(ResidenceStatus), _residences),
        *(
            Attribute(Labelled.of(kind.value, kind.label), rows, partial(_facts, kind), rank=rank)
            for kind, (rows, rank) in facts.items()
        ),
    ]


def _parts_of_town() -> Attribute:
    """The Ortsteile in which the municipalities keep accommodations; a private address stands with its neighbours."""
    kept = House.objects.exclude(quarter="").select_related("municipality")
    named: dict[str, tuple[str, int]] = {}
    for house in kept.order_by("municipality__name", "quarter", "pk"):
        code = _part_of_town(house.municipality_id, house.quarter)
        named.setdefault(code, (f"{house.municipality.name}-{house.quarter.strip()}", house.municipality_id))
    return Attribute(
        Labelled.of("quarter", _("Part of town")),
        [*(Labelled(code, name, name) for code, (name, _place) in named.items()), _others()],
        _quarters,
        place_of={code: place for code, (_name, place) in named.items()},
    )


def _part_of_town(place: int, name: str) -> str:
    """The code of an Ortsteil; how it is typed matters only as far as it is read differently."""
    return f"{place}-{' '.join(name.casefold().split())}"


def _others() -> Labelled:
    return Labelled.of(OTHER, _("other"))


def _choices(choices: type[Choices]) -> list[Labelled]:
    return [Labelled.of(value, label) for value, label in choices.choices]


def _first(model: type[Catalogue], number: int) -> list[Labelled]:
    """The first rows of a long list, and one for all others."""
    rows = model.objects.order_by("order", "label_de", "pk")[:number]
    return [*(Labelled.row(row) for row in rows), _others()]


def _values_of(kind: FactKind) -> list[Labelled]:
    return [Labelled.row(row) for row in FactValue.objects.filter(kind=kind)]


def _sizes(smallest: int) -> list[Labelled]:
    last = Labelled.of(str(OPEN_END), format_lazy("{} {}", OPEN_END, _("and more")))
    return [*(Labelled(str(n), str(n), str(n)) for n in range(smallest, OPEN_END)), last]


def _nationalities(files: ClientQuerySet, day: datetime.date) -> Values:
    known = files.filter(nationality__isnull=False).order_by()
    return dict(known.values_list("pk", "nationality__code"))


def _ages(files: ClientQuerySet, day: datetime.date) -> Values:
    groups = AgeGroups(day)
    known = files.filter(birth_date__isnull=False).order_by()
    rows = known.values_list("pk", "birth_date", "birth_precision")
    return {key: groups.of(born, precision) for key, born, precision in rows if born}


def _genders(files: ClientQuerySet, day: datetime.date) -> Values:
    return dict(files.exclude(gender="").order_by().values_list("pk", "gender"))


def _languages(files: ClientQuerySet, day: datetime.date) -> Values:
    rows = ClientLanguage.objects.unscoped(reason="figures").filter(client__in=files)
    # The most fluent one is read last and stands.
    return dict(rows.order_by("-order", "-id").values_list("client_id", "language__code"))


def _household_sizes(files: ClientQuerySet, day: datetime.date) -> Values:
    members = HouseholdMember.objects.unscoped(reason="figures").on(day)
    own = dict(members.filter(client__in=files).order_by().values_list("client_id", "household_id"))
    theirs = members.filter(household_id__in=set(own.values())).order_by()
    sizes = Counter(theirs.values_list("household_id", flat=True))
    return {key: str(min(sizes[household], OPEN_END)) for key, household in own.items()}


def _relatives(files: ClientQuerySet, day: datetime.date) -> Values:
    rows = Relative.objects.unscoped(reason="figures").filter(client__in=files, became__isnull=True)
    numbers = Counter(rows.order_by().values_list("client_id", flat=True))
    return {key: str(min(numbers[key], OPEN_END)) for key in files.order_by().values_list("pk", flat=True)}


def _accommodations(files: ClientQuerySet, day: datetime.date) -> Values:
    rows = Accommodation.objects.unscoped(reason="figures").disclosed().on(day).filter(client__in=files)
    return dict(rows.exclude(kind="").order_by("since", "id").values_list("client_id", "kind"))


def _quarters(files: ClientQuerySet, day: datetime.date) -> Values:
    rows = Accommodation.objects.unscoped(reason="figures").disclosed().on(day).filter(client__in=files)
    # Of a house it is the town the house is in, whoever is responsible for the file by now.
    placed = rows.annotate(town_id=Coalesce("house__municipality_id", "client__municipality_id"))
    known = placed.exclude(quarter="").order_by("since", "id").values_list("client_id", "town_id", "quarter")
    return {key: _part_of_town(place, name) for key, place, name in known}


def _residences(files: ClientQuerySet, day: datetime.date) -> Values:
    rows = Residence.objects.unscoped(reason="figures").filter(client__in=files)
    rows = rows.exclude(since__gt=day).exclude(ended_on__lte=day)
    return dict(rows.order_by("recorded_at", "id").values_list("client_id", "status"))


def _facts(kind: FactKind, files: ClientQuerySet, day: datetime.date) -> Values:
    rows = DatedFact.objects.unscoped(reason="figures").on(day).filter(client__in=files, kind=kind)
    return dict(rows.order_by("since", "id").values_list("client_id", "value__code"))


def closing_reasons() -> list[Labelled]:
    """The reasons there are, in the order of their list; a file kept twice ended no counselling."""
    return [Labelled.row(row) for row in ClosingReason.objects.exclude(code=KEPT_TWICE)]


def closings(
    files: FilesOverTime, first: datetime.date, last: datetime.date
) -> list[tuple[int, str, int, int]]:
    """Closings of a period: key, reason, file, municipality."""
    rows = CounsellingPeriod.objects.unscoped(reason="figures").filter(
        closed_on__range=(first, last), closing_reason__isnull=False
    )
    rows = rows.exclude(closing_reason__code=KEPT_TWICE)
    placed = files.placed(rows, "closed_on").order_by()
    return list(placed.values_list("pk", "closing_reason__code", "client_id", "belonged_to"))


def ties(keys: Sequence[int]) -> dict[int, set[tuple[str, object]]]:
    """What makes files one unit: every household they were in, and every day they were opened on."""
    found: dict[int, set[tuple[str, object]]] = {key: set() for key in keys}
    members = HouseholdMember.objects.unscoped(reason="figures").filter(client__isnull=False)
    periods = CounsellingPeriod.objects.unscoped(reason="figures").order_by()
    for name, rows in (
        ("household", members.order_by().values_list("client_id", "household_id")),
        ("opened", periods.values_list("client_id", "opened_on")),
    ):
        for key, tie in rows:
            if key in found:
                found[key].add((name, tie))
    return found
