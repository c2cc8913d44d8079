"""Start page and reading surfaces: thin views over what other apps say is due and what is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.access import within_caseload
from accounts.generic import PageView
from accounts.models import AccountChange, Municipality, StandIn
from accounts.permissions import Column, column_of, may
from audit.recording import record
from clients import due_accounts
from clients import figures as client_figures
from clients.choices import Intensity, Phase
from clients.worklist import Group
from intake import due_caseloads
from outreach.figures import FROM_VISIT
from reports import absences, cases, charts, charts_people, figures, key_figures, my_day
from reports.actions import CASES_LISTED, DASHBOARD_VIEWED, DAY_VIEWED, TABLES_VIEWED
from reports.forms import MonthsForm
from reports.people import OwnTables, PeopleTable, days_of, stored_tables
from reports.rules import periods
from reports.rules.periods import Kind, NoSuchPeriod, Period
from reports.rules.protected import rounded


class HomeView(PageView):
    """The start page of the role: *Mein Tag*, the dashboard or the administration."""

    permission = "home.open"
    template_name = "reports/my_day.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        match column_of(request.user):
            case Column.MANAGER:
                return self.show_day(request)
            case Column.ADMIN:
                return HttpResponseRedirect(reverse("admin:index"))
            case _:
                return HttpResponseRedirect(reverse("reports:dashboard"))

    def show_day(self, request: HttpRequest) -> HttpResponse:
        stand_ins = self.scope.stand_ins
        chosen = self.chosen_stand_in(stand_ins)
        if chosen is not None:
            lines = my_day.of_caseload(self.lines_of(chosen.absent_id))
            record(self.actor, DAY_VIEWED, kind="client", acting_for=chosen.absent_id, count=len(lines))
            return self.render({"day": self.arrange(lines), "for_whom": self.note(chosen)})
        lines = self.lines_of(self.reader_id)
        record(self.actor, DAY_VIEWED, kind="client", count=len(lines))
        return self.render({"day": self.arrange(lines), "stand_ins": [self.note(s) for s in stand_ins]})

    def arrange(self, lines: Sequence[my_day.DueLine]) -> my_day.MyDay:
        return my_day.arrange(lines, self.now)

    @property
    def reader_id(self) -> int:
        """Key of the logged-in user; the permission keeps anonymous visitors out."""
        return int(str(self.scope.user_id))

    def chosen_stand_in(self, stand_ins: Sequence[StandIn]) -> StandIn | None:
        """The stand-in whose day is asked for; any other key is a page that does not exist."""
        key = self.request.GET.get("stand_in")
        if key is None:
            return None
        for stand_in in stand_ins:
            if str(stand_in.uuid) == key:
                return stand_in
        raise Http404

    def lines_of(self, manager_id: int) -> list[my_day.DueLine]:
        user, scope = within_caseload(self.request.user, self.scope, manager_id)
        return my_day.collect(user, scope, self.today, self.now)

    def note(self, stand_in: StandIn) -> my_day.StandInNote:
        return my_day.StandInNote(
            name=str(stand_in.absent),
            until=stand_in.until,
            due=my_day.due_count(my_day.of_caseload(self.lines_of(stand_in.absent_id))),
            url=f"{reverse('home')}?stand_in={stand_in.uuid}",
        )


class DaySectionView(HomeView):
    """What one section of *Mein Tag* has folded away; without HTMX the whole day with these lines in sight."""

    permission = "home.open"
    fragment_name = "reports/_day_rest.html"

    def show_day(self, request: HttpRequest) -> HttpResponse:
        if self.kwargs["section"] not in {section.code for section in my_day.SECTIONS}:
            raise Http404
        return super().show_day(request)

    def arrange(self, lines: Sequence[my_day.DueLine]) -> my_day.MyDay:
        return my_day.arrange(lines, self.now, unfolded=self.kwargs["section"])

    def context(self, **extra: Any) -> dict[str, Any]:
        sections = extra["day"].sections
        return super().context(**extra, rest=[line for s in sections if s.is_unfolded for line in s.rest])


class PlacesMixin(PageView, abstract=True):
    """Figures of the municipalities the reader serves; the coordinator serves all.

    Attributes:
        with_places: what is read with the municipalities.
    """

    with_places: ClassVar[Sequence[str]] = ()

    def served(self) -> list[Municipality]:
        places = Municipality.objects.order_by("name").prefetch_related(*self.with_places)
        if not self.scope.serves_all:
            return list(places.filter(pk__in=self.scope.municipalities))
        everywhere = list(places)
        # What was read is not asked once more for its keys.
        vars(self.scope)["municipalities"] = frozenset(place.pk for place in everywhere)
        return everywhere

    def chosen_place(self, served: Sequence[Municipality]) -> Municipality | None:
        """The municipality asked for; one the reader does not serve does not exist for them."""
        code = self.request.GET.get("place", "")
        if not code:
            return None
        for place in served:
            if place.code == code:
                return place
        raise Http404

    def has_tables(self, place: Municipality | None, served: Sequence[Municipality]) -> bool:
        """Whether tables are stored for what was asked: one municipality, or the district."""
        return place is not None or len(served) == 1 or self.scope.serves_all

    def place_of_tables(
        self, place: Municipality | None, served: Sequence[Municipality]
    ) -> Municipality | None:
        """The municipality whose tables are asked for; None for the district's."""
        return place or (served[0] if len(served) == 1 and not self.scope.serves_all else None)


class DashboardView(PlacesMixin):
    """The figures of the reader's municipalities for a period."""

    permission = "report.dashboard"
    template_name = "reports/dashboard.html"
    with_places = ("memberships",)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        served = self.served()
        place = self.chosen_place(served)
        form = MonthsForm(
            request.GET if "since" in request.GET else None,
            offered=periods.month_choices(self.began(served), self.today),
        )
        period = self.chosen_period(form)
        record(self.actor, DASHBOARD_VIEWED, kind="figures")
        column = column_of(request.user)
        reader = figures.Reader(
            sees_all_managers=column == Column.COORDINATOR,
            own_manager_id=request.user.pk if column == Column.MANAGER else None,
            after=request.GET.get("managers", ""),
            after_place=request.GET.get("places", ""),
        )
        asked = served if place is None else [place]
        are_all = place is None and self.scope.serves_all
        board = figures.dashboard(reader, asked, period, self.today, self.now, are_all=are_all)
        links = charts.Links(
            # The list is today's; the figures of a finished period would lead to others.
            may_list_cases=may(request.user, "report.cases") and board.stock_day == self.today,
            by_manager=column == Column.COORDINATOR,
            place=place.code if place else "",
        )
        people = self.people(place, served, period)
        by_level = charts.intensity_together if column == Column.OFFICER else charts.intensity
        return self.render(
            {
                "board": board,
                "links": links,
                "is_later_manager": bool(reader.after),
                "is_later_place": bool(reader.after_place),
                "period": period,
                "period_label": charts.period_label(period),
                "own_plans": reader.own_manager_id is not None,
                "is_running": not period.is_complete(self.today),
                "kinds": self.kinds(period),
                "previous": periods.previous(period),
                "following": self.following(period),
                "served": served,
                "place": place,
                "period_form": form,
                "kpis": key_figures.kpis(board, links),
                "missing": self.missing(board.missing, links),
                "unattended": self.unattended(asked, period, everywhere=place is None),
                "stepped_in": self.stepped_in(asked, period, everywhere=place is None),
                "caseloads": self.caseloads(asked, period),
                "accounts": self.accounts(period),
                "phases": charts.phases(board, links),
                "intensity": by_level(board, links),
                "load": charts.load(board),
                "funnel": charts.funnel(board, links),
                "trend": charts.trend(board),
                "people": people and charts_people.people(people),
                "people_day": people and people.day,
                "has_tables": reader.own_manager_id is not None or self.has_tables(place, served),
                "places": board.places and charts.places(board.places, links),
                "managers": board.managers
                and charts.managers(board.managers, links, own=reader.own_manager_id is not None),
            }
        )

    def began(self, served: Sequence[Municipality]) -> dt.date:
        """The day the first figures are of."""
        return min(figures.service_began_on(served) or self.today, self.today)

    def chosen_period(self, form: MonthsForm) -> Period:
        """What the address asks for; the running month when it asks for nothing or for nonsense."""
        running = periods.containing(Kind.MONTH, self.today)
        if form.is_bound:
            return form.period() if form.is_valid() else running
        code = self.request.GET.get("period", "")
        if not code:
            return running
        try:
            return periods.parse(code)
        except NoSuchPeriod:
            messages.warning(self.request, _("There is no such period. You see the running month instead."))
            return running

    def people(
        self, place: Municipality | None, served: Sequence[Municipality], period: Period
    ) -> PeopleTable | None:
        """The table the dashboard shows: the last one stored up to the end of the period, or the manager's own."""
        if column_of(self.request.user) == Column.MANAGER:
            return OwnTables(self.request.user.pk, self.today).table("nationality")
        if not self.has_tables(place, served):
            return None
        found = {one.code: one for one in stored_tables(self.place_of_tables(place, served), period.last)}
        return found.get("nationality_age") or found.get("nationality")

    def kinds(self, period: Period) -> list[tuple[str, str, bool]]:
        """Month, quarter and year around the period shown: label, code, whether it is the one."""
        day = min(period.last, self.today) if period.first <= self.today else period.first
        labels = ((Kind.MONTH, _("Month")), (Kind.QUARTER, _("Quarter")), (Kind.YEAR, _("Year")))
        return [(label, periods.containing(kind, day).code, period.kind is kind) for kind, label in labels]

    def following(self, period: Period) -> Period | None:
        """The next period, unless it lies in the future."""
        following = periods.following(period)
        return following if following.first <= self.today else None

    def unattended(
        self, asked: Sequence[Municipality], period: Period, *, everywhere: bool
    ) -> list[my_day.DueLine]:
        """Who is away today without a stand-in; what waits per manager is for the coordinator only (rules.md §8)."""
        if not self.coordinates_in(period):
            return []
        return absences.lines(absences.without_stand_in(asked, self.today, everywhere=everywhere), self.today)

    def stepped_in(
        self, asked: Sequence[Municipality], period: Period, *, everywhere: bool
    ) -> list[my_day.DueLine]:
        """Who opened whose files in an emergency, for the coordinator."""
        if not self.coordinates_in(period):
            return []
        return absences.stepped_in(asked, self.today, everywhere=everywhere)

    def coordinates_in(self, period: Period) -> bool:
        """Whether the reader sees what is to be done about managers; a finished period has nothing of the kind."""
        return column_of(self.request.user) == Column.COORDINATOR and not period.is_complete(self.today)

    def caseloads(self, asked: Sequence[Municipality], period: Period) -> list[my_day.DueLine]:
        """Files without a manager since one left, for users who may assign them."""
        if not may(self.request.user, "caseload.assign") or period.is_complete(self.today):
            return []
        return due_caseloads.lines(self.today, asked)

    def accounts(self, period: Period) -> list[my_day.DueLine]:
        """What the administration did with accounts: all of it for the coordinator, an officer's own for her."""
        if self.coordinates_in(period):
            return due_accounts.all_lines(self.today, group=Group.ACCOUNTS)
        if may(self.request.user, "report.cases") and not period.is_complete(self.today):
            own = AccountChange.objects.since(self.today - due_accounts.TOLD_FOR).filter(
                user=self.request.user
            )
            return due_accounts.own_lines(own, self.today, group=Group.ACCOUNTS)
        return []

    def missing(self, found: figures.Missing, links: charts.Links) -> list[tuple[str, str]]:
        """What is not recorded yet, each with the list behind it where the reader has one."""
        topicless = found.contacts_without_topic
        if column_of(self.request.user) != Column.MANAGER:
            # What a talk was about is protected, and so is that it was about nothing (rules.md §9).
            topicless = rounded(topicless)
        lines = [
            (found.undecided_appointments, charts.undecided_text, ""),
            (topicless, charts.topic_text, ""),
            (found.files_without_assessment, charts.assessment_text, ""),
            (found.files_past_limit, charts.limit_text, links.cases(state="limit")),
        ]
        return [(text(number), url) for number, text, url in lines if number]


class PeopleView(PlacesMixin):
    """One table of people at a time: protected for officers, exact for a manager's own caseload (rules.md §8)."""

    permission = "report.dashboard"
    template_name = "reports/people.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        served = self.served()
        place = self.chosen_place(served)
        asked = request.GET.get("table", "")
        is_own = column_of(request.user) == Column.MANAGER
        record(self.actor, TABLES_VIEWED, kind="figures")
        found: dict[str, Any] = self.own(asked) if is_own else self.stored(asked, place, served)
        table = found["table"]
        return self.render(
            {
                **found,
                "figure": charts_people.people(table) if table is not None else None,
                "is_own": is_own,
                "served": served,
                "place": place,
                "has_tables": is_own or self.has_tables(place, served),
            }
        )

    def own(self, asked: str) -> dict[str, Any]:
        """Of one's own caseload as it is today."""
        tables = OwnTables(self.request.user.pk, self.today)
        table = tables.table(asked or tables.choices[0].code)
        if table is None:
            raise Http404
        return {"table": table, "choices": tables.choices, "days": []}

    def stored(
        self, asked: str, place: Municipality | None, served: Sequence[Municipality]
    ) -> dict[str, Any]:
        """What was stored for the municipality or the district, on the day asked for or the last one."""
        if not self.has_tables(place, served):
            return {"table": None, "choices": [], "days": []}
        where = self.place_of_tables(place, served)
        until = self.chosen_day()
        last = stored_tables(where, self.today)
        code = asked or (last[0].code if last else "")
        shown = {one.code: one for one in (last if until is None else stored_tables(where, until))}
        days = days_of(where, code)
        return {"table": shown.get(code), "choices": last, "days": days if len(days) > 1 else []}

    def chosen_day(self) -> dt.date | None:
        """The reference day asked for; nonsense asks for none."""
        try:
            return dt.date.fromisoformat(self.request.GET.get("day", ""))
        except ValueError:
            return None


class CaseListView(PlacesMixin):
    """Cases by list number with their steering attributes; no name is ever loaded for it."""

    permission = "report.cases"
    template_name = "reports/case_list.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        served = self.served()
        place = self.chosen_place(served)
        by_manager = column_of(request.user) == Column.COORDINATOR
        chosen = cases.CaseFilter.of(request.GET.dict(), by_manager=by_manager)
        files = client_figures.files_of([p.pk for p in (served if place is None else [place])])
        page = cases.page_of(
            cases.filtered(files, chosen, self.today, self.now),
            request.GET.get("after", ""),
            self.today,
            self.now,
        )
        record(self.actor, CASES_LISTED, kind="case", count=len(page.rows))
        return self.render(
            {
                "page": page,
                "is_later": "after" in request.GET,
                "chosen": chosen,
                "served": served,
                "place": place,
                "show_place": len(served) > 1 and place is None,
                "show_manager": by_manager,
                "phases": [(cases.WORKING, _("active clients")), *[(p.value, p.label) for p in Phase]],
                "levels": [
                    *[(level.value, level.label) for level in Intensity],
                    (charts.UNASSESSED_CODE, _("not yet assessed")),
                ],
                "states": [(concern.value, cases.concern_label(concern)) for concern in cases.Concern],
                "stages": [(stage.value, stage.label) for stage in FROM_VISIT],
            }
        )
