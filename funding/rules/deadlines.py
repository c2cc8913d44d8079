"""What has to be with the funder by when, and when somebody is reminded of it (rules.md "Money")."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from accounts.rules.calendar import add_months
from accounts.rules.days import ONE_DAY, Days
from funding.choices import DeadlineKind

FIGURES = (1, 31)
APPLICATION = (11, 15)
REPORT_MONTHS = 3
AHEAD = 28
"""So many days before it a deadline shows on the start page."""
STAGES = (AHEAD, 7, 1, -1)
"""Days before a deadline from which on one mail goes out each; the last one when it has passed."""


@dataclass(frozen=True, slots=True, order=True)
class Deadline:
    """A day by which something has to be with the funder."""

    due_on: datetime.date
    kind: DeadlineKind


def deadlines_of(
    days: Days, *, entered_on: datetime.date, figures: bool, application: bool
) -> list[Deadline]:
    """All deadlines of a funding period, in order.

    Key figures of a calendar year are due on 31 January of the next one. Money for the time after the period is
    applied for by 15 November of the year before that time begins. Report and proof of use are due three months after
    the end. No day is moved to a working day: the earlier one is safe.

    Args:
        days: the funding period.
        entered_on: what was due before that day is left out, but for report and proof of use.
        figures: the programme asks for yearly key figures.
        application: the programme takes applications by a day of the year.
    """
    found = [Deadline(add_months(days.last, REPORT_MONTHS), DeadlineKind.REPORT)]
    if figures:
        found += [
            Deadline(datetime.date(year + 1, *FIGURES), DeadlineKind.FIGURES)
            for year in range(days.first.year, days.last.year + 1)
        ]
    if application:
        year_after = (days.last + ONE_DAY).year
        found.append(Deadline(datetime.date(year_after - 1, *APPLICATION), DeadlineKind.APPLICATION))
    return sorted(one for one in found if one.kind == DeadlineKind.REPORT or one.due_on >= entered_on)


def is_near(due_on: datetime.date, today: datetime.date) -> bool:
    """Whether a deadline shows on the start page: four weeks before it, and until it is met."""
    return (due_on - today).days <= AHEAD


def stage_on(due_on: datetime.date, today: datetime.date) -> int | None:
    """The last stage of reminding that a day has reached; None before the first.

    A day on which the daily run was left out loses nothing: the stage holds until the next one.
    """
    left = (due_on - today).days
    return min((stage for stage in STAGES if left <= stage), default=None)
