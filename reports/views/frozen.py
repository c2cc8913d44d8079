"""Frozen reports: made, read, downloaded, checked against today, and written in words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.recording import record
from clients.views.base import WriteView
from reports.actions import PERIOD_EXPORTED, PERIOD_VIEWED, REPORT_COMPARED
from reports.forms_period import FreezeForm, NarrativeForm
from reports.frozen import Narrative
from reports.models import FrozenReport
from reports.periods import comparing, narrating, printing
from reports.periods.freezing import compare, freeze
from reports.periods.report import frozen_report
from reports.views.period import PeriodMixin, as_file, download
from ui.links import reverse
from ui.notes import notify


class FreezeView(PeriodMixin, WriteView):
    """Freeze a report: what it is for, and of which months."""

    permission = "report.freeze"
    form_class = FreezeForm
    form_code = "report.freeze"
    title = gettext_lazy("Freeze a report")
    submit_label = gettext_lazy("Freeze")
    lead = gettext_lazy(
        "Its figures and the list of what was counted are kept as they are now, for good. "
        "What is recorded later changes nothing of it. A large district takes up to half a minute."
    )

    def form_kwargs(self) -> dict[str, Any]:
        served, place, _form, period = self.asked()
        first, last = (f"{day:%Y-%m}" for day in (period.first, period.last))
        return {
            "offered": self.offered(served),
            "served": served,
            "initial": {"since": first, "until": last, "place": place.code if place else ""},
        }

    def why_no_form(self) -> str:
        return "" if self.served() else _("You serve no municipality, so there is nothing to freeze.")

    def form_valid(self, form: FreezeForm) -> FrozenReport:
        return freeze(self.actor, form.record(), form.places(), form.period())

    def success_url(self, result: Any) -> str:
        notify(self.request, _("The report is frozen."))
        return reverse("reports:frozen", args=[result.uuid])

    def cancel_url(self) -> str:
        return reverse("reports:period")


class FrozenMixin(PeriodMixin, abstract=True):
    """A frozen report of municipalities the reader serves; any other does not exist for them."""

    @cached_property
    def frozen(self) -> FrozenReport:
        found: FrozenReport | None = self.frozen_reports().filter(uuid=self.kwargs["uuid"]).first()
        if found is None:
            raise Http404
        return found


class FrozenReportView(FrozenMixin):
    """A report as it was frozen."""

    template_name = "reports/frozen.html"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        report = frozen_report(self.frozen, by_manager=self.by_manager)
        record(self.actor, PERIOD_VIEWED, kind="figures")
        narrative = Narrative.objects.filter(report=self.frozen).first()
        return self.render({**self.report_context(report), "frozen": self.frozen, "narrative": narrative})


class FrozenFileView(FrozenMixin):
    """The same as a file."""

    def get(self, request: HttpRequest, uuid: UUID, kind: str) -> FileResponse:
        report = frozen_report(self.frozen, by_manager=self.by_manager)
        record(self.actor, PERIOD_EXPORTED, kind="figures", fields=[kind])
        if kind != "words":
            return download(report, kind)
        narrative = Narrative.objects.filter(report=self.frozen).first()
        if narrative is None:
            raise Http404
        return as_file(printing.narrative_pdf(report, narrative), f"sachbericht-{report.period.code}.pdf")


class FrozenCompareView(FrozenMixin):
    """The frozen records counted anew, and which of them would be counted otherwise today."""

    template_name = "reports/frozen_compare.html"

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        found = compare(self.frozen)
        record(self.actor, REPORT_COMPARED, kind="figures", count=len(found.differences))
        return self.render(
            {
                "frozen": self.frozen,
                "months": comparing.months(self.frozen),
                "found": found,
                "numbers": comparing.numbers(self.frozen, found),
                "records": comparing.records(found),
            }
        )


class NarrativeView(FrozenMixin, WriteView):
    """Write the report in words; its chapters begin with what the figures say."""

    permission = "report.freeze"
    form_class = NarrativeForm
    form_code = "report.narrative"
    title = gettext_lazy("Report in words")
    submit_label = gettext_lazy("Save")
    lead = gettext_lazy("The text is proposed from the frozen figures. At most three pages are printed.")

    def object_key(self) -> str:
        return str(self.frozen.uuid)

    def form_kwargs(self) -> dict[str, Any]:
        stored = Narrative.objects.filter(report=self.frozen).first()
        if stored is not None:
            return {"instance": stored}
        report = frozen_report(self.frozen, by_manager=False)
        return {"instance": Narrative(report=self.frozen), "initial": narrating.proposed(report)}

    def form_valid(self, form: NarrativeForm) -> Narrative:
        return narrating.write(self.actor, form.record(), expected_version=form.expected_version)

    def success_url(self, result: Any) -> str:
        notify(self.request, _("The text is stored."))
        return self.cancel_url()

    def cancel_url(self) -> str:
        return reverse("reports:frozen", args=[self.frozen.uuid])
