"""Talks by channel and home visits, by month (rules.md §9); numbers only. Definitions are those of `figures`.

A held appointment nobody wrote about is a talk of its own channel, and a visit that met somebody (rules.md §10).
"""

import datetime
from collections import Counter
from typing import Any

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from accounts.rules.calendar import BERLIN
from appointments.choices import Channel
from appointments.figures import ONCE, bare_talks, contacts
from appointments.models import Appointment
from appointments.querysets import CONSULTATION, HELD_TALK
from clients.figures import FilesOverTime

VISITS, VISITS_MET = "visits", "visits_met"
BY = "by_"
"""How the name of the talks of a channel begins; the channel follows."""

VISIT = Q(channel=Channel.HOME_VISIT)


def channels_by_month(
    files: FilesOverTime, first: datetime.date, last: datetime.date
) -> Counter[tuple[datetime.date, str]]:
    """Consultations by channel, home visits and those that met somebody, by first day of the month (two queries)."""
    sums: Counter[tuple[datetime.date, str]] = Counter()
    talks: Any = contacts(files, first, last).filter(CONSULTATION | VISIT).order_by()
    counted = talks.values_list(TruncMonth("happened_on"), "channel").annotate(
        consultations=Count("pk", filter=CONSULTATION, distinct=True),
        met=Count("pk", filter=HELD_TALK, distinct=True),
        all=ONCE,
    )
    for month, channel, held_talks, met, number in counted:
        sums.update({(month, name): n for name, n in named(channel, held_talks, number, met)})
    held = Appointment.objects.unscoped(reason="figures").between(first, last).filter(bare_talks())
    bare = files.placed(held, "starts_at__date")
    months: Any = bare.order_by().values_list(TruncMonth("starts_at", tzinfo=BERLIN), "channel")
    for month, channel, number in months.annotate(number=Count("pk")):
        sums.update({(month.date(), name): n for name, n in named(channel, number, number, number)})
    return sums


def named(channel: str, talks: int, visits: int, met: int) -> list[tuple[str, int]]:
    """Sums of a channel under the names they are kept by; visits only where it is that of home visits."""
    found = [(f"{BY}{channel}", talks)]
    return [*found, (VISITS, visits), (VISITS_MET, met)] if channel == Channel.HOME_VISIT else found
