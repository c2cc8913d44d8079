"""The file's own part of its timeline: phases, responsibility, and facts that changed.

A file's own history has a few dozen rows; they are read with the facts that the page shows anyway.
"""

import datetime
from collections.abc import Iterable
from itertools import chain
from typing import Any

from django.utils.translation import gettext as _

from clients.choices import FactKind, ResidenceStatus
from clients.file_context import FileContext
from clients.file_rows import Rows, overview_rows, page_rows
from clients.models import (
    Accommodation,
    AddressProtection,
    Client,
    ContactPoint,
    DatedFact,
    DuplicateLink,
    FactRevision,
    HouseholdChange,
    PermitDecree,
    PhaseChange,
    Residence,
    Responsibility,
    SafetyNote,
)
from clients.rules.permits import end_of
from clients.services.duplicate_links import links_about
from clients.timeline import Cursor, TimelineEntry, newest
from ui.dates import date_de

FILE, FACT = "file", "fact"
OF_THE_FILE = frozenset({"phase", "responsibility", "taken_over", "linked", "unlinked"})


class FileHistory:
    """The timeline source of this app."""

    code = "file"
    kinds = frozenset({FILE, FACT})

    def entries(
        self,
        file: FileContext,
        before: Cursor | None,
        kinds: frozenset[str] | None,
        limit: int,
    ) -> Iterable[TimelineEntry]:
        """Newest first, strictly older than ``before``."""
        entries = chain(
            _taken_over(file.client), _entries(page_rows(file.client), on_paper=file.on_paper), _links(file)
        )
        return newest((one for one in entries if kinds is None or one.kind in kinds), before, limit)


def _links(file: FileContext) -> Iterable[TimelineEntry]:
    links = links_about(file.client, file.user) if overview_rows(file.client)[DuplicateLink] else []
    for link in links:
        other = link.other_file_of(file.client).case_no
        title = _("Linked with another file of the same person")
        yield _entry("linked", link, link.linked_at, "link", title, other, link.linked_by)
        if link.undone_at is not None:
            title = _("Link with another file undone")
            yield _entry("unlinked", link, link.undone_at, "undo", title, other, link.undone_by)


def _entry(
    source: str, row: Any, at: datetime.datetime, icon: str, title: Any, text: Any = "", by: Any = None
) -> TimelineEntry:
    return TimelineEntry(
        at=at,
        key=f"{source}-{row.pk}",
        kind=FILE if source in OF_THE_FILE else FACT,
        icon=icon,
        title=title,
        text=text,
        by=str(by) if by is not None else "",
    )


def _taken_over(client: Client) -> Iterable[TimelineEntry]:
    """The day a running case came, with what was known of it."""
    if client.taken_over_on is None:
        return
    known = (
        (_("counselled since %(day)s"), client.counselled_since),
        (_("last talk before on %(day)s"), client.former_last_talk_on),
        (_("next review on %(day)s"), client.former_review_on),
    )
    text = " · ".join(words % {"day": date_de(day)} for words, day in known if day is not None)
    title = _("Running case taken over")
    yield _entry("taken_over", client, client.registered_at, "handover", title, text)


def _entries(rows: Rows, *, on_paper: bool) -> Iterable[TimelineEntry]:
    for phase in rows[PhaseChange]:
        title = _("Phase: %(phase)s") % {"phase": phase.get_phase_display()}
        yield _entry("phase", phase, phase.at, "flag", title, phase.reason, phase.by)
    for row in rows[Responsibility]:
        title = _("Responsible: %(name)s") % {"name": row.manager} if row.manager else _("In the inbox")
        yield _entry("responsibility", row, row.since, "handover", title, row.reason, row.recorded_by)
    for home in rows[Accommodation]:
        where = ", ".join(filter(None, [home.kind_text, *([] if on_paper else home.address_lines[:1])]))
        yield _entry("accommodation", home, home.recorded_at, "home", _("Accommodation recorded"), where)
    for point in rows[ContactPoint]:
        yield _entry("contact_point", point, point.since, "phone", _("Number or address added"), point.value)
        if point.until is not None:
            title = _("Number or address ended")
            yield _entry("contact_point_ended", point, point.until, "phone", title, point.value)
    for permit in rows[Residence]:
        status = str(ResidenceStatus(permit.status).label)
        yield _entry(
            "residence", permit, permit.recorded_at, "permit", _("Residence status recorded"), status
        )
    for fact in rows[DatedFact]:
        yield _entry(
            "fact", fact, fact.recorded_at, "school", str(FactKind(fact.kind).label), fact.value.label_de
        )
    for note in rows[SafetyNote]:
        yield _entry("safety", note, note.set_at, "shield", _("Note for visits"), note.reason, note.set_by)
    for hidden in rows[AddressProtection]:
        title = _("Address protected")
        yield _entry("protection", hidden, hidden.set_at, "shield", title, hidden.reason, hidden.set_by)
        if hidden.ended_at is not None:
            title = _("Address no longer protected")
            yield _entry("protection_ended", hidden, hidden.ended_at, "shield", title)
    yield from _household(rows[HouseholdChange])
    yield from _changed_later(rows)


def _household(rows: Iterable[HouseholdChange]) -> Iterable[TimelineEntry]:
    """One line for each step, however many relatives it concerned; who else lives there is told nowhere here."""
    for row in {(row.act, row.what): row for row in rows}.values():
        since = _("from %(day)s on") % {"day": date_de(row.on)}
        yield _entry("household", row, row.at, "users", row.get_what_display(), since, row.by)


def _changed_later(rows: Rows) -> Iterable[TimelineEntry]:
    """Entries that were corrected, and the decree by which the present document goes on."""
    for revision in rows[FactRevision]:
        words = {"kind": revision.get_kind_display(), "how": revision.get_how_display()}
        title = _("%(kind)s: entry %(how)s") % words
        yield _entry("revision", revision, revision.at, "permit", title, by=revision.by)
    decrees = [row for row in rows[PermitDecree] if row.withdrawn_at is None]
    for permit in rows[Residence]:
        end = end_of(permit, decrees) if permit.ended_on is None else None
        if end is not None and end.decree is not None:
            at = max(end.decree.recorded_at, permit.recorded_at)
            title = _("Residence document goes on by decree")
            yield _entry("decree", end.decree, at, "permit", title, end.decree.source)
