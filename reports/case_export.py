"""The list of cases as a file: the rows and columns of the page, and nothing that it does not show (rules.md §8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import IO

from django.utils.translation import gettext as _

from accounts.actor import Actor
from audit.recording import record
from clients.querysets import ClientQuerySet
from reports.actions import CASES_EXPORTED
from reports.cases import CaseRow, ranked_keys, rows_of
from ui.spreadsheets import Value, write_csv, write_xlsx

AT_ONCE = 500


def export_cases(
    actor: Actor, files: ClientQuerySet, order: str, *, show_manager: bool, as_workbook: bool
) -> IO[bytes]:
    """Write the cases of a list into a file, read in portions.

    Args:
        actor: who takes it away.
        files: the filtered files.
        order: a value of `reports.cases.Order`.
        show_manager: the reader sees who is responsible, as on the page.
        as_workbook: XLSX with typed cells instead of CSV.

    Returns:
        The open file, at its beginning.
    """
    actor.require("report.cases")
    header = [
        _("List number"),
        _("Municipality"),
        *([_("Integration manager")] if show_manager else []),
        _("Phase"),
        _("Intensity"),
        _("Outreach"),
        _("Plan review"),
        _("Half-years of counselling"),
        _("Last talk"),
    ]
    keys = [key for _rank, _number, key in ranked_keys(files, order, actor.today)]
    record(actor, CASES_EXPORTED, kind="case", count=len(keys))
    rows = _values(files, keys, actor, show_manager=show_manager)
    return write_xlsx(_("Cases"), header, rows) if as_workbook else write_csv(header, rows)


def _values(
    files: ClientQuerySet, keys: Sequence[int], actor: Actor, *, show_manager: bool
) -> Iterator[list[Value]]:
    waiting = iter(keys)
    while portion := list(islice(waiting, AT_ONCE)):
        for row in rows_of(files, portion, actor.user, actor.today, actor.now):
            yield _line(row, show_manager=show_manager)


def _line(row: CaseRow, *, show_manager: bool) -> list[Value]:
    return [
        row.number,
        row.municipality,
        *([row.manager or _("Inbox")] if show_manager else []),
        str(row.phase.label),
        row.level,
        str(row.stage.label) if row.stage else "",
        _("overdue") if row.is_overdue else row.review_text,
        row.half_years,
        row.last_talk_text,
    ]


def file_name(day: dt.date, kind: str) -> str:
    """What the browser saves it as."""
    return f"faelle-{day:%Y-%m-%d}.{kind}"
