"""Write the working version, then close it: signed, agreed orally or declined."""

import datetime
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F, Max
from django.utils import timezone

from accounts.access import scope_of
from accounts.records import AlreadyDone, create_once, save_edited
from audit.actions import Action
from audit.recording import record
from clients.services.files import lock_open_file, now_under_lock
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
from integration_plans.services.standing import refresh_standing

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


def _write_down(action: Action, client: Any, by: Any, fields: Iterable[str] = ()) -> None:
    record(
        action,
        by=by,
        subject=client.subject_ref,
        kind="plan",
        fields=fields,
        acting_for=scope_of(by).acting_for(client.manager_id),
    )


def _take(version: PlanVersion) -> None:
    """Hold the working version until the caller's transaction ends.

    Raising its counter tells whoever has the agreement form open that the content changed.

    Raises:
        VersionClosed: it is no working version any more.
        FileClosed: somebody closed the file a moment ago.
    """
    lock_open_file(version.client)
    changed = (
        PlanVersion.objects.unscoped(reason=REASON)
        .working()
        .filter(pk=version.pk)
        .update(version=F("version") + 1)
    )
    if not changed:
        raise VersionClosed


def start_version(client: Any, *, by: Any, now: datetime.datetime) -> PlanVersion:
    """Begin the next version, carried forward from the last one; an existing working version is returned.

    Unfinished and partly achieved goals move on with the measures still to be done. A declined version is
    carried forward too: what was offered is where the next talk begins.

    Args:
        client: the file.
        by: the acting manager.
        now: the instant of the beginning.
    """
    with transaction.atomic():
        now = now_under_lock(now, lock_open_file(client))
        versions = PlanVersion.objects.unscoped(reason=REASON).of(client)
        working = versions.working().first()
        if working is not None:
            found: PlanVersion = working
            return found
        last = versions.first()
        version = PlanVersion(
            client=client, number=last.number + 1 if last else 1, started_by=by, started_at=now
        )
        version.save()
        if last is not None:
            _carry_forward(last, version)
        _write_down(actions.STARTED, client, by)
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
    content: GoalContent,
    *,
    other_modules: Iterable[Module] = (),
    measures: Sequence[MeasureContent] = (),
    by: Any,
    now: datetime.datetime,
) -> GoalContent:
    """Add a goal to the working version, with its first measures.

    Args:
        content: validated and unsaved, with its plan version.
        other_modules: modules the goal touches besides the leading one.
        measures: unsaved contents with side and text.
        by: the acting manager.
        now: the instant of saving.

    Raises:
        VersionClosed: the version was closed meanwhile.
        AlreadyDone: the same form was posted before.
    """
    with transaction.atomic():
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
        _write_down(actions.EDITED, client, by, ["goals"] + (["measures"] if measures else []))
    return content


def change_goal(
    content: GoalContent,
    *,
    expected_version: int,
    other_modules: Iterable[Module],
    by: Any,
    now: datetime.datetime,
) -> GoalContent:
    """Change what the working version says about a goal.

    Raises:
        VersionClosed: the version was closed meanwhile.
        StaleRecord: somebody else changed the goal since the form was opened.
    """
    with transaction.atomic():
        _take(content.plan)
        save_edited(content, expected_version, GOAL_FIELDS)
        content.other_modules.set(_others(content, other_modules))
        _write_down(actions.EDITED, content.plan.client, by, ["goals"])
    return content


def remove_goal(content: GoalContent, *, by: Any, now: datetime.datetime) -> None:
    """Take a goal out of the working version; what earlier versions say about it stays.

    Raises:
        VersionClosed: the version was closed meanwhile.
    """
    with transaction.atomic():
        _take(content.plan)
        content.delete()
        _drop_orphans(content.plan.client)
        _write_down(actions.EDITED, content.plan.client, by, ["goals"])


def add_measure(content: MeasureContent, *, by: Any, now: datetime.datetime) -> MeasureContent:
    """Add a measure to a goal of the working version.

    Args:
        content: validated and unsaved, with its goal content.
        by: the acting manager.
        now: the instant of saving.

    Raises:
        VersionClosed: the version was closed meanwhile.
        AlreadyDone: the same form was posted before.
    """
    goal_content = content.goal_content
    with transaction.atomic():
        _take(goal_content.plan)
        _attach(
            content,
            goal_content,
            _next_order(MeasureContent.objects.unscoped(reason=REASON).filter(goal_content=goal_content)),
        )
        _write_down(actions.EDITED, goal_content.plan.client, by, ["measures"])
    return content


def change_measure(
    content: MeasureContent, *, expected_version: int, by: Any, now: datetime.datetime
) -> MeasureContent:
    """Change what the working version says about a measure.

    Raises:
        VersionClosed: the version was closed meanwhile.
        StaleRecord: somebody else changed the measure since the form was opened.
    """
    plan = content.goal_content.plan
    with transaction.atomic():
        _take(plan)
        save_edited(content, expected_version, MEASURE_FIELDS)
        _write_down(actions.EDITED, plan.client, by, ["measures"])
    return content


def remove_measure(content: MeasureContent, *, by: Any, now: datetime.datetime) -> None:
    """Take a measure out of the working version.

    Raises:
        VersionClosed: the version was closed meanwhile.
    """
    plan = content.goal_content.plan
    with transaction.atomic():
        _take(plan)
        content.delete()
        _drop_orphans(plan.client)
        _write_down(actions.EDITED, plan.client, by, ["measures"])


def discard_version(version: PlanVersion, *, by: Any, now: datetime.datetime) -> None:
    """Throw the working version away; the version in force stays as it was agreed.

    Raises:
        VersionClosed: the version was closed meanwhile.
    """
    with transaction.atomic():
        _take(version)
        client = version.client
        version.delete()
        _drop_orphans(client)
        _write_down(actions.DISCARDED, client, by)


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
    version: PlanVersion, *, expected_version: int, form_token: UUID, by: Any, now: datetime.datetime
) -> PlanVersion:
    """Record how the version was agreed; from here on its content is frozen.

    A declined version supersedes nothing and needs no measures of both sides (rules.md §6).

    Args:
        version: the working version with the validated fields of the agreement.
        expected_version: the counter the agreement form was opened with.
        form_token: one-time token of the form.
        by: the responsible manager; stand-ins may not (the view settles it).
        now: the instant of recording.

    Raises:
        AlreadyDone: the same form was posted before.
        StaleRecord: the content changed since the form was opened, or somebody else closed it.
        NotAgreeable: something is missing.
    """
    with transaction.atomic():
        client = lock_open_file(version.client)
        now = now_under_lock(now, client)
        today = timezone.localdate(now)
        earlier = PlanVersion.objects.unscoped(reason=REASON).filter(form_token=form_token).first()
        if earlier is not None:
            raise AlreadyDone(earlier)
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
        version.closed_by, version.closed_at = by, now
        version.form_token = form_token
        save_edited(version, expected_version, AGREEMENT_FIELDS)
        for content in contents.select_related("module").prefetch_related("other_modules"):
            # A module renamed later must not change what was signed.
            names = [content.module, *content.other_modules.all()]
            content.modules_as_agreed = ", ".join(module.label_de for module in names)[:500]
            content.save(update_fields=["modules_as_agreed"])
        refresh_standing(version.client, today)
        _write_down(actions.CLOSED, client, by, ["outcome", "agreed_on", "review_on"])
    return version


def _others(content: GoalContent, modules: Iterable[Module]) -> list[Module]:
    return [module for module in modules if module.pk != content.module_id]


def _attach(measure: MeasureContent, content: GoalContent, order: int) -> None:
    identity = Measure(goal=content.goal)
    identity.save()
    measure.goal_content, measure.measure, measure.order = content, identity, order
    create_once(measure)


def _next_order(rows: Any) -> int:
    last: int | None = rows.aggregate(last=Max("order"))["last"]
    return (last or 0) + 1


def _drop_orphans(client: Any) -> None:
    """Identities that no version speaks of any more were never agreed."""
    Goal.objects.unscoped(reason=REASON).of(client).filter(contents__isnull=True).delete()
    Measure.objects.unscoped(reason=REASON).filter(goal__client=client, contents__isnull=True).delete()
