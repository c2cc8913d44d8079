"""The summary columns of a file that follow from its talks and appointments."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import F, Max, Min, Q
from django.utils import timezone

from appointments.choices import AppointmentState
from appointments.models import Appointment, Contact
from appointments.querysets import HELD_TALK
from clients.models import Client

REASON = "summary columns of files"


def talk_columns(clients: Sequence[Client], now: datetime.datetime) -> Mapping[int, Mapping[str, Any]]:
    """First and last held talk and the next appointment of each file; two statements.

    A held appointment is a talk at its planned start, with or without a contact of its own (rules.md §10).
    """
    own_outcome = Q(appointment__state=AppointmentState.HELD, appointment__client=F("participants__client"))
    talks = {
        row["participants__client"]: row
        for row in Contact.objects.unscoped(reason=REASON)
        .filter(
            HELD_TALK & (Q(appointment__isnull=True) | ~own_outcome),
            participants__client__in=clients,
            participants__relative__isnull=True,
            participants__version__isnull=True,
        )
        .order_by()
        .values("participants__client")
        .annotate(first=Min("happened_on"), last=Max("happened_on"))
    }
    planned = Q(state=AppointmentState.PLANNED, starts_at__gt=now)
    held = Q(state=AppointmentState.HELD)
    meetings = {
        row["client"]: row
        for row in Appointment.objects.unscoped(reason=REASON)
        .filter(client__in=clients)
        .order_by()
        .values("client")
        .annotate(
            first=Min("starts_at", filter=held),
            last=Max("starts_at", filter=held),
            next=Min("starts_at", filter=planned),
        )
    }
    return {client.pk: _columns(talks.get(client.pk, {}), meetings.get(client.pk, {})) for client in clients}


def _columns(talks: Mapping[str, Any], meetings: Mapping[str, Any]) -> dict[str, Any]:
    days = [talks["first"], talks["last"]] if talks else []
    days += [timezone.localdate(at) for at in (meetings.get("first"), meetings.get("last")) if at is not None]
    return {
        "counselling_started_on": min(days, default=None),
        "last_contact_on": max(days, default=None),
        "next_appointment_at": meetings.get("next"),
    }
