"""Which tables of people there are, and how one is counted: the same for an officer, rounded, and a manager, exact."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from django.utils.translation import gettext_lazy as _

from appointments.choices import InterpreterKind
from appointments.figures import consultations_by
from clients import figures_people
from clients.choices import Phase
from clients.figures import FilesOverTime
from clients.figures_people import OTHER, Attribute, Labelled, Values
from clients.models import Topic
from integration_plans import figures_people as figures_need
from partners import figures as figures_referred
from reports.rules.protected import Entry

IN_STOCK = frozenset({Phase.CONTACTING, Phase.INTAKE, Phase.ACTIVE, Phase.PAUSED})
"""The phases counted in tables of people (rules.md §10)."""

CHANGE = "change_"
"""How the code of a table of changes begins; the attribute's follows."""

Rounding = Callable[[int], int]


def attributes(day: dt.date) -> list[Attribute]:
    """Everything about a person a table is made of, in the order of the page."""
    return [*figures_people.attributes(), *figures_need.attributes(day)]


@dataclass(frozen=True, slots=True)
class Work:
    """Something counted by kind in a period: entries, each about one or more persons."""

    title: Labelled
    rows: Sequence[Labelled]
    read: Callable[[FilesOverTime, dt.date, dt.date], Iterable[tuple[int, str, int, int]]]

    def entries(self, files: FilesOverTime, first: dt.date, last: dt.date) -> list[Entry]:
        """What was done in these files from `first` to `last`."""
        return [Entry(*row) for row in self.read(files, first, last)]


def work() -> list[Work]:
    """What of the work is protected as well."""
    topics = [Labelled.row(topic) for topic in Topic.objects.all()]
    kinds = [Labelled.of(kind.value, kind.label) for kind in InterpreterKind]
    modules = figures_need.modules()
    return [
        Work(
            Labelled.of("topics", _("Topics of consultations")),
            topics,
            partial(consultations_by, "main_topic__code"),
        ),
        Work(Labelled.of("interpreters", _("Interpreters")), kinds, partial(consultations_by, "interpreter")),
        Work(Labelled.of("goals", _("Goals agreed, by module")), modules, figures_need.goals_agreed),
        Work(Labelled.of("measures", _("Measures agreed, by module")), modules, figures_need.measures_agreed),
        Work(
            Labelled.of("referrals", _("Referrals to partners")),
            figures_referred.kinds(),
            figures_referred.referrals,
        ),
        Work(
            Labelled.of("arrivals", _("Referrals that arrived")),
            figures_referred.kinds(),
            figures_referred.arrivals,
        ),
        Work(
            Labelled.of("closings", _("Reasons of closing")),
            figures_people.closing_reasons(),
            figures_people.closings,
        ),
    ]


@dataclass(frozen=True, slots=True)
class Crossing:
    """Two attributes in one table: the only one there is (rules.md §8)."""

    title: Labelled
    down: Attribute
    across: Attribute


def crossing(known: Sequence[Attribute]) -> Crossing:
    """Nationality by age."""
    by_code = {attribute.title.code: attribute for attribute in known}
    title = Labelled.of("nationality_age", _("Nationality and age"))
    return Crossing(title, by_code["nationality"], by_code["age"])


def content(
    title: Labelled,
    rows: Sequence[Labelled],
    counted: Mapping[str, int],
    rounding: Rounding,
    *,
    total: int,
    lacking: int | None = None,
) -> dict[str, Any]:
    """One attribute as it is stored and shown: every number rounded by itself, the total too.

    Args:
        title: code and name.
        rows: all of its catalogue, empty ones included.
        counted: how many per row.
        rounding: of protected figures, or none.
        total: how many have a value.
        lacking: how many have none; None where that says nothing.
    """
    return {
        "title": _words(title),
        "columns": [],
        "rows": [{**_words(row), "numbers": [rounding(counted.get(row.code, 0))]} for row in rows],
        "total": [rounding(total)],
        "lacking": None if lacking is None else rounding(lacking),
    }


def content_of(
    attribute: Attribute,
    values: Values,
    rounding: Rounding,
    *,
    persons: int,
    fine: bool,
    places: Collection[int] | None = None,
) -> dict[str, Any]:
    """The table of one attribute.

    Args:
        attribute: which.
        values: of the persons counted.
        rounding: of protected figures, or none.
        persons: how many are counted, with a value or without.
        fine: every value has its row; otherwise those of a municipality.
        places: the municipalities whose rows there are; all where None.
    """
    rows: Sequence[Labelled] = attribute.rows_in(places)
    row_of = _row_of(rows)
    if attribute.coarse is not None and not fine:
        groups, rows = attribute.coarse
        row_of = groups.__getitem__
    counted = Counter(row_of(value) for value in values.values())
    lacking = persons - len(values)
    return content(attribute.title, rows, counted, rounding, total=len(values), lacking=lacking)


def content_crossed(
    crossed: Crossing, down: Values, across: Values, rounding: Rounding, *, persons: int
) -> dict[str, Any]:
    """The table of two attributes, each cell and each total rounded by itself."""
    row_of, column_of = _row_of(crossed.down.rows), _row_of(crossed.across.rows)
    both = [(row_of(down[key]), column_of(across[key])) for key in down.keys() & across.keys()]
    cells, by_row, by_column = Counter(both), Counter(r for r, _c in both), Counter(c for _r, c in both)
    columns = crossed.across.rows
    return {
        "title": _words(crossed.title),
        "columns": [_words(column) for column in columns],
        "rows": [
            {
                **_words(row),
                "numbers": [
                    *(rounding(cells[row.code, column.code]) for column in columns),
                    rounding(by_row[row.code]),
                ],
            }
            for row in crossed.down.rows
        ],
        "total": [*(rounding(by_column[column.code]) for column in columns), rounding(len(both))],
        "lacking": rounding(persons - len(both)),
    }


def content_of_change(
    attribute: Attribute, before: Values, after: Values, rounding: Rounding
) -> dict[str, Any]:
    """Of how many the value became better, stayed or became worse; which value they have is not told."""
    rank = attribute.rank or {}
    counted: Counter[str] = Counter()
    for key in before.keys() & after.keys():
        step = rank[after[key]] - rank[before[key]]
        counted["better" if step > 0 else "worse" if step < 0 else "same"] += 1
    rows = [
        Labelled.of("better", _("better")),
        Labelled.of("same", _("the same")),
        Labelled.of("worse", _("worse")),
    ]
    return content(change_title(attribute), rows, counted, rounding, total=sum(counted.values()))


def content_of_work(work: Work, entries: Sequence[Entry], rounding: Rounding) -> dict[str, Any]:
    """Entries by kind; a joint talk is one."""
    row_of = {entry.key: entry.row for entry in entries}
    return content(work.title, work.rows, Counter(row_of.values()), rounding, total=len(row_of))


def change_title(attribute: Attribute) -> Labelled:
    """How the table of changes of an attribute is called."""
    word = Labelled.of("", _("Change within a year"))
    title = attribute.title
    return Labelled(f"{CHANGE}{title.code}", f"{title.de}: {word.de}", f"{title.en}: {word.en}")


def _row_of(rows: Sequence[Labelled]) -> Callable[[str], str]:
    own = {row.code for row in rows}
    return lambda value: value if value in own else OTHER


def _words(entry: Labelled) -> dict[str, str]:
    return asdict(entry)
