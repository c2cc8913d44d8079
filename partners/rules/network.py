"""When an entry of the network is out of date (rules.md §14)."""

import datetime

from dateutil.relativedelta import relativedelta

CONFIRMED_FOR = relativedelta(months=12)


def confirmed_since(today: datetime.date) -> datetime.date:
    """Entries last confirmed on this day or later are current."""
    return today - CONFIRMED_FOR


def is_stale(confirmed_on: datetime.date, today: datetime.date) -> bool:
    """Whether nobody has confirmed an entry for twelve months."""
    return confirmed_on < confirmed_since(today)
