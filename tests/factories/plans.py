"""Plans as the services leave them."""

import datetime
import uuid
from typing import Any

from django.utils import timezone

from accounts.actor import Actor
from clients.models import Client
from integration_plans.choices import AgreementOutcome, CounsellingForm, Side
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    GoalContent,
    IntensityDecision,
    MeasureContent,
    Module,
    PlanVersion,
)
from integration_plans.proposals import proposal_for
from integration_plans.services.assessments import decide_intensity, record_assessment
from integration_plans.services.plans import add_goal, close_version, start_version


def assess(
    client: Client,
    *,
    on: datetime.date | None = None,
    now: datetime.datetime | None = None,
    **levels: int | None,
) -> Assessment:
    """An assessment with levels by module code: ``assess(client, finance=3, health=None)``."""
    now = now or timezone.now()
    entries = [
        AssessmentEntry(module=Module.objects.get(code=code), level=level) for code, level in levels.items()
    ]
    assessment = Assessment(client=client, assessed_on=on or timezone.localdate(now))
    return record_assessment(Actor(client.manager, now), assessment, entries)


def decide(
    assessment: Assessment, *, chosen: str = "", reason: str = "", now: datetime.datetime | None = None
) -> IntensityDecision:
    """The proposal confirmed, or another level chosen with a reason."""
    decision = IntensityDecision(
        client=assessment.client,
        assessment=assessment,
        chosen=chosen or proposal_for(assessment).level,
        reason=reason,
        form=CounsellingForm.OFFICE,
    )
    return decide_intensity(Actor(assessment.client.manager, now or timezone.now()), decision)


def goal(
    version: PlanVersion,
    title: str = "Ayla hat einen Kita-Platz",
    *,
    module: str = "family",
    client_measure: str = "Anmeldung abgeben",
    service_measure: str = "Nach der Warteliste fragen",
    **content: Any,
) -> GoalContent:
    """A goal of the working version with one measure of each side; an empty text leaves it out."""
    measures = [
        MeasureContent(side=side, text=text, due_on=content.get("target_on"))
        for side, text in ((Side.CLIENT, client_measure), (Side.SERVICE, service_measure))
        if text
    ]
    return add_goal(
        Actor(version.client.manager),
        GoalContent(plan=version, title=title, module=Module.objects.get(code=module), **content),
        measures=measures,
    )


def start(client: Client, *, now: datetime.datetime | None = None) -> PlanVersion:
    """The working version."""
    return start_version(Actor(client.manager, now or timezone.now()), client)


def close(
    version: PlanVersion,
    outcome: str = AgreementOutcome.SIGNED,
    *,
    on: datetime.date | None = None,
    review_on: datetime.date | None = None,
    now: datetime.datetime | None = None,
) -> PlanVersion:
    """Agree or decline the working version."""
    now = now or timezone.now()
    version.refresh_from_db()
    version.outcome, version.agreed_on, version.review_on = outcome, on or timezone.localdate(now), review_on
    return close_version(
        Actor(version.client.manager, now), version, expected_version=version.version, form_token=uuid.uuid4()
    )


def agreed(client: Client, *goals: str, **closing: Any) -> PlanVersion:
    """A version in force with the goals named, by default one."""
    version = start(client)
    for title in goals or ("Ayla hat einen Kita-Platz",):
        goal(version, title)
    return close(version, **closing)
