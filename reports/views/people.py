"""Tables of people: stored ones, and a manager's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse

from accounts.models import Municipality
from accounts.permissions import Column, column_of
from audit.recording import record
from reports import charts_people
from reports.actions import TABLES_VIEWED
from reports.people import OwnTables, PeopleTable, days_of, stored_tables
from reports.rules import periods
from reports.rules.periods import NoSuchPeriod
from reports.views.chapters import Figure, FigureFiles


class PeopleView(FigureFiles):
    """Tables of people: protected for officers, exact for a manager's own caseload (rules.md §8).

    Without a table asked for an officer reads what a council asks, each question with the tables that answer it.
    """

    permission = "report.dashboard"
    nav_code = "figures"
    template_name = "reports/people.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | FileResponse:
        served = self.served()
        place = self.chosen_place(served)
        asked = request.GET.get("table", "")
        is_own = column_of(request.user) == Column.MANAGER
        found: dict[str, Any] = self.own(asked) if is_own else self.stored(asked, place, served)
        table: PeopleTable | None = found["table"]
        shown: dict[str, PeopleTable] = found["answers"] or ({table.code: table} if table else {})
        figures: dict[str, Figure] = {code: charts_people.people(one) for code, one in shown.items()}
        file = self.asked_file(figures, f"{place.code if place else 'alle'}{self.days(shown)}")
        if file is not None:
            return file
        record(self.actor, TABLES_VIEWED, kind="figures")
        return self.render(
            {
                **found,
                "figure": figures.get(table.code) if table is not None else None,
                "questions": charts_people.questions(figures) if found["answers"] else [],
                "is_own": is_own,
                "table_asked": asked,
                "has_files": True,
                "chapters": self.chapters(place),
                "served": served,
                "place": place,
                "has_tables": is_own or self.has_tables(place, served),
            }
        )

    def has_tables(self, place: Municipality | None, served: Sequence[Municipality]) -> bool:
        """Whether tables are stored for what was asked: one municipality, or the district."""
        return place is not None or len(served) == 1 or self.scope.serves_all

    def place_of_tables(
        self, place: Municipality | None, served: Sequence[Municipality]
    ) -> Municipality | None:
        """The municipality whose tables are asked for; None for the district's."""
        return place or (served[0] if len(served) == 1 and not self.scope.serves_all else None)

    def days(self, shown: Mapping[str, PeopleTable]) -> str:
        """The reference day of the figure a file is about, as part of its name."""
        asked = shown.get(self.request.GET.get("figure", ""))
        return f"-{asked.day}" if asked else ""

    def own(self, asked: str) -> dict[str, Any]:
        """Of one's own caseload as it is today."""
        tables = OwnTables(self.request.user.pk, self.today)
        table = tables.table(asked or tables.choices[0].code)
        if table is None:
            raise Http404
        return {"table": table, "choices": tables.choices, "days": [], "answers": {}}

    def stored(
        self, asked: str, place: Municipality | None, served: Sequence[Municipality]
    ) -> dict[str, Any]:
        """What was stored for the municipality or the district, on the day asked for or the last one."""
        if not self.has_tables(place, served):
            return {"table": None, "choices": [], "days": [], "answers": {}}
        where = self.place_of_tables(place, served)
        last = stored_tables(where, self.today)
        if not asked:
            until = self.end_of_period()
            upto = last if until >= self.today else stored_tables(where, until)
            answers = {one.code: one for one in upto}
            return {"table": None, "choices": last, "days": [], "answers": answers, "until": until}
        day = self.chosen_day()
        shown = {one.code: one for one in (last if day is None else stored_tables(where, day))}
        days = days_of(where, asked)
        return {
            "table": shown.get(asked),
            "choices": last,
            "days": days if len(days) > 1 else [],
            "answers": {},
        }

    def end_of_period(self) -> dt.date:
        """The last day of the period the address speaks of, with which the other chapters lead here; else today."""
        query = self.request.GET
        try:
            return periods.parse(query.get("until") or query.get("period", "")).last
        except NoSuchPeriod:
            return self.today

    def chosen_day(self) -> dt.date | None:
        """The reference day asked for; nonsense asks for none."""
        try:
            return dt.date.fromisoformat(self.request.GET.get("day", ""))
        except ValueError:
            return None
