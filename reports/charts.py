"""The figures as charts, tables and sentences. Everything here has been counted already."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from clients.choices import Intensity, Phase
from integration_plans.rules.intensity import UNASSESSED
from reports.definitions import DEFINITIONS, Definition
from reports.figures import Dashboard, PlaceLine
from reports.managers import LEVELS, PAUSED, ManagerLoad, ManagerWork
from reports.rules import rates
from reports.rules.periods import Kind, Period, quarter_number
from ui.charts import (
    BarChart,
    BarRow,
    Cell,
    DataRow,
    DataTable,
    LineChart,
    LineSeries,
    Series,
    say,
)
from ui.dates import date_de, month_name
from ui.links import reverse

DASH = "–"
"""What stands for a rate over nothing (rules.md §10)."""

UNASSESSED_CODE = "unassessed"
"""How "not yet assessed" is written in an address; the level itself is empty."""


def explained(*codes: str) -> Sequence[Definition]:
    """What figures mean, to be shown beside them."""
    return [DEFINITIONS[code] for code in codes]


def level_label(level: str) -> str:
    """An intensity level in words, also for the two values without a level."""
    if level == PAUSED:
        return _("paused")
    return str(Intensity(level).label) if level != UNASSESSED else _("not yet assessed")


def period_label(period: Period) -> str:
    """Februar 2019, 1. Quartal 2019, 2019, or Februar 2019 bis April 2019."""
    match period.kind:
        case Kind.MONTH:
            return month_name(period.first)
        case Kind.QUARTER:
            return _("Quarter %(number)s, %(year)s") % {
                "number": quarter_number(period.first),
                "year": period.first.year,
            }
        case Kind.YEAR:
            return str(period.first.year)
        case Kind.MONTHS:
            return _("%(first)s to %(last)s") % {
                "first": month_name(period.first),
                "last": month_name(period.last),
            }


class RateCell(Cell):
    """A rate; over nothing it is a dash, not an empty cell."""

    @property
    def text(self) -> str:
        return DASH if self.value is None else super().text


class Links:
    """Addresses of the lists behind figures; empty where the reader may not see the list.

    Args:
        may_list_cases: the reader has the list of cases, and it says what the figures say.
        by_manager: the reader may ask it for the cases of one manager (rules.md §8).
        place: code of the municipality chosen, or empty for all.
    """

    def __init__(self, *, may_list_cases: bool, by_manager: bool = False, place: str = "") -> None:
        self._may = may_list_cases
        self._by_manager = by_manager
        self._place = place
        self._list = reverse("reports:cases")

    def cases(self, **chosen: str) -> str:
        """The list of cases with these filters."""
        if not self._may or ("manager" in chosen and not self._by_manager):
            return ""
        query = {key: value for key, value in {"place": self._place, **chosen}.items() if value}
        return f"{self._list}?{urlencode(query)}" if query else self._list

    def level(self, level: str, **chosen: str) -> str:
        """The list of cases of a level; paused files are listed by their phase."""
        if level == PAUSED:
            return self.cases(phase=Phase.PAUSED.value, **chosen)
        return self.cases(level=level or UNASSESSED_CODE, **chosen)


def phases(board: Dashboard, links: Links) -> BarChart:
    """Open files by phase."""
    active = board.phases[Phase.ACTIVE]
    return BarChart(
        rows=[
            BarRow(str(phase.label), [number], [links.cases(phase=phase.value)])
            for phase, number in board.phases.items()
        ],
        series=[Series(_("files"))],
        caption=_("Files by phase, reference date %(date)s") % {"date": date_de(board.stock_day)},
        row_head=_("Phase"),
        finding=ngettext(
            "%(count)s file is in active counselling, %(paused)s paused.",
            "%(count)s files are in active counselling, %(paused)s paused.",
            active,
        )
        % {"count": active, "paused": board.phases[Phase.PAUSED]},
        legend_totals=False,
        definitions=explained("phases", "active_clients"),
    )


def intensity(board: Dashboard, links: Links) -> BarChart:
    """Files by intensity and manager."""
    return BarChart(
        rows=[
            BarRow(
                load.name,
                [load.levels[level] for level in LEVELS],
                [links.level(level, manager=load.username) if load.username else "" for level in LEVELS],
            )
            for load in board.loads
        ],
        series=[Series(level_label(level), hatch=level == PAUSED) for level in LEVELS],
        caption=_intensity_caption(board),
        row_head=_("Integration manager"),
        finding=_intensity_finding(board),
        total_head=_("total"),
        # Sums over some of the managers would be taken for those over all.
        legend_totals=not board.page.is_part,
        definitions=explained("intensity"),
    )


def intensity_together(board: Dashboard, links: Links) -> BarChart:
    """Files by intensity, all managers together.

    A town's officer sees caseload and weighted load per manager. Levels per manager would do more: the list of
    cases shows the level, so where one manager alone has files of a level, what is overdue in them is hers.
    """
    return BarChart(
        rows=[BarRow(level_label(level), [board.levels[level]], [links.level(level)]) for level in LEVELS],
        series=[Series(_("files"))],
        caption=_intensity_caption(board),
        row_head=_("Intensity"),
        finding=_intensity_finding(board),
        legend_totals=False,
        definitions=explained("intensity"),
    )


def _intensity_caption(board: Dashboard) -> str:
    return _("Files by counselling intensity, reference date %(date)s") % {"date": date_de(board.stock_day)}


def _intensity_finding(board: Dashboard) -> str:
    levels = board.levels
    return _(
        "%(crisis)s of %(all)s files are in crisis, %(intensive)s are counselled intensively. "
        "%(open)s are not yet assessed."
    ) % {
        "crisis": levels[Intensity.CRISIS.value],
        "all": sum(levels.values()),
        "intensive": levels[Intensity.INTENSIVE.value],
        "open": levels[UNASSESSED],
    }


def load(board: Dashboard) -> BarChart:
    """Weighted caseload per full position against the target band."""
    low, high = board.band
    people = [load for load in board.loads if load.per_position is not None]
    outside = [load.name for load in people if not low <= (load.per_position or 0) <= high]
    words = {"low": low, "high": high, "names": ", ".join(outside)}
    if not people:
        finding = ""
    elif outside:
        finding = _("Outside the target band from %(low)s to %(high)s: %(names)s.") % words
    elif board.page.is_part:
        finding = _("Everybody shown here is within the target band from %(low)s to %(high)s.") % words
    else:
        finding = _("Everybody is within the target band from %(low)s to %(high)s.") % words
    return BarChart(
        rows=[
            BarRow(load.name, [load.per_position], note=_load_note(load))
            for load in board.loads
            if load.files or load.per_position is not None
        ],
        series=[Series(_("weighted files per full position"))],
        caption=_("Workload, reference date %(date)s") % {"date": date_de(board.stock_day)},
        row_head=_("Integration manager"),
        finding=finding,
        band=(low, high),
        band_label=_("Target band"),
        definitions=explained("workload"),
    )


def _load_note(load: ManagerLoad) -> str:
    values = {"files": load.files, "weighted": say(load.weighted), "share": say(load.fte_share)}
    if load.per_position is None:
        return _("%(files)s files, weighted %(weighted)s, no position") % values
    return _("%(files)s files, weighted %(weighted)s, position %(share)s") % values


def clocks(board: Dashboard, links: Links) -> BarChart:
    """How far the counselling clock of the open files has run."""
    found, (first, limit, hard) = board.clocks, board.clock_months
    months = _("month %(first)s to %(last)s")
    stretches = [
        (months % {"first": first, "last": limit}, found.near, ""),
        (months % {"first": limit + 1, "last": hard}, found.past, ""),
        (_("from month %(first)s on") % {"first": hard + 1}, found.beyond, ""),
        (_("past the limit without a justification"), found.unjustified, links.cases(state="limit")),
    ]
    return BarChart(
        rows=[BarRow(label, [number], [url]) for label, number, url in stretches],
        series=[Series(_("files"))],
        caption=_("Counselling limit, reference date %(date)s") % {"date": date_de(board.stock_day)},
        row_head=_("Month of counselling"),
        finding=ngettext(
            "%(count)s file is past month %(limit)s, %(unjustified)s of them without a justification.",
            "%(count)s files are past month %(limit)s, %(unjustified)s of them without a justification.",
            found.past + found.beyond,
        )
        % {"count": found.past + found.beyond, "limit": limit, "unjustified": found.unjustified},
        legend_totals=False,
        definitions=explained("limit"),
    )


def trend(board: Dashboard) -> LineChart:
    """Twenty-four months."""
    return LineChart(
        labels=[month_name(month.first) for month in board.trend.months],
        series=[
            LineSeries(_("Active clients"), board.trend.active_clients),
            LineSeries(_("Consultations in the month"), board.trend.consultations),
        ],
        caption=_("24 months up to %(month)s") % {"month": month_name(board.stock_day)},
        row_head=_("Month"),
        finding=_("Active clients at the end of the month and consultations within it."),
        definitions=explained("active_clients", "consultations"),
    )


def places(lines: Sequence[PlaceLine], links: Links) -> DataTable:
    """One line per municipality, for the coordinator."""
    rows = []
    for line in lines:
        rate = rates.no_show_rate(held=line.outcomes.held, unexcused=line.outcomes.unexcused)
        cover = rates.plan_coverage(with_valid_plan=line.coverage.valid, active_files=line.coverage.files)
        cells = [
            Cell(line.active_clients, links.cases(place=line.code, phase="working")),
            Cell(line.consultations),
            RateCell(rate),
            RateCell(cover),
            Cell(line.overdue_reviews, links.cases(place=line.code, state="review")),
        ]
        rows.append(DataRow(line.name, cells))
    return DataTable(
        heads=[
            _("Municipality"),
            _("Active clients"),
            _("Consultations"),
            _("No-show rate in %"),
            _("Plan coverage in %"),
            _("Overdue reviews"),
        ],
        rows=rows,
        caption=_("Municipalities"),
        finding=_("The municipalities side by side."),
        definitions=explained(
            "active_clients", "consultations", "no_shows", "plan_coverage", "overdue_reviews"
        ),
    )


def managers(people: Sequence[ManagerWork], links: Links, *, own: bool) -> DataTable:
    """Talks, no-shows and overdue items per manager; for herself and the coordinator only."""
    rows = []
    heads = [
        _("Integration manager"),
        _("Consultations"),
        _("Did not come"),
        _("No-show rate in %"),
        _("Overdue reviews"),
    ]
    with_steps = any(person.overdue_steps is not None for person in people)
    if with_steps:
        heads.append(_("Overdue outreach steps"))
    for person in people:
        rate = rates.no_show_rate(held=person.outcomes.held, unexcused=person.outcomes.unexcused)
        cells = [
            Cell(person.consultations),
            Cell(person.outcomes.unexcused),
            RateCell(rate),
            Cell(
                person.overdue_reviews,
                "" if own else links.cases(state="review", manager=person.username),
            ),
        ]
        if with_steps:
            cells.append(Cell(person.overdue_steps))
        rows.append(DataRow(person.name, cells))
    return DataTable(
        heads=heads,
        rows=rows,
        caption=_("Work per manager"),
        finding=_("Your own figures; nobody but you and the coordinator sees them.")
        if own
        else _("Consultations and appointments of the period, reviews on the reference date."),
        definitions=explained("consultations", "no_shows", "overdue_reviews"),
    )


def undecided_text(number: int) -> str:
    """Appointments without an outcome."""
    return ngettext(
        "%(count)s appointment without an outcome", "%(count)s appointments without an outcome", number
    ) % {"count": number}


def topic_text(number: int) -> str:
    """Contacts without a topic."""
    return ngettext("%(count)s contact without a topic", "%(count)s contacts without a topic", number) % {
        "count": number
    }


def basis_text(number: int) -> str:
    """Talks with third parties of which nobody said what allowed them."""
    return ngettext(
        "%(count)s talk with a third party without a basis",
        "%(count)s talks with third parties without a basis",
        number,
    ) % {"count": number}


def assessment_text(number: int) -> str:
    """Active files without an assessment."""
    return ngettext(
        "%(count)s file without an assessment", "%(count)s files without an assessment", number
    ) % {"count": number}


def limit_text(number: int) -> str:
    """Files past the counselling limit."""
    return ngettext(
        "%(count)s file past the limit without a justification",
        "%(count)s files past the limit without a justification",
        number,
    ) % {"count": number}
