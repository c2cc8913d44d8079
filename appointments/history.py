"""Contacts and appointments in the timeline of a file."""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.together import load_together
from appointments.choices import AppointmentState
from appointments.file_rows import APPOINTMENT_TABLES
from appointments.models import Appointment, Contact, ContactNote, ContactParticipant
from appointments.querysets import ATTEMPT, HELD_TALK
from appointments.rules.ladder import LadderView
from appointments.rules.ladder.no_step import why_no_step
from appointments.services.ladder import ladders_shown
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


def _ladders(file: FileContext) -> tuple[LadderView, ...]:
    return ladders_shown(file.client, file.rows(APPOINTMENT_TABLES), file.now)


class ContactHistory:
    """What was logged, as it stands now."""

    code = "contacts"
    kinds = frozenset({TALK, TRIED})

    def entries(
        self, file: FileContext, before: Cursor | None, kinds: frozenset[str] | None, limit: int
    ) -> Iterable[TimelineEntry]:
        client = file.client
        rows = (
            Contact.objects.unscoped(reason=REASON)
            .of(client)
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
        around = _Around([contact.pk for contact in contacts], client)
        caseloads = file.actor.scope.caseloads
        ladders = _ladders(file) if any(not contact.is_talk for contact in contacts) else ()
        return [self._entry(contact, client, around, caseloads, ladders) for contact in contacts]

    def _entry(
        self,
        contact: Any,
        client: Client,
        around: "_Around",
        caseloads: frozenset[int],
        ladders: tuple[LadderView, ...],
    ) -> TimelineEntry:
        present = others_present(around.participants[contact.pk], client, caseloads)
        meta = contact_meta(contact)
        if present:
            meta.append(_("together with %(names)s") % {"names": ", ".join(present)})
        if contact.waits_for_acceptance:
            meta.append(_("left by %(name)s, not accepted yet") % {"name": contact.left_by})
        if why_not := why_no_step(ladders, str(contact.pk)):
            meta.append(why_not)
        return TimelineEntry(
            at=contact.happened_at,
            key=_key("contact", contact.pk),
            kind=TALK if contact.is_talk else TRIED,
            icon=icon_of(contact.channel),
            title=contact_title(contact),
            text=contact_text(contact, around.topics[contact.pk]),
            detail=tuple(line for line in around.notes[contact.pk].splitlines() if line.strip()),
            meta=tuple(meta),
            by=_("%(name)s on %(at)s")
            % {"name": contact.left_by or contact.recorded_by, "at": datetime_de(contact.recorded_at)},
            url=reverse("file_appointments:contact", args=[client.uuid, contact.uuid]),
            url_label=_("Open"),
            is_talk=contact.is_talk,
            has_time=contact.has_time,
        )


class _Around:
    """What hangs on some contacts as they stand, by their key: topics, this file's note, who took part."""

    def __init__(self, keys: list[int], client: Client) -> None:
        found = load_together(
            keys,
            ContactNote,
            ContactParticipant,
            TOPICS,
            Client,
            Relative,
            Topic,
            paths={ContactNote: "contact", ContactParticipant: "contact", TOPICS: "contact", Relative: ""},
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
        logged = Contact.objects.unscoped(reason=REASON).filter(appointment=OuterRef("pk"))
        rows = (
            Appointment.objects.unscoped(reason=REASON)
            .of(file.client)
            .filter(_older("appointment", "starts_at", before))
            .exclude(state=AppointmentState.PLANNED, starts_at__gt=file.now)
            .exclude(Exists(logged))
            .select_related("manager")
            .order_by("-starts_at", "-pk")
        )
        return [self._entry(appointment, file) for appointment in rows[:limit]]

    def _entry(self, appointment: Appointment, file: FileContext) -> TimelineEntry:
        if appointment.state == AppointmentState.PLANNED:
            text = _("without outcome so far")
        else:
            text = outcome_text(appointment.state, appointment.excuse)
        not_met = appointment.state == AppointmentState.NOT_MET
        why_not = why_no_step(_ladders(file), f"appointment:{appointment.pk}") if not_met else ""
        return TimelineEntry(
            at=appointment.starts_at,
            key=_key("appointment", appointment.pk),
            kind=DATE,
            icon="calendar",
            title=_("Appointment"),
            text=text,
            detail=(appointment.matter,) if appointment.matter else (),
            meta=(why_not,) if why_not else (),
            by=str(appointment.manager or ""),
            url=reverse("file_appointments:appointment", args=[file.client.uuid, appointment.uuid]),
            url_label=_("Open"),
        )
