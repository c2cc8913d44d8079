"""The overview, one funding period, its terms, its deadlines and its proof of use."""

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.generic import PageView
from accounts.permissions import may
from accounts.places import PlacesMixin
from accounts.records import uuid_of
from accounts.rules.calendar import add_months, local_date
from clients.views.base import WriteView
from funding.choices import DeadlineKind
from funding.deadlines import open_deadlines, waiting_for
from funding.export import export_bookings
from funding.forms.periods import PeriodForm, ProofForm, TermsForm
from funding.models import Booking, DeadlineMet, FundingPeriod, Paper, PerCapita, Position, ProofStep
from funding.rules.money import in_euros
from funding.services import periods as services
from funding.sums import Sums, by_line, sums_of
from funding.views.base import FundingFrame, PeriodActionView, PeriodMixin, PeriodWriteView
from ui.links import reverse
from ui.notes import notify

PAGE = 50
SOON_MONTHS = 6


class FundingListView(FundingFrame, PlacesMixin):
    """What is open, what expires, what is not yet spent, and all periods; of one municipality where one is chosen."""

    template_name = "funding/period_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        served = self.served()
        place = self.chosen_place(served)
        visible = FundingPeriod.objects.visible_to(request.user).of_place(place)
        after = uuid_of(request.GET.get("after", ""))
        rows = list(_following(visible, after).named()[: PAGE + 1])
        shown = rows[:PAGE]
        running = list(visible.filter(since__lte=self.today, until__gte=self.today).named().order_by("until"))
        sums = sums_of({*shown, *running})
        self.record_read(len(shown))
        soon = add_months(self.today, SOON_MONTHS)
        return self.render(
            {
                "served": served,
                "place": place,
                "waiting": waiting_for(request.user, self.today, [place] if place else None),
                "expiring": [(row, sums[row.pk].total) for row in running if row.until <= soon],
                "said": _in_short([sums[row.pk].total for row in running]),
                "periods": [(row, sums[row.pk]) for row in shown],
                "after": shown[-1].uuid if len(rows) > PAGE else None,
                "is_later": after is not None,
                "several": len(served) > 1,
                "may_edit": may(request.user, "funding.edit"),
            }
        )


def _following(rows: Any, after: Any) -> Any:
    """The rows behind one of them, in the order of the list."""
    last = rows.filter(uuid=after).values_list("until", "pk").first() if after else None
    if last is None:
        return rows
    until, key = last
    return rows.filter(until__lte=until).exclude(until=until, pk__gte=key)


def _in_short(running: list[Sums]) -> str:
    if not running:
        return ""
    text = ngettext(
        "%(number)s period is running; %(amount)s are approved and not yet spent.",
        "%(number)s periods are running; %(amount)s are approved and not yet spent.",
        len(running),
    )
    amount = in_euros(sum(one.unspent for one in running))
    return text % {"number": len(running), "amount": amount}


class PeriodView(PeriodMixin, PageView):
    """One funding period with everything that was entered for it."""

    template_name = "funding/period_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.record_read(1)
        sums = sums_of([self.period])[self.period.pk]
        papers = list(Paper.objects.visible_to(request.user).filter(period=self.period))
        people = Position.objects.visible_to(request.user).filter(period=self.period)
        return self.render(
            {
                "period": self.period,
                "may_edit": self.may_edit,
                "deadlines": open_deadlines([self.period]),
                "met": self.period.deadlines_met.filter(withdrawn_at=None).select_related("recorded_by"),
                "lines": by_line(sums),
                "total": sums.total,
                "per_capitas": self._entries(PerCapita.objects.visible_to(request.user)),
                "positions": self._entries(people.select_related("person")),
                "steps": list(self.period.proof_steps.select_related("recorded_by")),
                "former": list(self.period.former_terms.select_related("recorded_by")),
                "papers": [paper for paper in papers if not paper.is_deleted],
                "deleted": [(paper, self._can_come_back(paper)) for paper in papers if paper.is_deleted],
            }
        )

    def _entries(self, rows: Any) -> dict[str, list[Any]]:
        """What counts, and what was corrected or reversed."""
        found = list(
            rows.filter(period=self.period, is_reversal=False).select_related(
                "replaced_by__recorded_by", "recorded_by"
            )
        )
        return {
            "current": [row for row in found if row.is_current],
            "former": [row for row in found if not row.is_current],
        }

    def _can_come_back(self, paper: Paper) -> bool:
        deleted = paper.deleted_at
        return deleted is not None and bool(paper.sha256) and local_date(deleted) == self.today


class PeriodNewView(FundingFrame, WriteView):
    """Enter a funding period."""

    permission = "funding.edit"
    form_class = PeriodForm
    form_code = "funding.new"
    title = gettext_lazy("New funding period")

    def why_no_form(self) -> str:
        if self.scope.municipalities:
            return ""
        return _("Nothing new can be entered here without a municipality.")

    def form_kwargs(self) -> dict[str, Any]:
        return {"today": self.today}

    def form_valid(self, form: PeriodForm) -> object:
        return services.open_period(self.actor, form.record())

    def success_url(self, result: Any) -> str:
        notify(self.request, _("The funding period is entered. Next come its approved amounts."))
        return str(result.get_absolute_url())

    def cancel_url(self) -> str:
        return reverse("funding:list")


class TermsView(PeriodWriteView):
    """Prolong, shorten or correct a period."""

    form_class = TermsForm
    form_code = "funding.terms"
    title = gettext_lazy("Change the funding period")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": self.period}

    def form_valid(self, form: TermsForm) -> object:
        return services.change_terms(self.actor, form.record(), expected_version=form.expected_version)


class ProofNewView(PeriodWriteView):
    """Note how far the proof of use is."""

    form_class = ProofForm
    form_code = "funding.proof"
    title = gettext_lazy("How far the proof of use is")

    def form_kwargs(self) -> dict[str, Any]:
        return {"instance": ProofStep(period=self.period), "initial": {"day": self.today, "state": ""}}

    def form_valid(self, form: ProofForm) -> object:
        return services.step_proof(self.actor, form.record())

    def success_url(self, result: Any) -> str:
        said = _("Proof of use: %(state)s.") % {"state": result.get_state_display()}
        notify(self.request, said)
        return super().success_url(result)


class DeadlineMetView(PeriodActionView):
    """What was due is with the funder."""

    def act(self) -> None:
        asked = (self.request.POST.get("kind"), self.request.POST.get("due_on"))
        for one in open_deadlines([self.period]):
            if one.is_ticked and (str(one.kind), one.due_on.isoformat()) == asked:
                met = services.meet_deadline(self.actor, self.period, DeadlineKind(one.kind), one.due_on)
                undo = reverse("funding:deadline_reopen", args=[self.period.uuid, met.uuid])
                notify(self.request, _("Done: %(what)s.") % {"what": one.label}, undo_url=undo)


class DeadlineReopenView(PeriodActionView):
    """It was a slip."""

    model = DeadlineMet

    def act(self) -> None:
        met = self.child_or_404(DeadlineMet.objects.editable_by(self.request.user))
        services.reopen_deadline(self.actor, met)
        notify(self.request, _("The deadline is open again."))


class ExportView(FundingFrame, PlacesMixin):
    """All bookings one may read, or those of one municipality, as a file for the treasury."""

    def rows(self) -> Any:
        return Booking.objects.visible_to(self.request.user).of_place(self.chosen_place(self.served()))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> FileResponse:
        return FileResponse(
            export_bookings(self.actor, self.rows()),
            as_attachment=True,
            filename=f"foerderung-{self.today:%Y-%m-%d}.csv",
            content_type="text/csv; charset=utf-8",
        )


class PeriodExportView(PeriodMixin, ExportView):
    """The bookings of one period."""

    def rows(self) -> Any:
        return super().rows().filter(period=self.period)
