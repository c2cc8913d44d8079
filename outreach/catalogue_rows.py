"""What every installation starts with of this app."""

import datetime

from outreach.models import OutreachPolicy

FIRST_DAY = datetime.date(2018, 1, 1)


def load() -> int:
    """Add the district's first policy version if it is missing; returns how many rows that were."""
    return int(OutreachPolicy.objects.get_or_create(valid_from=FIRST_DAY, municipality=None)[1])
