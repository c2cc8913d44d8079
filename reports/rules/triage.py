"""Where a matter stands in *Mein Tag*: what comes first, today, this week, later, and what is merely behind.

A manager with 125 files cannot read a list of everything. What must not be missed stands on top and is never folded;
what was due long ago and harms nobody this week waits together at the end.
"""

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum

from clients.worklist import Group
from ui.dates import local_day
from ui.due import DueLine

ONE_DAY = dt.timedelta(days=1)
ONE_WEEK = dt.timedelta(days=7)


class Block(StrEnum):
    """The blocks of the page in reading order."""

    FIRST = "first"
    TODAY = "today"
    WEEK = "week"
    LATER = "later"
    BACKLOG = "backlog"
    HINTS = "hints"


PRESSING = (Block.FIRST, Block.TODAY, Block.WEEK, Block.BACKLOG, Block.LATER, Block.HINTS)
"""Which of a person's matters speaks for their row: what is behind before what is weeks away."""
_FIRST_UNTIL: Mapping[str, dt.timedelta] = {
    Group.APPOINTMENTS: ONE_DAY,
    Group.OUTREACH: ONE_DAY,
    Group.PERMITS: ONE_WEEK,
    Group.DEADLINES: -ONE_DAY,
}
"""So many days before they are due, matters of a group come first; follow-ups do when they are overdue."""
_TODAY: frozenset[str] = frozenset({Group.INTAKE, Group.OTHERS})


def block_of(line: DueLine) -> Block:
    """The block of a line, seen from its own ``today``."""
    if line.group == Group.DRAFTS:
        return Block.FIRST
    if line.group == Group.HINTS:
        return Block.HINTS
    if line.done:
        return Block.TODAY
    day = None if line.when is None else local_day(line.when)
    if line.group == Group.OTHERS and not line.news and day is not None:
        # A colleague marked it urgent.
        return Block.FIRST
    if line.group in _TODAY or line.news:
        return Block.TODAY
    if day is None:
        return Block.LATER
    ahead = ONE_WEEK if line.hard else _FIRST_UNTIL.get(line.group)
    if ahead is not None and day <= line.today + ahead:
        return Block.FIRST
    if day < line.today:
        return Block.BACKLOG
    if day == line.today:
        return Block.TODAY
    return Block.WEEK if day <= end_of_week(line.today) else Block.LATER


def end_of_week(day: dt.date) -> dt.date:
    """The Sunday of the week."""
    return day + dt.timedelta(days=6 - day.weekday())
