"""The client list and the search: managers only."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.generic import PageView
from accounts.models import User
from accounts.permissions import may
from audit.recording import record
from clients import actions, list_actions
from clients.choices import AccommodationKind, Intensity, Phase
from clients.list_actions import list_address
from clients.list_columns import COLUMNS, Around, Column, chosen_codes, columns_for, facts_below_name
from clients.list_filters import ALL_PHASES, FILTERS, filtered, kept
from clients.list_rows import page_rows
from clients.models import Client
from clients.rules.dates import age_text
from clients.services.search import search_clients
from ui.htmx import is_htmx
from ui.rows import person_row, tick_box, together

PAGE_SIZE = 50
COUNTED_AT_MOST = 1000
# One letter names half the caseload.
SHORTEST_TYPED = 2


def column_choices(user: User) -> list[tuple[str, Any, bool]]:
    """Code, label and whether the user has chosen it."""
    chosen = chosen_codes(user.list_columns)
    return [(code, column.label, code in chosen) for code, column in COLUMNS.items()]


def tick_of(client: Client) -> str:
    """The box that picks a file; it belongs to the form below the filters."""
    return tick_box("file", str(client.uuid), client.case_no, form="pick")


def nothing(client: Client) -> str:
    return ""


class ClientListView(PageView):
    """Own files and those stood in for, by name; filters are codes, the cursor is the last row's uuid."""

    permission = "client.list"
    template_name = "clients/client_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        asked = request.GET
        rows = filtered(self.actor, asked)
        number = rows.order_by().values("pk")[: COUNTED_AT_MOST + 1].count()
        columns = columns_for(self.actor, asked.get("order", ""))
        page = list(page_rows(rows, self.actor, asked, columns)[: PAGE_SIZE + 1])
        shown = page[:PAGE_SIZE]
        record(self.actor, actions.LISTED, kind="client", count=len(shown))
        around = Around(shown, columns, self.today)
        return self.render(
            {
                "rows": self.written(shown, columns, around),
                "columns": [column.label for column in columns],
                "column_choices": column_choices(self.request.user),
                "count_text": self.count_text(number),
                "after": shown[-1].uuid if len(page) > PAGE_SIZE else None,
                "is_not_first": "after" in asked,
                "chip_rows": self.chip_rows(),
                "languages": [(row.code, row.label) for row in around.languages_in_use()],
                "spoken": asked.get("language", ""),
                "orders": self.order_choices(),
                "order": asked.get("order", ""),
                "gaps": self.gap_choices(),
                "gap": asked.get("missing", ""),
                "homes": AccommodationKind.choices,
                "home": asked.get("home", ""),
                "is_filtered": any(asked.get(name) for name in FILTERS),
                "kept": kept(asked),
                "here": list_address(kept(asked)),
                "is_picking": self.is_picking,
                "list_actions": [
                    one for one in list_actions.registered() if may(request.user, one.permission)
                ],
                "now": self.now,
            }
        )

    def count_text(self, number: int) -> str:
        if number > COUNTED_AT_MOST:
            return _("more than 1,000 files")
        return _("1 file") if number == 1 else _("%(number)s files") % {"number": number}

    def written(self, clients: list[Client], columns: list[Column], around: Around) -> SafeString:
        """The rows of the table."""
        tick = tick_of if self.is_picking else nothing
        cells = [column.cells(around) for column in columns]
        return together(
            person_row(
                client.get_absolute_url(),
                client.list_name,
                client.case_no,
                facts_below_name(client, self.today),
                [cell_of(client) for cell_of in cells],
                before=tick(client),
            )
            for client in clients
        )

    def chip_rows(self) -> list[tuple[str, list[tuple[str, Any, bool]]]]:
        """The filters that show all they offer: what each narrows, and its links."""
        rows = [
            (_("Whose files"), "whose", self.caseload_choices()),
            (_("Phase"), "phase", self.phase_choices()),
            (_("Intensity"), "intensity", self.intensity_choices()),
        ]
        return [(title, self.chips(name, choices)) for title, name, choices in rows if choices]

    def chips(self, name: str, choices: list[tuple[str, Any, bool]]) -> list[tuple[str, Any, bool]]:
        """Query and label of each link, and whether it is the present one; the other filters stay."""
        said = {key: values for key, values in self.request.GET.lists() if key not in (name, "after")}
        return [
            (f"?{urlencode({**said, name: code} if code else said, doseq=True)}", label, current)
            for code, label, current in choices
        ]

    @property
    def is_picking(self) -> bool:
        """Whether files can be ticked, for something to be done with several."""
        return self.request.GET.get("pick") == "1"

    def phase_choices(self) -> list[tuple[str, Any, bool]]:
        chosen = self.request.GET.get("phase", "")
        first = [("", _("all open"), chosen not in (*Phase.values, ALL_PHASES))]
        return [
            *first,
            *((phase.value, phase.label, phase.value == chosen) for phase in Phase),
            (ALL_PHASES, _("all, closed too"), chosen == ALL_PHASES),
        ]

    def intensity_choices(self) -> list[tuple[str, Any, bool]]:
        chosen = self.request.GET.get("intensity", "")
        return [
            ("", _("every intensity"), chosen not in (*Intensity.values, "none")),
            *((level.value, level.label, level.value == chosen) for level in Intensity),
            ("none", _("not yet assessed"), chosen == "none"),
        ]

    @staticmethod
    def order_choices() -> list[tuple[str, str]]:
        return [
            ("", _("by name")),
            ("due", _("due next first")),
            ("talk", _("longest without a talk first")),
            ("appointment", _("next appointment first")),
        ]

    @staticmethod
    def gap_choices() -> list[tuple[str, str]]:
        return [
            ("", _("all files")),
            ("appointment", _("no appointment planned")),
            ("address", _("no address")),
        ]

    def caseload_choices(self) -> list[tuple[str, Any, bool]]:
        if not self.scope.stands_in_for:
            return []
        chosen = self.request.GET.get("whose", "")
        return [
            ("", _("own and stand-in"), chosen not in ("own", "others")),
            ("own", _("own files"), chosen == "own"),
            ("others", _("as stand-in"), chosen == "others"),
        ]


class ClientSearchView(PageView):
    """The search of every page. The query comes by POST, so that it stands in no address and no log."""

    permission = "client.search"
    template_name = "clients/client_search.html"
    fragment_name = "clients/_search_results.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return self.render({"result": None, "query": ""})

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        query = request.POST.get("q", "")[:200].replace("\x00", "")
        typing = is_htmx(request)
        if typing and len(query.strip()) < SHORTEST_TYPED:
            return self.render({"result": None})
        result = search_clients(self.actor, query, announce=not typing)
        if len(result.clients) == 1 and result.is_exact and not typing:
            return HttpResponseRedirect(result.clients[0].get_absolute_url())
        rows = [
            {
                "client": client,
                "age": age_text(client.birth, self.today),
                "leading": result.leading.get(client.pk),
            }
            for client in result.clients
        ]
        return self.render({"result": result, "rows": rows, "query": query, "is_typing": typing})
