"""What else takes room in a manager's calendar.

What other apps register forbids an appointment. It is told as begin and end alone: it need not be the reader's to know.
An open office hour takes her time as well; it is pointed out and forbids nothing (rules.md §3).
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from accounts.actor import Actor
from accounts.models import User
from appointments.models import OfficeHourSession
from appointments.models.office_hour import SessionQuerySet
from clients.models import Client

Span = tuple[datetime.datetime, datetime.datetime]
Spans = Callable[[int, datetime.datetime, datetime.datetime], Iterable[Span]]
Files = Callable[[int, datetime.datetime, datetime.datetime], Iterable[Client]]
Release = Callable[[Actor, int, datetime.datetime, datetime.datetime], None]


@dataclass(frozen=True)
class Source:
    """What an app blocks, the files it is about, and how it is given up by a manager who is not there."""

    spans: Spans
    files: Files
    release: Release


_SOURCES: dict[str, Source] = {}


@dataclass(frozen=True, slots=True)
class Block:
    """Something other than an appointment that takes a manager's time."""

    manager_id: int
    starts_at: datetime.datetime
    ends_at: datetime.datetime

    @property
    def manager(self) -> User:
        """Whose calendar it stands in."""
        return User.objects.get(pk=self.manager_id)


def register(code: str, spans: Spans, *, files: Files, release: Release) -> None:
    """Register what an app blocks; called from ``contributions.py``. All are asked for a manager and two instants.

    Args:
        code: the app's.
        spans: begin and end of what takes room in her calendar, half-open.
        files: the files to be locked before it is given up.
        release: gives it up, inside the change that holds these files.
    """
    _SOURCES[code] = Source(spans, files, release)


def blocks_between(manager: int, start: datetime.datetime, end: datetime.datetime) -> list[Block]:
    """Everything besides appointments that takes room between two instants, the earliest first."""
    found = [span for code in sorted(_SOURCES) for span in _SOURCES[code].spans(manager, start, end)]
    return [Block(manager, *span) for span in sorted(found)]


def office_hours_between(user: User, start: datetime.datetime, end: datetime.datetime) -> SessionQuerySet:
    """The open office hours at which a manager sits between two instants, the earliest first."""
    return OfficeHourSession.objects.kept_by(user).filter(starts_at__lt=end, ends_at__gt=start)


def files_between(manager: int, start: datetime.datetime, end: datetime.datetime) -> list[Client]:
    """The files of everything besides appointments that takes room between two instants."""
    return [file for code in sorted(_SOURCES) for file in _SOURCES[code].files(manager, start, end)]


def release(actor: Actor, manager: int, start: datetime.datetime, end: datetime.datetime) -> None:
    """Give up everything besides appointments between two instants; the files are locked already."""
    for code in sorted(_SOURCES):
        _SOURCES[code].release(actor, manager, start, end)
