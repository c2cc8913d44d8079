"""Caseloads that lost their manager: numbers and no file, for the coordination and the administration."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.generic import PageView
from clients import drafts
from clients.views.base import WriteView
from intake import due_caseloads
from intake.forms.caseloads import AssignForm
from intake.services import caseloads as services
from intake.services.caseloads import Taker, UnassignedCaseload
from ui.dates import date_de
from ui.htmx import hx_redirect
from ui.notes import notify


class CaseloadListView(PageView):
    """What waits in the inboxes since a manager left."""

    permission = "caseload.assign"
    template_name = "intake/caseload_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render({"lines": due_caseloads.lines(self.today)})


class CaseloadAssignView(WriteView):
    """Give managers a number of these files."""

    permission = "caseload.assign"
    form_class = AssignForm
    form_code = "caseload_assign"
    title = gettext_lazy("Assign files by number")
    submit_label = gettext_lazy("Assign")
    template_name = "intake/caseload_assign.html"

    @cached_property
    def caseload(self) -> UnassignedCaseload:
        key: UUID = self.kwargs["uuid"]
        for caseload in self.waiting:
            if caseload.key == key:
                return caseload
        raise Http404

    @cached_property
    def takers(self) -> list[Taker]:
        return services.takers(self.caseload.municipality, self.today)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.nothing_left() or super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.nothing_left() or super().post(request, *args, **kwargs)

    def nothing_left(self) -> HttpResponse | None:
        """Back to the list when the last file has found its manager, by this form perhaps."""
        key: UUID = self.kwargs["uuid"]
        if any(caseload.key == key for caseload in self.waiting) or not services.was_unassigned(key):
            return None
        drafts.discard(self.request.user, self.form_code, str(key))
        messages.info(self.request, _("No files wait here any more."))
        return hx_redirect(self.request, self.cancel_url())

    @cached_property
    def waiting(self) -> list[UnassignedCaseload]:
        return services.unassigned_caseloads()

    def refused(self, form: AssignForm, status: int = 422) -> HttpResponse:
        """The form with its errors and the number of files that wait now."""
        if not form.has_error("waiting"):
            return super().refused(form, status)
        for stale in ("waiting", "caseload", "takers"):
            self.__dict__.pop(stale, None)
        gone = self.nothing_left()
        if gone is None:
            form.show_waiting(self.caseload.number)
        return gone or super().refused(form, status)

    def object_key(self) -> str:
        return str(self.caseload.key)

    def form_kwargs(self) -> dict[str, Any]:
        return {"waiting": self.caseload.number, "takers": self.takers}

    def form_valid(self, form: AssignForm) -> HttpResponse | None:
        counts = form.counts()
        services.assign_by_count(self.actor, self.caseload, counts)
        number = sum(counts.values())
        who = ", ".join(f"{manager}: {count}" for manager, count in counts.items())
        text = ngettext(
            "%(number)d file is assigned. %(who)s", "%(number)d files are assigned. %(who)s", number
        )
        notify(self.request, text % {"number": number, "who": who})
        return None

    def success_url(self, result: object) -> str:
        return self.cancel_url()

    def cancel_url(self) -> str:
        return reverse("intake:caseload_list")

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
