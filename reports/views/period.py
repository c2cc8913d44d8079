"""The report on a period: just counted, downloaded, and all managers asked to complete their records."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import IO, Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Municipality
from accounts.permissions import Column, column_of
from accounts.places import PlacesMixin
from accounts.records import uuid_of
from audit.recording import record
from reports import figures
from reports.actions import PERIOD_EXPORTED, PERIOD_VIEWED
from reports.forms import MonthsForm
from reports.models import FrozenReport
from reports.periods import pages, printing, sheets
from reports.periods.lines import LINES, definitions_of
from reports.periods.reminding import remind
from reports.periods.report import PeriodReport, counted_report
from reports.periods.sources import is_long
from reports.rules import periods
from reports.rules.periods import Kind, Period
from reports.views.dashboard import taken_over
from ui.htmx import hx_redirect, is_htmx
from ui.links import reverse
from ui.notes import notify

SHOWN = 20
"""So many frozen reports stand on a page of their list."""

KINDS: dict[str, tuple[str, str, Callable[[PeriodReport], bytes | IO[bytes]]]] = {
    "pdf": ("application/pdf", "auswertung", printing.report_pdf),
    "council": ("application/pdf", "kurzbericht-gemeinderat", printing.council_pdf),
    "xlsx": (
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "auswertung",
        sheets.workbook,
    ),
}
"""What can be downloaded of a report: content type, name of the file, and what writes it."""


def download(report: PeriodReport, kind: str) -> FileResponse:
    """A report as a file.

    Raises:
        Http404: there is no such kind.
    """
    if kind not in KINDS:
        raise Http404
    content_type, name, write = KINDS[kind]
    return as_file(
        write(report), f"{name}-{report.period.code}.{'xlsx' if kind == 'xlsx' else 'pdf'}", content_type
    )


def as_file(made: bytes | IO[bytes], name: str, content_type: str = "application/pdf") -> FileResponse:
    """What was written, to be saved."""
    content = io.BytesIO(made) if isinstance(made, bytes) else made
    return FileResponse(content, as_attachment=True, filename=name, content_type=content_type)


class PeriodMixin(PlacesMixin, abstract=True):
    """Which months and municipalities are asked for: whole months that are over."""

    permission = "report.period"
    nav_code = "periods"

    @property
    def by_manager(self) -> bool:
        """Whether the reader gets the sheets per manager (rules.md §8)."""
        return column_of(self.request.user) == Column.COORDINATOR

    def offered(self, served: Sequence[Municipality]) -> list[Period]:
        """The months that are over since the service began; the last one that is over if it only began now."""
        last = periods.previous(periods.containing(Kind.MONTH, self.today))
        began = figures.service_began_on(served) or last.first
        return periods.month_choices(min(began, last.last), last.last)

    def asked(self) -> tuple[list[Municipality], Municipality | None, MonthsForm, Period]:
        """The municipalities served, the one chosen, the form of the months and the period it says."""
        served, data = self.served(), self.request.GET
        offered = self.offered(served)
        form = MonthsForm(data if "since" in data else None, offered=offered)
        if form.is_bound and form.is_valid():
            return served, self.chosen_place(served), form, form.period()
        first = periods.containing(Kind.YEAR, offered[0].last).first
        begins = next((month for month in reversed(offered) if month.first >= first), offered[0])
        form.initial = {"since": begins.code, "until": offered[0].code}
        return served, self.chosen_place(served), form, periods.months(begins, offered[0])

    def query(self, place: Municipality | None, period: Period) -> str:
        """The address of the same months and municipality on another page."""
        months = f"since={period.first:%Y-%m}&until={period.last:%Y-%m}"
        return f"{months}&place={place.code}" if place else months

    def frozen_reports(self) -> Any:
        """The frozen reports of the municipalities the reader serves, the latest first."""
        return FrozenReport.objects.for_places(self.scope.municipalities).select_related("frozen_by")

    def frozen_page(self) -> dict[str, Any]:
        """A page of the frozen reports, and where the next one begins."""
        rows, after = self.frozen_reports(), uuid_of(self.request.GET.get("after", ""))
        last = rows.filter(uuid=after).values_list("frozen_at", "pk").first() if after else None
        if last is not None:
            at, key = last
            rows = rows.filter(frozen_at__lte=at).exclude(frozen_at=at, pk__gte=key)
        found = list(rows[: SHOWN + 1])
        shown = found[:SHOWN]
        return {
            "reports": shown,
            "after": shown[-1].uuid if len(found) > SHOWN else None,
            "is_later": last is not None,
        }

    def report_context(self, report: PeriodReport) -> dict[str, Any]:
        """What a page says of a report."""
        return {
            "report": report,
            "months": pages.period_words(report),
            "missing": pages.missing_lines(report.missing),
            "parts": pages.parts(report),
            "people": pages.protected_parts(report),
            "counted": pages.counted_words(report),
            "definitions": definitions_of(LINES.values()),
        }


class PeriodReportView(PeriodMixin):
    """Any whole months, counted just now."""

    template_name = "reports/period.html"
    fragment_name = "reports/_period_counted.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        served, place, form, period = self.asked()
        places = [place] if place else served
        record(self.actor, PERIOD_VIEWED, kind="figures")
        context: dict[str, Any] = {
            "served": served,
            "place": place,
            "period": period,
            "title_months": pages.span_words(period.first, period.last),
            "period_form": form,
            "query": self.query(place, period),
            **self.frozen_page(),
        }
        if served and not is_htmx(request) and "counted" not in request.GET and is_long(period):
            context["is_counting"] = True
        elif served:
            report = counted_report(places, period, self.now, by_manager=self.by_manager)
            context |= self.report_context(report)
            context["taken_over"] = taken_over(places, period.first)
        return self.render(context)


class PeriodFileView(PeriodMixin):
    """The same as a file."""

    def get(self, request: HttpRequest, kind: str) -> FileResponse:
        served, place, form, period = self.asked()
        if not served or (form.is_bound and not form.is_valid()):
            raise Http404
        record(self.actor, PERIOD_EXPORTED, kind="figures", fields=[kind])
        places = [place] if place else served
        return download(counted_report(places, period, self.now, by_manager=self.by_manager), kind)


class PeriodRemindView(PeriodMixin):
    """Ask all managers of the municipalities to complete their records of the months shown."""

    permission = "report.remind"

    def post(self, request: HttpRequest) -> HttpResponse:
        served, place, form, period = self.asked()
        if form.is_bound and not form.is_valid():
            messages.warning(request, _("There is no such period. Nobody was reminded."))
            return hx_redirect(request, reverse("reports:period"))
        number = remind(self.actor, [place] if place else served, period)
        text = ngettext("%(count)s manager was reminded.", "%(count)s managers were reminded.", number)
        notify(
            request,
            text % {"count": number} if number else _("All managers were reminded of these months today."),
        )
        return hx_redirect(request, f"{reverse('reports:period')}?{self.query(place, period)}")
