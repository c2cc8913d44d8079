"""Structural observations: managers report, the office answers (rules.md §8)."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.actor import Actor
from accounts.records import create_once, save_edited
from audit.recording import record
from intake import actions
from intake.choices import ObservationState
from intake.models import Observation


def report_observation(actor: Actor, observation: Observation) -> Observation:
    """Keep an obstacle; the form has seen to it that it names nobody.

    Args:
        actor: who reports.
        observation: validated and unsaved.

    Raises:
        DuplicateSubmission: the same form was posted before.
        PermissionDenied: the actor reports none, or does not serve this municipality.
    """
    actor.require("observation.report")
    if observation.municipality_id not in actor.scope.municipalities:
        raise PermissionDenied
    with transaction.atomic():
        observation.author, observation.recorded_at = actor.user, actor.now
        create_once(observation)
        record(actor, actions.OBSERVATION_REPORTED, kind="observation", fields=["topic", "municipality"])
    return observation


def answer_observation(actor: Actor, observation: Observation, *, expected_version: int) -> Observation:
    """Save how far an observation is and what is answered; an answer is read by the managers of the municipality.

    Args:
        actor: who acts, and when.
        observation: changed and validated, unsaved.
        expected_version: the version its form was opened with.

    Raises:
        StaleRecord: somebody else went on with it meanwhile.
        PermissionDenied: the actor answers none, or none of this municipality.
    """
    actor.require("observation.answer")
    if observation.municipality_id not in actor.scope.municipalities:
        raise PermissionDenied
    with transaction.atomic():
        is_answered = observation.state == ObservationState.ANSWERED
        observation.answered_at = (observation.answered_at or actor.now) if is_answered else None
        save_edited(observation, expected_version, ["state", "answer", "answered_at"])
        record(actor, actions.OBSERVATION_ANSWERED, kind="observation", fields=["state", "answer"])
    return observation
