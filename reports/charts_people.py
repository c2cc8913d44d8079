"""The tables of people as charts and sentences; what they show was rounded when it was stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from reports.charts import explained
from reports.definitions import DEFINITIONS, Definition
from reports.people import PeopleTable
from reports.tables import CHANGE
from ui.charts import BarChart, BarRow, DataRow, DataTable, LineChart, Series
from ui.dates import date_de

Figure = BarChart | LineChart | DataTable

WORK = ("goals", "measures", "closings")
"""Tables of entries of a half-year; those of topics and interpreters have a definition of their own."""

QUESTIONS = (
    (
        "how-many",
        gettext_lazy("How many people, women and men, old and young?"),
        ("gender", "age", "household"),
    ),
    ("from-where", gettext_lazy("Where are they from?"), ("nationality",)),
    ("living", gettext_lazy("How do they live?"), ("accommodation",)),
    (
        "learning",
        gettext_lazy("What are they learning, and do they work?"),
        ("german_level", "course", "employment"),
    ),
    ("about", gettext_lazy("What were the talks about, and who interpreted?"), ("topics", "interpreters")),
    ("helped", gettext_lazy("Did it help?"), ("change_german_level", "closings")),
)
"""What a council asks, and the tables that answer it."""


def questions(figures: Mapping[str, Figure]) -> list[tuple[str, str, list[tuple[str, Figure]]]]:
    """The questions with those of their figures that are stored."""
    return [
        (code, str(title), [(table, figures[table]) for table in tables if table in figures])
        for code, title, tables in QUESTIONS
    ]


def _explained(table: PeopleTable) -> Sequence[Definition]:
    """What a stored table means; a manager's own is neither stored nor rounded."""
    if not table.is_rounded:
        return ()
    if table.code.startswith(CHANGE):
        return explained("change")
    if table.code in DEFINITIONS:
        return explained(table.code)
    return explained("entries" if table.code in WORK else "people")


def people(table: PeopleTable) -> BarChart | DataTable:
    """One attribute as bars, two as a table."""
    if table.columns:
        total = _("total")
        return DataTable(
            heads=[table.title, *table.columns, total],
            rows=[DataRow.of(row.label, row.numbers, note=_share(row.share)) for row in table.rows],
            foot=DataRow.of(total, table.total),
            caption=_caption(table),
            finding=_finding(table),
            definitions=_explained(table),
        )
    return BarChart(
        rows=[BarRow(row.label, row.numbers, note=_share(row.share)) for row in table.rows],
        series=[Series(_("Number"))],
        caption=_caption(table),
        row_head=table.title,
        finding=_finding(table),
        legend_totals=False,
        definitions=_explained(table),
    )


def _share(share: int | None) -> str:
    return "" if share is None else f"{share} %"


def _caption(table: PeopleTable) -> str:
    return _("%(title)s, reference date %(date)s") % {"title": table.title, "date": date_de(table.day)}


def _finding(table: PeopleTable) -> str:
    words = {
        "title": table.title,
        "date": date_de(table.day),
        "count": table.total[-1],
        "lacking": table.lacking,
    }
    if table.whole is not None:
        words["whole"], share = table.whole
        if share is None:
            return _("%(title)s on %(date)s: %(count)s of %(whole)s referrals.") % words
        words["share"] = share
        return _("%(title)s on %(date)s: %(count)s of %(whole)s referrals, that is %(share)s %%.") % words
    if not table.lacking:
        return _("%(title)s on %(date)s: %(count)s counted.") % words
    return _("%(title)s on %(date)s: %(count)s counted, %(lacking)s more without an entry.") % words
