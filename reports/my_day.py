"""*Mein Tag*: what each app says is due, put together as a triage. No app is asked twice, nothing is stored."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.access import Scope
from accounts.models import User
from appointments.due_items import AppointmentDue
from clients import worklist
from clients.models import Client
from clients.worklist import Group
from reports.rules.triage import PRESSING, Block, block_of
from ui.dates import local_day, time_de
from ui.due import DueLine, in_order
from ui.links import reverse

PERSONAL_GROUPS = frozenset({Group.DRAFTS, Group.INTAKE})


@dataclass(frozen=True, slots=True)
class BlockKind:
    """How a block reads.

    Attributes:
        open_rows: so many rows stand open, the rest one tap away; None for all.
    """

    title: str | Promise
    open_rows: int | None = None
    note: str | Promise = ""


BLOCKS: Mapping[Block, BlockKind] = {
    Block.FIRST: BlockKind(gettext_lazy("First")),
    Block.TODAY: BlockKind(gettext_lazy("Today")),
    Block.WEEK: BlockKind(gettext_lazy("This week"), open_rows=8),
    Block.LATER: BlockKind(gettext_lazy("Later"), open_rows=0),
    Block.BACKLOG: BlockKind(gettext_lazy("Backlog"), open_rows=5, note=gettext_lazy("the oldest first")),
    Block.HINTS: BlockKind(gettext_lazy("Hints"), open_rows=0),
}


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the lines, which a number of the opening sentence counts and its link opens."""

    title: str | Promise
    takes: Callable[[DueLine], bool]


def _is_today(line: DueLine) -> bool:
    return line.when is not None and local_day(line.when) == line.today


def _is_task(line: DueLine) -> bool:
    return line.group != Group.APPOINTMENTS


PARTS: Mapping[str, Part] = {
    "appointments": Part(
        gettext_lazy("Appointments today"),
        lambda line: line.kind == AppointmentDue.APPOINTMENT and _is_today(line),
    ),
    "undecided": Part(
        gettext_lazy("Appointments without an outcome"),
        lambda line: line.kind == AppointmentDue.APPOINTMENT and bool(line.outcomes),
    ),
    "overdue": Part(gettext_lazy("Overdue"), lambda line: _is_task(line) and line.mark == "late"),
    "due": Part(gettext_lazy("Due today"), lambda line: _is_task(line) and line.mark == "due"),
}


@dataclass(frozen=True, slots=True)
class Section:
    """One block of the page with its rows, one per person; an empty one is left out."""

    code: str
    title: str
    note: str
    first: Sequence[DueLine]
    rest: Sequence[DueLine]

    @property
    def id(self) -> str:
        return f"day-{self.code}"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A part of the sentence the page opens with, perhaps linked to the rows it counts."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class MyDay:
    """The page: its opening sentence and its blocks."""

    lead: Sequence[Sentence]
    sections: Sequence[Section]


def collect(
    user: User, scope: Scope, today: dt.date, now: dt.datetime, file: Client | None = None
) -> list[DueLine]:
    """The lines of all apps for the caseloads of a scope, or of one file in them."""
    return worklist.lines_for(worklist.Reader(user, scope, today, now, file))


def arrange(lines: Iterable[DueLine], now: dt.datetime, query: str = "") -> MyDay:
    """The blocks in reading order, a row for each person, and the sentence above them.

    Args:
        lines: everything that waits.
        now: instant of the request.
        query: what links to parts of this day carry, for whom one stands in.
    """
    lines = list(lines)
    blocks = in_blocks(lines)
    sections = [_section(block, kind, blocks[block]) for block, kind in BLOCKS.items() if blocks[block]]
    return MyDay(lead_of(lines, now, query), sections)


def in_blocks(lines: Iterable[DueLine]) -> dict[Block, list[DueLine]]:
    """A row for each person with the most pressing matter, the others counted; blocks without rows are empty."""
    subjects: dict[str, list[tuple[Block, DueLine]]] = defaultdict(list)
    blocks: dict[Block, list[DueLine]] = {block: [] for block in Block}
    for line in in_order(lines):
        block = block_of(line)
        if line.subject and not line.done:
            subjects[line.subject].append((block, line))
        else:
            blocks[block].append(line)
    for own in subjects.values():
        block, line, others = _pressing(own)
        blocks[block].append(_with_further(line, others))
    for block, rows in blocks.items():
        # Drafts on top: what was typed and not saved is nowhere else.
        blocks[block] = sorted(in_order(rows), key=lambda row: row.group != Group.DRAFTS)
    return blocks


def further_of(lines: Iterable[DueLine]) -> list[DueLine]:
    """The lines of one person without the one that speaks for her row."""
    own = [(block_of(line), line) for line in in_order(lines) if not line.done]
    return _pressing(own)[2] if own else []


def _pressing(own: Sequence[tuple[Block, DueLine]]) -> tuple[Block, DueLine, list[DueLine]]:
    # Of two that are as pressing the appointment: the rows of a day are its timetable, too.
    block, line = min(own, key=lambda one: (PRESSING.index(one[0]), one[1].group != Group.APPOINTMENTS))
    return block, line, [other for _block, other in own if other is not line]


def _with_further(line: DueLine, others: Sequence[DueLine]) -> DueLine:
    if not others:
        return line
    text = ngettext("%(count)d more", "%(count)d more", len(others)) % {"count": len(others)}
    if late := sum(other.mark == "late" for other in others):
        text = ngettext("%(more)s, %(count)d overdue", "%(more)s, %(count)d overdue", late) % {
            "more": text,
            "count": late,
        }
    return replace(line, further=text, further_url=reverse("file_reports:due", args=[line.subject]))


def _section(block: Block, kind: BlockKind, rows: Sequence[DueLine]) -> Section:
    shown = len(rows) if kind.open_rows is None else kind.open_rows
    done = sum(1 for row in rows if row.done)
    note = ngettext("%(count)s done", "%(count)s done", done) % {"count": done} if done else str(kind.note)
    return Section(block, str(kind.title), note, rows[:shown], rows[shown:])


def part_of(lines: Iterable[DueLine], code: str) -> tuple[str, list[DueLine]] | None:
    """The heading and the rows behind a number of the opening sentence, or of a whole block; None for another code."""
    if code in PARTS:
        return str(PARTS[code].title), in_order(line for line in lines if PARTS[code].takes(line))
    if code in BLOCKS:
        return str(BLOCKS[Block(code)].title), in_blocks(lines)[Block(code)]
    return None


def leading_back(lines: Iterable[DueLine], back: str) -> list[DueLine]:
    """The rows with forms that lead back to this page once they are saved.

    Args:
        lines: rows to be shown.
        back: path of the page.
    """
    return [
        replace(
            line,
            action_url=_back(line.action_url, back),
            outcomes=tuple(replace(outcome, url=_back(outcome.url, back)) for outcome in line.outcomes),
        )
        if line.outcomes or (line.action_url and line.action_method == "get")
        else line
        for line in lines
    ]


def _back(url: str, back: str) -> str:
    if not url or "next=" in url:
        return url
    path, sign, place = url.partition("#")
    return f"{path}{'&' if '?' in path else '?'}next={quote(back)}{sign}{place}"


def lead_of(lines: Sequence[DueLine], now: dt.datetime, query: str = "") -> list[Sentence]:
    """How many appointments there are, when the next one is, and what is overdue or due today."""
    own = {code: [line for line in lines if part.takes(line)] for code, part in PARTS.items()}

    def sentence(code: str, text: str) -> Sentence:
        return Sentence(text, f"{reverse('day_part', args=[code])}{query}")

    sentences = [
        sentence("appointments", _appointments(own["appointments"], now))
        if own["appointments"]
        else Sentence(_("No appointments today."))
    ]
    if number := len(own["undecided"]):
        text = ngettext(
            "%(count)s appointment waits for its outcome.",
            "%(count)s appointments wait for their outcome.",
            number,
        )
        sentences.append(sentence("undecided", text % {"count": number}))
    # As the rows say it: a colleague's note from yesterday reads "new" and is not overdue.
    if number := len(own["overdue"]):
        text = ngettext("%(count)s task is overdue.", "%(count)s tasks are overdue.", number)
        sentences.append(sentence("overdue", text % {"count": number}))
    if number := len(own["due"]):
        text = ngettext("%(count)s task is due today.", "%(count)s tasks are due today.", number)
        sentences.append(sentence("due", text % {"count": number}))
    if any(map(_is_task, lines)) and not own["overdue"] and not own["due"]:
        sentences.append(Sentence(_("Nothing is overdue and nothing else is due today.")))
    return sentences


def _appointments(today: Sequence[DueLine], now: dt.datetime) -> str:
    ahead = [line.when for line in today if isinstance(line.when, dt.datetime) and line.when > now]
    if not ahead:
        return ngettext(
            "%(count)s appointment today, none of them still to come.",
            "%(count)s appointments today, none of them still to come.",
            len(today),
        ) % {"count": len(today)}
    return ngettext(
        "%(count)s appointment today, at %(time)s.",
        "%(count)s appointments today, the next one at %(time)s.",
        len(today),
    ) % {"count": len(today), "time": time_de(min(ahead))}


@dataclass(frozen=True, slots=True)
class StandInNote:
    """For whom the user stands in, until when, how much is due there, and the sheet of these days."""

    name: str
    until: dt.date
    due: int
    url: str
    sheet_url: str


def of_caseload(lines: Iterable[DueLine]) -> list[DueLine]:
    """Without what belongs to the reader and not to the caseload: own drafts and the municipality's inbox."""
    return [line for line in lines if line.group not in PERSONAL_GROUPS]


def due_count(lines: Iterable[DueLine]) -> int:
    """How many lines are overdue or due today."""
    return sum(1 for line in lines if line.mark)
