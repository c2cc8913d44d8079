"""Figures about the people behind files: their age and nationality, personal attributes all of them.

What these functions return is exact and for suppression only: nothing of it may reach a page by itself
(rules.md §8).
"""

import datetime
from bisect import bisect_left
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from clients.choices import Precision
from clients.models import Country
from clients.querysets import ClientQuerySet
from clients.rules.dates import UncertainDate, born_by

ADULT_AGE = 18
"""Age from which a person counts as adult; unknown age is adult (rules.md §10)."""

MAIN_NATIONALITIES = 10
"""How many nationalities have a row of their own: the first of the catalogue. The choice must not depend on
the numbers, or the order of the rows would tell what suppression hides (rules.md §10)."""

OTHER = "other"
"""The row of all nationalities without one of their own, and of those not known."""


class AgeGroup(StrEnum):
    """Age groups of the dashboard, completed years on the reference date."""

    UNDER_18 = "under_18"
    FROM_18 = "from_18"
    FROM_27 = "from_27"
    FROM_50 = "from_50"
    UNKNOWN = "unknown"


_FROM_AGE = ((50, AgeGroup.FROM_50), (27, AgeGroup.FROM_27), (ADULT_AGE, AgeGroup.FROM_18))


class AgeGroups:
    """Which group somebody belongs to on one day; the limits are worked out once for many people."""

    def __init__(self, day: datetime.date) -> None:
        # The oldest first: the last days on which somebody of each group was born, in ascending order.
        self._limits = [born_by(day, years) for years, _group in _FROM_AGE]
        self._groups = [*(group for _years, group in _FROM_AGE), AgeGroup.UNDER_18]

    def of(self, born: datetime.date | None, precision: str) -> AgeGroup:
        """The group of a date of birth; an unknown day or month counts as the first possible one."""
        if born is None:
            return AgeGroup.UNKNOWN
        first = born if precision == Precision.DAY else UncertainDate(born, Precision(precision)).first
        return self._groups[bisect_left(self._limits, first)]


@dataclass(frozen=True, slots=True)
class PeopleOn:
    """Who is counted in which row and column of nationality by age group, per municipality and day.

    `places` has for each municipality, in the order of the days, the cell of every file; `labels` are the
    names of the rows in their order.
    """

    days: Sequence[datetime.date]
    places: Mapping[int, Sequence[Mapping[int, tuple[str, AgeGroup]]]]
    labels: Mapping[str, str]


def people_on(
    files: ClientQuerySet,
    days: Sequence[datetime.date],
    counted: Sequence[Collection[int]],
    other_label: str,
) -> PeopleOn:
    """Nationality and age group of people on several days (two queries).

    Args:
        files: the files asked for.
        days: the reference dates, for the ages.
        counted: for each of the days the keys of the files that count on it.
        other_label: name of the row for all other and unknown nationalities.
    """
    main = list(Country.objects.order_by("order", "label_de", "pk")[:MAIN_NATIONALITIES])
    main.sort(key=lambda country: country.label)
    labels = {country.code: country.label for country in main} | {OTHER: other_label}
    code_of = {country.pk: country.code for country in main}
    groups = [AgeGroups(day) for day in days]
    places: dict[int, list[dict[int, tuple[str, AgeGroup]]]] = {}
    people = files.order_by().values_list(
        "pk", "municipality_id", "nationality_id", "birth_date", "birth_precision"
    )
    for key, place, nationality, born, precision in people:
        tables = places.get(place)
        if tables is None:
            tables = places[place] = [{} for _day in days]
        row = code_of.get(nationality, OTHER)
        for table, keys, group in zip(tables, counted, groups, strict=True):
            if key in keys:
                table[key] = (row, group.of(born, precision))
    return PeopleOn(days, places, labels)
