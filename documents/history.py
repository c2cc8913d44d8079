"""Consents, what was told, and documents in the timeline of a file."""

import datetime
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from clients.file_context import FileContext
from clients.timeline import Cursor, TimelineEntry, newest
from documents.choices import ConsentKind, DocumentKind, HowGiven, HowInformed, Informed
from documents.file_rows import Kept, kept_of
from documents.models import Consent, Document
from ui.dates import date_de


class KeptHistory:
    """The timeline source of this app; what was allowed and what is kept."""

    code = "documents"
    kinds = frozenset({"document"})

    def entries(
        self, file: FileContext, before: Cursor | None, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        return newest(_entries(kept_of(file), on_paper=file.on_paper), before, limit)


def _entries(kept: Kept, *, on_paper: bool) -> Iterable[TimelineEntry]:
    for consent in kept.consents:
        yield from _of_consent(consent, on_paper)
    for informed in kept.information:
        text = f"{Informed(informed.article).label}, {HowInformed(informed.how).label}"
        title = _("Informed about the data kept")
        yield _entry(
            f"informed-{informed.pk}", informed.recorded_at, "hint", title, text, informed.recorded_by
        )
    for document in kept.documents:
        yield from _of_document(document, on_paper)


def _entry(key: str, at: datetime.datetime, icon: str, title: str, text: str, by: Any) -> TimelineEntry:
    return TimelineEntry(at=at, key=key, kind="document", icon=icon, title=title, text=text, by=str(by))


def _of_consent(consent: Consent, on_paper: bool) -> Iterable[TimelineEntry]:
    what = str(ConsentKind(consent.kind).label) if on_paper else consent.title
    key, title, by = f"consent-{consent.pk}", _("Consent given"), consent.recorded_by
    day = _("%(how)s on %(day)s") % {"how": HowGiven(consent.how).label, "day": date_de(consent.given_on)}
    given = _entry(key, consent.recorded_at, "permit", title, f"{what}, {day}", by)
    yield replace(given, detail=(consent.scope, consent.purpose))
    if consent.revoked_on is not None and consent.revoked_at is not None:
        key, title, by = f"consent-revoked-{consent.pk}", _("Consent revoked"), consent.revoked_by
        words = {"consent": what, "day": date_de(consent.revoked_on)}
        yield _entry(key, consent.revoked_at, "x", title, _("%(consent)s, as of %(day)s") % words, by)


def _of_document(document: Document, on_paper: bool) -> Iterable[TimelineEntry]:
    key, title, by = f"document-{document.pk}", _("Document added"), document.added_by
    label = str(DocumentKind(document.kind).label)
    text = label if on_paper else f"{label}: {document.title}"
    yield _entry(key, document.added_at, "doc", title, text, by)
    if document.deleted_at is not None:
        key, title, by = f"document-deleted-{document.pk}", _("Document deleted"), document.deleted_by
        yield _entry(key, document.deleted_at, "x", title, document.deleted_reason, by)
