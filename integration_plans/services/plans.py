"""Write the working version, then close it: signed, agreed orally or declined."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F, Max, QuerySet

from accounts.actor import Actor
from accounts.records import DuplicateSubmission, create_once, save_edited
from audit.actions import Action
from audit.recording import record
from clients.models import Client
from clients.services.change import change
from integration_plans import actions
from integration_plans.choices import AgreementOutcome
from integration_plans.models import (
    Assessment,
    Goal,
    GoalContent,
    Measure,
    MeasureContent,
    Module,
    PlanVersion,
)
from integration_plans.models.plan import HOW_AGREED
from integration_plans.rules.plan import Fault, agreement_faults, is_carried_forward

REASON = "the plan is written as a whole; the view let the user into the file"

GOAL_FIELDS = ["title", "indicator", "target_on", "module", "priority"]
MEASURE_FIELDS = ["side", "third_party", "text", "due_on"]
AGREEMENT_FIELDS = [*HOW_AGREED, "assessment", "closed_by", "closed_at", "form_token", "form_digest"]


class VersionClosed(Exception):
    """The version was agreed, declined or discarded meanwhile; its content can no longer change."""


class NotAgreeable(Exception):
    """The working version cannot be agreed yet.

    Attributes:
        faults: what is missing, see `integration_plans.rules.plan.Fault`.
    """

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("not agreeable")
        self.faults = list(faults)


def _write_down(actor: Actor, action: Action, client: Client, fields: Iterable[str] = ()) -> None:
    record(actor, action, client=client, kind="plan", fields=fields)


def _take(version: PlanVersion) -> None:
    """Lock the working version until the change ends.

    Its counter is raised, so that an open agreement form is refused: the content has changed.

    Raises:
        VersionClosed: it is no longer the working version.
    """
    changed = (
        PlanVersion.objects.unscoped(reason=REASON)
        .working()
        .filter(pk=version.pk)
        .update(version=F("version") + 1)
    )
    if not changed:
        raise VersionClosed


def start_version(actor: Actor, client: Client) -> PlanVersion:
    """Begin the next version, carried forward from the last one; an existing working version is returned.

    Unfinished and partly achieved goals move on with the measures still to be done. A declined version is
    carried forward too: what was offered is where the next talk begins.

    Args:
        actor: who acts, and when.
        client: the file.
    """
    with change(actor, [client], needs="plan.edit") as locked:
        versions = PlanVersion.objects.unscoped(reason=REASON).of(client)
        working = versions.working().first()
        if working is not None:
            found: PlanVersion = working
            return found
        last = versions.first()
        version = PlanVersion(
            client=client, number=last.number + 1 if last else 1, started_by=actor.user, started_at=locked.now
        )
        version.save()
        if last is not None:
            _carry_forward(last, version)
        _write_down(actor, actions.STARTED, client)
    return version


def _carry_forward(last: PlanVersion, version: PlanVersion) -> None:
    contents = (
        GoalContent.objects.unscoped(reason=REASON)
        .filter(plan=last)
        .select_related("goal")
        .prefetch_related("other_modules", "measure_contents__measure")
    )
    for content in contents:
        if not is_carried_forward(content.goal.state):
            continue
        copy = GoalContent(plan=version, goal=content.goal, order=content.order)
        for name in GOAL_FIELDS:
            setattr(copy, name, getattr(content, name))
        copy.save()
        copy.other_modules.set(content.other_modules.all())
        MeasureContent.objects.bulk_create(
            MeasureContent(
                goal_content=copy,
                measure=measure.measure,
                order=measure.order,
                **{name: getattr(measure, name) for name in MEASURE_FIELDS},
            )
            for measure in content.measure_contents.all()
            if measure.measure.done_on is None
        )


def add_goal(
    actor: Actor,
    content: GoalContent,
    *,
    other_modules: Iterable[Module] = (),
    measures: Sequence[MeasureContent] = (),
) -> GoalContent:
    """Add a goal to the working version, with its first measures.

    Args:
        actor: who acts, and when.
        content: validated and unsaved, with its plan version.
        other_modules: modules the goal touches besides the leading one.
        measures: unsaved contents with side and text.

    Raises:
        VersionClosed: the version was closed meanwhile.
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, [content.plan.client], needs="plan.edit"):
        _take(content.plan)
        client = content.plan.client
        goal = Goal(client=client)
        goal.save()
        content.goal = goal
        content.order = _next_order(GoalContent.objects.unscoped(reason=REASON).filter(plan=content.plan))
        create_once(content)
        content.other_modules.set(_others(content, other_modules))
        for order, measure in enumerate(measures, start=1):
            _attach(measure, content, order)
        _write_down(actor, actions.EDITED, client, ["goals"] + (["measures"] if measures else []))
    return content


def change_goal(
    actor: Actor, content: GoalContent, *, expected_version: int, other_modules: Iterable[Module]
) -> GoalContent:
    """Change what the working version says about a goal.

    Raises:
        VersionClosed: the version was closed meanwhile.
        StaleRecord: another user changed the goal since the form was opened.
    """
    with change(actor, [content.plan.client], needs="plan.edit"):
        _take(content.plan)
        save_edited(content, expected_version, GOAL_FIELDS)
        content.other_modules.set(_others(content, other_modules))
        _write_down(actor, actions.EDITED, content.plan.client, ["goals"])
    return content


def remove_goal(actor: Actor, content: GoalContent) -> None:
    """Take a goal out of the working version; what earlier versions say about it stays.

    Raises:
        VersionClosed: the version was closed meanwhile.
    """
    with change(actor, [content.plan.client], needs="plan.edit"):
        _take(content.plan)
        content.delete()
        _drop_orphans(content.plan.client)
        _write_down(actor, actions.EDITED, content.plan.client, ["goals"])


def add_measure(actor: Actor, content: MeasureContent) -> MeasureContent:
    """Add a measure to a goal of the working version.

    Args:
        actor: who acts, and when.
        content: validated and unsaved, with its goal content.

    Raises:
        VersionClosed: the version was closed meanwhile.
        DuplicateSubmission: the same form was posted before.
    """
    goal_content = content.goal_content
    with change(actor, [goal_content.plan.client], needs="plan.edit"):
        _take(goal_content.plan)
        _attach(
            content,
            goal_content,
            _next_order(MeasureContent.objects.unscoped(reason=REASON).filter(goal_content=goal_content)),
        )
        _write_down(actor, actions.EDITED, goal_content.plan.client, ["measures"])
    return content


def change_measure(actor: Actor, content: MeasureContent, *, expected_version: int) -> MeasureContent:
    """Change what the working version says about a measure.

    Raises:
        VersionClosed: the version was closed meanwhile.
        StaleRecord: another user changed the measure since the form was opened.
    """
    plan = content.goal_content.plan
    with change(actor, [plan.client], needs="plan.edit"):
        _take(plan)
        save_edited(content, expected_version, MEASURE_FIELDS)
        _write_down(actor, actions.EDITED, plan.client, ["measures"])
    return content


def remove_measure(actor: Actor, content: MeasureContent) -> None:
    """Take a measure out of the working version.

    Raises:
        VersionClosed: the version was closed meanwhile.
    """
    plan = content.goal_content.plan
    with change(actor, [plan.client], needs="plan.edit"):
        _take(plan)
        content.delete()
        _drop_orphans(plan.client)
        _write_down(actor, actions.EDITED, plan.client, ["measures"])


def discard_version(actor: Actor, version: PlanVersion) -> None:
    """Throw the working version away; the version in force stays as it was agreed.

    Raises:
        VersionClosed: the version was closed meanwhile.
    """
    with change(actor, [version.client], needs="plan.edit"):
        _take(version)
        client = version.client
        version.delete()
        _drop_orphans(client)
        _write_down(actor, actions.DISCARDED, client)


def missing_for_agreement(
    version: PlanVersion, today: datetime.date, *, with_health: bool = True
) -> list[Fault]:
    """What the working version still lacks before it could be agreed today, among the goals one may read."""
    goals = GoalContent.objects.unscoped(reason=REASON).filter(plan=version)
    return agreement_faults(
        outcome=AgreementOutcome.SIGNED,
        goals=goals.readable(with_health=with_health).count(),
        sides=_sides(version, with_health=with_health),
        agreed_on=today,
        review_on=None,
        today=today,
    )


def _sides(version: PlanVersion, *, with_health: bool = True) -> list[str]:
    rows = MeasureContent.objects.unscoped(reason=REASON).filter(goal_content__plan=version)
    return list(rows.readable(with_health=with_health).values_list("side", flat=True))


def close_version(
    actor: Actor, version: PlanVersion, *, expected_version: int, form_token: UUID
) -> PlanVersion:
    """Record how the version was agreed; from here on its content is frozen.

    A declined version supersedes nothing and needs no measures of both sides (rules.md §6).

    Args:
        actor: who acts, and when.
        version: the working version with the validated fields of the agreement.
        expected_version: the counter the agreement form was opened with.
        form_token: one-time token of the form.

    Raises:
        DuplicateSubmission: the same form was posted before.
        StaleRecord: the content changed since the form was opened, or the version was closed.
        NotAgreeable: something is missing.
    """
    with change(actor, [version.client], needs="plan.agree") as locked:
        client = locked.file(version.client)
        today = locked.today
        earlier = PlanVersion.objects.unscoped(reason=REASON).filter(form_token=form_token).first()
        if earlier is not None:
            raise DuplicateSubmission(earlier)
        contents = GoalContent.objects.unscoped(reason=REASON).filter(plan=version)
        faults = agreement_faults(
            outcome=version.outcome,
            goals=contents.count(),
            sides=_sides(version),
            agreed_on=version.agreed_on or today,
            review_on=version.review_on,
            today=today,
        )
        if faults:
            raise NotAgreeable(faults)
        version.assessment = Assessment.objects.unscoped(reason=REASON).of(client).first()
        version.closed_by, version.closed_at = actor.user, locked.now
        version.form_token = form_token
        save_edited(version, expected_version, AGREEMENT_FIELDS)
        for content in contents.select_related("module").prefetch_related("other_modules"):
            # A module renamed later must not change what was signed.
            names = [content.module, *content.other_modules.all()]
            content.modules_as_agreed = ", ".join(module.label_de for module in names)[:500]
            content.save(update_fields=["modules_as_agreed"])
        _write_down(actor, actions.CLOSED, client, ["outcome", "agreed_on", "review_on"])
    return version


def _others(content: GoalContent, modules: Iterable[Module]) -> list[Module]:
    return [module for module in modules if module.pk != content.module_id]


def _attach(measure: MeasureContent, content: GoalContent, order: int) -> None:
    identity = Measure(goal=content.goal)
    identity.save()
    measure.goal_content, measure.measure, measure.order = content, identity, order
    create_once(measure)


def _next_order(rows: QuerySet[Any]) -> int:
    last: int | None = rows.aggregate(last=Max("order"))["last"]
    return (last or 0) + 1


def _drop_orphans(client: Client) -> None:
    """Identities that no version speaks of any more were never agreed."""
    Goal.objects.unscoped(reason=REASON).of(client).filter(contents__isnull=True).delete()
    Measure.objects.unscoped(reason=REASON).filter(goal__client=client, contents__isnull=True).delete()
