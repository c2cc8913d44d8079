"""What this app has due for *Mein Tag*: appointments, follow-ups, drop-ins and drafts."""

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.access import Scope
from accounts.file_loader import Part, Wanted
from accounts.models import User
from appointments.choices import AppointmentState, Channel, InterpreterNeed
from appointments.due_items import AHEAD, DEADLINES_AHEAD, AppointmentDue
from appointments.history import TOPICS
from appointments.models import Appointment, Contact, FollowUp
from appointments.rules.appointment import is_undecided
from appointments.wording import appointment_text, contact_text, contact_title, icon_of, outcome_text
from clients import drafts
from clients.models import Client, Draft, DueItem, Responsibility, SafetyNote, Topic
from clients.worklist import CASELOADS, OBJECTS, READER, Group, Reader, file_line
from ui.dates import datetime_de, time_de
from ui.due import DueLine, Outcome
from ui.links import reverse

AT_MOST = 100
DROP_IN = "drop_in"
"""The form for a colleague's file, which its author never sees."""
READ: tuple[Wanted, ...] = (
    Part(Appointment, "uuid", among=OBJECTS),
    Part(Contact, "uuid", among=OBJECTS),
    Part(Contact, "appointment__uuid", among=OBJECTS),
    Part(TOPICS, "contact__uuid", among=OBJECTS),
    Topic,
    Part(SafetyNote, "client", empty=("ended_at",)),
    Part(FollowUp, "uuid", among=OBJECTS),
    Part(FollowUp, "owner", among=CASELOADS, empty=("client", "done_at")),
)
"""What the items are about, and the follow-ups that belong to no file."""
OWN = Part(Draft, "author", among=READER, empty=("discarded_at",))


def compose(items: Sequence[DueItem], reader: Reader) -> list[DueLine]:
    """The lines of this app's items."""
    of_kind: dict[str, dict[UUID, DueItem]] = defaultdict(dict)
    for item in items:
        of_kind[item.kind][item.object] = item
    return [
        *_appointments(of_kind[AppointmentDue.APPOINTMENT], of_kind[AppointmentDue.INTERPRETER], reader),
        *_follow_ups(of_kind[AppointmentDue.FOLLOW_UP], reader),
        *_drop_ins(of_kind[AppointmentDue.DROP_IN], reader),
    ]


def lines(reader: Reader) -> list[DueLine]:
    """What belongs to the reader and not to a file: her drafts, the last one first."""
    since = reader.now - drafts.KEPT
    left = drafts.unsent([draft for draft in reader.rows[Draft] if draft.saved_at >= since][:AT_MOST])
    named = {draft.case_no for draft in left if draft.case_no}
    in_reach = _in_reach(named, reader.user)
    hers = _once_hers(named - in_reach, reader.user)
    return [_draft_line(draft, reader.today, in_reach=in_reach, hers=hers) for draft in left]


def calendar_lines(
    rows: QuerySet[Appointment], today: datetime.date, now: datetime.datetime, *, back: str = ""
) -> list[DueLine]:
    """Appointments as rows below the heading of their day, with what can be done about each.

    They say their times alone: what is printed says the same tomorrow.

    Args:
        rows: appointments the reader may see.
        today: local date of the request.
        now: instant of the request.
        back: path to return to after an outcome.
    """
    logged = Contact.objects.unscoped(reason="whether an appointment the reader sees was logged").filter(
        appointment=OuterRef("pk")
    )
    notes = SafetyNote.objects.unscoped(reason="clients of appointments the reader sees").filter(
        client=OuterRef("client"), only_in_pairs=True, ended_at__isnull=True, expires_on__gte=today
    )
    found = rows.annotate(is_logged=Exists(logged), in_pairs=Exists(notes)).select_related("client")
    return [
        replace(
            appointment_line(row, today, now, is_logged=row.is_logged, in_pairs=row.in_pairs, back=back),
            when_text=time_de(row.starts_at),
            note=_("until %(time)s") % {"time": time_de(row.ends_at)},
        )
        for row in found.order_by("starts_at", "pk")
    ]


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
        subject=str(client.uuid),
        url=client.get_absolute_url(),
        text=text,
        icon=icon_of(appointment.channel),
        note=_("until %(time)s") % {"time": time_de(appointment.ends_at)}
        if timezone.localdate(appointment.starts_at) == today
        else "",
        care=_("only in pairs") if in_pairs and appointment.is_home_visit else "",
        done=appointment.state != AppointmentState.PLANNED
        and not undecided
        and not (is_held and not is_logged),
        outcomes=outcomes,
        action_label="" if outcomes else action_label,
        action_url=outcome_url(appointment, back) if outcomes else action_url,
    )


def outcome_url(appointment: Appointment, back: str) -> str:
    """What three buttons say alike stands in their address once."""
    path = [appointment.client.uuid, appointment.uuid]
    said = urlencode({"version": str(appointment.version), **({"next": back} if back else {})})
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
    """Appointments that wait for something, and interpreters not confirmed."""
    if not waiting and not unconfirmed:
        return
    today, logged = reader.today, {contact.appointment_id for contact in reader.rows[Contact]}
    in_pairs = {
        note.client_id for note in reader.rows[SafetyNote] if note.only_in_pairs and note.expires_on >= today
    }
    for row in sorted(reader.rows[Appointment], key=lambda row: (row.starts_at, row.pk)):
        item = waiting.get(row.uuid) or unconfirmed.get(row.uuid)
        if item is None:
            continue
        row.client = item.client
        if row.uuid in waiting:
            yield appointment_line(
                row, today, reader.now, is_logged=row.pk in logged, in_pairs=row.client_id in in_pairs
            )
        if row.uuid in unconfirmed and row.starts_at > reader.now:
            yield _interpreter_line(row, today)


def _interpreter_line(appointment: Appointment, today: datetime.date) -> DueLine:
    client = appointment.client
    return DueLine(
        group=Group.APPOINTMENTS,
        kind="interpreter",
        today=today,
        when=timezone.localdate(appointment.starts_at),
        title=client.display_name,
        case_no=client.case_no,
        subject=str(client.uuid),
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
    """Those of files, and those of the reader and whom she stands in for that belong to none."""
    found = []
    for row in sorted(reader.rows[FollowUp], key=lambda row: (row.due_on, row.pk)):
        if row.uuid in items:
            row.client = items[row.uuid].client
        elif row.client_id is not None or row.due_on > reader.today + (
            DEADLINES_AHEAD if row.is_hard else AHEAD
        ):
            continue
        found.append(follow_up_line(row, reader.scope, reader.today))
    return found


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
        subject=str(client.uuid) if client else "",
        url=url,
        text=text,
        icon="flag" if follow_up.is_hard else "doc",
        hard=follow_up.is_hard,
        action_label=_("Done"),
        action_url=done,
        action_method="post",
        action_fields={"version": str(follow_up.version), "next": reverse("home")},
    )


def _drop_ins(items: Mapping[UUID, DueItem], reader: Reader) -> list[DueLine]:
    if not items:
        return []
    topics: dict[int, list[Topic]] = defaultdict(list)
    for chosen in sorted(reader.rows[TOPICS], key=lambda chosen: (chosen.topic.order, chosen.topic.label_de)):
        topics[chosen.contact_id].append(chosen.topic)
    left = {contact.uuid: contact for contact in reader.rows[Contact] if contact.uuid in items}
    found = []
    for contact in sorted(left.values(), key=lambda contact: (not contact.urgent, contact.happened_at)):
        contact.client = items[contact.uuid].client
        found.append(
            file_line(
                items[contact.uuid],
                reader.today,
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


def _in_reach(case_nos: Set[str], user: User) -> set[str]:
    """Of these case numbers those of files the reader may see."""
    files = Client.objects.visible_to(user).filter(case_no__in=case_nos)
    return set(files.order_by().values_list("case_no", flat=True)) if case_nos else set()


def _once_hers(case_nos: Set[str], user: User) -> set[str]:
    """Of these case numbers those of files the reader was responsible for."""
    rows = Responsibility.objects.unscoped(reason="whether the author was responsible once")
    hers = rows.filter(client__case_no__in=case_nos, manager=user).order_by()
    return set(hers.values_list("client__case_no", flat=True)) if case_nos else set()


def _draft_line(draft: Draft, today: datetime.date, *, in_reach: Set[str], hers: Set[str]) -> DueLine:
    """Back into the form; for a file out of reach the bare text, without saying whose file it is."""
    path, title = draft.path, draft.title
    discard = Outcome(_("Discard"), value="discard")
    outcomes: tuple[Outcome, ...] = (Outcome(_("Continue"), url=path), discard)
    if draft.case_no in in_reach:
        title = _("%(form)s, %(case_no)s") % {"form": draft.title, "case_no": draft.case_no}
    elif draft.case_no and draft.form != DROP_IN:
        title = _("Text from a former responsibility") if draft.case_no in hers else _("Text from a stand-in")
        path = reverse("clients:draft", args=[draft.pk])
        hand_over = Outcome(_("Hand over"), post_url=reverse("clients:draft_hand_over", args=[draft.pk]))
        outcomes = (Outcome(_("Read"), url=path), hand_over, discard)
    text = _("draft saved %(at)s") % {"at": datetime_de(draft.saved_at)}
    if draft.handed_over_by is not None:
        text = _("%(text)s by %(name)s") % {"text": text, "name": draft.handed_over_by}
    return DueLine(
        group=Group.DRAFTS,
        kind="draft",
        today=today,
        when=draft.saved_at,
        news=True,
        title=title,
        url=path,
        text=text,
        icon="pen",
        outcomes=outcomes,
        action_url=reverse("clients:draft_discard", args=[draft.pk]),
    )
