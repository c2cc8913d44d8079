"""Who has to be told that an appointment was cancelled by us: by language, with the numbers that may be called."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from accounts.access import Scope
from accounts.models import User
from appointments.choices import AppointmentState
from appointments.models import Appointment
from appointments.wording import appointment_text
from clients.models import ClientLanguage, ContactPoint
from ui.links import reverse


@dataclass(frozen=True, slots=True)
class Call:
    """One cancelled appointment.

    Attributes:
        numbers: those that may be called; empty when nobody may, or none is known.
        why_no_call: says which of the two it is.
    """

    appointment: Appointment
    numbers: Sequence[ContactPoint]
    why_no_call: str
    text: str
    new_url: str


def call_list(user: User, scope: Scope, day: datetime.date) -> list[tuple[str, list[Call]]]:
    """Appointments of a day that we cancelled, by language of the person; three statements.

    Args:
        user: the reader.
        scope: what she may see.
        day: the local day.
    """
    rows = (
        Appointment.objects.visible_to(user)
        .in_calendars(scope.caseloads)
        .on(day)
        .filter(state=AppointmentState.CANCELLED_US)
        .select_related("client__preferred_language")
        .prefetch_related(
            Prefetch("client__contact_points", ContactPoint.objects.visible_to(user).current()),
            Prefetch(
                "client__client_languages", ClientLanguage.objects.visible_to(user).select_related("language")
            ),
        )
    )
    groups: dict[str, list[Call]] = defaultdict(list)
    for row in rows.order_by("starts_at", "pk"):
        groups[_language_of(row)].append(_call(row))
    return sorted(groups.items())


def _language_of(appointment: Appointment) -> str:
    client = appointment.client
    if client.preferred_language is not None:
        return str(client.preferred_language)
    first = next(iter(client.client_languages.all()), None)
    return str(first.language) if first else _("Language not recorded")


def _call(appointment: Appointment) -> Call:
    client = appointment.client
    numbers = [point for point in client.contact_points.all() if point.is_phone and point.may_use]
    why = "" if numbers else _("no number known")
    if not client.may_be_called:
        numbers, why = [], _("may not be called")
    return Call(
        appointment,
        numbers,
        why,
        appointment_text(appointment),
        reverse("file_appointments:appointment_new", args=[client.uuid]),
    )
