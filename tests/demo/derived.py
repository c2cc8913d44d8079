"""What the rules derive from the facts of all files, beside what is stored."""

import datetime as dt

from clients import recompute
from clients.models import Client
from integration_plans.plan_status import plan_statuses
from integration_plans.proposals import unprotected_levels
from outreach.models import Ladder
from outreach.services.ladders import ladders_of

LADDER = ("stage", "reached", "suspended", "t0", "ended_at", "end_reason")


def ladders(now: dt.datetime) -> tuple[dict, dict]:
    """Every ladder as stored and as computed; a question once answered is not computed again."""
    clients = list(Client.objects.all())
    computed = {
        (key, view.key): (
            view.stage,
            view.reached,
            view.suspended,
            view.t0,
            view.end.at if view.end else None,
            view.end.reason if view.end else "",
        )
        for key, views in ladders_of(clients, now).items()
        for view in views
    }
    stored = {
        (row.client_id, row.key): tuple(getattr(row, name) for name in LADDER) for row in Ladder.objects.all()
    }
    return stored, computed


def summary_columns(today: dt.date, now: dt.datetime) -> tuple[dict, dict]:
    """What lists show of every file as stored, and as its facts say."""
    files = list(Client.objects.values_list("pk", flat=True))
    found = plan_statuses(files, today)
    unprotected, _answered = unprotected_levels(files, today)
    stored, derived = {}, {}
    summaries = recompute.summaries(recompute.stored_facts(files, now))
    for client in Client.objects.all():
        talks = summaries[client.pk]
        stored[client.case_no] = (
            client.counselling_started_on,
            client.last_contact_on,
            client.intensity,
            client.unprotected_intensity,
            client.intensity_since,
            client.next_review_on,
            client.next_appointment_at,
            client.phase,
            client.manager_id,
        )
        derived[client.case_no] = (
            talks["counselling_started_on"],
            talks["last_contact_on"],
            found[client.pk].intensity,
            unprotected.get(client.pk, ""),
            found[client.pk].intensity_since,
            found[client.pk].next_review_on,
            talks["next_appointment_at"],
            client.phase_changes.order_by("on", "id").last().phase,
            client.responsibilities.get(until=None).manager_id,
        )
    return stored, derived
