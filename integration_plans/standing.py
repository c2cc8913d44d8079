"""Where the plans of files stand, read from their rows: for lists, Mein Tag, figures and the stored copies.

Everything here is a bounded number of queries however many files are asked for.
"""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from clients.models import CounsellingPeriod
from integration_plans.choices import ReviewState
from integration_plans.models import Assessment, AssessmentEntry, IntensityDecision, PlanVersion, Review
from integration_plans.policies import policy_on
from integration_plans.rules.intensity import UNASSESSED
from integration_plans.rules.plan import (
    ReviewDate,
    VersionFacts,
    agreed_version,
    review_date_in_force,
    review_state,
    was_declined,
)

REASON = "the state of a plan is computed from all its rows; the caller has settled who may ask"


@dataclass(slots=True)
class Standing:
    """Where one file's plan stands on a day.

    Attributes:
        assessed: an assessment answered at least one module.
        assessed_on: day of the last assessment.
        undecided: the last assessment when its intensity was not confirmed yet.
        intensity: last confirmed level or "".
        intensity_since: day of that confirmation.
        versions: closed versions; `review_on` of the one in force is the date set last.
        current: the version in force, None without one.
        declined: the client declined in this counselling period and nothing was agreed.
        next_review_on: when the file is to be looked at next.
        state: the review state of the list of own plans.
        working: whether a working version waits to be agreed.
    """

    assessed: bool = False
    assessed_on: datetime.date | None = None
    undecided: UUID | None = None
    intensity: str = UNASSESSED
    intensity_since: datetime.date | None = None
    versions: list[VersionFacts] = field(default_factory=list)
    current: VersionFacts | None = None
    declined: bool = False
    next_review_on: datetime.date | None = None
    state: ReviewState = ReviewState.UNASSESSED
    working: bool = False


def standing_of(client: Any, today: datetime.date) -> Standing:
    """The standing of one file."""
    return standings([client.pk], today)[client.pk]


def standings(client_ids: Collection[int], today: datetime.date) -> dict[int, Standing]:
    """The standing of each file on a day; six queries, a seventh for the policy.

    Args:
        client_ids: keys of the files, or a queryset of keys.
        today: only what happened up to this day counts.
    """
    policy = policy_on(today)
    found: dict[int, Standing] = {key: Standing() for key in client_ids}
    keys = list(found)
    periods = _period_starts(keys, today)
    for client_id, assessed_on, uuid, decided in _assessments(keys, today):
        found[client_id].assessed_on = assessed_on
        found[client_id].undecided = None if decided else uuid
    for client_id in _assessed(keys, today):
        found[client_id].assessed = True
    intensity_dates = _read_intensities(found, keys, today)
    versions, plan_dates = _versions(keys, today)
    for client_id, standing in found.items():
        period = periods.get(client_id)
        closed = versions[client_id]
        current = agreed_version([facts for _pk, facts in closed], today=today, period_started_on=period)
        by_plan = None
        if current is not None:
            pk = next(pk for pk, facts in closed if facts is current)
            by_plan = plan_dates[pk]
        standing.next_review_on = review_date_in_force(by_plan, intensity_dates.get(client_id))
        if current is not None:
            current = VersionFacts(
                number=current.number,
                outcome=current.outcome,
                agreed_on=current.agreed_on,
                review_on=standing.next_review_on,
            )
        standing.versions = [
            current if current and facts.number == current.number else facts for _pk, facts in closed
        ]
        standing.current = current
        standing.declined = was_declined(standing.versions, today=today, period_started_on=period)
        standing.state = review_state(
            assessed=standing.assessed,
            versions=standing.versions,
            today=today,
            period_started_on=period,
            grace_days=policy.grace_days,
            soon_days=policy.soon_days,
        )
    for client_id in (
        PlanVersion.objects.unscoped(reason=REASON)
        .working()
        .filter(client__in=keys)
        .values_list("client_id", flat=True)
    ):
        found[client_id].working = True
    return found


def _period_starts(keys: list[int], today: datetime.date) -> dict[int, datetime.date]:
    rows = (
        CounsellingPeriod.objects.unscoped(reason=REASON)
        .filter(client__in=keys, opened_on__lte=today)
        .order_by("opened_on", "id")
        .values_list("client_id", "opened_on")
    )
    return dict(rows)


def _assessments(
    keys: list[int], today: datetime.date
) -> Iterable[tuple[int, datetime.date, UUID, int | None]]:
    rows: Iterable[tuple[int, datetime.date, UUID, int | None]] = (
        Assessment.objects.unscoped(reason=REASON)
        .filter(client__in=keys, assessed_on__lte=today)
        .order_by("assessed_on", "id")
        .values_list("client_id", "assessed_on", "uuid", "decision__id")
    )
    return rows


def _assessed(keys: list[int], today: datetime.date) -> Iterable[int]:
    rows: Iterable[int] = (
        AssessmentEntry.objects.unscoped(reason=REASON)
        .filter(
            assessment__client__in=keys,
            assessment__assessed_on__lte=today,
            level__isnull=False,
        )
        .order_by()
        .values_list("assessment__client_id", flat=True)
        .distinct()
    )
    return rows


def _read_intensities(
    found: dict[int, Standing], keys: list[int], today: datetime.date
) -> dict[int, ReviewDate]:
    dates: dict[int, ReviewDate] = {}
    for client_id, chosen, decided_on, at, review_on in (
        IntensityDecision.objects.unscoped(reason=REASON)
        .filter(client__in=keys, decided_on__lte=today)
        .order_by("decided_on", "id")
        .values_list("client_id", "chosen", "decided_on", "at", "next_review_on")
    ):
        found[client_id].intensity = chosen
        found[client_id].intensity_since = decided_on
        dates[client_id] = ReviewDate(set_at=at, review_on=review_on)
    return dates


def _versions(
    keys: list[int], today: datetime.date
) -> tuple[dict[int, list[tuple[int, VersionFacts]]], dict[int, ReviewDate]]:
    closed: dict[int, list[tuple[int, VersionFacts]]] = defaultdict(list)
    dates: dict[int, ReviewDate] = {}
    for pk, client_id, number, outcome, agreed_on, review_on, closed_at in (
        PlanVersion.objects.unscoped(reason=REASON)
        .closed()
        .filter(client__in=keys, agreed_on__lte=today)
        .order_by("number")
        .values_list("pk", "client_id", "number", "outcome", "agreed_on", "review_on", "closed_at")
    ):
        closed[client_id].append((pk, VersionFacts(number, outcome, agreed_on, review_on)))
        dates[pk] = ReviewDate(set_at=closed_at, review_on=review_on)
    for plan_id, at, next_review_on in (
        Review.objects.unscoped(reason=REASON)
        .filter(plan__client__in=keys, reviewed_on__lte=today)
        .order_by("reviewed_on", "id")
        .values_list("plan_id", "at", "next_review_on")
    ):
        dates[plan_id] = ReviewDate(set_at=at, review_on=next_review_on)
    return closed, dates
