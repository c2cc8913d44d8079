"""The summary columns of a file that follow from its talks and appointments."""

import datetime
from collections.abc import Iterable, Mapping
from typing import Any

from accounts.rules.calendar import local_date
from appointments.choices import AppointmentState
from appointments.contact_facts import FileContacts, contacts_of
from appointments.models import Appointment
from appointments.rules.contact import is_held_talk
from clients.models import Client
from clients.stored_facts import StoredFacts


def talk_columns(facts: StoredFacts) -> Mapping[int, Mapping[str, Any]]:
    """First and last held talk of each file, and the first planned appointment without an outcome.

    A held appointment is a talk at its planned start, with or without a contact of its own. Of the talks before a
    running case was taken over the file knows the first and the last day (rules.md §10).
    """
    contacts, appointments = facts.once(contacts_of), facts.of(Appointment)
    return {file.pk: _columns(file, contacts[file.pk], appointments[file.pk]) for file in facts.files}


def _columns(file: Client, contacts: FileContacts, appointments: Iterable[Appointment]) -> dict[str, Any]:
    held = {
        str(row.pk): local_date(row.starts_at) for row in appointments if row.state == AppointmentState.HELD
    }
    days: list[datetime.date] = list(held.values())
    days += [
        local_date(contact.happened_at)
        for contact in contacts.current
        if is_held_talk(contact) and contact.appointment not in held
    ]
    days += [day for day in (file.counselled_since, file.former_last_talk_on) if day is not None]
    planned = (row.starts_at for row in appointments if row.state == AppointmentState.PLANNED)
    return {
        "counselling_started_on": min(days, default=None),
        "last_contact_on": max(days, default=None),
        "next_appointment_at": min(planned, default=None),
    }
