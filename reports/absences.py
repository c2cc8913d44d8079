"""For the coordination: who is away with nobody standing in, and who stepped in unasked (rules.md §4 and §8)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.absence_coverage import absence_coverages
from accounts.models import Absence, Municipality, Service, StandIn
from clients.due_absence import TOLD_FOR, emergency_text
from clients.figures import files_of
from clients.worklist import Group
from outreach.figures import steps_waiting_by_manager
from ui.dates import short_date
from ui.due import DueLine
from ui.links import reverse


@dataclass(frozen=True, slots=True)
class Unattended:
    """One manager who is away today without a stand-in.

    ``steps`` counts the acts of outreach in the caseload that are due or overdue; their dates stand meanwhile.
    """

    absence: UUID
    name: str
    until: dt.date
    steps: int
    remarks: Sequence[str]


def without_stand_in(
    municipalities: Sequence[Municipality], today: dt.date, *, everywhere: bool
) -> list[Unattended]:
    """Who is away today with nobody standing in, by name; a bounded number of queries.

    Args:
        municipalities: whose files are counted; the caller has checked that the reader may see items per manager.
        today: local date.
        everywhere: these are all municipalities; otherwise managers are listed who serve there or have steps there.
    """
    rows = (
        Absence.objects.unscoped(reason="the coordinator sees who is away without a stand-in")
        .active_on(today)
        .of_managers()
        .select_related("user")
        .order_by("user__last_name", "user__first_name", "user__username")
    )
    missing = [cover for cover in absence_coverages(rows, today) if cover.is_missing_on(today)]
    if not missing:
        return []
    places = [place.pk for place in municipalities]
    managers = {cover.absence.user_id for cover in missing}
    steps = steps_waiting_by_manager(managers, None if everywhere else files_of(places), today)
    here = Service.objects.on(today).filter(municipality__in=places, user__in=managers)
    listed = managers if everywhere else {*steps, *here.values_list("user_id", flat=True)}
    return [
        Unattended(
            absence=cover.absence.uuid,
            name=str(cover.absence.user),
            until=cover.absence.days.last,
            steps=steps.get(cover.absence.user_id, 0),
            remarks=cover.away_texts,
        )
        for cover in missing
        if cover.absence.user_id in listed
    ]


def lines(found: Sequence[Unattended], today: dt.date) -> list[DueLine]:
    """The section of the coordinator's start page; each line has its one next action."""
    return [
        DueLine(
            group=Group.ABSENCES,
            kind="absence",
            today=today,
            title=one.name,
            text=" · ".join([_steps_text(one.steps), *one.remarks]),
            when_text=_("away"),
            note=_("until %(date)s") % {"date": short_date(one.until, today)},
            icon="users",
            action_label=_("Plan a stand-in"),
            action_url=f"{reverse('stand_ins:new')}?absence={one.absence}",
            emphasis=True,
        )
        for one in found
    ]


def _steps_text(number: int) -> str:
    if not number:
        return _("No step of outreach is due.")
    return ngettext(
        "%(count)s step of outreach is due or overdue.",
        "%(count)s steps of outreach are due or overdue.",
        number,
    ) % {"count": number}


def stepped_in(municipalities: Sequence[Municipality], today: dt.date, *, everywhere: bool) -> list[DueLine]:
    """Emergency stand-ins of the last days, running ones with what to do next (rules.md §8).

    Args:
        municipalities: where the absent managers serve.
        today: local date.
        everywhere: these are all municipalities; nobody is left out.
    """
    rows = (
        StandIn.objects.unscoped(reason="the coordinator is told of emergency stand-ins")
        .stepped_in_since(today - TOLD_FOR)
        .select_related("absent", "substitute")
        .order_by("-since", "-pk")
    )
    if not everywhere:
        here = Service.objects.on(today).filter(municipality__in=municipalities)
        rows = rows.filter(absent__in=here.values("user_id"))
    return [
        DueLine(
            group=Group.ABSENCES,
            kind="emergency",
            today=today,
            when=row.since,
            title=str(row.absent),
            text=f"{row.substitute}: {emergency_text(row, today)}",
            icon="handover",
            action_label="" if row.is_over_on(today) else _("Plan a stand-in"),
            action_url="" if row.is_over_on(today) else reverse("stand_ins:new"),
            news=True,
        )
        for row in rows
    ]
