"""Keeps what lists show of talks and appointments equal to the facts."""

import datetime
from typing import Any

from django.db.models import Max, Min
from django.utils import timezone

from appointments.choices import AppointmentState
from appointments.models import Appointment, Contact
from clients.models import Client
from clients.services import standing


def held_days(client: Client) -> list[datetime.date]:
    """The first and the last day of a held talk, both empty when there was none.

    A held appointment is a talk at its planned start, with or without a contact of its own (rules.md §10).
    """
    talks: Any = (
        Contact.objects.unscoped(reason="standing columns of one file")
        .with_client(client)
        .held_talks()
        .exclude(appointment__state=AppointmentState.HELD, appointment__client=client)
        .aggregate(first=Min("happened_on"), last=Max("happened_on"))
    )
    held: Any = (
        Appointment.objects.unscoped(reason="standing columns of one file")
        .of(client)
        .filter(state=AppointmentState.HELD)
        .aggregate(first=Min("starts_at"), last=Max("starts_at"))
    )
    days = [talks["first"], talks["last"]]
    days += [timezone.localdate(moment) for moment in held.values() if moment is not None]
    return sorted(day for day in days if day is not None)


def refresh(client: Client, now: datetime.datetime) -> None:
    """Write last talk, start of counselling and next appointment of one file from its facts.

    The caller holds the transaction and the lock of the file.
    """
    upcoming = (
        Appointment.objects.unscoped(reason="standing columns of one file")
        .of(client)
        .upcoming(now)
        .order_by("starts_at")
        .values_list("starts_at", flat=True)
        .first()
    )
    standing.recount_contacts(client, held_days(client), upcoming)
