"""What every installation starts with of this app."""

import datetime

from accounts.catalogues import add_missing
from appointments.models import OutreachPolicy

FIRST_DAY = datetime.date(2018, 1, 1)


def load() -> int:
    """Add the first policy version if it is missing; returns how many rows that were."""
    return add_missing(OutreachPolicy, [{"valid_from": FIRST_DAY}], key="valid_from")
