"""Funding periods: entered, their terms changed, their deadlines met, their proof of use on its way."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Max, Min
from django.utils.translation import gettext as _

from accounts.actor import Actor
from accounts.records import create_once, raise_if_submitted, save_edited
from audit.recording import record
from clients.services.change import change
from funding import actions
from funding.choices import DeadlineKind
from funding.models import DeadlineMet, FormerTerms, FundingPeriod, Position, ProofStep
from ui.dates import date_de

TERMS = ("since", "until", "reference")


def lock_period(actor: Actor, period: FundingPeriod) -> FundingPeriod:
    """The period as it is stored, locked until the transaction ends; accounts are locked before it.

    Raises:
        PermissionDenied: it is not the actor's to write.
    """
    rows = FundingPeriod.objects.select_for_update(of=("self",), no_key=True)
    stored = rows.editable_by(actor.user).filter(pk=period.pk).first()
    if stored is None:
        raise PermissionDenied
    found: FundingPeriod = stored
    return found


def open_period(actor: Actor, period: FundingPeriod) -> FundingPeriod:
    """Enter a funding period; the coordination's is the district's.

    Args:
        actor: who acts, and when.
        period: validated and unsaved, with its programme, its town and its days.

    Raises:
        PermissionDenied: a town the actor does not serve, or the district's by an officer of a town.
        DuplicateSubmission: the same form was posted before.
    """
    with change(actor, needs="funding.edit") as locked:
        served = {None} if actor.scope.serves_all else actor.scope.municipalities
        if period.municipality_id not in served:
            raise PermissionDenied
        raise_if_submitted(period)
        period.recorded_by, period.recorded_at = actor.user, locked.now
        period.full_clean()
        create_once(period)
        record(actor, actions.PERIOD_OPENED, kind="funding", fields=("programme", *TERMS))
    return period


def change_terms(actor: Actor, period: FundingPeriod, *, expected_version: int) -> FundingPeriod:
    """Prolong, shorten or correct a funding period; its former terms are kept.

    Raises:
        PermissionDenied: it is not the actor's to write.
        StaleRecord: somebody else saved meanwhile.
        ValidationError: a position would lie outside.
    """
    with change(actor, needs="funding.edit") as locked:
        stored = lock_period(actor, period)
        period.full_clean()
        _keep_positions_inside(period)
        save_edited(period, expected_version, list(TERMS))
        former = {name: getattr(stored, name) for name in TERMS}
        FormerTerms.objects.create(period=period, recorded_by=actor.user, recorded_at=locked.now, **former)
        record(actor, actions.TERMS_CHANGED, kind="funding", fields=TERMS)
    return period


def _keep_positions_inside(period: FundingPeriod) -> None:
    rows = Position.objects.unscoped(reason="positions of a period its officer changes").filter(period=period)
    edges = rows.current().aggregate(first=Min("since"), last=Max("until"))
    wrong: dict[str, str] = {}
    if edges["first"] is not None and edges["first"] < period.since:
        wrong["since"] = _("A position begins on %(day)s.") % {"day": date_de(edges["first"])}
    if edges["last"] is not None and edges["last"] > period.until:
        wrong["until"] = _("A position lasts until %(day)s.") % {"day": date_de(edges["last"])}
    if wrong:
        raise ValidationError(wrong)


def step_proof(actor: Actor, step: ProofStep) -> ProofStep:
    """Note how far the proof of use is; former steps stay.

    Args:
        actor: who acts, and when.
        step: validated and unsaved, with its period.

    Raises:
        PermissionDenied: the period is not the actor's to write.
        DuplicateSubmission: the same form was posted before.
        ValidationError: it is in this state already, or its day lies before the last step or ahead.
    """
    with change(actor, needs="funding.edit") as locked:
        period = lock_period(actor, step.period)
        raise_if_submitted(step)
        _follow_on(step, period, locked.today)
        step.recorded_by, step.recorded_at = actor.user, locked.now
        step.full_clean()
        create_once(step)
        FundingPeriod.objects.filter(pk=period.pk).update(proof_state=step.state)
        record(actor, actions.PROOF_STEPPED, kind="funding", fields=("state", "day", "amount", "note"))
    return step


def _follow_on(step: ProofStep, period: FundingPeriod, today: datetime.date) -> None:
    """Refuse a step that changes nothing, or that happened before the last one or has not happened."""
    last = period.proof_steps.first()
    if step.state == period.proof_state:
        raise ValidationError({"state": _("The proof of use is in this state already.")})
    if step.day > today:
        raise ValidationError({"day": _("This day is still to come.")})
    if last is not None and step.day < last.day:
        raise ValidationError({"day": _("The step before was on %(day)s.") % {"day": date_de(last.day)}})


def meet_deadline(
    actor: Actor, period: FundingPeriod, kind: DeadlineKind, due_on: datetime.date
) -> DeadlineMet:
    """Note that what was due is with the funder; a second time changes nothing.

    Raises:
        PermissionDenied: the period is not the actor's to write.
    """
    with change(actor, needs="funding.edit") as locked:
        lock_period(actor, period)
        met, is_new = DeadlineMet.objects.get_or_create(
            period=period,
            kind=kind,
            due_on=due_on,
            withdrawn_at=None,
            defaults={"recorded_by": actor.user, "recorded_at": locked.now},
        )
        if is_new:
            record(actor, actions.DEADLINE_MET, kind="funding", fields=("kind", "due_on"))
    found: DeadlineMet = met
    return found


def reopen_deadline(actor: Actor, met: DeadlineMet) -> DeadlineMet:
    """It was a slip: the deadline is open again.

    Raises:
        PermissionDenied: the period is not the actor's to write.
    """
    with change(actor, needs="funding.edit") as locked:
        lock_period(actor, met.period)
        if DeadlineMet.objects.filter(pk=met.pk, withdrawn_at=None).update(withdrawn_at=locked.now):
            record(actor, actions.DEADLINE_OPEN, kind="funding", fields=("kind", "due_on"))
    return met
