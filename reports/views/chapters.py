"""What the chapters of figures have in common: municipality, period, head, and every figure as a file."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import Municipality
from accounts.permissions import Column, column_of, may
from accounts.places import PlacesMixin
from audit.recording import record
from reports import charts, figures
from reports.actions import DASHBOARD_VIEWED, FIGURE_EXPORTED
from reports.forms import MonthsForm
from reports.managers import Reader
from reports.rules import periods
from reports.rules.periods import Kind, NoSuchPeriod, Period
from ui.charts import BarChart, DataTable, LineChart
from ui.links import reverse
from ui.spreadsheets import write_csv, write_xlsx

Figure = BarChart | LineChart | DataTable
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
CHAPTERS = ("reports:dashboard", "reports:work", "reports:people")
SHEET = "Tabelle"


class FigureFiles(PlacesMixin, abstract=True):
    """Pages of figures, each of which is a file as well: the same numbers in page, CSV and XLSX (rules.md §8)."""

    def asked_file(self, figures: Mapping[str, Figure | None], name: str) -> FileResponse | None:
        """The file the address asks for, None where it asks for the page.

        Args:
            figures: those of the page by name.
            name: what the file is about, for its name.

        Raises:
            Http404: there is no such figure, or no such kind of file.
        """
        kind = self.request.GET.get("as", "")
        if not kind:
            return None
        asked = self.request.GET.get("figure", "")
        figure = figures.get(asked)
        if figure is None or kind not in TYPES:
            raise Http404
        header, rows = (figure if isinstance(figure, DataTable) else figure.table).sheet
        record(self.actor, FIGURE_EXPORTED, kind="figures", count=len(rows))
        file = write_csv(header, rows) if kind == "csv" else write_xlsx(SHEET, header, rows)
        return FileResponse(
            file, as_attachment=True, filename=f"{asked}-{name}.{kind}", content_type=TYPES[kind]
        )

    def chapters(self, place: Municipality | None) -> list[tuple[str, str, bool]]:
        """The chapters: label, address, whether it is this one. The period stays where a chapter has one."""
        query = self.request.GET.copy()
        for name in ("figure", "as", "managers", "places", "table", "day"):
            query.pop(name, None)
        labels = (_("Stock"), _("Work"), _("People"))
        here = self.request.resolver_match
        end = f"?{query.urlencode()}" if query else ""
        return [
            (label, f"{reverse(route)}{end}", here is not None and here.view_name == route)
            for label, route in zip(labels, CHAPTERS, strict=True)
        ]


class ChapterView(FigureFiles, abstract=True):
    """A chapter of figures of the reader's municipalities for a period."""

    permission: ClassVar[str | None] = "report.dashboard"
    nav_code = "figures"
    place: Municipality | None
    asked: Sequence[Municipality]
    period: Period
    reader: Reader

    @abstractmethod
    def content(self) -> tuple[dict[str, Figure], dict[str, Any]]:
        """The figures of the chapter by name, and what else its page shows."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | FileResponse:
        served = self.served()
        self.place = self.chosen_place(served)
        self.asked = served if self.place is None else [self.place]
        form = MonthsForm(
            request.GET if "since" in request.GET else None,
            offered=periods.month_choices(self.began(served), self.today),
        )
        self.period = self.chosen_period(form)
        column = column_of(request.user)
        self.reader = Reader(
            sees_all_managers=column == Column.COORDINATOR,
            own_manager_id=request.user.pk if column == Column.MANAGER else None,
            after=request.GET.get("managers", ""),
            after_place=request.GET.get("places", ""),
            whole="as" in request.GET,
        )
        found, more = self.content()
        file = self.asked_file(
            found, f"{self.asked[0].code if len(self.asked) == 1 else 'alle'}-{self.period.code}"
        )
        if file is not None:
            return file
        record(self.actor, DASHBOARD_VIEWED, kind="figures")
        return self.render(
            {
                **found,
                **more,
                "has_files": True,
                "chapters": self.chapters(self.place),
                "is_later_manager": bool(self.reader.after),
                "is_later_place": bool(self.reader.after_place),
                "period": self.period,
                "period_label": charts.period_label(self.period),
                "is_past_list": bool(found)
                and self.period.is_complete(self.today)
                and may(request.user, "report.cases"),
                "kinds": self.kinds(self.period),
                "previous": periods.previous(self.period),
                "following": self.following(self.period),
                "served": served,
                "place": self.place,
                "to_place": self.to_place(),
                "period_form": form,
            }
        )

    @property
    def is_whole_district(self) -> bool:
        """Counted once a day; a municipality is counted when somebody asks."""
        return self.place is None and self.scope.serves_all

    def links(self) -> charts.Links:
        """The addresses of the lists behind the figures, of today whatever the period is."""
        return charts.Links(
            may_list_cases=may(self.request.user, "report.cases"),
            by_manager=column_of(self.request.user) == Column.COORDINATOR,
            place=self.place.code if self.place else "",
        )

    def to_place(self) -> str:
        """The address of the same page for a municipality, up to its code; said once for a hundred of them."""
        query = self.request.GET.copy()
        for name in ("place", "managers", "places", "figure", "as"):
            query.pop(name, None)
        return f"?{query.urlencode()}&place=" if query else "?place="

    def began(self, served: Sequence[Municipality]) -> dt.date:
        """The day the first figures are of."""
        return min(figures.service_began_on(served) or self.today, self.today)

    def chosen_period(self, form: MonthsForm) -> Period:
        """What the address asks for; the running month when it asks for nothing or for nonsense."""
        running = periods.containing(Kind.MONTH, self.today)
        if form.is_bound:
            return form.period() if form.is_valid() else running
        code = self.request.GET.get("period", "")
        if not code:
            return running
        try:
            return periods.parse(code)
        except NoSuchPeriod:
            messages.warning(self.request, _("There is no such period. You see the running month instead."))
            return running

    def kinds(self, period: Period) -> list[tuple[str, str, bool]]:
        """Month, quarter and year around the period shown: label, code, whether it is the one."""
        day = min(period.last, self.today) if period.first <= self.today else period.first
        labels = ((Kind.MONTH, _("Month")), (Kind.QUARTER, _("Quarter")), (Kind.YEAR, _("Year")))
        return [(label, periods.containing(kind, day).code, period.kind is kind) for kind, label in labels]

    def following(self, period: Period) -> Period | None:
        """The next period, unless it lies in the future."""
        following = periods.following(period)
        return following if following.first <= self.today else None
