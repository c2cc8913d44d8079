"""The key figures at the top of the overview, each with what it is compared with."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from reports.charts import Links, RateCell, explained
from reports.figures import Dashboard
from reports.rules import rates
from ui.charts import Cell, Kpi, Spark
from ui.dates import date_de, short_date


class RateKpi(Kpi):
    """A rate as key figure."""

    @property
    def cell(self) -> Cell:
        return RateCell(self.value, self.url)


def kpis(board: Dashboard, links: Links) -> list[Kpi]:
    """The six key figures."""
    rate = rates.no_show_rate(held=board.outcomes.held, unexcused=board.outcomes.unexcused)
    coverage = rates.plan_coverage(with_valid_plan=board.coverage.valid, active_files=board.coverage.files)
    goals = rates.percent(board.goals.reached, board.goals.reviewed)
    return [
        Kpi(
            label=_("Active clients"),
            value=board.active_clients,
            url=links.cases(phase="working"),
            delta=_compared(board.active_clients, board.active_clients_before),
            spark=Spark(board.trend.active_clients),
            definitions=explained("active_clients"),
        ),
        Kpi(
            label=_("Consultations"),
            value=board.consultations,
            delta=_compared(
                board.consultations,
                board.consultations_before,
                until=short_date(board.compared_until, board.stock_day) if board.compared_until else "",
            ),
            spark=Spark(board.trend.consultations),
            definitions=explained("consultations"),
        ),
        _rate(
            "no_shows",
            _("Did not come"),
            rate,
            ngettext(
                "%(part)s of %(base)s agreed appointment",
                "%(part)s of %(base)s agreed appointments",
                _base(board),
            )
            % {"part": board.outcomes.unexcused, "base": _base(board)},
        ),
        _rate(
            "plan_coverage",
            _("With a valid plan"),
            coverage,
            _("%(part)s of %(base)s in active counselling")
            % {"part": board.coverage.valid, "base": board.coverage.files},
        ),
        _rate(
            "goals",
            _("Goals reached wholly or partly"),
            goals,
            _("%(part)s of %(base)s reviewed") % {"part": board.goals.reached, "base": board.goals.reviewed},
        ),
        Kpi(
            label=_("Plan reviews"),
            value=board.overdue_reviews,
            url=links.cases(state="review"),
            late_word=_("overdue") if board.overdue_reviews else "",
            delta=_("reference date %(date)s") % {"date": date_de(board.stock_day)},
            definitions=explained("overdue_reviews"),
        ),
    ]


def _base(board: Dashboard) -> int:
    return board.outcomes.held + board.outcomes.unexcused


def _rate(code: str, label: str, value: Decimal | None, delta: str) -> Kpi:
    unit = "" if value is None else "%"
    return RateKpi(label=label, value=value, unit=unit, delta=delta, definitions=explained(code))


def _compared(value: int, before: int | None, *, until: str = "") -> str:
    """How much more or fewer than before; while the period runs, than in as many days of the one before."""
    if before is None:
        return ""
    words = {"number": abs(value - before), "date": until}
    if value == before:
        text = (
            _("as many as in the period before up to %(date)s")
            if until
            else _("as many as in the period before")
        )
    elif value > before:
        text = (
            _("%(number)s more than in the period before up to %(date)s")
            if until
            else _("%(number)s more than in the period before")
        )
    else:
        text = (
            _("%(number)s fewer than in the period before up to %(date)s")
            if until
            else _("%(number)s fewer than in the period before")
        )
    return text % words
