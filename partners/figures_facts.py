"""Referrals as a report counts them (`clients.figures_facts`): how many, and to nobody."""

from __future__ import annotations

import datetime

from clients.figures import FilesOverTime
from clients.figures_facts import Facts, facts
from partners.models import Referral


def referral_facts(files: FilesOverTime, first: datetime.date, last: datetime.date) -> list[Facts]:
    """Referrals recommended from `first` to `last`, where the file belonged then; whom they led to is protected."""
    rows = Referral.objects.unscoped(reason="figures").counted()
    placed = files.placed(rows.filter(recommended_on__range=(first, last)), "recommended_on")
    return [facts("referral", placed, "referral", file="client_id", done_by="recorded_by_id")]
