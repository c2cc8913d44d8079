"""Talks, appointments, office hours and group events as a report counts them (`clients.figures_facts`).

The definitions are those of `appointments.figures` and `appointments.figures_office_hours`.
"""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Collection, Sequence
from typing import Any

from django.db.models import Case, Count, DateField, F, Q, Value, When
from django.db.models.functions import Coalesce, Concat, TruncMonth

from accounts.rules.calendar import bounds
from appointments.choices import Channel, SessionState
from appointments.figures import OUTCOMES, bare_talks, contacts
from appointments.figures_office_hours import came_to
from appointments.models import Appointment, Contact, GroupEvent, OfficeHourSession
from appointments.querysets import ATTEMPT, CASE_WORK, CONSULTATION
from clients.figures import FilesOverTime
from clients.figures_facts import Facts, facts, named
from clients.figures_linked import kept_twice

TALK = "talk"
_KINDS = {TALK: CONSULTATION, "case_work": CASE_WORK, "attempt": ATTEMPT}
"""What a contact is counted as; the channel follows behind a colon. All others are ``other``."""


def contact_facts(files: FilesOverTime, first: datetime.date, last: datetime.date) -> list[Facts]:
    """Contacts by what they are and by channel, once per participant; a held appointment nobody wrote about is a talk.

    Args:
        files: the files asked for.
        first: first day, included.
        last: last day, included.
    """
    kind = Case(*(When(is_so, then=Value(name)) for name, is_so in _KINDS.items()), default=Value("other"))
    logged = contacts(files, first, last).exclude(channel=Channel.GROUP)
    held = Appointment.objects.unscoped(reason="figures").between(first, last).filter(bare_talks())
    return [
        facts(
            "contact",
            logged,
            Concat(kind, Value(":"), "channel"),
            file="participants__client_id",
            done_by=Coalesce("left_by_id", "recorded_by_id"),
        ),
        facts(
            "appointment",
            files.placed(held, "starts_at__date"),
            named(TALK, "channel"),
            file="client_id",
            done_by="manager_id",
        ),
    ]


def appointment_facts(files: FilesOverTime, first: datetime.date, last: datetime.date) -> list[Facts]:
    """Agreed appointments by outcome, by their planned start (rules.md §3)."""
    agreed = (
        Appointment.objects.unscoped(reason="figures").between(first, last).filter(agreed_at__isnull=False)
    )
    outcome = Case(*(When(is_so, then=Value(f"outcome:{name}")) for name, is_so in OUTCOMES.items()))
    decided: Q = Q()
    for is_so in OUTCOMES.values():
        decided |= is_so
    rows = files.placed(agreed.filter(decided), "starts_at__date")
    return [facts("appointment", rows, outcome, file="client_id", done_by="manager_id")]


def counselled(files: FilesOverTime, found: Sequence[Facts]) -> set[tuple[int, int, int | None]]:
    """Who had a talk where and with whom; of two linked files the person is the one that leads.

    Args:
        files: the files asked for.
        found: facts, those of `contact_facts` among them.
    """
    leading = kept_twice(files)
    return {
        (leading.get(file, file), place, user)
        for source in found
        for file, place, user in _talks(source).values_list("file_key", "belonged_to", "done_by").distinct()
    }


def counselled_by_month(
    files: FilesOverTime, first: datetime.date, last: datetime.date
) -> Counter[tuple[datetime.date, int, datetime.date]]:
    """How many persons were counselled, in sums per month that add up over any months (three queries).

    A person counts once in a period. Whoever comes again counts in the later month and is taken back from the earlier
    one, in the row of the later month (`integration_plans.figures.goals_by_month`).

    Args:
        files: all files, to be told apart by municipality.
        first: first day of a month.
        last: last day, included.

    Returns:
        By first day of the month, municipality, and month of the talk meant: how many more or fewer.
    """
    leading = kept_twice(files)
    homes: dict[tuple[int, datetime.date], int] = {}
    for source, day in zip(contact_facts(files, first, last), ("happened_on", "starts_at"), strict=True):
        months = _talks(source).annotate(month=TruncMonth(day, output_field=DateField()))
        for file, month, place in months.values_list("file_key", "month", "belonged_to").distinct():
            key = leading.get(file, file), month
            homes[key] = min(place, homes.get(key, place))
    sums: Counter[tuple[datetime.date, int, datetime.date]] = Counter()
    former: tuple[int, datetime.date] | None = None
    for person, month in sorted(homes):
        sums[month, homes[person, month], month] += 1
        if former is not None and former[0] == person:
            sums[month, homes[former], former[1]] -= 1
        former = person, month
    return sums


def _talks(source: Facts) -> Any:
    return source.rows.filter(counted_as__startswith=f"{TALK}:")


def outcome_numbers(files: FilesOverTime, first: datetime.date, last: datetime.date) -> Counter[str]:
    """Agreed appointments by the names of their outcomes (`appointments.figures.Outcomes`; one query)."""
    (source,) = appointment_facts(files, first, last)
    rows: Any = source.rows.values_list("counted_as").annotate(number=Count("pk"))
    return Counter({word.partition(":")[2]: number for word, number in rows})


def open_facts(
    files: FilesOverTime, municipalities: Collection[int], first: datetime.date, last: datetime.date
) -> list[Facts]:
    """Office hours with their visitors, and group events with their attendees, in files and in none.

    Args:
        files: the files asked for.
        municipalities: keys of those asked for.
        first: first day, included.
        last: last day, included.
    """
    start, end = bounds(first, last)
    there: dict[str, Any] = {"municipality__in": list(municipalities)}
    sessions = OfficeHourSession.objects.filter(
        state=SessionState.CLOSED, starts_at__gte=start, starts_at__lt=end, **there
    )
    in_files = Contact.objects.unscoped(reason="figures").between(first, last).filter(channel=Channel.GROUP)
    in_none = GroupEvent.objects.filter(**there).held_between(first, last)
    town = F("municipality_id")
    visitors = F("own") + F("drop_ins") + F("anonymous")
    return [
        facts(
            "office_hour",
            sessions.annotate(belonged_to=town),
            "office_hour",
            file=None,
            done_by="closed_by_id",
            size=visitors,
        ),
        facts(
            "contact",
            files.placed(in_files, "happened_on"),
            "group_event",
            file="client_id",
            done_by=Coalesce("left_by_id", "recorded_by_id"),
            size=came_to(),
        ),
        facts(
            "group_event",
            in_none.annotate(belonged_to=town),
            "group_event",
            file=None,
            done_by=None,
            size=Coalesce("attendees", 0),
        ),
    ]
