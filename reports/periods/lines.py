"""The lines of a period report as they are read, each with its definition; pages, sheets and prints share them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from appointments.choices import Channel
from reports.definitions import DEFINITIONS, Definition
from reports.rules import rates
from reports.rules.counting import CHANNELS, Numbers

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Number = int | Decimal | None


@dataclass(frozen=True, slots=True)
class Line:
    """One number of the report.

    Attributes:
        code: of the number, or of the line where it is worked out of two.
        definition: code of what it means.
        worked_out: how it follows from other numbers; the number of its code without.
        unit: what stands behind it: "%" for a share.
        is_part: part of the line above it.
    """

    code: str
    label: StrOrPromise
    definition: str
    worked_out: Callable[[Numbers], Number] | None = None
    unit: str = ""
    is_part: bool = False

    def value(self, numbers: Numbers) -> Number:
        """The number; 0 for what never happened, None for a share of nothing."""
        return numbers.get(self.code, 0) if self.worked_out is None else self.worked_out(numbers)


@dataclass(frozen=True, slots=True)
class Section:
    """Lines under one heading."""

    code: str
    title: StrOrPromise
    lines: Sequence[Line]


def _share(part: str, *base: str) -> Callable[[Numbers], Number]:
    return lambda numbers: rates.percent(numbers.get(part, 0), sum(numbers.get(name, 0) for name in base))


def _mean(total: str, number: str) -> Callable[[Numbers], Number]:
    return lambda numbers: rates.mean(numbers.get(total, 0), numbers.get(number, 0))


def _line(code: str, label: StrOrPromise, definition: str) -> Line:
    return Line(code, label, definition)


def _part(code: str, label: StrOrPromise, definition: str) -> Line:
    return Line(code, label, definition, is_part=True)


SECTIONS: Sequence[Section] = (
    Section(
        "stock",
        _("On the last day"),
        (
            _line("active", _("Active clients"), "active_clients"),
            _part("paused", _("beside them paused"), "active_clients"),
            Line(
                "coverage",
                _("Plan coverage"),
                "plan_coverage",
                _share("in_counselling_planned", "in_counselling"),
                "%",
            ),
            _line("overdue_reviews", _("Overdue reviews"), "overdue_reviews"),
        ),
    ),
    Section(
        "persons",
        _("Persons"),
        (
            _line("counselled", _("Persons counselled"), "counselled"),
            Line(
                "talks_each",
                _("Consultations per person counselled"),
                "counselled",
                _mean("talks", "counselled"),
                is_part=True,
            ),
            _line("opened", _("Intakes"), "intakes"),
            _line("closed", _("Closings"), "closings"),
        ),
    ),
    Section(
        "work",
        _("Counselling"),
        (
            _line("talks", _("Consultations"), "consultations"),
            *(
                _part(f"{CHANNELS}{channel.value}", channel.label, "consultations")
                for channel in Channel
                if channel != Channel.GROUP
            ),
            _line("case_work", _("Work with third parties"), "case_work"),
            _line("attempts", _("Attempts to get in touch"), "consultations"),
            _line("visits", _("Home visits"), "home_visits"),
            _part("visits_met", _("of them somebody was met"), "home_visits"),
            Line("met", _("Share met"), "home_visits", _share("visits_met", "visits"), "%", is_part=True),
        ),
    ),
    Section(
        "appointments",
        _("Appointments"),
        (
            _line("held", _("held"), "no_shows"),
            _line("unexcused", _("did not come, unexcused"), "no_shows"),
            _line("excused", _("did not come, excused"), "no_shows"),
            _line("undecided", _("did not come, still open why"), "no_shows"),
            _line("cancelled", _("cancelled"), "no_shows"),
            Line(
                "no_show_rate", _("No-show rate"), "no_shows", _share("unexcused", "held", "unexcused"), "%"
            ),
        ),
    ),
    Section(
        "open",
        _("Open to everybody"),
        (
            _line("office_hours", _("Office hours"), "office_hours"),
            _part("visitors", _("Visitors"), "office_hours"),
            Line(
                "visitors_each",
                _("Visitors per office hour"),
                "office_hours",
                _mean("visitors", "office_hours"),
                is_part=True,
            ),
            _line("group_events", _("Group events"), "group_events"),
            _part("attendees", _("Attendees"), "group_events"),
        ),
    ),
    Section(
        "plans",
        _("Plans and goals"),
        (
            _line("plans_new", _("Plans agreed for the first time"), "plans"),
            _line("plans_updated", _("Plans updated"), "plans"),
            _line("plans_declined", _("Plans declined"), "plans"),
            _line("plans_valid", _("Valid plans on the last day"), "plans"),
            _line("goals_reviewed", _("Goals reviewed"), "goals"),
            _part("goals_reached", _("of them reached or partly reached"), "goals"),
            Line("attainment", _("Goals reached"), "goals", _share("goals_reached", "goals_reviewed"), "%"),
        ),
    ),
    Section(
        "network",
        _("Enquiries and referrals"),
        (
            _line("enquiries", _("Enquiries"), "enquiries"),
            _part("enquiries_taken", _("taken by a manager"), "enquiries"),
            _part("enquiries_answered", _("answered directly"), "enquiries"),
            _line("referrals", _("Referrals"), "referrals"),
        ),
    ),
)
"""Referrals take a section here, with their numbers in a version of the rules and their records in `sources`."""

LINES = {line.code: line for section in SECTIONS for line in section.lines}

SHORT = (
    "active",
    "counselled",
    "talks",
    "visits",
    "plans_new",
    "plans_updated",
    "no_show_rate",
    "attainment",
)
"""The columns of a table by municipality or by manager on a page."""

COUNCIL = (
    "active",
    "counselled",
    "opened",
    "closed",
    "talks",
    "visits",
    "office_hours",
    "visitors",
    "group_events",
    "plans_new",
    "plans_updated",
    "coverage",
    "attainment",
    "enquiries",
)
"""The lines of the summary for the council: one page."""


def definitions_of(lines: Iterable[Line]) -> list[Definition]:
    """What the lines mean, each definition once and in their order: the note on method."""
    return [DEFINITIONS[code] for code in dict.fromkeys(line.definition for line in lines)]


def difference(line: Line, now: Numbers, before: Numbers) -> Number:
    """How much more or less than a year before; None where one of the two is no number."""
    here, there = line.value(now), line.value(before)
    return None if here is None or there is None else here - there
