"""The timeline of a file: chosen by kind and period, page by page, and on paper."""

import datetime
import re
from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from accounts.rules.calendar import start_of_day
from accounts.rules.days import ONE_DAY
from audit.recording import record
from clients import actions, timeline
from clients.file_rows import overview_rows
from clients.forms.timeline import PeriodForm
from clients.health import may_read_health
from clients.views.base import FilePage
from ui.htmx import is_htmx

PAGE = 40
PRINTED_AT_MOST = 1000
KEY = re.compile(r"[a-z_-]{1,40}-[0-9]{1,18}")


def write_cursor(entry: timeline.TimelineEntry) -> str:
    """Where the next page begins: an instant and a key, nothing personal."""
    return f"{entry.at.astimezone(datetime.UTC).isoformat()}~{entry.key}"


def read_cursor(text: str) -> timeline.Cursor | None:
    """The cursor in an address; None when it was not made here."""
    moment, _sign, key = text.replace(" ", "+").partition("~")
    try:
        at = parse_datetime(moment)
        if at is None or not KEY.fullmatch(key) or timezone.is_naive(at):
            return None
        return at.astimezone(datetime.UTC), key
    except (ValueError, OverflowError):
        return None


class ChosenTimeline(FilePage, abstract=True):
    """What the address chooses of a timeline; an unknown kind chooses nothing."""

    permission = "client.view"

    def chosen(self, limit: int, before: timeline.Cursor | None = None) -> list[timeline.TimelineEntry]:
        """The newest entries of the kind and the period, at most ``limit``; none while the period is in doubt."""
        form = self.period_form
        if form.is_bound and not form.is_valid():
            return []
        days = form.cleaned_data if form.is_bound else {}
        since, until = days.get("since"), days.get("until")
        if until is not None:
            end = (start_of_day(until + ONE_DAY), "")
            before = end if before is None else min(before, end)
        overview_rows(self.client)
        return timeline.merged(
            self.file,
            before=before,
            since=start_of_day(since) if since else None,
            kinds=frozenset({self.kind}) if self.kind else None,
            limit=limit,
        )

    @property
    def kind(self) -> str:
        chosen = self.request.GET.get("kind", "")
        return chosen if chosen in {kind.code for kind in timeline.named_kinds()} else ""

    @property
    def period_form(self) -> PeriodForm:
        """The same form throughout the request; without days in the address it is not bound."""
        if not hasattr(self, "_period_form"):
            asked = self.request.GET
            self._period_form = PeriodForm(asked if asked.get("since") or asked.get("until") else None)
        return self._period_form


class ClientTimelineView(ChosenTimeline):
    """Everything that happened in the file, newest first, all apps' sources merged."""

    template_name = "clients/client_timeline.html"
    fragment_name = "clients/_timeline_entries.html"
    read_action = actions.TIMELINE_VIEWED
    tab = "timeline"

    def page(self) -> dict[str, Any]:
        entries = self.chosen(PAGE + 1, read_cursor(self.request.GET.get("before", "")))
        shown = entries[:PAGE]
        return {
            "months": timeline.by_month(shown),
            "older": write_cursor(shown[-1]) if len(entries) > PAGE else "",
            "kinds": timeline.named_kinds(),
            "kind": self.kind,
            "period_form": self.period_form,
            "is_first": "before" not in self.request.GET,
            "is_filtered": bool(self.kind) or self.period_form.is_bound,
            "is_fragment": is_htmx(self.request),
        }


class ClientTimelinePrintView(ChosenTimeline):
    """The chosen part on paper: this person's, nobody else named; notes and protected modules only when asked for."""

    template_name = "clients/client_timeline_print.html"
    read_action = actions.TIMELINE_PRINTED

    def record_read(self, action: Any) -> None:
        record(self.actor, action, client=self.client, kind="client", fields=self.added)

    @property
    def added(self) -> list[str]:
        """What is printed beyond the plain lines."""
        asked = self.request.GET
        added = ["note"] if asked.get("notes") else []
        return [*added, "health"] if asked.get("health") and self.may_add_health else added

    @property
    def may_add_health(self) -> bool:
        return may_read_health(self.request.user, self.client, self.now)

    def page(self) -> dict[str, Any]:
        added = self.added
        self.__dict__["file"] = replace(self.file, on_paper=True, with_health="health" in added)
        entries = self.chosen(PRINTED_AT_MOST + 1)
        kinds = {kind.code: kind.label for kind in timeline.named_kinds()}
        return {
            "entries": entries[:PRINTED_AT_MOST],
            "at_most": PRINTED_AT_MOST if len(entries) > PRINTED_AT_MOST else 0,
            "kind": self.kind,
            "kind_label": kinds.get(self.kind, ""),
            "period_form": self.period_form,
            "with_notes": "note" in added,
            "with_health": "health" in added,
            "may_add_health": self.may_add_health,
        }
