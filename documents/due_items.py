"""What waits in a file by its consents: one that ends and that nothing follows."""

from collections.abc import Iterator
from enum import StrEnum

from accounts.file_loader import Table
from clients.choices import DueReader
from clients.models import DueItem
from clients.stored_facts import StoredFacts
from documents.models import Consent
from documents.rules.consent import TOLD_AFTER, TOLD_BEFORE, folded, is_followed

TABLES: dict[Table, tuple[str, ...]] = {
    Consent: (
        "id",
        "uuid",
        "client",
        "kind",
        "recipient",
        "given_on",
        "valid_until",
        "revoked_on",
        "about_health",
    )
}


class ConsentDue(StrEnum):
    """The kinds of this app."""

    ENDS = "consent_ends"


def due_items(facts: StoredFacts) -> Iterator[DueItem]:
    """From 30 days before a consent ends until 14 days after, unless another takes over (rules.md §13)."""
    by_file = facts.of(Consent)
    for file in facts.attended:
        rows = by_file[file.pk]
        for row in rows:
            if row.valid_until is None or row.revoked_on is not None:
                continue
            others = (other for other in rows if other.pk != row.pk and other.kind == row.kind)
            if any(
                folded(other.recipient) == folded(row.recipient) and is_followed(row.given, other.given)
                for other in others
            ):
                continue
            yield DueItem(
                client=file,
                kind=ConsentDue.ENDS,
                object=row.uuid,
                shows_on=row.valid_until - TOLD_BEFORE,
                shows_until=row.valid_until + TOLD_AFTER,
                due_on=row.valid_until,
                reader=DueReader.HEALTH if row.about_health else "",
                step=row.kind,
            )
