"""What the pages of a file read of its referrals, in one statement (``clients.file_rows``)."""

from __future__ import annotations

from accounts.file_loader import Wanted
from accounts.models import User
from clients.file_context import FileContext
from partners.models import Offer, Organisation, PartnerKind, Referral, ReferralStep, Volunteer

REFERRAL_TABLES: tuple[Wanted, ...] = (
    Referral,
    ReferralStep,
    # what these point to
    PartnerKind,
    Organisation,
    Offer,
    Volunteer,
    User,
)


def referrals_of(file: FileContext) -> list[Referral]:
    """The referrals the reader may know of, each with its steps; health is a second filter (rules.md §8)."""
    rows = file.rows(REFERRAL_TABLES)
    with_health = file.reads_health
    readable = [row for row in rows[Referral] if with_health or not row.about_health]
    steps: dict[int, list[ReferralStep]] = {}
    for step in rows[ReferralStep]:
        steps.setdefault(step.referral_id, []).append(step)
    for row in readable:
        row.known_steps = steps.get(row.pk, [])
    return readable
