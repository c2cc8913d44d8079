"""What somebody said about the columns of a list, kept for the next list with the same column names."""

import datetime
import hashlib

from accounts.models import User
from intake.importing.headers import normalise_header
from intake.models import ColumnMemory, ImportBatch


def signature_of(batch: ImportBatch) -> str:
    """The digest of the column names, however they are capitalised or spaced."""
    names = "\n".join(normalise_header(cell) for cell in batch.header)
    return hashlib.sha256(names.encode()).hexdigest()


def offer(user: User, batch: ImportBatch) -> None:
    """Propose what this person said last about a list with these columns, instead of what the names suggest.

    How dates are read follows from the list itself: the next one may write them otherwise.
    """
    known = ColumnMemory.objects.visible_to(user).filter(
        municipality_id=batch.municipality_id, signature=signature_of(batch)
    )
    memory = known.first()
    if memory is not None and len(memory.mapping) == len(batch.header):
        batch.mapping = memory.mapping
        batch.mapped_before = memory.saved_on


def keep(user: User, batch: ImportBatch, today: datetime.date) -> None:
    """Remember the columns of a list as they were named last."""
    ColumnMemory.objects.update_or_create(
        municipality_id=batch.municipality_id,
        user=user,
        signature=signature_of(batch),
        defaults={"mapping": batch.mapping, "saved_on": today},
    )
