"""Contacts and appointments in the timeline of a file."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, Q
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _

from accounts.file_loader import Part, load_together
from appointments import attempts
from appointments.choices import AppointmentState
from appointments.file_rows import APPOINTMENT_TABLES
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
from clients.file_context import FileContext
from clients.models import Client, Relative, Topic
from clients.timeline import Cursor, TimelineEntry
from ui.dates import datetime_de
from ui.links import reverse

REASON = "timeline of a file the view let in"
TALK, TRIED, DATE = "talk", "attempt", "appointment"
TOPICS = Contact.topics.through


def _key(source: str, pk: int) -> str:
    return f"{source}-{pk:012}"


def _older(source: str, field: str, before: Cursor | None) -> Q:
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
        self, file: FileContext, before: Cursor | None, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        rows = (
            Contact.objects.unscoped(reason=REASON)
            .of(file.client)
            .filter(_older("contact", "happened_at", before))
            .select_related("main_topic", "language", "recorded_by", "left_by")
            .annotate(is_talk=ExpressionWrapper(HELD_TALK, output_field=BooleanField()))
            .order_by("-happened_at", "-pk")
        )
        if kinds is not None and TRIED not in kinds:
            rows = rows.exclude(ATTEMPT)
        if kinds is not None and TALK not in kinds:
            rows = rows.filter(ATTEMPT)
        contacts = list(rows[:limit])
        around = _Around([contact.pk for contact in contacts], file.client)
        return [self._entry(contact, file, around) for contact in contacts]

    def _entry(self, contact: Any, file: FileContext, around: "_Around") -> TimelineEntry:
        caseloads = frozenset() if file.on_paper else file.actor.scope.caseloads
        present = others_present(around.participants[contact.pk], file.client, caseloads)
        meta = contact_meta(contact)
        if present:
            names = format_html_join(", ", "{}", ((name,) for name in present))
            meta.append(format_html(_("together with {names}"), names=names))
        if contact.waits_for_acceptance:
            meta.append(_("left by %(name)s, not accepted yet") % {"name": contact.left_by})
        if not contact.is_talk:
            meta += attempts.remarks_on_page(file, str(contact.pk))
        return TimelineEntry(
            at=contact.happened_at,
            key=_key("contact", contact.pk),
            kind=TALK if contact.is_talk else TRIED,
            icon=icon_of(contact.channel),
            title=contact_title(contact),
            text=contact_text(contact, around.topics[contact.pk]),
            detail=tuple(line for line in around.notes[contact.pk].splitlines() if line.strip()),
            meta=tuple(meta),
            by=_("%(name)s, recorded %(at)s")
            % {"name": contact.left_by or contact.recorded_by, "at": datetime_de(contact.recorded_at)},
            url=reverse("file_appointments:contact", args=[file.client.uuid, contact.uuid]),
            url_label=_("Open"),
            is_talk=contact.is_talk,
            has_time=contact.has_time,
        )


class _Around:
    """What hangs on some contacts as they stand, by their key: topics, this file's note, who took part."""

    def __init__(self, keys: list[int], client: Client) -> None:
        found = load_together(
            keys,
            Part(ContactNote, "contact"),
            Part(ContactParticipant, "contact"),
            Part(TOPICS, "contact"),
            Client,
            Part(Relative, ""),
            Topic,
        )
        self.notes: dict[int, str] = defaultdict(str)
        for note in found[ContactNote]:
            if note.version_id is None and note.client_id == client.pk:
                self.notes[note.contact_id] = note.text
        self.participants: dict[int, list[ContactParticipant]] = defaultdict(list)
        for participant in found[ContactParticipant]:
            self.participants[participant.contact_id].append(participant)
        self.topics: dict[int, list[Topic]] = defaultdict(list)
        for chosen in sorted(found[TOPICS], key=lambda chosen: (chosen.topic.order, chosen.topic.label_de)):
            self.topics[chosen.contact_id].append(chosen.topic)


class AppointmentHistory:
    """Appointments that are over or called off; one that was logged speaks through its contact."""

    code = "appointments"
    kinds = frozenset({DATE})

    def entries(
        self, file: FileContext, before: Cursor | None, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        rows = file.rows(APPOINTMENT_TABLES)
        logged = {contact.appointment_id for contact in rows[Contact]}
        past = [
            row
            for row in rows[Appointment]
            if row.pk not in logged
            and not (row.state == AppointmentState.PLANNED and row.starts_at > file.now)
            and (before is None or (row.starts_at, _key("appointment", row.pk)) < before)
        ]
        past.sort(key=lambda row: (row.starts_at, row.pk), reverse=True)
        return [self._entry(appointment, file) for appointment in past[:limit]]

    def _entry(self, appointment: Appointment, file: FileContext) -> TimelineEntry:
        if appointment.state == AppointmentState.PLANNED:
            text = _("without outcome so far")
        else:
            text = outcome_text(appointment.state, appointment.excuse)
        not_met = appointment.state == AppointmentState.NOT_MET
        remarks = attempts.remarks_on_page(file, f"appointment:{appointment.pk}") if not_met else []
        return TimelineEntry(
            at=appointment.starts_at,
            key=_key("appointment", appointment.pk),
            kind=DATE,
            icon="calendar",
            title=_("Appointment"),
            text=text,
            detail=(appointment.matter,) if appointment.matter else (),
            meta=tuple(remarks),
            by=str(appointment.manager or ""),
            url=reverse("file_appointments:appointment", args=[file.client.uuid, appointment.uuid]),
            url_label=_("Open"),
        )
