"""Figures of personal attributes: the one place where they are suppressed before anybody reads them.

They are made for ends of years only. Between two months so few people come and go that two tables beside each
other would tell who they are, and a month's table would take from the year's what may be shown (decision 0015).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from clients import figures_people
from clients.figures import FilesOverTime, PhaseHistory
from clients.figures_people import AgeGroup
from reports.rules import periods
from reports.rules.succession import Succession
from reports.rules.suppression import SuppressedTable, add_up, suppress

Cell = tuple[str, AgeGroup]


@dataclass(frozen=True, slots=True)
class NationalityByAge:
    """The suppressed table with its day and the names of its rows."""

    day: dt.date
    table: SuppressedTable[str, AgeGroup]
    labels: Mapping[str, str]


def nationality_by_age(
    files: FilesOverTime, history: PhaseHistory, began: dt.date | None, until: dt.date
) -> NationalityByAge | None:
    """Nationality × age group of active clients at the last end of a year up to a day, None before the first.

    Every municipality's own tables are published too, one after the other since its first year, so each is
    suppressed among those before it and the sum over several hides whatever one of them hides. The exact
    number of active clients stands on the same page; no table rests on its being hidden.

    Args:
        files: the files asked for, all those of their municipalities.
        history: their phases over time.
        began: the day the first of the municipalities took part. Files that moved in are older, and their
            years count among the tables compared: what a table hides must not depend on what is asked beside it.
        until: the last day of the period asked for.
    """
    first = history.began_on
    days = periods.year_ends(first, until) if first else []
    if began is None or not days or days[-1] < began:
        return None
    found = figures_people.people_on(files.rows, days, history.files_on(days), _("other or not known"))
    sums = {row: dict.fromkeys(AgeGroup, 0) for row in found.labels}
    for tables in found.places.values():
        for row, group in tables[-1].values():
            sums[row][group] += 1
    parts = _published(list(found.labels), found.places)
    together = add_up(parts, sums, grand_total_known=True) if found.places else suppress(sums)
    return NationalityByAge(days[-1], together, found.labels)


def _published(
    rows: Sequence[str], places: Mapping[int, Sequence[Mapping[int, Cell]]]
) -> Iterator[SuppressedTable[str, AgeGroup]]:
    """The last table of each municipality, among those of its years.

    Who is a minor is taken to be known: school and guardianship make them few and known in a small town.
    """
    for _place, tables in sorted(places.items()):
        succession = Succession(rows, list(AgeGroup), known_columns=[AgeGroup.UNDER_18])
        *_before, last = [succession.publish(table) for table in tables]
        yield last
