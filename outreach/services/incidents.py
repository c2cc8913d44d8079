"""Incidents of the staff: reported by whom they happened to, counted by the coordination."""

import datetime
from collections import Counter

from django.db import transaction

from accounts.actor import Actor
from accounts.records import create_once
from audit.recording import record
from outreach import actions
from outreach.models import Incident


def report_incident(actor: Actor, incident: Incident) -> Incident:
    """Keep what happened; no file is named with it.

    Args:
        actor: who reports.
        incident: validated and unsaved.

    Raises:
        DuplicateSubmission: the same form was posted before.
    """
    actor.require("incident.report")
    with transaction.atomic():
        incident.author, incident.recorded_at = actor.user, actor.now
        create_once(incident)
        record(actor, actions.INCIDENT_REPORTED, kind="incident", fields=["kind", "day"])
    return incident


def incidents_by_month(actor: Actor) -> dict[tuple[datetime.date, str], int]:
    """How many there were of each kind in each month, for the coordination: no text, no author.

    Returns:
        Counts by the first day of the month and kind.
    """
    actor.require("incident.view")
    rows = Incident.objects.unscoped(reason="counts by month and kind alone").values_list("day", "kind")
    return dict(Counter((day.replace(day=1), kind) for day, kind in rows))
