"""How far goals and measures are: dated beside the agreed content, never a new version (rules.md §6)."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.models import User
from accounts.records import StaleRecord, create_once
from audit.recording import record
from clients.health import may_read_health
from clients.models import Client, CounsellingPeriod
from clients.services.change import change
from integration_plans import actions, plan_status
from integration_plans.choices import GoalState, Side
from integration_plans.file_rows import PROGRESS_TABLES, PlanRows
from integration_plans.models import (
    Goal,
    GoalContent,
    GoalProgress,
    Measure,
    MeasureContent,
    MeasureProgress,
    PlanVersion,
    Review,
)
from integration_plans.rules.plan import may_become, needs_reason

REASON = "progress of the version in force; the view let the user into the file"


@dataclass(frozen=True, slots=True)
class MeasureField:
    """A measure of the version in force as another form may show it."""

    uuid: UUID
    text: str
    side: Side
    third_party: str
    due_on: datetime.date | None
    done: bool
    done_on: datetime.date | None


@dataclass(frozen=True, slots=True)
class GoalField:
    """A goal of the version in force with the states it may be set to."""

    uuid: UUID
    title: str
    module: str
    state: GoalState
    choices: tuple[tuple[str, str], ...]
    measures: tuple[MeasureField, ...]


def version_in_force(client: Client, today: datetime.date) -> PlanVersion | None:
    """The last agreed version of the present counselling period."""
    versions = PlanVersion.objects.unscoped(reason=REASON).of(client).closed()
    periods = CounsellingPeriod.objects.unscoped(reason=REASON).of(client).values_list("opened_on", flat=True)
    return plan_status.version_in_force(versions, periods, today)


def contents_in_force(version: PlanVersion | None, *, with_health: bool) -> QuerySet[GoalContent]:
    """The goals of a version with everything a page shows of them; empty without a version."""
    rows = GoalContent.objects.unscoped(reason=REASON).filter(plan=version)
    if version is None:
        rows = rows.none()
    return (
        rows.readable(with_health=with_health)
        .select_related("goal", "module", "plan")
        .prefetch_related("measure_contents__measure")
    )


def progress_fields(client: Client, user: User, now: datetime.datetime | None = None) -> list[GoalField]:
    """Goals and measures another form may set progress of, in the order of the agreement.

    Args:
        client: the file; the caller has checked access.
        user: for whom; goals that touch health are left out without the right to read it.
        now: the instant of the request.
    """
    now = now or timezone.now()
    plan = PlanRows(client, PROGRESS_TABLES)
    version = plan.version_in_force(timezone.localdate(now))
    contents = plan.contents_of(version, with_health=may_read_health(user, client, now))
    return [
        GoalField(
            uuid=content.goal.uuid,
            title=content.title,
            module=content.module.label,
            state=GoalState(content.goal.state),
            choices=state_choices(content.goal.state),
            measures=tuple(
                MeasureField(
                    uuid=measure.measure.uuid,
                    text=measure.text,
                    side=Side(measure.side),
                    third_party=measure.third_party,
                    due_on=measure.due_on,
                    done=measure.measure.done_on is not None,
                    done_on=measure.measure.done_on,
                )
                for measure in plan.measures_of(content)
            ),
        )
        for content in contents
    ]


def state_choices(state: str) -> tuple[tuple[str, str], ...]:
    """The states a goal may be set to from its present one, itself included, always in the same order."""
    return tuple(
        (goal_state.value, str(goal_state.label)) for goal_state in GoalState if may_become(state, goal_state)
    )


def note_progress(
    actor: Actor,
    client: Client,
    *,
    goal_states: Mapping[UUID, str],
    measures_done: Mapping[UUID, bool],
    remarks: Mapping[UUID, str],
    on: datetime.date,
    expected_versions: Mapping[UUID, int] | None = None,
    review: Review | None = None,
) -> list[GoalProgress]:
    """Note how far goals and measures of the version in force are.

    What is already so is left alone, unless a review walks over it: there every goal named keeps a step.

    Args:
        actor: who acts, and when.
        client: the file; the caller has settled access.
        goal_states: new state by the goal's uuid.
        measures_done: done or not by the measure's uuid.
        remarks: remark by the uuid of a goal or a measure.
        on: day the progress was made or said.
        expected_versions: counters of goals as the form showed them; checked when given.
        review: the review these steps belong to.

    Returns:
        The steps stored for goals.

    Raises:
        ValidationError: a goal or measure is not part of the version in force, a step is not possible, a
            reason is missing, or the day lies ahead.
        StaleRecord: another user noted progress of a goal since the form was opened.
    """
    with change(actor, [client], needs="plan.progress") as locked:
        today = locked.today
        if on > today:
            raise ValidationError(_("This day has not come yet."))
        readable = list(
            contents_in_force(
                version_in_force(client, today), with_health=may_read_health(actor.user, client, locked.now)
            )
        )
        goals = {content.goal.uuid: content for content in readable}
        measures = {row.measure.uuid: row for content in readable for row in content.measure_contents.all()}
        if {*goal_states, *remarks} - {*goals, *measures} or set(measures_done) - set(measures):
            raise ValidationError(_("This goal is no longer part of the plan in force."))
        steps = []
        for key in [key for key in goals if key in goal_states or remarks.get(key)]:
            content = goals[key]
            goal = _locked(content.goal, (expected_versions or {}).get(key))
            state = goal_states.get(key, goal.state)
            step = _goal_step(locked.actor, content, goal, state, remarks.get(key, ""), on, review)
            if step is not None:
                steps.append(step)
        touched = [
            _measure_step(locked.actor, measures[key], done, remarks.get(key, ""), on)
            for key, done in measures_done.items()
        ]
        if steps or any(touched):
            record(
                actor,
                actions.PROGRESS_NOTED,
                client=client,
                kind="plan",
                fields=(["goals"] if steps else []) + (["measures"] if any(touched) else []),
            )
    return steps


def _locked(goal: Goal, expected: int | None) -> Goal:
    stored: Goal = Goal.objects.unscoped(reason=REASON).select_for_update(no_key=True).get(pk=goal.pk)
    if expected is not None and stored.version != expected:
        raise StaleRecord(stored)
    return stored


def _goal_step(
    actor: Actor,
    content: GoalContent,
    goal: Goal,
    state: str,
    remark: str,
    on: datetime.date,
    review: Review | None,
) -> GoalProgress | None:
    if state == goal.state and not remark and review is None:
        return None
    if state not in GoalState.values or not may_become(goal.state, state):
        raise ValidationError(
            _("“%(goal)s” cannot change from %(before)s to this state.")
            % {"goal": content.title, "before": GoalState(goal.state).label}
        )
    if needs_reason(state) and state != goal.state and not remark:
        raise ValidationError(_("Please say why “%(goal)s” is dropped.") % {"goal": content.title})
    step = GoalProgress(
        goal=goal, review=review, state=state, remark=remark, on=on, by=actor.user, at=actor.now
    )
    step.full_clean(exclude=["goal", "review", "by"])
    step.save()
    last = GoalProgress.objects.unscoped(reason=REASON).filter(goal=goal).latest("on", "id")
    # A step recorded late is history; the copy on the goal is the newest day's.
    goal.state, goal.state_on = last.state, last.on
    goal.version += 1
    goal.save(update_fields=["state", "state_on", "version"])
    content.goal = goal
    return step


def _measure_step(actor: Actor, content: MeasureContent, done: bool, remark: str, on: datetime.date) -> bool:
    measure: Measure = (
        Measure.objects.unscoped(reason=REASON).select_for_update(no_key=True).get(pk=content.measure_id)
    )
    if (measure.done_on is not None) == done and not remark:
        return False
    step = MeasureProgress(measure=measure, done=done, remark=remark, on=on, by=actor.user, at=actor.now)
    step.full_clean(exclude=["measure", "by"])
    step.save()
    if (measure.done_on is not None) != done:
        measure.done_on = on if done else None
        measure.save(update_fields=["done_on"])
    return True


def review_plan(
    actor: Actor,
    review: Review,
    *,
    goal_states: Mapping[UUID, str],
    measures_done: Mapping[UUID, bool],
    remarks: Mapping[UUID, str],
    expected_versions: Mapping[UUID, int],
) -> Review:
    """Walk the goals of the version in force, keep what was said and set the next review.

    Args:
        actor: who acts, and when.
        review: validated and unsaved, with version, day, note and next date.
        goal_states: state of every goal by uuid; unchanged ones keep a step of the review too.
        measures_done: done or not by the measure's uuid.
        remarks: remark by the uuid of a goal or a measure.
        expected_versions: counters of the goals as the form showed them.

    Raises:
        DuplicateSubmission: the same form was posted before.
        ValidationError, StaleRecord: as `note_progress`.
    """
    client = review.plan.client
    with change(actor, [client], needs="plan.review") as locked:
        review.by, review.at = actor.user, locked.now
        create_once(review)
        note_progress(
            actor,
            client,
            goal_states=goal_states,
            measures_done=measures_done,
            remarks=remarks,
            on=review.reviewed_on,
            expected_versions=expected_versions,
            review=review,
        )
        record(actor, actions.REVIEWED, client=client, kind="plan", fields=["next_review_on"])
    return review
