"""The pages of one file: overview, person, access log."""

from typing import Any

from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts.permissions import may
from audit.actions import ACCESS, READ, codes_of, sentence_of
from audit.models import AuditEntry
from clients import actions, sections
from clients.choices import FactKind
from clients.file_rows import overview_rows
from clients.models import HouseholdChange
from clients.rules.phases import next_phases
from clients.services.household_history import split_of_today
from clients.views.base import FilePage

ACCESS_LOG_PAGE = 100
ENDED_SHOWN = 20


class ClientDetailView(FilePage):
    """The overview: every app's sections, rendered in one request with one read entry."""

    permission = "client.view"
    template_name = "clients/client_detail.html"
    read_action = actions.VIEWED
    tab = "detail"

    def page(self) -> dict[str, Any]:
        overview_rows(self.client)
        return {
            "main_sections": self.rendered("main"),
            "aside_sections": self.rendered("aside"),
            "next_phases": next_phases(self.client.phase),
        }

    def rendered(self, place: str) -> list[str]:
        """The sections of one place as finished fragments; those with nothing to say are left out."""
        finished: list[str] = []
        shared = self.context()
        for section in sections.registered(place):
            own = section.context(self.file)
            if own is not None:
                context = {**shared, "section": section, **own}
                finished.append(render_to_string(section.template, context, self.request))
        return finished


class ClientPersonView(FilePage):
    """Everything known about the person, with a way to change each group."""

    permission = "client.view"
    template_name = "clients/client_person.html"
    read_action = actions.VIEWED
    tab = "person"

    def page(self) -> dict[str, Any]:
        as_stand_in = self.acting_for is not None
        return {
            "ended_points": self.file.facts.ended_points[:ENDED_SHOWN],
            "may_edit": not self.client.is_closed,
            "split": split_of_today(self.file.facts.rows[HouseholdChange], self.request.user, self.today),
            "may_unprotect": may(self.request.user, "client.unprotect", as_stand_in=as_stand_in),
            "may_correct_home": not self.client.is_closed
            and not (as_stand_in and self.file.facts.protection),
            "may_close": may(self.request.user, "client.close", as_stand_in=as_stand_in),
            "next_phases": next_phases(self.client.phase),
            "fact_kinds": FactKind.choices,
            "scripts_text": ", ".join(self.file.facts.script_labels),
        }


class ClientAccessLogView(FilePage):
    """Who read this file and through whose hands it went, for its manager and her stand-in."""

    permission = "client.access_log"
    template_name = "clients/client_access_log.html"
    read_action = actions.ACCESS_LOG_VIEWED

    def page(self) -> dict[str, Any]:
        # What was changed how often would tell of goals in protected modules.
        only_reads = self.request.GET.get("all") != "1" or not self.client.reads_health
        entries = AuditEntry.objects.about(self.client.subject_ref).select_related("actor", "acting_for")
        if only_reads:
            entries = entries.filter(action__in=[*codes_of(READ), *codes_of(ACCESS)])
        before = self.request.GET.get("before", "")
        if before.isascii() and before.isdigit() and len(before) < 19:
            entries = entries.filter(pk__lt=int(before))
        page = list(entries[: ACCESS_LOG_PAGE + 1])
        shown = page[:ACCESS_LOG_PAGE]
        return {
            "entries": [
                {
                    "at": entry.at,
                    "actor": str(entry.actor) if entry.actor else _("nobody logged in"),
                    "acting_for": str(entry.acting_for) if entry.acting_for else "",
                    "sentence": sentence_of(entry.action),
                }
                for entry in shown
            ],
            "older": shown[-1].pk if len(page) > ACCESS_LOG_PAGE else "",
            "only_reads": only_reads,
            "tells_changes": self.client.reads_health,
            "stand_ins": [(row, max(row.days.last, row.since)) for row in self.file.facts.all_stand_ins()],
        }
