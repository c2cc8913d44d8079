"""Figures about enquiries: how many arrived and what became of them; never an enquiry (rules.md §8)."""

import datetime
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.db.models import Count
from django.db.models.functions import TruncMonth

from accounts.rules.calendar import BERLIN, bounds
from intake.choices import EnquiryState
from intake.models import Enquiry

ARRIVED, ANSWERED, TAKEN = "enquiries", "enquiries_answered", "enquiries_taken"
_STATES = {EnquiryState.ANSWERED: ANSWERED, EnquiryState.TAKEN: TAKEN}


def enquiries_by_month(
    municipalities: Iterable[int], first: datetime.date, last: datetime.date
) -> Counter[tuple[datetime.date, int, str]]:
    """Enquiries by the month they arrived in, and those of them answered and taken by now (one query).

    Args:
        municipalities: keys of those asked for.
        first: first day, included.
        last: last day, included.
    """
    start, end = bounds(first, last)
    rows: Any = Enquiry.objects.unscoped(reason="figures").filter(
        municipality__in=list(municipalities), registered_at__gte=start, registered_at__lt=end
    )
    months = rows.order_by().values_list(
        TruncMonth("registered_at", tzinfo=BERLIN), "municipality_id", "state"
    )
    sums: Counter[tuple[datetime.date, int, str]] = Counter()
    for month, place, state, number in months.annotate(number=Count("pk")):
        for name in (ARRIVED, *([_STATES[state]] if state in _STATES else [])):
            sums[month.date(), place, name] += number
    return sums
