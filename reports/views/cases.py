"""The list of cases under their list numbers: read, taken away as a file, and asked about."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.models import Municipality
from accounts.permissions import Column, column_of
from accounts.places import PlacesMixin
from audit.recording import record
from clients import figures as client_figures
from clients.choices import CaseQuestionKind, Intensity, Phase
from clients.querysets import ClientQuerySet
from clients.rules.list_numbers import parse_list_number
from clients.services.questions import ask_about_case
from outreach.figures import FROM_VISIT
from reports import cases, charts
from reports.actions import CASES_LISTED
from reports.case_export import export_cases, file_name
from reports.cases import CaseFilter
from ui.htmx import hx_redirect, safe_next
from ui.links import reverse
from ui.notes import notify

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class CasesMixin(PlacesMixin, abstract=True):
    """The cases the address asks for, of the municipalities the reader serves."""

    @property
    def by_manager(self) -> bool:
        """Whether the reader sees whose a case is (rules.md §8)."""
        return column_of(self.request.user) == Column.COORDINATOR

    def chosen(self) -> CaseFilter:
        return CaseFilter.of(self.request.GET.dict(), by_manager=self.by_manager)

    def cases_of(self, places: Sequence[Municipality], chosen: CaseFilter) -> ClientQuerySet:
        files = client_figures.files_of([place.pk for place in places])
        return cases.filtered(files, chosen, self.request.user, self.today, self.now)


class CaseListView(CasesMixin):
    """Cases by list number with their steering attributes; no name is ever loaded for it."""

    permission = "report.cases"
    template_name = "reports/case_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        served = self.served()
        place = self.chosen_place(served)
        chosen = self.chosen()
        page = cases.page_of(
            self.cases_of(served if place is None else [place], chosen),
            request.GET.get("after", ""),
            chosen.order,
            self.request.user,
            self.today,
            self.now,
        )
        record(self.actor, CASES_LISTED, kind="case", count=len(page.rows))
        query = request.GET.copy()
        query.pop("after", None)
        return self.render(
            {
                "page": page,
                "is_later": "after" in request.GET,
                "chosen": chosen,
                "served": served,
                "place": place,
                "show_place": len(served) > 1 and place is None,
                "show_manager": self.by_manager,
                "questions": CaseQuestionKind.choices,
                "taken_over": client_figures.taken_over_since([one.pk for one in served], date.min)[0],
                "export_query": f"?{query.urlencode()}" if query else "",
                "phases": [(cases.WORKING, _("active clients")), *[(p.value, p.label) for p in Phase]],
                "levels": [
                    *[(level.value, level.label) for level in Intensity],
                    (charts.UNASSESSED_CODE, _("not yet assessed")),
                ],
                "states": [(concern.value, cases.concern_label(concern)) for concern in cases.Concern],
                "stages": [(stage.value, stage.label) for stage in FROM_VISIT],
                "orders": [(order.value, cases.order_label(order)) for order in cases.Order],
            }
        )


class CaseExportView(CasesMixin):
    """The list as it is filtered and sorted, as a file."""

    permission = "report.cases"

    def get(self, request: HttpRequest, kind: str) -> FileResponse:
        served = self.served()
        place = self.chosen_place(served)
        chosen = self.chosen()
        file = export_cases(
            self.actor,
            self.cases_of(served if place is None else [place], chosen),
            chosen.order,
            show_manager=self.by_manager,
            as_workbook=kind == "xlsx",
        )
        name = file_name(self.today, kind)
        return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[kind])


class CaseAskView(PlacesMixin):
    """Ask one of the four questions about a case; the answer will stand beside its number."""

    permission = "case.ask"
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        number, _blank, kind = request.POST.get("ask", "").partition(" ")
        listed = parse_list_number(number)
        try:
            if listed is None or kind not in CaseQuestionKind.values:
                raise ValidationError(_("Please choose a question beside a list number."))
            ask_about_case(self.actor, listed, CaseQuestionKind(kind))
        except ValidationError as refused:
            messages.warning(request, " ".join(refused.messages))
        else:
            said = _("%(number)s: asked. The answer will stand beside the number.")
            notify(request, said % {"number": number})
        return hx_redirect(request, safe_next(request, reverse("reports:cases")))
