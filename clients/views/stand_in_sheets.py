"""What goes from one to the other around an absence: the handover sheet, and what was done meanwhile."""

import datetime
from collections import defaultdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts.access import Scope, within_caseload
from accounts.generic import PageView
from accounts.models import StandIn
from accounts.permissions import Column, column_of
from accounts.rules.calendar import local_date, start_of_day
from accounts.rules.days import ONE_DAY, Days
from audit.actions import ACCESS, CHANGE, codes_of, sentence_of
from audit.models import AuditEntry
from audit.recording import record
from clients import actions
from clients.choices import Intensity
from clients.models import Client
from clients.worklist import Group, Reader, item_lines
from ui.dates import local_day
from ui.due import DueLine, in_order

MOST = 500
PARTS = (
    ("deadlines", (Group.DEADLINES, Group.PERMITS)),
    ("appointments", (Group.APPOINTMENTS,)),
    ("outreach", (Group.OUTREACH,)),
    ("others", (Group.OTHERS,)),
)
STILL_TO_DO = frozenset({Group.DEADLINES, Group.PERMITS, Group.OUTREACH})
"""Of these also what was due before; of appointments only those of the days."""


def may_read_sheet(stand_in: StandIn, scope: Scope) -> bool:
    """Whoever is away, and whoever stands in while it lasts: nobody else may read these files."""
    return stand_in.absent_id == scope.user_id or any(row.pk == stand_in.pk for row in scope.stand_ins)


class _StandInPage(PageView, abstract=True):
    permission = "stand_in.view"

    def found(self, **conditions: Any) -> StandIn:
        """The stand-in of the address; for everybody without files there is none."""
        rows = StandIn.objects.unscoped(reason="who may read it is settled at once").select_related(
            "absent", "substitute"
        )
        row: StandIn | None = rows.filter(uuid=self.kwargs["uuid"], **conditions).first()
        if row is None or column_of(self.request.user) != Column.MANAGER:
            raise Http404
        return row


class SheetView(_StandInPage):
    """Deadlines, appointments, steps and crises of the days of a stand-in, to be read and printed."""

    template_name = "clients/stand_in_sheet.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stand_in = self.found()
        if not may_read_sheet(stand_in, self.scope) or stand_in.is_over_on(self.today):
            raise Http404
        user, scope = within_caseload(request.user, self.scope, stand_in.absent_id)
        days = Days(max(stand_in.since, self.today), stand_in.days.last)
        reader = Reader(user, scope, self.today, self.now, days=days)
        lines = [line for line in item_lines(reader) if is_of_these_days(line, days)]
        files: Any = Client.objects.visible_to(user).open().with_level_for(user, self.now)
        crises = list(files.filter(level=Intensity.CRISIS).in_list_order())
        acting_for = stand_in.absent_id if stand_in.absent_id != request.user.pk else None
        count = len({line.subject for line in lines} | {str(file.uuid) for file in crises})
        record(self.actor, actions.SHEET_VIEWED, kind="client", count=count, acting_for=acting_for)
        titles = {
            "deadlines": _("Deadlines and follow-ups"),
            "appointments": _("Appointments"),
            "outreach": _("Steps of the contact ladder"),
            "others": _("Left by colleagues"),
        }
        return self.render(
            {
                "stand_in": stand_in,
                "parts": [
                    (code, titles[code], in_order(line for line in lines if line.group in groups))
                    for code, groups in PARTS
                ],
                "crises": crises,
            }
        )


def is_of_these_days(line: DueLine, days: Days) -> bool:
    """Due on one of the days; deadlines and steps that were due before are still to be done."""
    if line.when is None:
        return False
    day = local_day(line.when)
    return day <= days.last and (day >= days.first or line.group in STILL_TO_DO)


class MeanwhileView(_StandInPage):
    """What whoever stood in did in one's files, file by file."""

    template_name = "clients/stand_in_meanwhile.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        stand_in = self.found(absent=request.user.pk)
        entries = AuditEntry.objects.filter(
            actor=stand_in.substitute,
            acting_for=stand_in.absent,
            at__gte=start_of_day(stand_in.since),
            at__lt=start_of_day(stand_in.days.last + ONE_DAY),
            action__in=[*codes_of(CHANGE), *codes_of(ACCESS)],
            subject_ref__isnull=False,
        )
        found = list(entries.order_by("-at", "-id")[:MOST])
        own = Client.objects.visible_to(self.request.user).own_of(self.request.user)
        files = {
            file.subject_ref: file for file in own.filter(subject_ref__in={row.subject_ref for row in found})
        }
        done: dict[Client, list[tuple[datetime.date, Any]]] = defaultdict(list)
        for row in reversed(found):
            if row.subject_ref in files:
                said = (local_date(row.at), sentence_of(row.action))
                if said not in done[files[row.subject_ref]]:
                    done[files[row.subject_ref]].append(said)
        record(self.actor, actions.MEANWHILE_VIEWED, kind="client", count=len(done))
        ordered = sorted(done.items(), key=lambda item: (item[0].search_name, item[0].pk))
        return self.render({"stand_in": stand_in, "done": ordered})
