"""Everything the file page, the plan page and the print show of a plan, as finished answers."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from accounts.models import User
from clients.health import may_read_health
from clients.models import Client
from integration_plans.choices import GoalState, Need, Side
from integration_plans.file_rows import PlanRows
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    GoalContent,
    GoalProgress,
    IntensityDecision,
    MeasureContent,
    MeasureProgress,
    PlanVersion,
)
from integration_plans.plan_status import PlanStatus, plan_status_shown
from integration_plans.proposals import proposal_for
from integration_plans.rules.intensity import UNASSESSED, explain


@dataclass(frozen=True, slots=True)
class NeedReading:
    """One module of the last assessment, with its place in the one before."""

    label: str
    level: int | None
    word: str
    was: int | None
    was_word: str
    situation: str
    resources: str


@dataclass(frozen=True, slots=True)
class MeasureLine:
    """A measure as a page shows it."""

    content: MeasureContent
    done_on: datetime.date | None
    is_late: bool
    remark: str


@dataclass(frozen=True, slots=True)
class GoalLine:
    """A goal with its measures in columns and its last steps."""

    content: GoalContent
    modules: str
    state: GoalState
    is_late: bool
    client: list[MeasureLine]
    service: list[MeasureLine]
    others: list[MeasureLine]
    steps: list[GoalProgress]


@dataclass(frozen=True, slots=True)
class Overview:
    """The plan of one file as one user may read it.

    Attributes:
        status: where the plan stands.
        version: the version in force, None without one.
        working: the version being written, None without one.
        latest: the last assessment, None without one.
        needs: its modules.
        decision: the last confirmed intensity; None without health.
        words: the arithmetic behind the decision, or behind the open proposal; without health, only what the
            unprotected modules propose.
        proposed: level of a proposal the reader can decide, else "".
        goals: the goals of the version in force.
        with_health: whether sensitive modules are included; the page says so whether or not the file has any.
    """

    status: PlanStatus
    version: PlanVersion | None
    working: PlanVersion | None
    latest: Assessment | None
    needs: list[NeedReading]
    decision: IntensityDecision | None
    words: str
    proposed: str
    goals: list[GoalLine]
    with_health: bool


def overview_of(client: Client, user: User, now: datetime.datetime, today: datetime.date) -> Overview:
    """Read the plan of a file for one user; all its rows in one statement.

    Args:
        client: the file; the caller has checked access.
        user: for whom; sensitive modules need the health grant.
        now: the instant of the request.
        today: local day.
    """
    with_health = may_read_health(user, client, now)
    plan = PlanRows(client)
    rows = plan.rows
    status = plan_status_shown(rows, client, today, with_health=with_health)
    versions = rows[PlanVersion]
    in_force = status.current.number if status.current is not None else None
    version = next((row for row in versions if row.number == in_force and not row.is_working), None)
    working = next((row for row in versions if row.is_working), None)
    latest = next(iter(rows[Assessment]), None)
    decision = next(iter(plan.decisions(with_health=with_health)), None)
    words, proposed = _words(latest, decision, with_health)
    return Overview(
        status=status,
        version=version,
        working=working,
        latest=latest,
        needs=readings(latest, with_health=with_health),
        decision=decision,
        words=words,
        proposed=proposed,
        goals=goal_lines(version, with_health=with_health, today=today),
        with_health=with_health,
    )


def readings(assessment: Assessment | None, *, with_health: bool) -> list[NeedReading]:
    """The modules of an assessment beside the level found last before it."""
    if assessment is None:
        return []
    entries = PlanRows(assessment.client).rows[AssessmentEntry]
    rows = [row for row in entries if row.assessment_id == assessment.pk]
    earlier = [
        row
        for row in entries
        if row.assessment_id != assessment.pk
        and row.level is not None
        and row.assessment.assessed_on <= assessment.assessed_on
    ]
    earlier.sort(key=lambda row: (row.assessment.assessed_on, row.assessment_id))
    before = {row.module_id: row.level for row in earlier}
    return [
        _reading(row, before.get(row.module_id)) for row in rows if with_health or not row.module.sensitive
    ]


def _reading(row: AssessmentEntry, was: int | None) -> NeedReading:
    return NeedReading(
        label=row.module.label,
        level=row.level,
        word="" if row.level is None else str(Need(row.level).label),
        was=was,
        was_word="" if was is None else str(Need(was).label),
        situation=row.situation,
        resources=row.resources,
    )


def _words(
    latest: Assessment | None, decision: IntensityDecision | None, with_health: bool
) -> tuple[str, str]:
    if latest is None:
        return "", ""
    if decision is not None and decision.assessment_id == latest.pk:
        return decision.arithmetic, ""
    proposal = proposal_for(latest, with_health=with_health)
    words = "" if proposal.level == UNASSESSED else explain(proposal)
    if with_health:
        return words, proposal.level
    return words and _("Without protected modules: %(words)s") % {"words": words}, ""


def goal_lines(version: PlanVersion | None, *, with_health: bool, today: datetime.date) -> list[GoalLine]:
    """The goals of a version with measures, progress and what is late."""
    if version is None:
        return []
    plan = PlanRows(version.client)
    silent = frozenset() if with_health else plan.once_about_health()
    contents = plan.contents_of(version, with_health=with_health)
    return [
        _goal_line(content, plan, today, with_words=content.goal_id not in silent) for content in contents
    ]


def _goal_line(content: GoalContent, plan: PlanRows, today: datetime.date, *, with_words: bool) -> GoalLine:
    state = GoalState(content.goal.state)
    unfinished = state in (GoalState.OPEN, GoalState.IN_PROGRESS)
    steps = [row for row in plan.rows[GoalProgress] if row.goal_id == content.goal_id]
    remarks: dict[int, str] = {}
    for row in plan.rows[MeasureProgress] if with_words else ():
        if row.remark:
            remarks.setdefault(row.measure_id, row.remark)
    lines = [
        MeasureLine(
            content=row,
            done_on=row.measure.done_on,
            is_late=unfinished
            and row.measure.done_on is None
            and row.due_on is not None
            and row.due_on < today,
            remark=remarks.get(row.measure_id, ""),
        )
        for row in plan.measures_of(content)
    ]
    modules = plan.modules_of(content)
    return GoalLine(
        content=content,
        modules=content.modules_as_agreed or ", ".join(module.label for module in modules),
        state=state,
        is_late=unfinished and content.target_on is not None and content.target_on < today,
        client=[line for line in lines if line.content.side == Side.CLIENT],
        service=[line for line in lines if line.content.side == Side.SERVICE],
        others=[line for line in lines if line.content.side == Side.THIRD_PARTY],
        steps=steps if with_words else [],
    )
