"""The way to what a file says today: every dated fact with its periods, and what was corrected in them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.translation import gettext as _

from clients.choices import FactKind, Precision, ResidenceStatus
from clients.file_facts import FileFacts
from clients.models import Accommodation, DatedFact, FactRevision, Residence
from clients.models.revisions import ACCOMMODATION, RESIDENCE
from clients.rules.dates import UncertainDate
from clients.rules.periods import ONE_DAY
from ui.dates import date_de

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Wording:
    """What an entry said until somebody changed it."""

    revision: FactRevision
    said: str
    days: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One period of a history.

    Attributes:
        row: the fact, residence or accommodation.
        said: its value in words.
        days: its period in words.
        is_now: it holds today.
        is_ahead: it begins later.
        wordings: what it said before it was corrected or prolonged, the last one first.
    """

    row: Any
    said: str
    days: str
    is_now: bool = False
    is_ahead: bool = False
    wordings: Sequence[Wording] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """The history of one kind, newest first, and what was taken back in it."""

    code: str
    title: "StrOrPromise"
    entries: Sequence[Entry]
    taken_back: Sequence[Wording] = field(default_factory=list)


def days_text(since: UncertainDate | None, until: UncertainDate | None, today: datetime.date) -> str:
    """ "since 03/2018", "01.02.2018–08/2018", "from 01.12.2018 on"; "" when nothing is known."""
    if since is not None and until is not None:
        return f"{since}–{until}"
    if until is not None:
        return _("until %(day)s") % {"day": until}
    if since is None:
        return ""
    words = {"day": since}
    return (_("from %(day)s on") if since.first > today else _("since %(day)s")) % words


def _exactly(day: datetime.date | None) -> UncertainDate | None:
    return UncertainDate(day) if day else None


def _joined(*parts: object) -> str:
    return ", ".join(str(part) for part in parts if part)


def fact_text(fact: DatedFact | FactRevision) -> str:
    """The value with its detail and how it is known."""
    return _joined(fact.value, fact.detail, fact.get_source_display())


def permit_text(row: Residence | FactRevision) -> str:
    """The status with the dates of its document."""
    return _joined(
        ResidenceStatus(row.status).label,
        row.printed_until and _("printed until %(day)s") % {"day": date_de(row.printed_until)},
        row.continues_until
        and _("continues to be valid until %(day)s") % {"day": date_de(row.continues_until)},
    )


def chapters(facts: FileFacts, *, reads_former_addresses: bool) -> list[Chapter]:
    """Every history of a file that has something to tell; of the rows its pages read anyway.

    Args:
        facts: the file as this request shows it.
        reads_former_addresses: a stand-in is told that an address was corrected, not what it was.
    """
    today = facts.today
    written = _wordings(facts.revisions, today, reads_former_addresses)
    found = [
        _chapter(
            RESIDENCE,
            _("Residence status"),
            [_permit_entry(row, today) for row in facts.permit.documents],
            written,
        ),
        _chapter(
            ACCOMMODATION,
            _("Accommodation"),
            [_home_entry(row, today) for row in facts.accommodations],
            written,
        ),
    ]
    for kind in FactKind:
        rows = [row for row in facts.all_facts if row.kind == kind]
        found.append(_chapter(kind.value, kind.label, [_fact_entry(row, today) for row in rows], written))
    return [chapter for chapter in found if chapter.entries or chapter.taken_back]


Written = dict[UUID, list[Wording]]


def _wordings(revisions: Iterable[FactRevision], today: datetime.date, reads_addresses: bool) -> Written:
    found: Written = defaultdict(list)
    for row in revisions:
        since = UncertainDate(row.since, Precision(row.since_precision)) if row.since else None
        until = UncertainDate(row.until, Precision(row.until_precision)) if row.until else None
        if row.kind == RESIDENCE:
            said, until = permit_text(row), _exactly(row.until and row.until - ONE_DAY)
        elif row.kind == ACCOMMODATION:
            said = row.detail if reads_addresses else _("another address")
        else:
            said = fact_text(row)
        found[row.entry].append(Wording(row, said, days_text(since, until, today)))
    return found


def _chapter(code: str, title: "StrOrPromise", entries: Sequence[Entry], written: Written) -> Chapter:
    keys = {entry.row.uuid for entry in entries}
    gone = [
        wording
        for key, wordings in written.items()
        if key not in keys
        for wording in wordings
        if wording.revision.kind == code
    ]
    told = [
        Entry(
            entry.row, entry.said, entry.days, entry.is_now, entry.is_ahead, written.get(entry.row.uuid, ())
        )
        for entry in entries
    ]
    return Chapter(code, title, told, gone)


def _permit_entry(row: Residence, today: datetime.date) -> Entry:
    last = _exactly(row.ended_on - ONE_DAY if row.ended_on else None)
    return Entry(
        row,
        permit_text(row),
        days_text(_exactly(row.since), last, today),
        is_now=row.holds_on(today),
        is_ahead=row.since is not None and row.since > today,
    )


def _home_entry(row: Accommodation, today: datetime.date) -> Entry:
    return Entry(
        row,
        _joined(row.kind_text, *row.address_lines),
        days_text(_exactly(row.since), _exactly(row.until), today),
        is_now=row.since <= today and (row.until is None or row.until >= today),
        is_ahead=row.since > today,
    )


def _fact_entry(row: DatedFact, today: datetime.date) -> Entry:
    return Entry(
        row,
        fact_text(row),
        days_text(row.begun, row.ended, today),
        is_now=row.holds_on(today),
        is_ahead=row.since > today,
    )
