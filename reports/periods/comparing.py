"""How a comparison of a frozen report with today reads."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clients.rules.list_numbers import format_list_number
from reports.models import FrozenReport
from reports.periods.freezing import Comparison, Difference, Step
from reports.periods.lines import LINES
from reports.periods.pages import label_of, span_words
from ui.charts import DataRow, DataTable

SORTS = {
    "contact": gettext_lazy("Contact"),
    "appointment": gettext_lazy("Appointment"),
    "period": gettext_lazy("Opening or closing"),
    "plan": gettext_lazy("Plan"),
    "goal": gettext_lazy("Goal"),
    "file": gettext_lazy("File on the last day"),
    "office_hour": gettext_lazy("Office hour"),
    "group_event": gettext_lazy("Group event"),
    "enquiry": gettext_lazy("Enquiry"),
    "referral": gettext_lazy("Referral"),
}
STEPS = {
    Step.ADDED: gettext_lazy("recorded since"),
    Step.GONE: gettext_lazy("counted no more"),
    Step.CHANGED: gettext_lazy("changed since"),
}


@dataclass(frozen=True, slots=True)
class RecordLine:
    """What changed in one file, under its list number."""

    number: str
    sort: str
    step: str
    count: int


def months(frozen: FrozenReport) -> str:
    """The months of the report."""
    return span_words(frozen.first, frozen.last)


def numbers(frozen: FrozenReport, found: Comparison) -> DataTable:
    """The lines whose number is another one today."""
    rows = [
        DataRow.of(label_of(line), [line.value(frozen.figures["total"]), line.value(found.now)])
        for line in LINES.values()
        if line.value(frozen.figures["total"]) != line.value(found.now)
    ]
    return DataTable(
        [_("Figure"), _("Frozen"), _("Today")],
        rows,
        caption=_("Figures that are others today"),
        empty=_("All figures are the same today."),
    )


def records(found: Comparison) -> list[RecordLine]:
    """The records that are counted otherwise, several of a kind in one file together."""
    together = Counter(found.differences)
    return [
        RecordLine(_number(one), str(SORTS[one.sort]), str(STEPS[one.step]), count)
        for one, count in together.items()
    ]


def _number(one: Difference) -> str:
    if not one.in_file:
        return _("no file")
    return _("without a list number") if one.list_number is None else format_list_number(one.list_number)
