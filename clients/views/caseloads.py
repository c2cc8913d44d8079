"""Caseloads that lost their manager: numbers and no file, for the coordination and the administration."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy, ngettext

from accounts.generic import PageView
from clients import due_caseloads
from clients.forms.caseloads import AssignForm
from clients.services import caseloads as services
from clients.services.caseloads import FallenCaseload, Taker
from clients.views.base import WriteView
from ui.dates import date_de
from ui.notes import notify


class CaseloadListView(PageView):
    """What waits in the inboxes since somebody left."""

    permission = "caseload.assign"
    template_name = "clients/caseload_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render({"lines": due_caseloads.lines(self.today)})


class CaseloadAssignView(WriteView):
    """Give managers a number of these files."""

    permission = "caseload.assign"
    form_class = AssignForm
    form_code = "caseload_assign"
    title = gettext_lazy("Assign files by number")
    submit_label = gettext_lazy("Assign")
    template_name = "clients/caseload_assign.html"

    @cached_property
    def caseload(self) -> FallenCaseload:
        key: UUID = self.kwargs["uuid"]
        for caseload in services.fallen_caseloads():
            if caseload.key == key:
                return caseload
        raise Http404

    @cached_property
    def takers(self) -> list[Taker]:
        return services.takers(self.caseload.municipality, self.today)

    def object_key(self) -> str:
        return str(self.caseload.key)

    def form_kwargs(self) -> dict[str, Any]:
        return {"waiting": self.caseload.number, "takers": self.takers}

    def form_valid(self, form: Any) -> HttpResponse | None:
        counts = form.counts()
        services.assign_by_count(self.caseload, counts, by=self.request.user, now=self.now, today=self.today)
        number = sum(counts.values())
        who = ", ".join(f"{manager}: {count}" for manager, count in counts.items())
        text = ngettext(
            "%(number)d file is assigned. %(who)s", "%(number)d files are assigned. %(who)s", number
        )
        notify(self.request, text % {"number": number, "who": who})
        return None

    def success_url(self, result: Any) -> str:
        return self.cancel_url()

    def cancel_url(self) -> str:
        return reverse("clients:caseload_list")

    def context(self, **extra: Any) -> dict[str, Any]:
        caseload = self.caseload
        words = {
            "place": caseload.municipality,
            "number": caseload.number,
            "name": caseload.leaver,
            "date": date_de(caseload.since),
        }
        lead = ngettext(
            "In the inbox of %(place)s %(number)d file from %(name)s waits since %(date)s.",
            "In the inbox of %(place)s %(number)d files from %(name)s wait since %(date)s.",
            caseload.number,
        )
        return super().context(**{**extra, "lead": lead % words, "takers": self.takers})
