"""Talks, appointments, office hours and group events as a report counts them (`clients.figures_facts`).

The definitions are those of `appointments.figures` and `appointments.figures_office_hours`.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection
from typing import Any

from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Coalesce, Concat

from accounts.rules.calendar import bounds
from appointments.choices import Channel, SessionState
from appointments.figures import OUTCOMES, bare_talks, contacts
from appointments.figures_office_hours import came_to
from appointments.models import Appointment, Contact, GroupEvent, OfficeHourSession
from appointments.querysets import ATTEMPT, CASE_WORK, CONSULTATION
from clients.figures import FilesOverTime
from clients.figures_facts import Facts, facts, named

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
