"""What waits for an officer on her start page: each app says what, in its ``contributions.py``."""

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.access import Scope
from accounts.models import Municipality, User
from accounts.permissions import may
from ui.dates import short_date
from ui.due import DueLine, in_order

GROUP = "desk"


@dataclass(frozen=True)
class Desk:
    """At whose desk it waits, and when.

    Attributes:
        user: an officer or the coordinator.
        scope: what she may see today.
        today: local date of the request.
        now: instant of the request.
        places: the municipalities she asks for, all of them hers.
        everywhere: these are all municipalities of the district.
    """

    user: User
    scope: Scope
    today: datetime.date
    now: datetime.datetime
    places: Sequence[Municipality]
    everywhere: bool = False


@dataclass(frozen=True)
class Waiting:
    """One line of the start page: what it is, and where it is done. It names no client.

    Attributes:
        kind: what sort of matter it is, a stable code.
        title: the words that are read first; they lead to ``url``.
        url: where the matter is done.
        text: a sentence beside it, with the number of what it sums up.
        due: the day until when; past it, it is overdue.
        since: the day since when it waits; shown where there is no ``due``.
        hard: the day was set by law or promised to others.
        news: it tells something, and nothing has to be done.
        icon: a symbol of the sprite.
        action_label: words of the button to ``url``, none without.
    """

    kind: str
    title: str
    url: str
    text: str = ""
    due: datetime.date | None = None
    since: datetime.date | None = None
    hard: bool = False
    news: bool = False
    icon: str = "circle"
    action_label: str = ""

    def line(self, today: datetime.date) -> DueLine:
        """The same as a row of a worklist."""
        waits = self.since is not None and self.due is None
        return DueLine(
            group=GROUP,
            kind=self.kind,
            today=today,
            title=self.title,
            url=self.url,
            text=self.text,
            when=self.due or self.since,
            when_text=_("waiting") if waits and not self.news else "",
            note=_("since %(date)s") % {"date": short_date(self.since, today)}
            if self.since and waits
            else "",
            hard=self.hard,
            news=self.news,
            icon=self.icon,
            action_label=self.action_label,
            action_url=self.url if self.action_label else "",
        )


Lines = Callable[[Desk], Iterable[Waiting]]
_LINES: dict[str, tuple[Lines, str]] = {}


def register(code: str, lines: Lines, *, needs: str) -> None:
    """Register what an app has waiting; called from ``contributions.py``.

    Args:
        code: the app's.
        lines: a few lines, in a constant number of statements; many matters become one line.
        needs: the permission of whoever is told.
    """
    _LINES[code] = (lines, needs)


def lines_for(desk: Desk) -> list[DueLine]:
    """What waits for a reader: deadlines that are over, those of today, what waits longest, then what is to come."""
    found = [
        waiting.line(desk.today)
        for code in sorted(_LINES)
        if may(desk.user, _LINES[code][1])
        for waiting in _LINES[code][0](desk)
    ]
    return sorted(in_order(found), key=lambda line: not line.mark)
