"""Everything the file page, the plan page and the print show of a plan, as finished answers."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from clients.health import may_read_health
from integration_plans.choices import GoalState, Need, Side
from integration_plans.models import (
    Assessment,
    AssessmentEntry,
    GoalContent,
    GoalProgress,
    IntensityDecision,
    MeasureContent,
    PlanVersion,
)
from integration_plans.rules.intensity import UNASSESSED, explain
from integration_plans.services.assessments import proposal_for
from integration_plans.services.progress import contents_in_force
from integration_plans.standing import Standing, standing_of

REASON = "one file whose view has settled access"


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
        standing: where the plan stands.
        version: the version in force, None without one.
        working: the version being written, None without one.
        latest: the last assessment, None without one.
        needs: its modules.
        decision: the last confirmed intensity.
        words: the arithmetic behind the decision, or behind the open proposal.
        proposed: level of a proposal not decided yet, else "".
        goals: the goals of the version in force.
        with_health: whether sensitive modules are included.
        hides_health: whether something sensitive was left out.
    """

    standing: Standing
    version: PlanVersion | None
    working: PlanVersion | None
    latest: Assessment | None
    needs: list[NeedReading]
    decision: IntensityDecision | None
    words: str
    proposed: str
    goals: list[GoalLine]
    with_health: bool
    hides_health: bool


def overview_of(client: Any, user: Any, now: datetime.datetime, today: datetime.date) -> Overview:
    """Read the plan of a file for one user; a bounded number of queries.

    Args:
        client: the file; the caller has settled access.
        user: for whom; sensitive modules need the health grant.
        now: the instant of the request.
        today: local day.
    """
    with_health = may_read_health(user, client, now)
    standing = standing_of(client, today)
    version = None
    if standing.current is not None:
        version = (
            PlanVersion.objects.unscoped(reason=REASON)
            .of(client)
            .select_related("language", "closed_by")
            .filter(number=standing.current.number)
            .first()
        )
    working = PlanVersion.objects.unscoped(reason=REASON).of(client).working().first()
    latest = Assessment.objects.unscoped(reason=REASON).of(client).select_related("by").first()
    needs, hidden_needs = readings(latest, with_health=with_health)
    decision = (
        IntensityDecision.objects.unscoped(reason=REASON)
        .of(client)
        .select_related("by", "assessment")
        .first()
    )
    words, proposed = _words(latest, decision, with_health)
    goals = goal_lines(version, with_health=with_health, today=today)
    hidden_goals = version is not None and not with_health and _hides_goals(version)
    return Overview(
        standing=standing,
        version=version,
        working=working,
        latest=latest,
        needs=needs,
        decision=decision,
        words=words,
        proposed=proposed,
        goals=goals,
        with_health=with_health,
        hides_health=hidden_needs or hidden_goals,
    )


def readings(assessment: Assessment | None, *, with_health: bool) -> tuple[list[NeedReading], bool]:
    """The modules of an assessment beside the level found last before it.

    Returns:
        The readings, and whether sensitive ones were left out.
    """
    if assessment is None:
        return [], False
    rows = list(
        AssessmentEntry.objects.unscoped(reason=REASON).filter(assessment=assessment).select_related("module")
    )
    before = dict(
        AssessmentEntry.objects.unscoped(reason=REASON)
        .filter(
            assessment__client=assessment.client_id,
            assessment__assessed_on__lte=assessment.assessed_on,
            level__isnull=False,
        )
        .exclude(assessment=assessment)
        .order_by("assessment__assessed_on", "assessment_id")
        .values_list("module_id", "level")
    )
    shown = [row for row in rows if with_health or not row.module.sensitive]
    found = [_reading(row, before.get(row.module_id)) for row in shown]
    return found, len(shown) < len(rows)


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
        return (decision.arithmetic if with_health else decision.arithmetic_open), ""
    proposal = proposal_for(latest)
    words = "" if proposal.level == UNASSESSED else explain(proposal, name_sensitive=with_health)
    return words, proposal.level


def goal_lines(version: PlanVersion | None, *, with_health: bool, today: datetime.date) -> list[GoalLine]:
    """The goals of a version with measures, progress and what is late."""
    contents: Sequence[GoalContent] = contents_in_force(version, with_health=with_health).prefetch_related(
        "goal__progress__by", "measure_contents__measure__progress"
    )
    silent = frozenset() if with_health else _once_about_health(contents)
    return [_goal_line(content, today, with_words=content.goal_id not in silent) for content in contents]


def _once_about_health(contents: Sequence[GoalContent]) -> frozenset[int]:
    """Keys of goals that touched a sensitive module in some version: what was said then stays protected."""
    versions = GoalContent.objects.unscoped(reason=REASON).filter(
        goal__in=[content.goal_id for content in contents]
    )
    protected = versions.exclude(pk__in=versions.readable(with_health=False).values("pk"))
    return frozenset(protected.values_list("goal_id", flat=True))


def _goal_line(content: GoalContent, today: datetime.date, *, with_words: bool) -> GoalLine:
    state = GoalState(content.goal.state)
    unfinished = state in (GoalState.OPEN, GoalState.IN_PROGRESS)
    lines = [
        MeasureLine(
            content=row,
            done_on=row.measure.done_on,
            is_late=unfinished
            and row.measure.done_on is None
            and row.due_on is not None
            and row.due_on < today,
            remark=next(
                (step.remark for step in row.measure.progress.all() if with_words and step.remark), ""
            ),
        )
        for row in content.measure_contents.all()
    ]
    modules = [content.module, *content.other_modules.all()]
    return GoalLine(
        content=content,
        modules=content.modules_as_agreed or ", ".join(module.label for module in modules),
        state=state,
        is_late=unfinished and content.target_on is not None and content.target_on < today,
        client=[line for line in lines if line.content.side == Side.CLIENT],
        service=[line for line in lines if line.content.side == Side.SERVICE],
        others=[line for line in lines if line.content.side == Side.THIRD_PARTY],
        steps=list(content.goal.progress.all()) if with_words else [],
    )


def _hides_goals(version: PlanVersion) -> bool:
    contents = GoalContent.objects.unscoped(reason=REASON).filter(plan=version)
    shown: int = contents.readable(with_health=False).count()
    total: int = contents.count()
    return shown < total
