"""What waits in a file by its plan: reviews, goals, measures, missing assessments and agreements, a broken interval."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum

from accounts.file_loader import Table
from accounts.rules.calendar import add_days
from clients.choices import DueReader, Phase
from clients.models import Client, CounsellingPeriod, DueItem, PhaseChange
from clients.stored_facts import Columns, StoredFacts
from integration_plans.choices import GoalState, ReviewState
from integration_plans.file_rows import OTHER_MODULES
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    Goal,
    GoalContent,
    IntensityDecision,
    Measure,
    MeasureContent,
    Module,
    PlanPolicy,
    PlanVersion,
    Review,
)
from integration_plans.plan_status import DerivedPlans, PlanStatus, derived_plans
from integration_plans.rules.intensity import assessment_due_on, interval_broken_from

AHEAD = datetime.timedelta(days=7)
"""Goals and measures show a week before they are due."""
WORKED_WITH = (Phase.INTAKE, Phase.ACTIVE)
TABLES: Mapping[Table, Columns] = {
    Assessment: ("id", "uuid", "client", "assessed_on"),
    AssessmentEntry: ("id", "assessment", "module", "level"),
    CounsellingPeriod: (),
    Goal: ("id", "client", "state"),
    GoalContent: ("id", "uuid", "plan", "goal", "target_on", "module", "order"),
    OTHER_MODULES: (),
    IntensityDecision: ("id", "client", "assessment", "chosen", "decided_on", "at", "next_review_on"),
    Measure: ("id", "goal", "done_on"),
    MeasureContent: ("id", "uuid", "goal_content", "measure", "due_on", "order"),
    Module: (),
    PhaseChange: (),
    PlanPolicy: (),
    PlanVersion: ("id", "client", "number", "outcome", "agreed_on", "review_on", "closed_at"),
    Review: ("id", "plan", "reviewed_on", "at", "next_review_on"),
}


class PlanDue(StrEnum):
    """The kinds of this app."""

    REVIEW = "review"
    REASSESS = "reassess"
    UNASSESSED = "unassessed"
    INTENSITY = "intensity"
    WORKING_VERSION = "working_version"
    UNAGREED = "unagreed"
    QUIET = "quiet"
    GOAL = "goal"
    MEASURE = "measure"


def due_items(facts: StoredFacts) -> Iterator[DueItem]:
    """What waits in the attended files that are being worked with."""
    plans = facts.once(derived_plans)
    phases = facts.of(PhaseChange)
    files = {file.pk: file for file in facts.attended if file.phase in WORKED_WITH}
    for key, file in files.items():
        status = plans.statuses[key]
        yield from _review(file, status, plans)
        yield from _needs(file, status, plans)
        yield from _agreement(file, status)
        yield from _quiet(file, _resumed_on(phases[key]), plans)
    yield from _goals_and_measures(facts, files, plans)


def _review(file: Client, status: PlanStatus, plans: DerivedPlans) -> Iterator[DueItem]:
    """Dates of reviews follow from all modules, so whoever may not read health is told none (decision 0018)."""
    if status.next_review_on is not None:
        yield DueItem(
            client=file,
            kind=PlanDue.REVIEW if status.current is not None else PlanDue.REASSESS,
            object=file.uuid,
            shows_on=add_days(status.next_review_on, -plans.policy.soon_days),
            due_on=status.next_review_on,
            reader=DueReader.HEALTH,
        )


def _needs(file: Client, status: PlanStatus, plans: DerivedPlans) -> Iterator[DueItem]:
    due_on = assessment_due_on(file.counselling_started_on, plans.policy.rule(), file.taken_over_on)
    is_said = file.pk in plans.answered
    if due_on is not None and file.counselling_started_on is not None and not (status.assessed and is_said):
        yield DueItem(
            client=file,
            kind=PlanDue.UNASSESSED,
            object=file.uuid,
            shows_on=file.counselling_started_on,
            due_on=due_on,
            # What only protected modules answered is not told to whoever may not read them.
            reader=DueReader.NO_HEALTH if status.assessed else "",
        )
    if status.assessed and status.undecided is not None and status.assessed_on is not None:
        yield DueItem(
            client=file,
            kind=PlanDue.INTENSITY,
            object=status.undecided,
            shows_on=status.assessed_on,
            reader=DueReader.HEALTH,
        )


def _agreement(file: Client, status: PlanStatus) -> Iterator[DueItem]:
    """A stand-in agrees no plan."""
    settled = not status.assessed or status.undecided is not None or file.phase != Phase.ACTIVE
    if settled or not (status.state == ReviewState.NO_PLAN or status.working):
        return
    yield DueItem(
        client=file,
        kind=PlanDue.WORKING_VERSION if status.working else PlanDue.UNAGREED,
        object=file.uuid,
        shows_on=file.phase_since,
        reader=DueReader.OWNER,
    )


def _quiet(file: Client, resumed_on: datetime.date | None, plans: DerivedPlans) -> Iterator[DueItem]:
    """A contact interval that ends today or is broken (rules.md §5), by the level a reader may know."""
    for reader, level in _levels(file):
        broken_from = interval_broken_from(
            level, last_talk_on=file.last_contact_on, resumed_on=resumed_on, rule=plans.policy.rule()
        )
        if broken_from is not None:
            last_day = add_days(broken_from, -1)
            yield DueItem(
                client=file,
                kind=PlanDue.QUIET,
                object=file.uuid,
                shows_on=last_day,
                due_on=last_day,
                reader=reader,
                step=level,
                on=file.last_contact_on,
            )


def _levels(file: Client) -> Iterable[tuple[str, str]]:
    """The level each kind of reader may know."""
    if file.intensity == file.unprotected_intensity:
        return [("", file.intensity)]
    return [(DueReader.HEALTH, file.intensity), (DueReader.NO_HEALTH, file.unprotected_intensity)]


def _resumed_on(changes: Iterable[PhaseChange]) -> datetime.date | None:
    """Day the last pause of a file ended, from its phases in the order they began."""
    before, resumed = "", None
    for change in changes:
        if before == Phase.PAUSED and change.phase != Phase.PAUSED:
            resumed = change.on
        before = change.phase
    return resumed


def _goals_and_measures(
    facts: StoredFacts, files: Mapping[int, Client], plans: DerivedPlans
) -> Iterator[DueItem]:
    """What the version in force wants by a day and is not done, with its measures; some of it is about health.

    That one waits is not told either to those who may not read it: its day would say that there is one.
    """
    in_force = {
        row.pk
        for row in facts.rows[PlanVersion]
        if row.client_id in files and _is_current(plans.statuses[row.client_id], row.number)
    }
    contents = {
        row.pk: row
        for row in facts.rows[GoalContent]
        if row.plan_id in in_force and row.goal.state in (GoalState.OPEN, GoalState.IN_PROGRESS)
    }
    measures = [
        row
        for row in facts.rows[MeasureContent]
        if row.goal_content_id in contents and row.measure.done_on is None
    ]
    protected = {row.goalcontent_id for row in facts.rows[OTHER_MODULES] if row.module.sensitive}
    protected |= {key for key, row in contents.items() if row.module.sensitive}
    goals = [(row, row, row.target_on, PlanDue.GOAL) for row in contents.values()]
    steps = [(row, row.goal_content, row.due_on, PlanDue.MEASURE) for row in measures]
    for row, content, due_on, kind in (*goals, *steps):
        if due_on is not None:
            yield DueItem(
                client=files[content.plan.client_id],
                kind=kind,
                object=row.uuid,
                shows_on=due_on - AHEAD,
                due_on=due_on,
                reader=DueReader.HEALTH if content.pk in protected else "",
            )


def _is_current(status: PlanStatus, number: int) -> bool:
    return status.current is not None and status.current.number == number
