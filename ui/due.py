"""A line of a worklist: when, what, next. Every app offers its own in ``due.py``."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Literal

from django.utils.translation import gettext as _

from ui.dates import Moment, day_word, local_day, near_word, short_date, time_de

State = Literal["late", "today", "later", "done"]
RANK: dict[State, int] = {"late": 0, "today": 1, "later": 2, "done": 3}


@dataclass(frozen=True)
class Outcome:
    """One button of the outcome group: a link with ``url``; otherwise it posts ``value``, or to ``post_url``."""

    label: str
    value: str = ""
    url: str = ""
    post_url: str = ""


@dataclass(frozen=True)
class DueLine:
    """One row: a time, an icon, a person and one sentence, one next step.

    ``group`` is the code of the section, ``kind`` what the line is about. ``title`` and ``case_no``
    swap under Sichtschutz; without ``case_no`` the title always shows. ``when`` in the past is
    overdue unless the line is ``done`` or merely tells something (``news``). ``hard`` is a legal or
    promised deadline. ``note`` replaces the small second line under the time, ``when_text`` the
    first. ``subject`` is the key of whom the line is about: a list may show one line of a subject
    and say in ``further`` what else there is at ``further_url``.
    """

    group: str
    kind: str
    today: date
    title: str
    url: str = ""
    when: Moment | None = None
    case_no: str = ""
    text: str = ""
    icon: str = "circle"
    action_label: str = ""
    action_url: str = ""
    action_method: Literal["get", "post"] = "get"
    action_fields: Mapping[str, str] = field(default_factory=dict)
    hard: bool = False
    note: str = ""
    when_text: str = ""
    care: str = ""
    done: bool = False
    news: bool = False
    emphasis: bool | None = None
    outcomes: tuple[Outcome, ...] = ()
    outcome_name: str = "outcome"
    subject: str = ""
    further: str = ""
    further_url: str = ""

    @cached_property
    def state(self) -> State:
        """late, today, later or done, seen from ``today``."""
        if self.done:
            return "done"
        if self.when is None:
            return "later"
        day = local_day(self.when)
        if day == self.today:
            return "today"
        if day < self.today and not self.news:
            return "late"
        return "later"

    @property
    def is_timed(self) -> bool:
        """Whether the row shows a clock time first: it happens today at an hour, or happened."""
        return isinstance(self.when, datetime) and self.state in ("today", "done")

    @property
    def mark(self) -> str:
        """Which mark the time carries: late, due or none. Hours of the day are no deadlines."""
        if self.when_text or self.is_timed or self.news:
            return ""
        return {"late": "late", "today": "due"}.get(self.state, "")

    @property
    def word(self) -> str:
        """The first line in the time column."""
        if self.when_text or self.when is None:
            return self.when_text
        if self.state == "late":
            return _("overdue")
        if self.is_timed and isinstance(self.when, datetime) and local_day(self.when) == self.today:
            return time_de(self.when)
        return day_word(self.when, self.today)

    @property
    def small(self) -> str:
        """The second line in the time column."""
        if self.note:
            return self.note
        if self.when is None or self.when_text:
            return ""
        if self.state == "late":
            return _("since %(date)s") % {"date": short_date(self.when, self.today)}
        if self.hard:
            return _("Deadline")
        if self.is_timed:
            return ""
        if isinstance(self.when, datetime):
            return time_de(self.when)
        return short_date(self.when, self.today) if self.state != "today" and self.near else ""

    @property
    def near(self) -> str:
        """heute, morgen, gestern or nothing."""
        return "" if self.when is None else near_word(self.when, self.today)

    @property
    def is_urgent(self) -> bool:
        """Emphasis is spent once: an outlined action means today or overdue."""
        return self.state in ("late", "today") if self.emphasis is None else self.emphasis

    @cached_property
    def sort_key(self) -> tuple[int, bool, str, bool, str]:
        """Overdue first, then today, then by date; undated last; a deadline before the rest of its day."""
        moment = "" if self.when is None else _sortable(self.when)
        return RANK[self.state], self.when is None, moment, not self.hard, self.title


@dataclass(frozen=True)
class NowLine:
    """The hairline that shows where the day stands."""

    at: datetime
    is_now: bool = True

    @property
    def word(self) -> str:
        """The time of day."""
        return time_de(self.at)


def _sortable(when: Moment) -> str:
    clock = time_de(when) if isinstance(when, datetime) else ""
    return f"{local_day(when).isoformat()} {clock}"


def in_order(lines: Iterable[DueLine]) -> list[DueLine]:
    """Overdue first, then today, then by date."""
    return sorted(lines, key=lambda line: line.sort_key)


def through_the_day(lines: Iterable[DueLine], now: datetime) -> list[DueLine | NowLine]:
    """By the clock; what is done stays in its place, and a line marks the present time."""
    ordered = sorted(
        lines,
        key=lambda line: (line.when is None, _sortable(line.when) if line.when else ""),
    )
    passed = [line for line in ordered if isinstance(line.when, datetime) and line.when <= now]
    ahead = [line for line in ordered if line not in passed]
    if not ordered:
        return []
    return [*passed, NowLine(now), *ahead]
