"""The file's own part of its timeline: phases, responsibility, and facts that changed.

A file's own history has a few dozen rows; they are read with the facts that the page shows anyway.
"""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from clients.choices import AccommodationKind, FactKind, ResidenceStatus
from clients.file_context import FileContext
from clients.file_rows import OWN_TABLES, Rows
from clients.models import (
    Accommodation,
    ContactPoint,
    DatedFact,
    Enquiry,
    PhaseChange,
    Residence,
    Responsibility,
    SafetyNote,
)
from clients.timeline import Cursor, TimelineEntry


class FileHistory:
    """The timeline source of this app."""

    code = "file"
    kinds = frozenset({"file"})

    def entries(
        self,
        file: FileContext,
        before: Cursor | None,
        kinds: frozenset[str] | None,
        limit: int,
    ) -> Iterable[TimelineEntry]:
        """Newest first, strictly older than ``before``."""
        found = _entries(file.rows(OWN_TABLES))
        older = [entry for entry in found if before is None or (entry.at, entry.key) < before]
        return sorted(older, key=lambda entry: (entry.at, entry.key), reverse=True)[:limit]


def _entry(
    source: str, row: Any, at: datetime.datetime, icon: str, title: Any, text: Any = "", by: Any = None
) -> TimelineEntry:
    return TimelineEntry(
        at=at,
        key=f"{source}-{row.pk}",
        kind="file",
        icon=icon,
        title=title,
        text=text,
        by=str(by) if by is not None else "",
    )


def _entries(rows: Rows) -> Iterable[TimelineEntry]:
    for phase in rows[PhaseChange]:
        title = _("Phase: %(phase)s") % {"phase": phase.get_phase_display()}
        yield _entry("phase", phase, phase.at, "flag", title, phase.reason, phase.by)
    for row in rows[Responsibility]:
        title = _("Responsible: %(name)s") % {"name": row.manager} if row.manager else _("In the inbox")
        yield _entry("responsibility", row, row.since, "handover", title, row.reason, row.recorded_by)
    for home in rows[Accommodation]:
        kind = str(AccommodationKind(home.kind).label) if home.kind else ""
        where = ", ".join(part for part in (kind, home.street) if part)
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
    for enquiry in rows[Enquiry]:
        title = _("Enquiry %(number)s") % {"number": enquiry.number}
        by = enquiry.registered_by
        yield _entry("enquiry", enquiry, enquiry.registered_at, "talk", title, enquiry.reason, by)
