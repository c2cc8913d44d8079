"""Talks and appointments of the whole district by municipality, for the sums that are kept (decision 0023).

Made once a day by a command: what is fast enough there is too slow for a page. Definitions are those of
`appointments.figures`.
"""

import datetime
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate, TruncMonth

from appointments.choices import AppointmentState
from appointments.figures import COUNTS, ONCE, Outcomes, outcomes_of, participants, talks
from appointments.figures_channels import VISIT, named
from appointments.models import Appointment, Contact
from appointments.querysets import CONSULTATION, HELD_TALK, TWO_WAY, WITHOUT_BASIS, undecided_at
from clients.figures import FilesOverTime

Sum = tuple[datetime.date, int, str, int]
"""A day, a municipality, what is counted, and how often."""


def work_by_place(
    files: FilesOverTime, first: datetime.date, last: datetime.date, now: datetime.datetime
) -> Iterator[Sum]:
    """What was done from `first` to `last`, in sums that add up over days and municipalities (three queries).

    A talk of people from two municipalities is one ``talks`` of the district and stands where the lower key is;
    ``here`` counts it in both, and adds up over days only.

    Args:
        files: all files, to be told apart by municipality.
        first: first day of a month.
        last: last day, included.
        now: the instant, for what is already past.
    """
    contacts = Contact.objects.unscoped(reason="figures").between(first, last).order_by()
    contacts = contacts.filter(TWO_WAY | VISIT | WITHOUT_BASIS)
    places = files.placed(participants().filter(contact=OuterRef("pk")), "contact__happened_on")
    home = Subquery(places.order_by("belonged_to").values("belonged_to")[:1])
    rows: Any = contacts.annotate(home=home).filter(home__isnull=False)
    counted = rows.values_list("happened_on", "home", "channel").annotate(
        number=Count("pk", filter=CONSULTATION),
        topicless=Count("pk", filter=TWO_WAY & Q(main_topic__isnull=True)),
        baseless=Count("pk", filter=WITHOUT_BASIS),
        met=Count("pk", filter=HELD_TALK),
        all=Count("pk"),
    )
    for day, place, channel, number, topicless, baseless, met, every in counted:
        yield day, place, "talks", number
        yield day, place, "topicless", topicless
        yield day, place, "baseless", baseless
        yield from ((day, place, name, sum_of) for name, sum_of in named(channel, number, every, met))
    months = talks(files, first, last).order_by().annotate(month=TruncMonth("happened_on"))
    for month, place, number in months.values_list("month", "belonged_to").annotate(number=ONCE):
        yield month, place, "here", number
    logged = Contact.objects.unscoped(reason="figures").consultations().filter(appointment_id=OuterRef("pk"))
    appointments = Appointment.objects.unscoped(reason="figures").between(first, last).order_by()
    days = files.placed(appointments, "starts_at__date").annotate(day=TruncDate("starts_at"))
    bare = Count("pk", filter=Q(~Exists(logged), state=AppointmentState.HELD))
    waiting = Count("pk", filter=undecided_at(now))
    for row in days.values("day", "belonged_to", "channel").annotate(bare=bare, waiting=waiting, **COUNTS):
        day, place, number = row["day"], row["belonged_to"], row["bare"]
        yield from ((day, place, name, number) for name in ("talks", "topicless", "here"))
        yield from ((day, place, name, n) for name, n in named(row["channel"], number, number, number))
        yield day, place, "waiting", row["waiting"]
        yield from ((day, place, name, number) for name, number in asdict(outcomes_of(row)).items())


def outcomes_from(sums: dict[str, int]) -> Outcomes:
    """Outcomes from sums by the names of `work_by_place`."""
    return outcomes_of({name: sums.get(name, 0) for name in COUNTS})
