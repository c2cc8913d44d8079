"""What this app has due for *Mein Tag*: appointments, follow-ups, drop-ins and drafts."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.access import Scope
from accounts.models import User
from accounts.rules.calendar import bounds
from appointments.choices import AppointmentState, Channel, InterpreterNeed
from appointments.models import Appointment, Contact, FollowUp
from appointments.querysets import UNCONFIRMED
from appointments.rules.appointment import is_undecided
from appointments.wording import appointment_text, contact_text, contact_title, icon_of, outcome_text
from clients import drafts
from clients.models import Client, SafetyNote
from clients.worklist import Group
from ui.dates import datetime_de, time_de
from ui.due import DueLine, Outcome

AHEAD = datetime.timedelta(days=7)
DEADLINES_AHEAD = datetime.timedelta(days=30)
AT_MOST = 100


def lines(user: User, scope: Scope, today: datetime.date, now: datetime.datetime) -> list[DueLine]:
    """Everything of this app that is due for the caseloads of a user.

    Args:
        user: for whom.
        scope: what the user may see today.
        today: local date of the request.
        now: instant of the request.
    """
    return [
        *_appointments(user, today, now),
        *_follow_ups(user, scope, today),
        *_drop_ins(user, today),
        *_drafts(user, today, now),
    ]


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
    found = _with_what_a_line_shows(rows, today).order_by("starts_at", "pk")[:AT_MOST]
    return [_line_of(row, today, now, back=back) for row in found]


def _with_what_a_line_shows(rows: Any, today: datetime.date) -> Any:
    logged = Contact.objects.unscoped(reason="whether an appointment the reader sees was logged").filter(
        appointment=OuterRef("pk")
    )
    in_pairs = SafetyNote.objects.unscoped(reason="clients of appointments the reader sees").filter(
        client=OuterRef("client"), only_in_pairs=True, ended_at__isnull=True, expires_on__gte=today
    )
    shown = rows.annotate(is_logged=Exists(logged), in_pairs=Exists(in_pairs))
    return shown.select_related("client", "manager")


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
        action_url=reverse("file_appointments:outcome", args=path) if outcomes else action_url,
        action_fields={"version": str(appointment.version), "next": back} if outcomes else {},
    )


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


def _appointments(user: User, today: datetime.date, now: datetime.datetime) -> list[DueLine]:
    """Today's appointments, those of any day that still wait for something, and interpreters not confirmed.

    One question for both: each alone, the database would rather look through the appointments of everybody.
    A closed file waits for nothing.
    """
    logged = Contact.objects.unscoped(reason="whether an appointment the reader sees was logged").filter(
        appointment=OuterRef("pk")
    )
    start, end = bounds(today)
    called_off = (
        AppointmentState.MOVED,
        AppointmentState.CANCELLED_CLIENT,
        AppointmentState.CANCELLED_US,
    )
    waiting = (
        (Q(starts_at__gte=start, starts_at__lt=end) & ~Q(state__in=called_off))
        | Q(state=AppointmentState.PLANNED, starts_at__lte=now)
        | Q(state=AppointmentState.NO_SHOW, excuse="undecided")
        | Q(state=AppointmentState.PLANNED, manager__isnull=True)
        | (Q(state=AppointmentState.HELD, starts_at__gte=now - DEADLINES_AHEAD) & ~Exists(logged))
    )
    unconfirmed = Q(
        state=AppointmentState.PLANNED,
        interpreter__in=UNCONFIRMED,
        starts_at__gt=now,
        starts_at__lt=now + AHEAD,
    )
    rows = _with_what_a_line_shows(Appointment.objects.editable_by(user), today)
    rows = rows.annotate(
        is_waiting=ExpressionWrapper(waiting, BooleanField()),
        is_unconfirmed=ExpressionWrapper(unconfirmed, BooleanField()),
    )
    found = list(rows.filter(waiting | unconfirmed).order_by("starts_at", "pk"))
    return [
        *(_line_of(row, today, now, back=reverse("home")) for row in _first(found, "is_waiting")),
        *(_interpreter_line(row, today) for row in _first(found, "is_unconfirmed")),
    ]


def _first(rows: Iterable[Any], mark: str) -> list[Any]:
    return [row for row in rows if getattr(row, mark)][:AT_MOST]


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


def _follow_ups(user: User, scope: Scope, today: datetime.date) -> list[DueLine]:
    due = Q(due_on__lte=today + AHEAD) | Q(is_hard=True, due_on__lte=today + DEADLINES_AHEAD)
    found = [
        row
        for rows in (FollowUp.objects.in_open_files_of(user), FollowUp.objects.without_file_of(user))
        for row in rows.open().filter(due).select_related("owner").order_by("due_on", "pk")[:AT_MOST]
    ]
    found.sort(key=lambda row: (row.due_on, row.pk))
    return [follow_up_line(row, scope, today) for row in found[:AT_MOST]]


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


def _drop_ins(user: User, today: datetime.date) -> list[DueLine]:
    rows = (
        Contact.objects.editable_by(user)
        .waiting_for_acceptance()
        .select_related("client", "left_by", "main_topic")
        .prefetch_related("topics")
        .order_by("-urgent", "happened_at")[:AT_MOST]
    )
    return [
        DueLine(
            group=Group.OTHERS,
            kind="drop_in",
            today=today,
            when=contact.happened_on if contact.urgent else None,
            when_text=_("urgent") if contact.urgent else _("new"),
            emphasis=True,
            title=contact.client.display_name,
            case_no=contact.client.case_no,
            url=contact.get_absolute_url(),
            text=_("%(name)s left a contact: %(what)s") % {"name": contact.left_by, "what": _what(contact)},
            icon=icon_of(contact.channel),
            action_label=_("Read"),
            action_url=contact.get_absolute_url(),
        )
        for contact in rows
    ]


def _what(contact: Contact) -> str:
    parts = [contact_title(contact), contact_text(contact)]
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
