"""The tables of people as charts and sentences; what they show was rounded when it was stored."""

from __future__ import annotations

from django.utils.translation import gettext as _

from reports.people import PeopleTable
from ui.charts import BarChart, BarRow, DataRow, DataTable, Series
from ui.dates import date_de


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
        )
    return BarChart(
        rows=[BarRow(row.label, row.numbers, note=_share(row.share)) for row in table.rows],
        series=[Series(_("number"))],
        caption=_caption(table),
        row_head=table.title,
        finding=_finding(table),
        legend_totals=False,
    )


def _share(share: int | None) -> str:
    return "" if share is None else f"{share} %"


def _caption(table: PeopleTable) -> str:
    return _("%(title)s, reference date %(date)s") % {"title": table.title, "date": date_de(table.day)}


def _finding(table: PeopleTable) -> str:
    words = {"count": table.total[-1], "lacking": table.lacking}
    if not table.lacking:
        return _("%(count)s counted.") % words
    return _("%(count)s counted, %(lacking)s more without an entry.") % words
