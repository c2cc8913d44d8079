"""Where the plans of files stand, read from their rows: for lists, Mein Tag, figures and the stored copies.

Everything here is a bounded number of queries however many files are asked for.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any
from uuid import UUID

from accounts.file_loader import Table, load_columns
from clients.file_rows import Rows
from clients.models import Client, CounsellingPeriod
from clients.stored_facts import StoredFacts
from integration_plans.choices import ReviewState
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    IntensityDecision,
    PlanPolicy,
    PlanVersion,
    Review,
)
from integration_plans.policies import policy_among, policy_on
from integration_plans.proposals import unprotected_levels, unprotected_levels_stored
from integration_plans.rules.intensity import UNASSESSED, next_review_on
from integration_plans.rules.plan import (
    ReviewDate,
    VersionFacts,
    agreed_version,
    review_date_in_force,
    review_due_on,
    review_state,
    was_declined,
)


@dataclass(slots=True)
class PlanStatus:
    """Where one file's plan stands on a day.

    Attributes:
        assessed: an assessment answered at least one module.
        assessed_on: day of the last assessment.
        undecided: the last assessment when its intensity was not confirmed yet.
        intensity: last confirmed level or "".
        intensity_since: day of that confirmation.
        versions: closed versions; `review_on` of the one in force is the date set last.
        current: the version in force, None without one; its `review_on` is the date, not moved to a working day.
        declined: the client declined in this counselling period and nothing was agreed.
        next_review_on: the working day on which the file is to be looked at next.
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


@dataclass(slots=True)
class Sources:
    """What happened up to a day in some files, each kind in the order it happened.

    Attributes:
        periods: file and day a counselling period was opened.
        assessments: file, day, key of the assessment, whether its intensity was confirmed.
        assessed: files in which an assessment answered at least one module.
        decisions: file, level, day, instant and next review of a confirmed intensity; first what a running case brought
            along when it was taken over, of which level or review may be missing.
        versions: key, file, number, outcome, day, review date and instant of a closed version.
        reviews: key of the version, instant and next review.
        working: files with a working version.
    """

    periods: Iterable[tuple[int, datetime.date]]
    assessments: Iterable[tuple[int, datetime.date, UUID, Any]]
    assessed: Iterable[int]
    decisions: Iterable[tuple[int, str, datetime.date, datetime.datetime, datetime.date | None]]
    versions: Iterable[tuple[int, int, int, str, datetime.date, datetime.date | None, datetime.datetime]]
    reviews: Iterable[tuple[int, datetime.datetime, datetime.date | None]]
    working: Iterable[int]

    def without_health(self, hidden: Collection[int], answered: Collection[int]) -> Sources:
        """The same without what follows from protected modules: confirmed levels and the reviews they set.

        Args:
            hidden: files in which health is not readable.
            answered: those of them in which an assessment answered a module that is not protected.
        """
        versions = list(self.versions)
        plans = {pk for pk, client_id, *_rest in versions if client_id in hidden}
        return Sources(
            periods=self.periods,
            # A user who may not read all modules confirms no level, so nothing waits for her.
            assessments=[(*row[:3], row[3] or row[0] in hidden) for row in self.assessments],
            assessed=[key for key in self.assessed if key not in hidden or key in answered],
            decisions=[row for row in self.decisions if row[0] not in hidden],
            versions=[(*row[:5], None, row[6]) if row[1] in hidden else row for row in versions],
            reviews=[row for row in self.reviews if row[0] not in plans],
            working=self.working,
        )


def plan_status_of(client: Client, today: datetime.date) -> PlanStatus:
    """The status of one file."""
    return plan_statuses([client.pk], today)[client.pk]


def plan_statuses(
    client_ids: Collection[int],
    today: datetime.date,
    policy: PlanPolicy | None = None,
    *,
    without_health: Collection[int] = (),
) -> dict[int, PlanStatus]:
    """The status of each file on a day; two queries for some thousand files.

    Args:
        client_ids: keys of the files, or a queryset of keys.
        today: only what happened up to this day counts.
        policy: the thresholds in force on that day, if they were read already.
        without_health: those of the files in which the reader may not read health; three more queries for them.
    """
    keys = list(client_ids)
    hidden = frozenset(without_health)
    return _plan_statuses(keys, _stored(keys, today), policy or policy_on(today), today, hidden)


def plan_status_shown(rows: Rows, client: Client, today: datetime.date, *, with_health: bool) -> PlanStatus:
    """The status of one file as the user may read it, from rows that the page has read already."""
    hidden = frozenset(() if with_health else [client.pk])
    policy = policy_among(rows[PlanPolicy], today)
    return _plan_statuses([client.pk], _read(rows, [client], today), policy, today, hidden)[client.pk]


@dataclass(frozen=True, slots=True)
class DerivedPlans:
    """What the plans of some files say, with every module and without the protected ones.

    Attributes:
        statuses: where each plan stands, by file.
        unprotected: the level the modules not protected propose; files in which none is confirmed are left out.
        answered: files in which an assessment answered a module that is not protected.
        policy: the thresholds in force.
    """

    statuses: Mapping[int, PlanStatus]
    unprotected: Mapping[int, str]
    answered: Collection[int]
    policy: PlanPolicy


def derived_plans(facts: StoredFacts) -> DerivedPlans:
    """The same for the files of a recompute, from rows read anyway."""
    policy = policy_among(facts.rows[PlanPolicy], facts.today)
    levels, answered = unprotected_levels_stored(facts)
    statuses = _plan_statuses(facts.keys, _read(facts.rows, facts.files, facts.today), policy, facts.today)
    return DerivedPlans(statuses, levels, answered, policy)


def version_in_force(
    versions: Iterable[PlanVersion], period_starts: Iterable[datetime.date], today: datetime.date
) -> PlanVersion | None:
    """The last agreed version of the present counselling period, among the versions of one file.

    Args:
        versions: closed ones; a working version is passed over.
        period_starts: days on which counselling periods were opened.
        today: only what happened up to this day counts.
    """
    closed = {row.number: row for row in versions if not row.is_working}
    facts = [
        VersionFacts(row.number, row.outcome, row.agreed_on, row.review_on)
        for row in closed.values()
        if row.agreed_on is not None
    ]
    begun = max((day for day in period_starts if day <= today), default=None)
    found = agreed_version(facts, today=today, period_started_on=begun)
    return closed[found.number] if found is not None else None


def _plan_statuses(
    keys: Collection[int],
    sources: Sources,
    policy: PlanPolicy,
    today: datetime.date,
    hidden: frozenset[int] = frozenset(),
) -> dict[int, PlanStatus]:
    levels: dict[int, str] = {}
    if hidden:
        levels, answered = unprotected_levels(hidden, today)
        sources = sources.without_health(hidden, answered)
    found: dict[int, PlanStatus] = {key: PlanStatus() for key in keys}
    periods = dict(sources.periods)
    for client_id, assessed_on, uuid, decided in sources.assessments:
        found[client_id].assessed_on = assessed_on
        found[client_id].undecided = None if decided else uuid
    for client_id in sources.assessed:
        found[client_id].assessed = True
    intensity_dates: dict[int, ReviewDate] = {}
    for client_id, chosen, decided_on, at, day in sources.decisions:
        if chosen:
            found[client_id].intensity = chosen
            found[client_id].intensity_since = decided_on
            day = day or next_review_on(chosen, decided_on, policy.rule())
        intensity_dates[client_id] = ReviewDate(set_at=at, review_on=day)
    for client_id, level in levels.items():
        found[client_id].intensity = level
    versions, plan_dates = _versions(sources)
    for client_id, status in found.items():
        period = periods.get(client_id)
        closed = versions[client_id]
        current = agreed_version([facts for _pk, facts in closed], today=today, period_started_on=period)
        by_plan = None
        if current is not None:
            pk = next(pk for pk, facts in closed if facts is current)
            by_plan = plan_dates[pk]
        review_on = review_date_in_force(by_plan, intensity_dates.get(client_id))
        status.next_review_on = review_due_on(review_on)
        if current is not None:
            current = VersionFacts(
                number=current.number,
                outcome=current.outcome,
                agreed_on=current.agreed_on,
                review_on=review_on,
            )
        status.versions = [
            current if current and facts.number == current.number else facts for _pk, facts in closed
        ]
        status.current = current
        status.declined = was_declined(status.versions, today=today, period_started_on=period)
        status.state = review_state(
            assessed=status.assessed,
            versions=status.versions,
            today=today,
            period_started_on=period,
            grace_days=policy.grace_days,
            soon_days=policy.soon_days,
        )
    for client_id in sources.working:
        found[client_id].working = True
    return found


def _versions(
    sources: Sources,
) -> tuple[dict[int, list[tuple[int, VersionFacts]]], dict[int, ReviewDate]]:
    closed: dict[int, list[tuple[int, VersionFacts]]] = defaultdict(list)
    dates: dict[int, ReviewDate] = {}
    for pk, client_id, number, outcome, agreed_on, review_on, closed_at in sources.versions:
        closed[client_id].append((pk, VersionFacts(number, outcome, agreed_on, review_on)))
        dates[pk] = ReviewDate(set_at=closed_at, review_on=review_on)
    for plan_id, at, next_on in sources.reviews:
        dates[plan_id] = ReviewDate(set_at=at, review_on=next_on)
    return closed, dates


def _brought_along(
    rows: Iterable[tuple[datetime.date | None, int, str, datetime.date | None, datetime.datetime]],
    today: datetime.date,
) -> list[tuple[int, str, datetime.date, datetime.datetime, datetime.date | None]]:
    """Level and review of running cases as confirmed on the day they were taken over (rules.md §10 "Taken over")."""
    return [
        (key, level, on, at, review_on)
        for on, key, level, review_on, at in rows
        if on is not None and on <= today and (level or review_on)
    ]


COLUMNS: dict[Table, tuple[str, ...]] = {
    Assessment: ("assessed_on", "id", "client_id", "uuid"),
    AssessmentEntry: ("assessment_id", "level"),
    CounsellingPeriod: ("opened_on", "id", "client_id"),
    IntensityDecision: ("decided_on", "id", "client_id", "assessment_id", "chosen", "at", "next_review_on"),
    PlanVersion: ("number", "id", "client_id", "outcome", "agreed_on", "review_on", "closed_at"),
    Review: ("reviewed_on", "id", "plan_id", "at", "next_review_on"),
}
"""What tells where a plan stands; the first two put all rows but those of entries in the order they happened."""


def _stored(keys: list[int], today: datetime.date) -> Sources:
    """Asked of the database, for any number of files."""
    rows = load_columns(keys, COLUMNS)
    answered = {assessment for assessment, level in rows.pop(AssessmentEntry) if level is not None}
    running = Client.objects.unscoped(reason="what running cases brought along").filter(
        pk__in=keys, taken_over_on__lte=today
    )
    brought_along = _brought_along(
        running.values_list("taken_over_on", "pk", "former_intensity", "former_review_on", "registered_at"),
        today,
    )
    by_time = {table: sorted(found, key=itemgetter(0, 1)) for table, found in rows.items()}
    decided = {assessment for _on, _pk, _client, assessment, *_rest in rows[IntensityDecision]}
    assessments = [row for row in by_time[Assessment] if row[0] <= today]
    versions = by_time[PlanVersion]
    return Sources(
        periods=[(client, on) for on, _pk, client in by_time[CounsellingPeriod] if on <= today],
        assessments=[(client, on, uuid, pk in decided) for on, pk, client, uuid in assessments],
        assessed=[client for _on, pk, client, _uuid in assessments if pk in answered],
        decisions=brought_along
        + [
            (client, chosen, on, at, review_on)
            for on, _pk, client, _assessment, chosen, at, review_on in by_time[IntensityDecision]
            if on <= today
        ],
        versions=[
            (pk, client, number, outcome, agreed_on, review_on, closed_at)
            for number, pk, client, outcome, agreed_on, review_on, closed_at in versions
            if outcome and agreed_on <= today
        ],
        reviews=[(plan, at, next_on) for on, _pk, plan, at, next_on in by_time[Review] if on <= today],
        working=[client for _number, _pk, client, outcome, *_rest in versions if not outcome],
    )


def _read(rows: Rows, files: Iterable[Client], today: datetime.date) -> Sources:
    """The same from rows loaded anyway; their usual order is the newest first."""
    assessments = [row for row in reversed(rows[Assessment]) if row.assessed_on <= today]
    decisions = list(reversed(rows[IntensityDecision]))
    decided = {row.assessment_id for row in decisions}
    versions = list(reversed(rows[PlanVersion]))
    return Sources(
        periods=[(row.client_id, row.opened_on) for row in rows[CounsellingPeriod] if row.opened_on <= today],
        assessments=[(row.client_id, row.assessed_on, row.uuid, row.pk in decided) for row in assessments],
        assessed=[
            row.assessment.client_id
            for row in rows[AssessmentEntry]
            if row.level is not None and row.assessment.assessed_on <= today
        ],
        decisions=_brought_along(
            (
                (
                    file.taken_over_on,
                    file.pk,
                    file.former_intensity,
                    file.former_review_on,
                    file.registered_at,
                )
                for file in files
            ),
            today,
        )
        + [
            (row.client_id, row.chosen, row.decided_on, row.at, row.next_review_on)
            for row in decisions
            if row.decided_on <= today
        ],
        versions=[
            (row.pk, row.client_id, row.number, row.outcome, row.agreed_on, row.review_on, row.closed_at)
            for row in versions
            if not row.is_working and row.agreed_on <= today
        ],
        reviews=[
            (row.plan_id, row.at, row.next_review_on)
            for row in reversed(rows[Review])
            if row.reviewed_on <= today
        ],
        working=[row.client_id for row in versions if row.is_working],
    )
