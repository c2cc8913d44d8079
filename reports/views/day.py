"""The start page of each role; for a manager it is *Mein Tag*."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.functional import cached_property

from accounts.access import within_caseload
from accounts.generic import PageView
from accounts.models import StandIn
from accounts.permissions import Column, column_of
from audit.recording import record
from clients.views.base import FilePage
from reports import my_day
from reports.actions import DAY_VIEWED, FILE_DUE_VIEWED
from ui.due import DueLine, in_order
from ui.htmx import is_htmx
from ui.links import reverse


class DayMixin(PageView, abstract=True):
    """The lines of one's own day, or of that of somebody one stands in for."""

    @cached_property
    def stood_in_for(self) -> StandIn | None:
        """The stand-in whose day is asked for; any other key is a page that does not exist."""
        key = self.request.GET.get("stand_in")
        if key is None:
            return None
        for stand_in in self.scope.stand_ins:
            if str(stand_in.uuid) == key:
                return stand_in
        raise Http404

    @property
    def query(self) -> str:
        """What links to parts of this day carry."""
        return f"?{urlencode({'stand_in': self.stood_in_for.uuid})}" if self.stood_in_for else ""

    @cached_property
    def lines(self) -> list[DueLine]:
        """Everything that waits, read once and put on record."""
        chosen = self.stood_in_for
        if chosen is None:
            found = self.lines_of(int(str(self.scope.user_id)))
        else:
            found = my_day.of_caseload(self.lines_of(chosen.absent_id))
        acting_for = chosen.absent_id if chosen else None
        record(self.actor, DAY_VIEWED, kind="client", acting_for=acting_for, count=len(found))
        return my_day.leading_back(found, self.request.get_full_path())

    def lines_of(self, manager_id: int) -> list[DueLine]:
        user, scope = within_caseload(self.request.user, self.scope, manager_id)
        return my_day.collect(user, scope, self.today, self.now)

    def note(self, stand_in: StandIn) -> my_day.StandInNote:
        return my_day.StandInNote(
            name=str(stand_in.absent),
            until=stand_in.until,
            due=my_day.due_count(my_day.of_caseload(self.lines_of(stand_in.absent_id))),
            url=f"{reverse('home')}?stand_in={stand_in.uuid}",
            sheet_url=reverse("stand_ins:sheet", args=[stand_in.uuid]),
        )

    def context(self, **extra: Any) -> dict[str, Any]:
        return super().context(
            query=self.query, for_whom=self.note(self.stood_in_for) if self.stood_in_for else None, **extra
        )


class HomeView(DayMixin):
    """The start page of the role: *Mein Tag*, the dashboard or the administration."""

    permission = "home.open"
    template_name = "reports/my_day.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        match column_of(request.user):
            case Column.MANAGER:
                return self.show_day()
            case Column.ADMIN:
                return HttpResponseRedirect(reverse("admin:index"))
            case _:
                return HttpResponseRedirect(reverse("reports:dashboard"))

    def show_day(self) -> HttpResponse:
        notes: Sequence[my_day.StandInNote] = ()
        if self.stood_in_for is None:
            notes = [self.note(stand_in) for stand_in in self.scope.stand_ins]
        return self.render({"day": my_day.arrange(self.lines, self.now, self.query), "stand_ins": notes})


class DayPartView(HomeView):
    """The rows behind a number of *Mein Tag*, or a whole block; for HTMX what the block has folded away."""

    permission = "home.open"
    template_name = "reports/my_day_part.html"
    fragment_name = "reports/_day_rows.html"

    def show_day(self) -> HttpResponse:
        code = self.kwargs["code"]
        part = my_day.part_of(self.lines, code)
        if part is None:
            raise Http404
        title, rows = part
        if is_htmx(self.request):
            sections = my_day.arrange(self.lines, self.now).sections
            rows = [row for section in sections if section.code == code for row in section.rest]
        return self.render({"title": title, "rows": rows})


class FileDueView(FilePage):
    """What waits in one file; *Mein Tag* opens what is further below the person's row."""

    permission = "client.view"
    template_name = "reports/file_due.html"
    fragment_name = "reports/_day_rows.html"
    read_action = FILE_DUE_VIEWED

    def page(self) -> dict[str, Any]:
        if self.client.manager_id not in self.scope.caseloads:
            return {"rows": []}
        user, scope = within_caseload(self.request.user, self.scope, self.client.manager_id)
        lines = my_day.collect(user, scope, self.today, self.now, self.client)
        shown = my_day.further_of(lines) if is_htmx(self.request) else in_order(lines)
        return {"rows": my_day.leading_back(shown, reverse("home"))}
