"""A period report on paper: tagged PDF (PDF/UA-1) by Typst, in German or the reader's language."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from reports.frozen import Narrative
from reports.people import PeopleTable
from reports.periods.lines import COUNCIL, LINES, Line, definitions_of, difference
from reports.periods.pages import (
    counted_words,
    files_of_record,
    label_of,
    missing_lines,
    parts,
    period_words,
    places_words,
)
from reports.periods.report import PeriodReport
from ui.charts import DataTable
from ui.charts.figures import say
from ui.dates import date_de, local_day

TEMPLATE = Path(__file__).with_name("document.typ")
Block = dict[str, Any]


def report_pdf(report: PeriodReport) -> bytes:
    """The whole report: what is missing, the figures, municipalities, managers, people, and the method."""
    blocks = [_heading(_("Still missing")), *_missing(report)]
    for part in parts(report):
        if isinstance(part.table, DataTable):
            blocks += [_heading(part.title), _data_table(part.table)]
    for table in report.tables:
        blocks += [
            _heading(
                _("%(title)s, reference date %(date)s") % {"title": table.title, "date": date_de(table.day)}
            )
        ]
        blocks += [_people(table)]
    if report.tables:
        blocks += [
            _note(_("Numbers about people are stored rounded to five and never counted for a report."))
        ]
    return _pdf(_("Report on a period"), report, [*blocks, *_method(LINES.values())])


def council_pdf(report: PeriodReport) -> bytes:
    """The summary for the council: one page with the figures of the year before."""
    heads = [_("Figure"), _("Number"), _("Year before"), _("Difference")]
    rows = [_council_row(LINES[code], report) for code in COUNCIL]
    missing = [_heading(_("Still missing")), *_missing(report)]
    blocks = [*missing, _heading(_("The most important figures")), _table(heads, rows)]
    return _pdf(_("Integration management: summary for the council"), report, blocks)


def narrative_pdf(report: PeriodReport, narrative: Narrative) -> bytes:
    """The report in words, with the figures it speaks of at the end."""
    blocks: list[Block] = []
    for name in ("overview", "work", "plans", "network", "outlook"):
        text = getattr(narrative, name).strip()
        if text:
            blocks += [_heading(str(getattr(Narrative._meta.get_field(name), "verbose_name", "")))]
            blocks += [_text(" ".join(one.split())) for one in text.split("\n\n") if one.strip()]
    heads = [_("Figure"), _("Number"), _("Year before"), _("Difference")]
    rows = [_council_row(LINES[code], report) for code in COUNCIL]
    return _pdf(_("Report in words"), report, [*blocks, _heading(_("Key figures")), _table(heads, rows)])


def _council_row(line: Line, report: PeriodReport) -> list[str]:
    now = say(line.value(report.total)) or "–"
    if report.before is None:
        return [label_of(line), now, "–", "–"]
    change = difference(line, report.total, report.before)
    return [label_of(line), now, say(line.value(report.before)) or "–", _signed(change)]


def _signed(change: Any) -> str:
    return "–" if change is None else f"{'+' if change > 0 else ''}{say(change)}"


def _missing(report: PeriodReport) -> list[Block]:
    found = missing_lines(report.missing)
    if not found:
        return [_text(_("Nothing – all records of this period are complete."))]
    return [{"kind": "list", "items": found}]


def _method(lines: Iterable[Line]) -> list[Block]:
    """What each figure means, as a note at the end."""
    items = [f"{one.name}: {one.formula}. {one.counts} ({one.source})" for one in definitions_of(lines)]
    return [_heading(_("Method")), {"kind": "list", "items": items}]


def _heading(text: str) -> Block:
    return {"kind": "heading", "text": text}


def _text(text: str) -> Block:
    return {"kind": "text", "text": text}


def _note(text: str) -> Block:
    return {"kind": "note", "text": text}


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Block:
    return {"kind": "table", "heads": list(heads), "rows": [list(row) for row in rows]}


def _data_table(table: DataTable) -> Block:
    rows = [
        [f"{row.label} ({row.note})" if row.note else row.label, *(cell.text or "–" for cell in row.cells)]
        for row in table.rows
    ]
    return _table(table.heads, rows)


def _people(table: PeopleTable) -> Block:
    """One stored table with shares, or the crossed one with its columns."""
    if table.columns:
        heads = [table.title, *table.columns, _("total")]
        rows = [[row.label, *map(say, row.numbers)] for row in table.rows]
    else:
        heads = [table.title, _("Number"), _("Share")]
        rows = [
            [row.label, say(row.numbers[0]), "–" if row.share is None else f"{row.share} %"]
            for row in table.rows
        ]
    foot = [_("total"), *map(say, table.total)]
    if table.whole is not None and table.whole[1] is not None:
        foot.append(f"{table.whole[1]} %")
    return _table(heads, [*rows, [*foot, *[""] * (len(heads) - len(foot))]])


def _pdf(title: str, report: PeriodReport, blocks: Sequence[Block]) -> bytes:
    import typst

    german = (get_language() or "de").startswith("de")
    content = {
        "title": f"{title} {period_words(report)}",
        "author": places_words(report),
        "lang": "de" if german else "en",
        "region": "de" if german else "gb",
        "lead": f"{places_words(report)}. {counted_words(report)}",
        "foot": _foot(report),
        "parts": blocks,
    }
    made: bytes = typst.compile(
        TEMPLATE,
        root=TEMPLATE.parent,
        font_paths=[_fonts()],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content)},
        pdf_standards=["ua-1"],
    )
    return made


def _foot(report: PeriodReport) -> str:
    """By what a printed sheet is found again: the check sum of a frozen report."""
    frozen = report.frozen
    if frozen is None:
        return _("Not frozen: records may still change.")
    return _("Frozen on %(day)s by %(name)s, %(records)s, check sum %(sum)s") % {
        "day": date_de(local_day(frozen.frozen_at)),
        "name": frozen.frozen_by,
        "records": files_of_record(frozen.record_count),
        "sum": frozen.record_hash[:16],
    }


@cache
def _fonts() -> Path:
    """The folder of the font, which comes from a package: a print looks alike everywhere."""
    import fontpkg

    return Path(fontpkg.path("Noto Sans")).parent
