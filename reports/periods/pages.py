"""A period report as tables of the page; what stands here also goes into print and sheets, in the same words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports import charts
from reports.charts_people import people
from reports.figures import Missing
from reports.periods.lines import LINES, SECTIONS, SHORT, Line, difference
from reports.periods.report import PeriodReport
from reports.rules.counting import Numbers
from ui.charts import BarChart, DataRow, DataTable
from ui.charts.figures import say
from ui.dates import date_de, local_day, month_name


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the page.

    Attributes:
        is_detail: no summary of the period; it is folded on the page and whole in print.
    """

    code: str
    title: str
    table: BarChart | DataTable
    note: str = ""
    is_detail: bool = False


def period_words(report: PeriodReport) -> str:
    """The months of the report."""
    return span_words(report.period.first, report.period.last)


def span_words(first: dt.date, last: dt.date) -> str:
    """From one month to another, both included."""
    begins, ends = month_name(first), month_name(last)
    return begins if begins == ends else f"{begins} – {ends}"


def places_words(report: PeriodReport) -> str:
    """The municipalities of the report; a long list is told by its number."""
    names = [place.name for place in report.places]
    if len(names) <= 3:
        return ", ".join(names)
    return ngettext("%(count)s municipality", "%(count)s municipalities", len(names)) % {"count": len(names)}


def label_of(line: Line) -> str:
    """The name of a line with its unit; a part of the line above begins with a dash."""
    label = f"{line.label} ({line.unit})" if line.unit else str(line.label)
    return f"– {label}" if line.is_part else label


def missing_lines(missing: Missing) -> list[str]:
    """What is missing, in sentences; empty when all records are complete."""
    found = (
        (missing.undecided_appointments, charts.undecided_text),
        (missing.contacts_without_topic, charts.topic_text),
        (missing.talks_without_basis, charts.basis_text),
        (missing.files_without_assessment, charts.assessment_text),
        (missing.files_past_limit, charts.limit_text),
    )
    return [text(number) for number, text in found if number]


def parts(report: PeriodReport) -> list[Part]:
    """The sections of the report: numbers beside those of the year before, then municipalities and managers."""
    heads = [_("Figure"), _("Number")]
    if report.before is not None:
        heads += [_("Year before"), _("Difference")]
    found = [
        Part(
            section.code,
            str(section.title),
            DataTable(
                heads,
                [_row(line, report) for line in section.lines],
                # Told apart by its name, as every table is a region of the page.
                caption=f"{section.title}, {period_words(report)}",
            ),
        )
        for section in SECTIONS
    ]
    if len(report.places) > 1:
        rows = [(place.name, "", place.numbers) for place in report.places]
        table = _matrix(_("Municipality"), rows)
        found.append(Part("places", _("By municipality"), table, is_detail=True))
    if report.managers:
        found.append(Part("managers", _("By manager"), _managers(report), is_detail=True))
    return found


def _row(line: Line, report: PeriodReport) -> DataRow:
    label = label_of(line)
    if report.before is None:
        return DataRow.of(label, [line.value(report.total)])
    values = [line.value(report.total), line.value(report.before)]
    return DataRow.of(label, [*values, difference(line, report.total, report.before)])


def _matrix(head: str, rows: Sequence[tuple[str, str, Numbers]]) -> DataTable:
    """One row each with the main numbers."""
    lines = [LINES[code] for code in SHORT]
    return DataTable(
        [head, *(label_of(line) for line in lines)],
        [DataRow.of(name, [line.value(numbers) for line in lines], note) for name, note, numbers in rows],
        caption=head,
    )


def _managers(report: PeriodReport) -> DataTable:
    """Managers with their share of a position; work of those without one belongs to nobody's sheet."""
    return _matrix(
        _("Integration manager"),
        [(one.name, position_words(one.position), one.numbers) for one in report.managers],
    )


def position_words(share: object) -> str:
    """A share of a full position in words."""
    return _("position %(share)s") % {"share": say(share)} if share is not None else _("no position")  # type: ignore[arg-type]


def protected_parts(report: PeriodReport) -> list[Part]:
    """The stored tables of people, each with its day; none is counted for a report (rules.md §8)."""
    return [
        Part(f"people-{table.code}", table.title, people(table), date_de(table.day), is_detail=True)
        for table in report.tables
    ]


def counted_words(report: PeriodReport) -> str:
    """When the numbers were counted and by which version of the rules."""
    return _("Counted on %(day)s by version %(version)s of the counting rules.") % {
        "day": date_de(local_day(report.counted_at)),
        "version": report.rule_version,
    }


def files_of_record(number: int) -> str:
    """How many records were counted."""
    return ngettext("%(count)s record", "%(count)s records", number) % {"count": say(number)}
