"""What waits in a file by its referrals: an outcome nobody has recorded yet (rules.md §14)."""

from collections.abc import Iterator
from enum import StrEnum

from accounts.file_loader import Table
from clients.choices import DueReader
from clients.models import DueItem
from clients.stored_facts import StoredFacts
from partners.models import Referral
from partners.rules.referral import outcome_asked_on

TABLES: dict[Table, tuple[str, ...]] = {
    Referral: ("id", "uuid", "client", "state", "state_on", "appointment_on", "about_health")
}


class ReferralDue(StrEnum):
    """The kinds of this app."""

    OUTCOME = "referral_outcome"


def due_items(facts: StoredFacts) -> Iterator[DueItem]:
    """One for each referral whose outcome is missing, from the day it is asked for."""
    by_file = facts.of(Referral)
    for file in facts.attended:
        for row in by_file[file.pk]:
            day = outcome_asked_on(row.state, row.state_on, row.appointment_on)
            if day is not None:
                yield DueItem(
                    client=file,
                    kind=ReferralDue.OUTCOME,
                    object=row.uuid,
                    shows_on=day,
                    due_on=day,
                    reader=DueReader.HEALTH if row.about_health else "",
                    step=row.state,
                )
