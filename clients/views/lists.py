"""The client list and the search: managers only."""

from collections.abc import Iterable
from functools import cache
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.catalogues import valid_among
from accounts.file_loader import WHOLE, Part, load_together
from accounts.generic import PageView
from audit.recording import record
from clients import actions
from clients.choices import AccommodationKind, Intensity, Phase
from clients.file_facts import next_appointment_text
from clients.health import level_text
from clients.models import Client, ClientLanguage, SpokenLanguage
from clients.querysets import ASSIGNED_LATELY, ClientQuerySet
from clients.rules.dates import age_text
from clients.services.search import search_clients
from ui.dates import date_de
from ui.htmx import is_htmx
from ui.rows import cell, person_row

PAGE_SIZE = 50
COUNTED_AT_MOST = 1000
ALL_PHASES = "all"
# What a row shows: fifty whole files would be read for it otherwise.
SHOWN = (
    "uuid",
    "case_no",
    "surname",
    "given_name",
    "birth_date",
    "birth_precision",
    "phase",
    "last_contact_on",
    "next_appointment_at",
    "next_due_on",
)
ORDERS = {"due": "next_due_on", "talk": "last_contact_on", "appointment": "next_appointment_at"}
FILTERS = {"phase", "intensity", "language", "whose", "missing", "new", "home"}
NOBODY = 0
NO_FILE = UUID(int=0)
# One letter names half the caseload.
SHORTEST_TYPED = 2


class ClientListView(PageView):
    """Own files and those stood in for, by name; filters are codes, the cursor is the last row's uuid."""

    permission = "client.list"
    template_name = "clients/client_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        rows = self.filtered()
        number = rows.order_by().values("pk")[: COUNTED_AT_MOST + 1].count()
        managers = ("manager",) if self.scope.stands_in_for else ()
        page = list(self.in_order(rows).select_related(*managers).only(*SHOWN, *managers)[: PAGE_SIZE + 1])
        shown = page[:PAGE_SIZE]
        record(self.actor, actions.LISTED, kind="client", count=len(shown))
        # Also a list that is empty can be filtered by language.
        keys = [client.pk for client in shown] or [NOBODY]
        languages = load_together(keys, ClientLanguage, Part(SpokenLanguage, WHOLE))
        return self.render(
            {
                "rows": self.as_rows(shown, languages[ClientLanguage]),
                "count_text": self.count_text(number),
                "after": shown[-1].uuid if len(page) > PAGE_SIZE else None,
                "is_not_first": "after" in request.GET,
                "phases": self.phase_choices(),
                "intensities": self.intensity_choices(),
                "languages": valid_among(languages[SpokenLanguage], self.today),
                "spoken": request.GET.get("language", ""),
                "caseloads": self.caseload_choices(),
                "stands_in": bool(self.scope.stands_in_for),
                "orders": self.order_choices(),
                "gaps": self.gap_choices(),
                "homes": AccommodationKind.choices,
                "home": request.GET.get("home", ""),
                "by_due": request.GET.get("order") == "due",
                "is_filtered": any(request.GET.get(name) for name in FILTERS),
                "now": self.now,
            }
        )

    def filtered(self) -> ClientQuerySet:
        """The rows the filters leave; an unknown code filters nothing."""
        chosen = self.request.GET
        rows = Client.objects.visible_to(self.request.user).with_level_for(self.request.user, self.now)
        phase = chosen.get("phase", "")
        if phase in Phase.values:
            rows = rows.filter(phase=phase)
        elif phase != ALL_PHASES:
            rows = rows.open()
        intensity = chosen.get("intensity")
        if intensity in Intensity.values:
            rows = rows.filter(Q(level=intensity))
        elif intensity == "none":
            rows = rows.filter(Q(level=""))
        if chosen.get("language"):
            rows = rows.speaking(chosen["language"])
        if chosen.get("missing") == "address":
            rows = rows.working().without_address(self.today)
        if chosen.get("missing") == "appointment":
            rows = rows.working().filter(next_appointment_at__isnull=True)
        if chosen.get("home") in AccommodationKind.values:
            rows = rows.living(chosen["home"], self.today)
        if chosen.get("new") == "assigned":
            rows = rows.assigned_since(self.now - ASSIGNED_LATELY, self.request.user)
        if chosen.get("whose") == "own":
            rows = rows.filter(manager=self.request.user)
        elif chosen.get("whose") == "others":
            rows = rows.exclude(manager=self.request.user)
        return rows

    def in_order(self, rows: ClientQuerySet) -> ClientQuerySet:
        """By name unless a date was chosen; the page begins behind the last file of the one before."""
        column = ORDERS.get(self.request.GET.get("order", ""))
        return rows.in_order_of(column, self.cursor()) if column else rows.in_list_order(self.cursor())

    def cursor(self) -> Client | None:
        """The last file of the page before; one that left the caseload meanwhile begins anew."""
        try:
            last = UUID(self.request.GET.get("after", ""))
        except ValueError:
            return None
        found: Client | None = Client.objects.visible_to(self.request.user).filter(uuid=last).first()
        return found

    def count_text(self, number: int) -> str:
        if number > COUNTED_AT_MOST:
            return _("more than 1,000 files")
        return _("1 file") if number == 1 else _("%(number)s files") % {"number": number}

    def as_rows(self, clients: list[Client], languages: Iterable[ClientLanguage]) -> list[SafeString]:
        """Written rows; what is the same in many is made once."""
        spoken: dict[int, list[str]] = {}
        for row in languages:
            spoken.setdefault(row.client_id, []).append(row.language.label)
        phases = {phase.value: str(phase.label) for phase in Phase}
        level_of = cache(self.level_of)
        not_assessed, last_talk = _("not yet assessed"), _("Last talk")
        by_due = self.request.GET.get("order") == "due"
        next_up = _("Due next") if by_due else _("Next appointment")
        address = reverse("clients:detail", args=[NO_FILE])
        rows = []
        for client in clients:
            cells = [
                cell(", ".join(spoken.get(client.pk, ()))),
                cell(phases[client.phase]),
                cell(level_of(client.level, client.reads_health), empty=not_assessed),
                cell(date_de(client.last_contact_on), last_talk),
                cell(
                    date_de(client.next_due_on) if by_due else next_appointment_text(client, self.today),
                    next_up,
                ),
            ]
            if self.scope.stands_in_for:
                covered = client.manager_id in self.scope.stands_in_for
                cells.append(cell(client.manager if covered else "", _("Stand-in for")))
            facts = (client.case_no, age_text(client.birth, self.today))
            url = address.replace(str(NO_FILE), str(client.uuid))
            rows.append(person_row(url, client.list_name, client.case_no, facts, cells))
        return rows

    @staticmethod
    def level_of(level: str, reads_health: bool) -> str:
        """The intensity as the user may read it, "" while there is none."""
        return level_text(level, with_health=reads_health) if level or not reads_health else ""

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

    def order_choices(self) -> list[tuple[str, str, bool]]:
        chosen = self.request.GET.get("order", "")
        orders = [
            ("", _("by name")),
            ("due", _("due next first")),
            ("talk", _("longest without a talk first")),
            ("appointment", _("next appointment first")),
        ]
        return [(code, label, code == (chosen if chosen in ORDERS else "")) for code, label in orders]

    def gap_choices(self) -> list[tuple[str, str, bool]]:
        chosen = self.request.GET.get("missing", "")
        gaps = [
            ("", _("all files")),
            ("appointment", _("no appointment planned")),
            ("address", _("no address")),
        ]
        return [(code, label, code == chosen) for code, label in gaps]

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
        rows = [{"client": client, "age": age_text(client.birth, self.today)} for client in result.clients]
        return self.render({"result": result, "rows": rows, "query": query, "is_typing": typing})
