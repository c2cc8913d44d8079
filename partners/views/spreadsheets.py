"""The network as a CSV list, out and in."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partners.forms.lists import ListForm
from partners.services import lists as services
from partners.services.lists import TakenOver
from partners.views.base import NetworkMixin, NetworkWriteView
from ui.notes import notify


class NetworkExportView(NetworkMixin):
    """Organisations and offers, without persons."""

    permission = "network.view"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | FileResponse:
        file = services.export_network(self.actor)
        name = f"netzwerk-{self.today:%Y-%m-%d}.csv"
        return FileResponse(file, as_attachment=True, filename=name, content_type="text/csv; charset=utf-8")


class NetworkImportView(NetworkWriteView):
    """Everything is checked first; one wrong line, and nothing is taken over."""

    permission = "network.edit"
    form_class = ListForm
    form_code = "network.import"
    title = gettext_lazy("Take over a list")
    submit_label = gettext_lazy("Take over")
    lead = gettext_lazy(
        "A CSV file with the columns of the exported list. Organisations known by name and town are corrected, "
        "the others are entered; empty cells change nothing."
    )

    def make_form(self, data: QueryDict | None = None, restored: QueryDict | None = None) -> ListForm:
        files = self.request.FILES if data is not None else None
        return ListForm(data, files, user=self.request.user, restored=restored)

    def form_valid(self, form: ListForm) -> object:
        done: TakenOver = services.import_network(self.actor, form.lines)
        said = _("List taken over: %(new)s new organisations, %(corrected)s known ones.")
        notify(self.request, said % {"new": done.new, "corrected": done.corrected})
        return done
