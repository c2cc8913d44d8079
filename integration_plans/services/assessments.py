"""Assess the need, then decide the intensity."""

import datetime
from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import DuplicateSubmission, create_once
from audit.recording import record
from clients.health import may_read_health
from clients.models import Client
from clients.services.change import change
from integration_plans import actions
from integration_plans.models import Assessment, AssessmentEntry, GoalContent, IntensityDecision, Module
from integration_plans.policies import policy_on
from integration_plans.proposals import proposal_for
from integration_plans.rules.intensity import UNASSESSED, explain, next_review_on

REASON = "all modules of one assessment count, also protected ones"


def modules_on(day: datetime.date) -> list[Module]:
    """The modules active on a day, in their order."""
    return list(Module.objects.valid_on(day))


def record_assessment(actor: Actor, assessment: Assessment, entries: Sequence[AssessmentEntry]) -> Assessment:
    """Store what was found; it is never changed afterwards.

    Modules active on the day without an entry are stored as not discussed, so that the assessment says how
    many of how many were.

    Args:
        actor: who acts, and when.
        assessment: validated and unsaved, with client, day and summary.
        entries: unsaved, one per module that was on the form.

    Raises:
        DuplicateSubmission: the same form was posted before.
        ValidationError: the day lies ahead.
    """
    with change(actor, [assessment.client], needs="plan.assess") as locked:
        if assessment.assessed_on > locked.today:
            raise ValidationError({"assessed_on": _("This day has not come yet.")})
        assessment.by, assessment.at = actor.user, locked.now
        create_once(assessment)
        said = {entry.module_id for entry in entries}
        silent = [
            AssessmentEntry(module=module)
            for module in modules_on(assessment.assessed_on)
            if module.pk not in said
        ]
        rows = [*entries, *silent]
        for entry in rows:
            entry.assessment = assessment
        AssessmentEntry.objects.bulk_create(rows)
        record(actor, actions.ASSESSED, client=assessment.client, kind="assessment")
    return assessment


def decide_intensity(actor: Actor, decision: IntensityDecision) -> IntensityDecision:
    """Confirm the proposed intensity or choose another with a reason; proposal and choice are both kept.

    Args:
        actor: who acts, and when.
        decision: validated and unsaved, with client, assessment, chosen level, reason and form.

    Raises:
        PermissionDenied: all modules decide, and the user may not read the protected ones.
        DuplicateSubmission: this assessment was decided before.
        ValidationError: it was decided otherwise, nothing was assessed, a newer assessment exists, or the
            reason is missing.
    """
    with change(actor, [decision.client], needs="plan.assess") as locked:
        client = locked.file(decision.client)
        if not may_read_health(actor.user, client, locked.now):
            raise PermissionDenied
        today = locked.today
        earlier = (
            IntensityDecision.objects.unscoped(reason=REASON).filter(assessment=decision.assessment).first()
        )
        if earlier is not None and earlier.form_digest == decision.form_digest:
            raise DuplicateSubmission(earlier)
        if earlier is not None:
            raise ValidationError(
                _("The intensity is confirmed already: %(level)s. Another one needs a new assessment.")
                % {"level": earlier.get_chosen_display()}
            )
        newest = Assessment.objects.unscoped(reason=REASON).of(client).first()
        if newest != decision.assessment:
            raise ValidationError(_("A newer assessment exists. Please decide on that one."))
        proposal = proposal_for(decision.assessment)
        if proposal.level == UNASSESSED:
            raise ValidationError(_("Nothing has been assessed yet, so there is nothing to confirm."))
        if decision.chosen != proposal.level and not decision.reason:
            raise ValidationError({"reason": _("Please say why another intensity fits better.")})
        rule = policy_on(today).rule()
        decision.rule_version = proposal.rule_version
        decision.proposed = proposal.level
        decision.reason = decision.reason if decision.chosen != proposal.level else ""
        decision.arithmetic = explain(proposal)
        decision.decided_on = today
        decision.next_review_on = next_review_on(decision.chosen, today, rule)
        decision.by, decision.at = actor.user, locked.now
        create_once(decision)
        record(
            actor,
            actions.INTENSITY_DECIDED,
            client=client,
            kind="intensity",
            fields=["chosen", "form"] + (["reason"] if decision.reason else []),
        )
    return decision


JUDGED_BY = frozenset({"sensitive", "acute_means_crisis", "valid_from", "valid_until"})
"""What of a module levels follow from; its name and place are none of it."""


def judge_anew(actor: Actor, module: Module) -> None:
    """Bring every file in which a module was spoken of in line with what it says now (decision 0018).

    A version of thresholds leaves alone what was decided before its day. A module is protected at once: until the daily
    run its level and the days of its goals would be told to those who may not read it.

    Args:
        actor: who acts, and when.
        module: as it is stored since a moment ago.
    """
    actor.require("admin.catalogues")
    spoken_of = AssessmentEntry.objects.unscoped(reason=REASON).filter(module=module, level__isnull=False)
    goals = GoalContent.objects.unscoped(reason=REASON).filter(Q(module=module) | Q(other_modules=module))
    files = Client.objects.unscoped(reason=REASON).filter(
        Q(assessments__in=spoken_of.values("assessment")) | Q(plan_versions__in=goals.values("plan"))
    )
    with change(actor, files.distinct(), allow_closed=True):
        pass
