"""*Mein Tag*: what each app says is due, put together. No app is asked twice, nothing is stored."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import Scope
from accounts.models import User
from clients import worklist
from clients.worklist import Group
from ui.dates import local_day, time_de
from ui.due import DueLine, NowLine, in_order, through_the_day

TODAY_GROUP = Group.APPOINTMENTS
SHOWN_LINES = 8
"""How many lines of a long section stand open; the most urgent come first, so nothing due hides behind later things."""
PERSONAL_GROUPS = frozenset({Group.DRAFTS, Group.INTAKE})


@dataclass(frozen=True, slots=True)
class SectionKind:
    """A section of the page: which groups of lines it takes, its heading and the note beside it."""

    code: str
    groups: tuple[Group, ...]
    title: str | Promise
    note: str | Promise = ""

    @property
    def id(self) -> str:
        return f"day-{self.code}"

    def takes(self, line: DueLine) -> bool:
        """A line of a group the page does not know stands among the files: it must neither vanish nor stop the page."""
        return line.group in self.groups or (Group.FILES in self.groups and line.group not in KNOWN)


SECTIONS: tuple[SectionKind, ...] = (
    SectionKind("appointments", (TODAY_GROUP,), gettext_lazy("Appointments")),
    SectionKind("deadlines", (Group.DEADLINES,), gettext_lazy("Deadlines and follow-ups")),
    SectionKind("outreach", (Group.OUTREACH,), gettext_lazy("Getting back in touch")),
    SectionKind("others", (Group.OTHERS, Group.INTAKE), gettext_lazy("From others")),
    SectionKind("plans", (Group.PLANS,), gettext_lazy("Plans")),
    SectionKind("files", (Group.FILES,), gettext_lazy("Files"), gettext_lazy("next weeks")),
    SectionKind("drafts", (Group.DRAFTS,), gettext_lazy("Drafts"), gettext_lazy("kept for 30 days")),
)
"""The sections in reading order."""
KNOWN = frozenset(group for section in SECTIONS for group in section.groups)


@dataclass(frozen=True, slots=True)
class Section:
    """One heading with its lines; an empty section is left out of the page."""

    code: str
    id: str
    title: str
    note: str
    lines: Sequence[DueLine | NowLine]
    is_unfolded: bool = False

    @property
    def first(self) -> Sequence[DueLine | NowLine]:
        """What stands open on the page: today's appointments all, of long lists the first lines."""
        if self.code == TODAY_GROUP or len(self.lines) <= SHOWN_LINES + 2:
            return self.lines
        return self.lines[:SHOWN_LINES]

    @property
    def rest(self) -> Sequence[DueLine | NowLine]:
        """What follows, one tap away: rendered only when it is opened."""
        return self.lines[len(self.first) :]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A part of the sentence the page opens with, perhaps linked to its section."""

    text: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class MyDay:
    """The page: its opening sentence and its sections."""

    lead: Sequence[Sentence]
    sections: Sequence[Section]


def collect(user: User, scope: Scope, today: dt.date, now: dt.datetime) -> list[DueLine]:
    """The lines of all apps for the caseloads of a scope."""
    return worklist.lines_for(worklist.Reader(user, scope, today, now))


def arrange(lines: Iterable[DueLine], now: dt.datetime, unfolded: str = "") -> MyDay:
    """The sections in reading order, their lines sorted, and the sentence above them.

    ``unfolded`` is the code of the section that shows all of its lines.
    """
    lines = list(lines)
    sections = []
    for kind in SECTIONS:
        own = [line for line in lines if kind.takes(line)]
        if not own:
            continue
        through = kind.code == TODAY_GROUP
        ordered: Sequence[DueLine | NowLine] = through_the_day(own, now) if through else in_order(own)
        done = sum(1 for line in own if line.done)
        note = str(kind.note)
        if through and done:
            note = ngettext("%(count)s done", "%(count)s done", done) % {"count": done}
        sections.append(
            Section(kind.code, kind.id, str(kind.title), note, ordered, is_unfolded=kind.code == unfolded)
        )
    return MyDay(lead_of(lines, now), sections)


def lead_of(lines: Sequence[DueLine], now: dt.datetime) -> list[Sentence]:
    """How many appointments there are, when the next one is, and what is overdue or due today."""
    sentences = [_appointments([line for line in lines if line.group == TODAY_GROUP], now)]
    tasks = [line for line in lines if line.group != TODAY_GROUP]
    # As the rows say it: a colleague's note from yesterday reads "new" and is not overdue.
    late = [line for line in tasks if line.mark == "late"]
    due_today = [line for line in tasks if line.mark == "due"]
    if late:
        text = ngettext("%(count)s task is overdue.", "%(count)s tasks are overdue.", len(late)) % {
            "count": len(late)
        }
        sentences.append(Sentence(text, _section_of(late)))
    if due_today:
        text = ngettext("%(count)s task is due today.", "%(count)s tasks are due today.", len(due_today)) % {
            "count": len(due_today)
        }
        sentences.append(Sentence(text, _section_of(due_today)))
    if tasks and not late and not due_today:
        sentences.append(Sentence(_("Nothing is overdue and nothing else is due today.")))
    return sentences


def _section_of(lines: Sequence[DueLine]) -> str:
    return next(kind.id for kind in SECTIONS if any(kind.takes(line) for line in lines))


def _appointments(lines: Sequence[DueLine], now: dt.datetime) -> Sentence:
    today = [line for line in lines if line.when is not None and local_day(line.when) == line.today]
    if not today:
        return Sentence(_("No appointments today."))
    ahead = [line.when for line in today if isinstance(line.when, dt.datetime) and line.when > now]
    if not ahead:
        text = ngettext(
            "%(count)s appointment today, none of them still to come.",
            "%(count)s appointments today, none of them still to come.",
            len(today),
        ) % {"count": len(today)}
    else:
        text = ngettext(
            "%(count)s appointment today, at %(time)s.",
            "%(count)s appointments today, the next one at %(time)s.",
            len(today),
        ) % {"count": len(today), "time": time_de(min(ahead))}
    return Sentence(text, f"day-{TODAY_GROUP}")


@dataclass(frozen=True, slots=True)
class StandInNote:
    """For whom the user stands in, until when, and how much is due there."""

    name: str
    until: dt.date
    due: int
    url: str


def of_caseload(lines: Iterable[DueLine]) -> list[DueLine]:
    """Without what belongs to the reader and not to the caseload: own drafts and the municipality's inbox."""
    return [line for line in lines if line.group not in PERSONAL_GROUPS]


def due_count(lines: Iterable[DueLine]) -> int:
    """How many lines are overdue or due today."""
    return sum(1 for line in lines if line.mark)
