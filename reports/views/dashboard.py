"""The chapter of the stock: files, plans and caseloads, and what the coordination is told beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.utils.translation import ngettext

from accounts import desk
from accounts.models import AccountChange, Municipality
from accounts.permissions import Column, column_of, may
from clients import due_accounts
from clients.figures import taken_over_since
from clients.worklist import Group
from intake import due_caseloads
from reports import absences, charts, figures, kept, key_figures
from reports.figures import Dashboard
from reports.rules.periods import Period
from reports.rules.protected import rounded
from reports.views.chapters import ChapterView, Figure
from ui.dates import date_de
from ui.due import DueLine


class DashboardView(ChapterView):
    """How many files there are, in which phase, with whom, and how their plans stand."""

    permission = "report.dashboard"
    template_name = "reports/dashboard.html"

    def content(self) -> tuple[dict[str, Figure], dict[str, Any]]:
        board: Dashboard | None
        counted_at = None
        if self.is_whole_district:
            board, counted_at = kept.dashboard(self.reader, self.asked, self.period, self.now)
        else:
            board = figures.dashboard(self.reader, self.asked, self.period, self.today, self.now)
        everywhere, period = self.place is None, self.period
        more: dict[str, Any] = {
            "board": board,
            "up_to": board and board.stock_day,
            "counted_at": counted_at,
            "taken_over": board and taken_over(self.asked, board.trend.months[0].first),
            "own_plans": self.reader.own_manager_id is not None,
            "is_part": board is not None
            and (board.stock_day < period.last or not period.is_complete(self.today)),
            "waiting": self.waiting(self.asked, period, everywhere=everywhere),
            "unattended": self.unattended(self.asked, period, everywhere=everywhere),
            "stepped_in": self.stepped_in(self.asked, period, everywhere=everywhere),
            "caseloads": self.caseloads(self.asked, period),
            "accounts": self.accounts(period),
        }
        if board is None:
            return {}, more
        links = self.links()
        more |= {"kpis": key_figures.kpis(board, links), "missing": self.missing(board.missing, links)}
        return self.drawn(board, links), more

    def drawn(self, board: Dashboard, links: charts.Links) -> dict[str, Figure]:
        """What was counted, as charts and tables."""
        column = column_of(self.request.user)
        by_level = charts.intensity_together if column == Column.OFFICER else charts.intensity
        found: dict[str, Figure] = {
            "phases": charts.phases(board, links),
            "intensity": by_level(board, links),
            "load": charts.load(board),
            "clocks": charts.clocks(board, links),
            "trend": charts.trend(board),
        }
        if board.places:
            found["places"] = charts.places(board.places, links)
        if board.managers:
            found["work"] = charts.managers(board.managers, links, own=column == Column.MANAGER)
        return found

    def waiting(self, asked: Sequence[Municipality], period: Period, *, everywhere: bool) -> list[DueLine]:
        """What waits for the office; a finished period has nothing of the kind."""
        if period.is_complete(self.today):
            return []
        is_all = everywhere and self.scope.serves_all
        return desk.lines_for(
            desk.Desk(self.request.user, self.scope, self.today, self.now, asked, everywhere=is_all)
        )

    def unattended(self, asked: Sequence[Municipality], period: Period, *, everywhere: bool) -> list[DueLine]:
        """Who is away today without a stand-in; what waits per manager is for the coordinator only (rules.md §8)."""
        if not self.coordinates_in(period):
            return []
        return absences.lines(absences.without_stand_in(asked, self.today, everywhere=everywhere), self.today)

    def stepped_in(self, asked: Sequence[Municipality], period: Period, *, everywhere: bool) -> list[DueLine]:
        """Who opened whose files in an emergency, for the coordinator."""
        if not self.coordinates_in(period):
            return []
        return absences.stepped_in(asked, self.today, everywhere=everywhere)

    def coordinates_in(self, period: Period) -> bool:
        """Whether the reader sees what is to be done about managers; a finished period has nothing of the kind."""
        return column_of(self.request.user) == Column.COORDINATOR and not period.is_complete(self.today)

    def caseloads(self, asked: Sequence[Municipality], period: Period) -> list[DueLine]:
        """Files without a manager since one left, for users who may assign them."""
        if not may(self.request.user, "caseload.assign") or period.is_complete(self.today):
            return []
        return due_caseloads.lines(self.today, asked)

    def accounts(self, period: Period) -> list[DueLine]:
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
        topicless, baseless = found.contacts_without_topic, found.talks_without_basis
        if column_of(self.request.user) != Column.MANAGER:
            # What a talk was about is protected, and so is that it was about nothing (rules.md §9).
            topicless, baseless = rounded(topicless), rounded(baseless)
        lines = [
            (found.undecided_appointments, charts.undecided_text, ""),
            (topicless, charts.topic_text, ""),
            (baseless, charts.basis_text, ""),
            (found.files_without_assessment, charts.assessment_text, ""),
            (found.files_past_limit, charts.limit_text, links.cases(state="limit")),
        ]
        return [(text(number), url) for number, text, url in lines if number]


def taken_over(places: Sequence[Municipality], first: dt.date) -> str:
    """That figures from a day on are in part taken over with running cases; empty where none were."""
    number, last = taken_over_since([place.pk for place in places], first)
    if last is None:
        return ""
    text = ngettext(
        "Until %(day)s %(number)d running case was taken over: figures before contain it from its real start, without "
        "its talks.",
        "Until %(day)s %(number)d running cases were taken over: figures before contain them from their real start, "
        "without their talks.",
        number,
    )
    return text % {"day": date_de(last), "number": number}
