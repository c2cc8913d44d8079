"""What belongs to going there: a colleague asked along on a visit, an incident, and a version of thresholds to come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from accounts.models import User
from appointments.choices import Channel
from appointments.models import Appointment
from demo.world import REASON, Place, World, at, random_key
from outreach.choices import CompanionState, IncidentKind
from outreach.models import Incident, OutreachPolicy, VisitCompanion
from outreach.services.addresses import address_of


def add_visits(world: World, place: Place, users: Mapping[str, User]) -> None:
    """The manager's next visits in pairs, what happened to her on one, and what holds from next month on."""
    manager, colleague = users["manager"], users["colleague"]
    pick = world.chance("visits")
    rows = Appointment.objects.unscoped(reason=REASON).in_calendars(frozenset({manager.pk})).planned()
    visits = rows.filter(channel=Channel.HOME_VISIT).select_related("client").order_by("starts_at", "pk")
    today, later = (
        visits.on(world.as_of).first(),
        visits.filter(starts_at__gte=at(world.working_day(1), 0, 0)),
    )
    for visit, answer in ((today, CompanionState.ACCEPTED), (later.first(), CompanionState.ASKED)):
        if visit is None:
            continue
        state = answer
        asked_at = at(world.working_day(-1), 9, 20)
        taken = Appointment.objects.unscoped(reason=REASON).blocking(
            colleague.pk, visit.starts_at, visit.ends_at
        )
        if state == CompanionState.ACCEPTED and taken.exists():
            state = CompanionState.DECLINED
        VisitCompanion.objects.create(
            uuid=random_key(pick),
            client=visit.client,
            appointment=visit,
            asked_by=manager,
            colleague=colleague,
            starts_at=visit.starts_at,
            ends_at=visit.ends_at,
            address=address_of(visit.client, world.as_of),
            state=state,
            asked_at=asked_at,
            answered_at=asked_at + dt.timedelta(hours=2) if state != CompanionState.ASKED else None,
        )
    Incident.objects.create(
        uuid=random_key(pick),
        author=manager,
        kind=IncidentKind.DOG,
        day=world.working_day(-6),
        place="Treppenhaus, zweites Obergeschoss",
        happened="Ein Hund ohne Leine ist auf mich zugelaufen und hat mich am Ärmel gefasst. Keine Verletzung.",
        informed="Leitung, Unfallkasse",
        recorded_at=at(world.working_day(-6), 16, 10),
    )
    OutreachPolicy.objects.create(
        municipality=place.municipality,
        valid_from=(world.as_of.replace(day=1) + dt.timedelta(days=62)).replace(day=1),
        note="Nach einem Brief eine Woche mehr Zeit, weil die Post im Neubaugebiet später kommt.",
        step2_after_letter_wd=10,
    )
