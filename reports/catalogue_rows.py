"""What every installation starts with of this app."""

import datetime

from accounts.catalogues import add_missing
from reports.models import FigurePolicy

FIRST_DAY = datetime.date(2000, 1, 1)


def load() -> int:
    """Add the first version of the thresholds if it is missing; returns how many rows that were."""
    return add_missing(FigurePolicy, [{"valid_from": FIRST_DAY}], key="valid_from")
