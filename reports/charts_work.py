"""What was done in a period as charts, tables and sentences. Everything here has been counted already."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from outreach.figures import FROM_VISIT
from reports.charts import Links, RateCell, explained, period_label
from reports.flows import TALKING, Flows
from reports.rules import rates
from reports.work import PlaceFlows, WorkBoard
from ui.charts import BarChart, BarRow, DataRow, DataTable, LineChart, LineSeries, Series
from ui.dates import date_de, month_name

Figure = BarChart | LineChart | DataTable


def figures(board: WorkBoard, links: Links) -> dict[str, Figure]:
    """The figures of the chapter by the names they have on the page, in its order."""
    found: dict[str, Figure] = {"summary": summary(board), "channels": channels(board)}
    if board.places:
        found["places"] = places(board.places)
    return {**found, "funnel": funnel(board, links), "moves": moves(board)}


def _lines(flows: Flows) -> list[tuple[str, int | Decimal | None]]:
    """What is told of a period, line by line."""
    return [
        (_("Intakes"), flows.opened),
        (_("Closings"), flows.closed),
        (_("Persons counselled"), flows.persons),
        (_("Consultations"), flows.consultations),
        (_("No-show rate in %"), rates.no_show_rate(held=flows.held, unexcused=flows.unexcused)),
        (_("Home visits"), flows.home_visits),
        (_("… where somebody was met, in %"), rates.percent(flows.home_visits_met, flows.home_visits)),
        (_("Goals reviewed"), flows.goals_reviewed),
        (_("… reached wholly or partly, in %"), rates.percent(flows.goals_reached, flows.goals_reviewed)),
        (_("Referrals"), flows.referrals),
        (_("Office hours"), flows.sessions),
        (_("… visitors"), flows.visitors),
        (_("… visitors each time"), rates.mean(flows.visitors, flows.sessions)),
        (_("Group events"), flows.events),
        (_("… attendees"), flows.attendees),
        (_("Enquiries"), flows.enquiries),
        (_("… taken by a manager"), flows.enquiries_taken),
        (_("… answered by the officer"), flows.enquiries_answered),
    ]


def summary(board: WorkBoard) -> DataTable:
    """What was done, beside the whole period before."""
    now = _lines(board.now)
    heads = [_("Work"), period_label(board.period)]
    columns = [now]
    if board.before is not None:
        before, flows = board.before
        heads.append(period_label(before))
        columns.append(_lines(flows))
    rows = [
        DataRow(label, [RateCell(column[number][1]) for column in columns])
        for number, (label, _value) in enumerate(now)
    ]
    is_part = board.day < board.period.last
    return DataTable(
        heads=heads,
        rows=rows,
        caption=_("Work of the period"),
        finding=_("The period up to %(date)s beside the whole period before.") % {"date": date_de(board.day)}
        if is_part
        else _("The period beside the one before."),
        definitions=explained(
            "intakes",
            "closings",
            "counselled",
            "consultations",
            "no_shows",
            "home_visits",
            "goals",
            "referrals",
            "office_hours",
            "group_events",
            "enquiries",
        ),
    )


def channels(board: WorkBoard) -> BarChart:
    """Consultations by channel."""
    total = board.now.consultations
    return BarChart(
        rows=[BarRow(str(channel.label), [board.now.channels[channel]]) for channel in TALKING]
        if total
        else [],
        series=[Series(_("consultations"))],
        caption=_("Consultations by channel, %(period)s") % {"period": period_label(board.period)},
        row_head=_("Channel"),
        finding=ngettext("%(count)s consultation.", "%(count)s consultations.", total) % {"count": total},
        legend_totals=False,
        empty=_("There was no consultation in this period."),
        definitions=explained("consultations"),
    )


def places(lines: Sequence[PlaceFlows]) -> DataTable:
    """One line per municipality, for the coordinator."""
    return DataTable(
        heads=[
            _("Municipality"),
            _("Intakes"),
            _("Closings"),
            _("Home visits"),
            _("Office hours"),
            _("Visitors"),
            _("Enquiries"),
        ],
        rows=[
            DataRow.of(
                line.name,
                [
                    line.flows.opened,
                    line.flows.closed,
                    line.flows.home_visits,
                    line.flows.sessions,
                    line.flows.visitors,
                    line.flows.enquiries,
                ],
            )
            for line in lines
        ],
        caption=_("Municipalities"),
        finding=_("The municipalities side by side."),
        definitions=explained("intakes", "closings", "home_visits", "office_hours", "enquiries"),
    )


def funnel(board: WorkBoard, links: Links) -> BarChart:
    """What became of the outreach ladders that began in the period, step by step."""
    begun = board.funnel[0].begun if board.funnel else 0
    back = sum(step.reached for step in board.funnel)
    return BarChart(
        rows=[
            BarRow(
                str(step.stage.label),
                [step.reached, step.still_open, step.went_on],
                ["", links.cases(stage=step.stage.value) if step.stage in FROM_VISIT else "", ""],
                total=step.begun,
            )
            for step in board.funnel
        ],
        series=[
            Series(_("in contact"), tone=2),
            Series(_("still at this step"), hatch=True),
            Series(_("went on or ended otherwise"), tone=4),
        ],
        caption=_("Steps of outreach begun in %(period)s") % {"period": period_label(board.period)},
        row_head=_("Step"),
        finding=ngettext(
            "%(count)s outreach ladder began; in contact afterwards: %(back)s.",
            "%(count)s outreach ladders began; in contact afterwards: %(back)s.",
            begun,
        )
        % {"count": begun, "back": back},
        total_head=_("begun"),
        legend_totals=False,
        empty=_("No outreach ladder began in this period."),
        definitions=explained("ladder"),
    )


def moves(board: WorkBoard) -> LineChart:
    """Intakes and closings of twenty-four months."""
    return LineChart(
        labels=[month_name(month.first) for month in board.months],
        series=[LineSeries(_("Intakes"), board.opened), LineSeries(_("Closings"), board.closed)],
        caption=_("24 months up to %(month)s") % {"month": month_name(board.day)},
        row_head=_("Month"),
        finding=_("Files opened and closed in each month."),
        definitions=explained("intakes", "closings"),
    )
