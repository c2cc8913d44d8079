"""The residence documents of a file, as its pages show them."""

import datetime
from collections.abc import Iterable, Sequence
from functools import cached_property

from clients.models import PermitDecree, Residence
from clients.rules.permits import PermitEnd, PermitPolicy, end_of, needs_reminder, reminder_step


class FilePermit:
    """The document that holds today, until when, and whether its reminder speaks up.

    Args:
        documents: all that are recorded, the last one first.
        decrees: all there are; those withdrawn prolong nothing.
        policy: the reminder steps in force.
        today: the day of reading.
    """

    def __init__(
        self,
        documents: Sequence[Residence],
        decrees: Iterable[PermitDecree],
        policy: PermitPolicy,
        today: datetime.date,
    ) -> None:
        self.documents = documents
        self.decrees = [decree for decree in decrees if decree.withdrawn_at is None]
        self.policy, self.today = policy, today

    @cached_property
    def document(self) -> Residence | None:
        """The one that holds today."""
        return next((row for row in self.documents if row.holds_on(self.today)), None)

    @property
    def following(self) -> Residence | None:
        """One that begins later."""
        return next((row for row in self.documents if row.since and row.since > self.today), None)

    @cached_property
    def end(self) -> PermitEnd[PermitDecree] | None:
        """Its last day, and the decree it owes that day to."""
        return end_of(self.document, self.decrees) if self.document else None

    @property
    def step(self) -> int | None:
        """The reminder step reached, 0 once it has ended."""
        if self.document is None or self.end is None:
            return None
        return reminder_step(self.document.status, self.end.day, self.today, self.policy)

    @property
    def asks(self) -> bool:
        """Whether nobody has dealt with the step reached, and no other document is on its way."""
        if self.document is None or self.document.ended_on is not None:
            return False
        return needs_reminder(self.step, self.document.reminded_days)
