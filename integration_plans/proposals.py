"""What the rule proposes for assessments: with all modules, or with those alone that are not protected."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from django.db.models import F, Q

from clients.stored_facts import StoredFacts
from integration_plans.models import Assessment, AssessmentEntry, IntensityDecision, PlanPolicy
from integration_plans.policies import policy_among
from integration_plans.rules.intensity import UNASSESSED, ModuleNeed, Proposal, propose

REASON = "the caller has checked access and says whether protected modules count"


def proposal_for(assessment: Assessment, *, with_health: bool = True) -> Proposal:
    """What the rule in force on the day of the assessment proposes; only modules active that day count."""
    return proposals_for([assessment], with_health=with_health)[assessment.pk]


def proposals_for(assessments: Iterable[Assessment], *, with_health: bool) -> dict[int, Proposal]:
    """The proposal of each assessment by its key; two queries however many there are.

    Args:
        assessments: those asked about.
        with_health: whether modules marked sensitive count. Without them nothing they say reaches the answer.
    """
    days = {row.pk: row.assessed_on for row in assessments}
    assessed_on = F("assessment__assessed_on")
    entries = (
        AssessmentEntry.objects.unscoped(reason=REASON)
        .filter(
            Q(module__valid_from__isnull=True) | Q(module__valid_from__lte=assessed_on),
            Q(module__valid_until__isnull=True) | Q(module__valid_until__gte=assessed_on),
            assessment__in=days,
        )
        .readable(with_health=with_health)
        .select_related("module")
        .order_by("module__order", "module__label_de", "id")
    )
    policies = PlanPolicy.objects.in_force_on(max(days.values(), default=datetime.date.min))
    return _proposals(days, entries, list(policies))


def _proposals(
    days: Mapping[int, datetime.date], entries: Iterable[AssessmentEntry], policies: Collection[PlanPolicy]
) -> dict[int, Proposal]:
    """By the key of the assessment, whose day is given; policies are the versions."""
    needs: dict[int, list[ModuleNeed]] = defaultdict(list)
    for entry in entries:
        needs[entry.assessment_id].append(
            ModuleNeed(
                code=entry.module.code,
                label=entry.module.label,
                level=entry.level,
                acute_means_crisis=entry.module.acute_means_crisis,
            )
        )
    found = {}
    for key, day in days.items():
        policy = policy_among(policies, day)
        found[key] = propose(needs[key], policy.rule())
    return found


def unprotected_levels(client_ids: Collection[int], today: datetime.date) -> tuple[dict[int, str], set[int]]:
    """What may be said of the intensity of files without health.

    Args:
        client_ids: keys of the files.
        today: only what happened up to this day counts.

    Returns:
        The level that the modules not protected propose, by file, taken from the last confirmed assessment that
        answered one of them; and the files in which an assessment answered one.
    """
    assessments = list(
        Assessment.objects.unscoped(reason=REASON)
        .filter(client__in=client_ids, assessed_on__lte=today)
        .select_related("decision")
        .order_by("assessed_on", "id")
    )
    decided = {row.pk for row in assessments if is_decided(row, today)}
    return _levels(assessments, proposals_for(assessments, with_health=False), decided)


def unprotected_levels_stored(facts: StoredFacts) -> tuple[dict[int, str], set[int]]:
    """The same for the files of a recompute, from the rows it has read anyway."""
    assessments = [row for row in reversed(facts.rows[Assessment]) if row.assessed_on <= facts.today]
    days = {row.pk: row.assessed_on for row in assessments}
    entries = [
        row
        for row in facts.rows[AssessmentEntry]
        if row.assessment_id in days
        and not row.module.sensitive
        and row.module.is_valid_on(days[row.assessment_id])
    ]
    decisions = facts.rows[IntensityDecision]
    decided = {row.assessment_id for row in decisions if row.decided_on <= facts.today}
    return _levels(assessments, _proposals(days, entries, facts.rows[PlanPolicy]), decided)


def _levels(
    assessments: Iterable[Assessment], proposals: Mapping[int, Proposal], decided: Collection[int]
) -> tuple[dict[int, str], set[int]]:
    """From the assessments in the order they were made, and the keys of those whose intensity was confirmed."""
    answered = [row for row in assessments if proposals[row.pk].level != UNASSESSED]
    levels = {row.client_id: proposals[row.pk].level for row in answered if row.pk in decided}
    return levels, {row.client_id for row in answered}


def is_decided(assessment: Assessment, today: datetime.date) -> bool:
    """Whether the intensity that followed from an assessment was confirmed by a day."""
    decision = getattr(assessment, "decision", None)
    return decision is not None and decision.decided_on <= today
