"""What this app has due for *Mein Tag*: appointments, follow-ups, drop-ins and drafts."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Scope
from accounts.file_loader import Part, load_together
from accounts.models import User
from appointments.choices import AppointmentState, Channel, InterpreterNeed
from appointments.due_items import AHEAD, DEADLINES_AHEAD, AppointmentDue
from appointments.history import TOPICS
from appointments.models import Appointment, Contact, FollowUp
from appointments.rules.appointment import is_undecided
from appointments.wording import appointment_text, contact_text, contact_title, icon_of, outcome_text
from clients import drafts
from clients.models import Client, DueItem, SafetyNote, Topic
from clients.worklist import Group, Reader, file_line
from ui.dates import datetime_de, time_de
from ui.due import DueLine, Outcome

AT_MOST = 100
REASON = "items come from the reader's files"


def compose(items: Sequence[DueItem], reader: Reader) -> list[DueLine]:
    """The lines of this app's items; a statement each for appointments, follow-ups and what colleagues left."""
    of_kind: dict[str, dict[UUID, DueItem]] = defaultdict(dict)
    for item in items:
        of_kind[item.kind][item.object] = item
    return [
        *_appointments(of_kind[AppointmentDue.APPOINTMENT], of_kind[AppointmentDue.INTERPRETER], reader),
        *_follow_ups(of_kind[AppointmentDue.FOLLOW_UP], reader),
        *_drop_ins(of_kind[AppointmentDue.DROP_IN], reader.today),
    ]


def lines(reader: Reader) -> list[DueLine]:
    """What belongs to the reader and not to a file: her drafts."""
    return _drafts(reader.user, reader.today, reader.now)


def calendar_lines(
    rows: QuerySet[Appointment], today: datetime.date, now: datetime.datetime, *, back: str = ""
) -> list[DueLine]:
    """Appointments as rows of a day, with what can be done about each.

    Args:
        rows: appointments the reader may see.
        today: local date of the request.
        now: instant of the request.
        back: path to return to after an outcome.
    """
    found = _annotated(rows, today).select_related("client").order_by("starts_at", "pk")[:AT_MOST]
    return [_line_of(row, today, now, back=back) for row in found]


def _annotated(rows: Any, today: datetime.date) -> Any:
    logged = Contact.objects.unscoped(reason="whether an appointment the reader sees was logged").filter(
        appointment=OuterRef("pk")
    )
    in_pairs = SafetyNote.objects.unscoped(reason="clients of appointments the reader sees").filter(
        client=OuterRef("client"), only_in_pairs=True, ended_at__isnull=True, expires_on__gte=today
    )
    return rows.annotate(is_logged=Exists(logged), in_pairs=Exists(in_pairs))


def _line_of(row: Any, today: datetime.date, now: datetime.datetime, *, back: str) -> DueLine:
    in_pairs = row.in_pairs and row.is_home_visit
    return appointment_line(row, today, now, is_logged=row.is_logged, in_pairs=in_pairs, back=back)


def appointment_line(
    appointment: Appointment,
    today: datetime.date,
    now: datetime.datetime,
    *,
    is_logged: bool,
    in_pairs: bool = False,
    back: str = "",
) -> DueLine:
    """One appointment with its next step: outcome, excuse, log, or opening it."""
    client = appointment.client
    path = [client.uuid, appointment.uuid]
    page = reverse("file_appointments:appointment", args=path)
    log = f"{reverse('file_appointments:contact_new', args=[client.uuid])}?appointment={appointment.uuid}"
    undecided = is_undecided(appointment.state, appointment.excuse, appointment.starts_at, now)
    is_held = appointment.state == AppointmentState.HELD
    text = appointment_text(appointment)
    outcomes: tuple[Outcome, ...] = ()
    action_label, action_url = _("Open"), page
    if client.is_closed:
        # Nothing can be decided before the file is open again.
        undecided = False
    elif appointment.state == AppointmentState.PLANNED and appointment.starts_at <= now:
        outcomes = outcome_buttons(appointment)
    elif undecided:
        text = outcome_text(appointment.state, appointment.excuse)
        outcomes = (Outcome(_("Excused"), value="excused"), Outcome(_("Unexcused"), value="unexcused"))
    elif is_held and not is_logged:
        text = _("came; the talk is not logged yet")
        action_label, action_url = _("Log"), log
    elif appointment.state == AppointmentState.PLANNED and appointment.manager_id is None:
        text = _("nobody holds this appointment since the handover")
    elif appointment.state == AppointmentState.PLANNED and timezone.localdate(appointment.starts_at) == today:
        action_label, action_url = (_("Open"), page) if appointment.is_home_visit else (_("Begin"), log)
    elif appointment.state != AppointmentState.PLANNED:
        text = f"{outcome_text(appointment.state, appointment.excuse)} · {text}"
    return DueLine(
        group=Group.APPOINTMENTS,
        kind="appointment",
        today=today,
        when=appointment.starts_at,
        title=client.display_name,
        case_no=client.case_no,
        url=client.get_absolute_url(),
        text=text,
        icon=icon_of(appointment.channel),
        note=_("until %(time)s") % {"time": time_de(appointment.ends_at)}
        if timezone.localdate(appointment.starts_at) == today
        else "",
        care=_("only in pairs") if in_pairs else "",
        done=appointment.state != AppointmentState.PLANNED
        and not undecided
        and not (is_held and not is_logged),
        outcomes=outcomes,
        action_label="" if outcomes else action_label,
        action_url=_outcome_url(appointment, path, back) if outcomes else action_url,
    )


def _outcome_url(appointment: Appointment, path: Sequence[UUID], back: str) -> str:
    """What three buttons say alike stands in their address once."""
    said = urlencode({"version": str(appointment.version), "next": back})
    return f"{reverse('file_appointments:outcome', args=path)}?{said}"


def outcome_buttons(appointment: Appointment) -> tuple[Outcome, ...]:
    """The outcomes of one tap; the rest stands on the appointment's own page."""
    if appointment.channel == Channel.HOME_VISIT:
        return (
            Outcome(_("Met"), value=AppointmentState.HELD.value),
            Outcome(_("Not met"), value=AppointmentState.NOT_MET.value),
            Outcome(_("Cancelled"), value=AppointmentState.CANCELLED_CLIENT.value),
        )
    return (
        Outcome(_("Came"), value=AppointmentState.HELD.value),
        Outcome(_("Did not come"), value=AppointmentState.NO_SHOW.value),
        Outcome(_("Cancelled"), value=AppointmentState.CANCELLED_CLIENT.value),
    )


def _appointments(
    waiting: Mapping[UUID, DueItem], unconfirmed: Mapping[UUID, DueItem], reader: Reader
) -> Iterator[DueLine]:
    """Appointments that wait for something, and interpreters not confirmed; one statement for both."""
    keys = {*waiting, *unconfirmed}
    if not keys:
        return
    rows = Appointment.objects.unscoped(reason=REASON).filter(uuid__in=keys).order_by("starts_at", "pk")
    for row in _annotated(rows, reader.today):
        row.client = (waiting.get(row.uuid) or unconfirmed[row.uuid]).client
        if row.uuid in waiting:
            yield _line_of(row, reader.today, reader.now, back=reverse("home"))
        if row.uuid in unconfirmed and row.starts_at > reader.now:
            yield _interpreter_line(row, reader.today)


def _interpreter_line(appointment: Appointment, today: datetime.date) -> DueLine:
    client = appointment.client
    return DueLine(
        group=Group.DEADLINES,
        kind="interpreter",
        today=today,
        when=timezone.localdate(appointment.starts_at),
        title=client.display_name,
        case_no=client.case_no,
        url=client.get_absolute_url(),
        text=_("Interpreter for %(moment)s: %(state)s, not confirmed yet")
        % {
            "moment": datetime_de(appointment.starts_at),
            "state": str(InterpreterNeed(appointment.interpreter).label),
        },
        icon="interpreter",
        action_label=_("Confirmed"),
        action_url=reverse("file_appointments:interpreter", args=[client.uuid, appointment.uuid]),
        action_method="post",
        action_fields={"version": str(appointment.version), "next": reverse("home")},
    )


def _follow_ups(items: Mapping[UUID, DueItem], reader: Reader) -> list[DueLine]:
    """Those of files, and those of the reader and whom she stands in for that belong to none; one statement."""
    today = reader.today
    due = Q(due_on__lte=today + AHEAD) | Q(is_hard=True, due_on__lte=today + DEADLINES_AHEAD)
    without_file = Q(client__isnull=True, owner__in=reader.scope.caseloads, done_at__isnull=True) & due
    rows = FollowUp.objects.unscoped(reason=REASON).filter(Q(uuid__in=list(items)) | without_file)
    found = list(rows.select_related("owner").order_by("due_on", "pk"))
    for row in found:
        if row.uuid in items:
            row.client = items[row.uuid].client
    return [follow_up_line(row, reader.scope, today) for row in found]


def follow_up_line(follow_up: FollowUp, scope: Scope, today: datetime.date) -> DueLine:
    """One follow-up with "Erledigt"."""
    client = follow_up.client
    text = follow_up.text
    if follow_up.owner_id != scope.user_id and follow_up.owner_id not in scope.caseloads:
        text = _("%(text)s (for %(name)s)") % {"text": text, "name": follow_up.owner}
    if client is not None:
        url = reverse("file_appointments:follow_up", args=[client.uuid, follow_up.uuid])
        done = reverse("file_appointments:follow_up_done", args=[client.uuid, follow_up.uuid])
    else:
        url = reverse("appointments:follow_up", args=[follow_up.uuid])
        done = reverse("appointments:follow_up_done", args=[follow_up.uuid])
    return DueLine(
        group=Group.DEADLINES,
        kind="follow_up",
        today=today,
        when=follow_up.due_on,
        title=client.display_name if client else _("Without a file"),
        case_no=client.case_no if client else "",
        url=url,
        text=text,
        icon="flag" if follow_up.is_hard else "doc",
        hard=follow_up.is_hard,
        action_label=_("Done"),
        action_url=done,
        action_method="post",
        action_fields={"version": str(follow_up.version), "next": reverse("home")},
    )


def _drop_ins(items: Mapping[UUID, DueItem], today: datetime.date) -> list[DueLine]:
    if not items:
        return []
    key: Any = Contact._meta.get_field("uuid")
    rows = load_together(
        [key.get_db_prep_value(item, connection) for item in items],
        Part(Contact, "uuid"),
        Part(TOPICS, "contact__uuid"),
        Topic,
        User,
    )
    topics: dict[int, list[Topic]] = defaultdict(list)
    for chosen in sorted(rows[TOPICS], key=lambda chosen: (chosen.topic.order, chosen.topic.label_de)):
        topics[chosen.contact_id].append(chosen.topic)
    found = []
    for contact in sorted(rows[Contact], key=lambda contact: (not contact.urgent, contact.happened_at)):
        contact.client = items[contact.uuid].client
        found.append(
            file_line(
                items[contact.uuid],
                today,
                group=Group.OTHERS,
                when=contact.happened_on if contact.urgent else None,
                when_text=_("urgent") if contact.urgent else _("new"),
                emphasis=True,
                url=contact.get_absolute_url(),
                text=_("%(name)s left a contact: %(what)s")
                % {"name": contact.left_by, "what": _what(contact, topics[contact.pk])},
                icon=icon_of(contact.channel),
                action_label=_("Read"),
                action_url=contact.get_absolute_url(),
            )
        )
    return found


def _what(contact: Contact, topics: Sequence[Topic]) -> str:
    parts = [contact_title(contact), contact_text(contact, topics)]
    return " · ".join(part for part in parts if part)


def _drafts(user: User, today: datetime.date, now: datetime.datetime) -> list[DueLine]:
    files = Client.objects.visible_to(user).filter(case_no=OuterRef("case_no"))
    found = list(drafts.kept(user, now).annotate(is_in_reach=Exists(files)).order_by("-saved_at")[:AT_MOST])

    def way(draft: Any) -> str:
        """Back into the form, or to the bare text when the file is out of reach."""
        if draft.case_no and not draft.is_in_reach:
            return reverse("clients:draft", args=[draft.pk])
        return draft.path

    return [
        DueLine(
            group=Group.DRAFTS,
            kind="draft",
            today=today,
            when=draft.saved_at,
            news=True,
            title=_("%(form)s, %(case_no)s") % {"form": draft.title, "case_no": draft.case_no}
            if draft.case_no
            else draft.title,
            url=way(draft),
            text=_("draft saved %(at)s") % {"at": datetime_de(draft.saved_at)},
            icon="pen",
            outcomes=(Outcome(_("Continue"), url=way(draft)), Outcome(_("Discard"), value="discard")),
            action_url=reverse("clients:draft_discard", args=[draft.pk]),
        )
        for draft in drafts.unsent(found)
    ]
