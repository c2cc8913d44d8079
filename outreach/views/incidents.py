"""Incidents: reported and read by whom they happened to, counted by the coordination."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.generic import PageView
from accounts.permissions import may
from accounts.records import uuid_of
from audit.recording import record
from clients.models import Client
from clients.views.base import WriteView
from outreach import actions
from outreach.choices import IncidentKind
from outreach.forms.visits import IncidentForm
from outreach.models import Incident
from outreach.services import incidents as services


def asked_file(view: PageView) -> Client | None:
    """The file she came from, as long as it is hers to see."""
    key = uuid_of(view.request.GET.get("file", ""))
    return Client.objects.visible_to(view.request.user).filter(uuid=key).first() if key else None


class IncidentListView(PageView):
    """One's own incidents; for the coordination how many there were, by kind and month."""

    permission = "incident.view"
    template_name = "outreach/incident_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not may(request.user, "incident.report"):
            return self.render(self.counts())
        rows = list(Incident.objects.visible_to(request.user))
        record(self.actor, actions.INCIDENTS_VIEWED, kind="incident", count=len(rows))
        return self.render({"incidents": rows})

    def counts(self) -> dict[str, Any]:
        """A row for each month in which something happened, the last one first."""
        found = services.incidents_by_month(self.actor)
        record(self.actor, actions.INCIDENTS_COUNTED, kind="incident", count=sum(found.values()))
        months = sorted({month for month, _kind in found}, reverse=True)
        rows = [(month, [found.get((month, kind), 0) for kind in IncidentKind.values]) for month in months]
        return {"counted": True, "kinds": IncidentKind.labels, "months": rows}


class IncidentNewView(WriteView):
    """Report an incident. It names no file."""

    permission = "incident.report"
    form_class = IncidentForm
    form_code = "incident"
    title = gettext_lazy("Report an incident")
    submit_label = gettext_lazy("Save")
    lead = gettext_lazy(
        "Only you can read what you write here; the coordination sees how many incidents there were. In danger call "
        "110 or 112."
    )

    def form_kwargs(self) -> dict[str, Any]:
        return {"initial": {"day": self.today}, "today": self.today}

    def form_valid(self, form: IncidentForm) -> object:
        return services.report_incident(self.actor, form.record())

    def success_url(self, result: Any) -> str:
        file = asked_file(self)
        return f"{result.get_absolute_url()}{f'?file={file.uuid}' if file is not None else ''}"

    def cancel_url(self) -> str:
        return reverse("visits:incidents")


class IncidentView(PageView):
    """One's own incident; from a file it offers a safety note there."""

    permission = "incident.report"
    template_name = "outreach/incident_detail.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        incident = Incident.objects.visible_to(request.user).filter(uuid=kwargs["incident"]).first()
        if incident is None:
            raise Http404
        record(self.actor, actions.INCIDENTS_VIEWED, kind="incident", count=1)
        return self.render({"incident": incident, "file": asked_file(self)})
