"""A period report as a workbook with typed cells: numbers are numbers, shares are shares, days are days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import IO

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from reports.periods.lines import LINES, SECTIONS, Line, Number, definitions_of, difference
from reports.periods.pages import missing_lines
from reports.periods.report import ManagerNumbers, PeriodReport
from reports.rules.counting import Numbers
from ui.spreadsheets import Percent, Sheet, Value, write_workbook

WIDE = 46


def workbook(report: PeriodReport) -> IO[bytes]:
    """What is missing first, then the numbers, municipalities, managers, tables of people and the method."""
    return write_workbook(
        [
            Sheet(
                pgettext("sheet", "Report"), [_("Report on a period"), ""], list(_about(report)), (WIDE, WIDE)
            ),
            Sheet(_("Key figures"), _heads(report), list(_figures(report)), (24, WIDE)),
            *_by_place(report),
            *_by_manager(report),
            *_protected(report),
            Sheet(
                _("Method"),
                [_("Figure"), _("Formula"), _("What counts"), _("Source")],
                [
                    [str(one.name), str(one.formula), str(one.counts), one.source]
                    for one in definitions_of(LINES.values())
                ],
                (30, 60, 80),
            ),
        ]
    )


def cell(line: Line, number: Number) -> Value:
    """A number as its line is read."""
    return Percent(number) if line.unit == "%" and isinstance(number, Decimal) else number


def _about(report: PeriodReport) -> Iterator[Sequence[Value]]:
    for text in missing_lines(report.missing) or [_("nothing – all records of this period are complete.")]:
        yield _("Still missing:"), text
    yield _("From"), report.period.first
    yield _("To, inclusive"), report.period.last
    yield _("Municipalities"), ", ".join(place.name for place in report.places)
    yield _("Counted at"), timezone.localtime(report.counted_at).replace(tzinfo=None)
    yield _("Version of the counting rules"), report.rule_version
    frozen = report.frozen
    if frozen is None:
        yield _("State"), _("not frozen: records may still change")
        return
    yield _("Frozen for"), frozen.title
    yield _("Frozen by"), str(frozen.frozen_by)
    yield _("Records"), frozen.record_count
    yield _("Check sum of the records"), frozen.record_hash


def _heads(report: PeriodReport) -> list[str]:
    heads = [_("Section"), _("Figure"), _("Number")]
    return heads if report.before is None else [*heads, _("Year before"), _("Difference")]


def _figures(report: PeriodReport) -> Iterator[Sequence[Value]]:
    for section in SECTIONS:
        for line in section.lines:
            row: list[Value] = [str(section.title), str(line.label), cell(line, line.value(report.total))]
            if report.before is not None:
                change = difference(line, report.total, report.before)
                row += [cell(line, line.value(report.before)), change]
            yield row


def _by_place(report: PeriodReport) -> Iterator[Sheet]:
    if len(report.places) > 1:
        rows = [[place.name, *_all(place.numbers)] for place in report.places]
        yield Sheet(_("Municipalities"), [_("Municipality"), *_labels()], rows, (24,))


def _by_manager(report: PeriodReport) -> Iterator[Sheet]:
    """All managers in one sheet, then one sheet for each position, as the district office hands them in."""
    if not report.managers:
        return
    rows = [[one.name, one.position, *_all(one.numbers)] for one in report.managers]
    yield Sheet(_("Positions"), [_("Integration manager"), _("Share of a position"), *_labels()], rows, (28,))
    for one in report.managers:
        yield Sheet(one.name, [_("Report on a period"), one.name], list(_position(report, one)), (WIDE, 20))


def _position(report: PeriodReport, one: ManagerNumbers) -> Iterator[Sequence[Value]]:
    yield _("Share of a position"), one.position
    yield _("From"), report.period.first
    yield _("To, inclusive"), report.period.last
    for line in LINES.values():
        yield str(line.label), cell(line, line.value(one.numbers))


def _protected(report: PeriodReport) -> Iterator[Sheet]:
    """The stored tables of people one below the other; every number was rounded when it was stored."""
    if report.tables:
        heads = [_("Table"), _("Reference date"), _("Group"), _("Column"), _("Number, rounded to five")]
        yield Sheet(_("People"), heads, list(_stored(report)), (40, 14, 40, 24, 24))


def _stored(report: PeriodReport) -> Iterator[Sequence[Value]]:
    for table in report.tables:
        columns = [*table.columns, _("total")] if table.columns else [""]
        for row in (*table.rows, None):
            label = _("total") if row is None else row.label
            numbers = table.total if row is None else row.numbers
            for column, number in zip(columns, numbers, strict=True):
                yield table.title, table.day, label, column, number


def _labels() -> list[str]:
    return [str(line.label) for line in LINES.values()]


def _all(numbers: Numbers) -> list[Value]:
    return [cell(line, line.value(numbers)) for line in LINES.values()]
