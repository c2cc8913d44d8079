"""Enquiries as a report counts them (`clients.figures_facts`): how many arrived, never of whom."""

from __future__ import annotations

import datetime
from collections.abc import Collection

from django.db.models import F

from accounts.rules.calendar import bounds
from clients.figures_facts import Facts, facts, named
from intake.models import Enquiry


def enquiry_facts(municipalities: Collection[int], first: datetime.date, last: datetime.date) -> list[Facts]:
    """Enquiries registered from `first` to `last`, by what became of them until now.

    A file that was opened from one is not told: for officers all but number, month and state is gone (rules.md §8).
    """
    start, end = bounds(first, last)
    rows = Enquiry.objects.unscoped(reason="figures").filter(
        municipality__in=list(municipalities), registered_at__gte=start, registered_at__lt=end
    )
    there = rows.annotate(belonged_to=F("municipality_id"))
    return [facts("enquiry", there, named("enquiry", "state"), file=None, done_by=None)]
