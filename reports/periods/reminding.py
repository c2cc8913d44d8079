"""Asking all managers to complete their records of a period, and what each of them reads in *Mein Tag*."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import Municipality, Role, Service, User
from appointments import figures as appointment_figures
from appointments.figures import Parts
from audit.recording import record
from clients import figures as client_figures
from clients.figures import FilesOverTime
from clients.models import Client
from clients.worklist import Group, Reader
from integration_plans import figures as plan_figures
from integration_plans.policies import policy_on
from reports.actions import MANAGERS_REMINDED
from reports.figures import Missing
from reports.models import Reminder
from reports.periods.pages import missing_lines, span_words
from reports.rules.periods import Period
from ui.dates import local_day
from ui.due import DueLine
from ui.links import reverse

TOLD_FOR = dt.timedelta(days=28)
"""So long a reminder stands in *Mein Tag* while something is missing."""


def remind(actor: Actor, municipalities: Sequence[Municipality], period: Period) -> int:
    """Ask all managers of some municipalities, without naming any; returns how many.

    Whoever was asked today about the same months is not asked again.

    Args:
        actor: who asks.
        municipalities: those whose managers are asked.
        period: the months.

    Raises:
        PermissionDenied: the actor does not serve one of the municipalities.
    """
    actor.require("report.remind")
    keys = {place.pk for place in municipalities}
    if not keys <= actor.scope.municipalities:
        raise PermissionDenied
    with transaction.atomic():
        services = Service.objects.on(actor.today).filter(municipality__in=keys)
        there = User.objects.filter(role=Role.MANAGER, is_active=True, pk__in=services.values("user"))
        asked = Reminder.objects.unscoped(reason="who was asked today").filter(
            first=period.first, last=period.last, at__date=actor.today
        )
        people = there.exclude(pk__in=asked.values("user")).order_by("pk")
        rows = [
            Reminder(user=person, first=period.first, last=period.last, at=actor.now, by=actor.user)
            for person in people
        ]
        Reminder.objects.bulk_create(rows)
        record(actor, MANAGERS_REMINDED, kind="user", count=len(rows))
    return len(rows)


def lines(reader: Reader) -> list[DueLine]:
    """The last reminder with what is missing in the reader's own files; none once nothing is missing."""
    if not reader.is_own_day or reader.file is not None:
        return []
    since = reader.today - TOLD_FOR
    recent = [row for row in reader.rows[Reminder] if local_day(row.at) >= since]
    if not recent:
        return []
    last = max(recent, key=lambda row: (row.at, row.pk))
    found = missing_lines(own_missing(reader.user.pk, last.first, last.last, reader.now))
    if not found:
        return []
    return [
        DueLine(
            group=Group.OTHERS,
            kind="missing",
            today=reader.today,
            when=local_day(last.at),
            title=_("Records of %(months)s") % {"months": span_words(last.first, last.last)},
            text=_("Please complete: %(missing)s.") % {"missing": ", ".join(found)},
            icon="plan",
            action_label=_("View"),
            action_url=f"{reverse('reports:dashboard')}?since={last.first:%Y-%m}&until={last.last:%Y-%m}",
            news=True,
        )
    ]


def own_missing(manager_id: int, first: dt.date, last: dt.date, now: dt.datetime) -> Missing:
    """What is missing in the files a manager has today; exact, for they are hers."""
    rows = Client.objects.unscoped(reason="figures of one's own caseload").filter(manager_id=manager_id)
    files = FilesOverTime(rows)
    work = appointment_figures.work_of(files, Parts.of((first, last)), now)
    stock = plan_figures.stock_with_plans(files, last, policy_on(last))
    late = client_figures.past_limit_without_justification(client_figures.open_then(files, last), last)
    return Missing(
        undecided_appointments=work.undecided,
        contacts_without_topic=work.without_topic,
        talks_without_basis=work.number_without_basis(manager_id),
        files_without_assessment=stock.unassessed,
        files_past_limit=len(late),
    )
