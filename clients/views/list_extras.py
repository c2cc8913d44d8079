"""Beside the client list: its columns, its file, and the files that are ticked in it."""

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.generic import AccessView, PageView
from accounts.permissions import may
from accounts.services.own import choose_columns
from clients import list_actions
from clients.forms.lists import ListExportForm
from clients.list_actions import MOST_AT_ONCE, form_address, list_address, pick
from clients.list_columns import COLUMNS, columns_for
from clients.list_filters import filtered, kept
from clients.models import ListExport
from clients.services.list_export import export_list
from ui.htmx import hx_redirect

SHOWN_AGAIN = 5
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class ListColumnsView(AccessView):
    """Keep which columns the list shows, and go back to it."""

    permission = "client.list"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = set(request.POST.getlist("column")) if request.POST.get("usual") != "1" else set()
        choose_columns(self.actor, [code for code in COLUMNS if code in wanted])
        return hx_redirect(request, list_address(kept(request.POST)))


class ListPickView(AccessView):
    """Goes on to what is to be done with the ticked files."""

    permission = "client.list"
    http_method_names = ["post"]

    def post(self, request: HttpRequest) -> HttpResponse:
        wanted = {action.code: action for action in list_actions.registered()}.get(
            request.POST.get("act", "")
        )
        back = list_address({**kept(request.POST), "pick": "1"})
        if wanted is None or not may(request.user, wanted.permission):
            return hx_redirect(request, back)
        number = pick(request, self.actor, request.POST)
        if number == 0:
            messages.warning(request, _("Please tick the files it is about."))
            return hx_redirect(request, back)
        if number > MOST_AT_ONCE:
            said = _("At most %(number)s files at once. Please narrow the list by its filters.")
            messages.warning(request, said % {"number": MOST_AT_ONCE})
            return hx_redirect(request, back)
        return hx_redirect(request, form_address(request, wanted))


class ListExportView(PageView):
    """The list as a file, exactly as it is filtered and with its columns, after a reason."""

    permission = "client.export"
    template_name = "clients/list_export.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.show(ListExportForm())

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | FileResponse:
        form = ListExportForm(request.POST)
        if not form.is_valid():
            return self.show(form, status=422)
        export = form.export()
        file = export_list(self.actor, export, request.GET)
        name = f"akten-{self.today:%Y-%m-%d}.{export.format}"
        return FileResponse(file, as_attachment=True, filename=name, content_type=TYPES[export.format])

    def show(self, form: ListExportForm, status: int = 200) -> HttpResponse:
        asked = self.request.GET
        number = filtered(self.actor, asked).order_by().count()
        columns = columns_for(self.actor, asked.get("order", ""))
        lately = ListExport.objects.visible_to(self.request.user)
        return self.render(
            {
                "form": form,
                "number_text": ngettext("%(number)s file", "%(number)s files", number) % {"number": number},
                "column_text": ", ".join(str(column.label) for column in columns),
                "back": list_address(kept(asked)),
                "lately": lately[:SHOWN_AGAIN],
            },
            status=status,
        )
