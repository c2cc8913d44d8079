"""Contacts and appointments in the timeline of a file."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import scope_of
from appointments.choices import AppointmentState
from appointments.models import Appointment, Contact, ContactNote, ContactParticipant
from appointments.querysets import ATTEMPT, HELD_TALK
from appointments.wording import (
    contact_meta,
    contact_text,
    contact_title,
    icon_of,
    others_present,
    outcome_text,
)
from clients.timeline import TimelineEntry
from ui.dates import datetime_de

TALK, TRIED, DATE = "talk", "attempt", "appointment"
Before = tuple[datetime.datetime, str] | None


def _key(source: str, pk: int) -> str:
    return f"{source}-{pk:012}"


def _older(source: str, field: str, before: Before) -> Q:
    """Rows that stand after ``before`` in a list by instant and key, both descending."""
    if before is None:
        return Q()
    at, key = before
    other, _dash, number = key.rpartition("-")
    if other == source:
        same = Q(**{field: at, "pk__lt": int(number)})
    else:
        same = Q(**{field: at}) if source < other else Q(pk__in=[])
    return Q(**{f"{field}__lt": at}) | same


class ContactHistory:
    """What was logged, as it stands now."""

    code = "contacts"
    kinds = frozenset({TALK, TRIED})

    def entries(
        self, client: Any, user: Any, before: Before, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        notes = ContactNote.objects.visible_to(user).standing().filter(client=client)
        people = ContactParticipant.objects.unscoped(reason="strangers are counted, not named").standing()
        rows = (
            Contact.objects.visible_to(user)
            .of(client)
            .filter(_older("contact", "happened_at", before))
            .select_related("main_topic", "language", "recorded_by", "left_by", "client")
            .prefetch_related(
                "topics",
                Prefetch("notes", queryset=notes, to_attr="notes_here"),
                Prefetch("participants", queryset=people.select_related("client", "relative")),
            )
            .order_by("-happened_at", "-pk")
        )
        if kinds is not None and TRIED not in kinds:
            rows = rows.exclude(ATTEMPT)
        if kinds is not None and TALK not in kinds:
            rows = rows.filter(ATTEMPT)
        rows = rows.annotate(
            is_talk=Exists(Contact.objects.visible_to(user).filter(HELD_TALK, pk=OuterRef("pk")))
        )
        caseloads = scope_of(user).caseloads
        return [self._entry(contact, client, caseloads) for contact in rows[:limit]]

    def _entry(self, contact: Any, client: Any, caseloads: frozenset[int]) -> TimelineEntry:
        present = others_present(contact, client, caseloads)
        meta = contact_meta(contact)
        if present:
            meta.append(_("together with %(names)s") % {"names": ", ".join(present)})
        if contact.waits_for_acceptance:
            meta.append(_("left by %(name)s, not accepted yet") % {"name": contact.left_by})
        return TimelineEntry(
            at=contact.happened_at,
            key=_key("contact", contact.pk),
            kind=TALK if contact.is_talk else TRIED,
            icon=icon_of(contact.channel),
            title=contact_title(contact),
            text=contact_text(contact),
            detail=tuple(
                line for note in contact.notes_here for line in note.text.splitlines() if line.strip()
            ),
            meta=tuple(meta),
            by=_("%(name)s, logged %(at)s")
            % {"name": contact.left_by or contact.recorded_by, "at": datetime_de(contact.recorded_at)},
            url=reverse("file_appointments:contact", args=[client.uuid, contact.uuid]),
            url_label=_("Open"),
            is_talk=contact.is_talk,
        )


class AppointmentHistory:
    """Appointments that are over or called off; one that was logged speaks through its contact."""

    code = "appointments"
    kinds = frozenset({DATE})

    def entries(
        self, client: Any, user: Any, before: Before, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        logged = Contact.objects.visible_to(user).filter(appointment=OuterRef("pk"))
        rows = (
            Appointment.objects.visible_to(user)
            .of(client)
            .filter(_older("appointment", "starts_at", before))
            .exclude(state=AppointmentState.PLANNED, starts_at__gt=timezone.now())
            .exclude(Exists(logged))
            .select_related("manager", "client")
            .order_by("-starts_at", "-pk")
        )
        return [self._entry(appointment, client) for appointment in rows[:limit]]

    def _entry(self, appointment: Appointment, client: Any) -> TimelineEntry:
        if appointment.state == AppointmentState.PLANNED:
            text = _("without outcome so far")
        else:
            text = outcome_text(appointment.state, appointment.excuse)
        return TimelineEntry(
            at=appointment.starts_at,
            key=_key("appointment", appointment.pk),
            kind=DATE,
            icon="calendar",
            title=_("Appointment"),
            text=text,
            detail=(appointment.matter,) if appointment.matter else (),
            by=str(appointment.manager or ""),
            url=reverse("file_appointments:appointment", args=[client.uuid, appointment.uuid]),
            url_label=_("Open"),
        )
