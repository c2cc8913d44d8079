"""What the pages of a file read of its consents and documents, in one statement (``clients.file_rows``)."""

import datetime
from dataclasses import dataclass

from accounts.file_loader import Wanted
from accounts.models import User
from clients.file_context import FileContext
from clients.models import SpokenLanguage
from documents.models import Consent, Document, InformationGiven

KEPT_TABLES: tuple[Wanted, ...] = (
    Consent,
    Document,
    InformationGiven,
    # what these point to
    SpokenLanguage,
    User,
)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the reader may know of; rows about health only with the right to read them (rules.md §8)."""

    consents: list[Consent]
    documents: list[Document]
    information: list[InformationGiven]

    def show_sheets(self) -> None:
        """Put the signed sheet beside its consent where the reader may open it."""
        readable = {row.pk: row for row in self.documents if not row.is_deleted}
        for consent in self.consents:
            consent.sheet = readable.get(consent.document_id or 0)

    def in_force(self, day: datetime.date) -> list[Consent]:
        """Consents that hold on a day, the newest first."""
        return [row for row in self.consents if row.holds_on(day)]

    def ended(self, day: datetime.date) -> list[Consent]:
        """Those that are over, revoked or not yet begun."""
        return [row for row in self.consents if not row.holds_on(day)]


def kept_of(file: FileContext) -> Kept:
    """The consents and documents of one file."""
    rows = file.rows(KEPT_TABLES)
    with_health = file.reads_health
    return Kept(
        [row for row in rows[Consent] if with_health or not row.about_health],
        [row for row in rows[Document] if with_health or not row.about_health],
        rows[InformationGiven],
    )
