"""What reaches the office and what it asks: complaints, structural observations, questions about cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from accounts.actor import Actor
from accounts.models import User
from clients.choices import CaseAnswer, CaseQuestionKind, Phase
from clients.models import CaseQuestion, Client
from clients.recompute import recompute
from demo import texts
from demo.world import REASON, Place, World, at, random_key
from intake.choices import ComplaintState, ObservationState
from intake.models import Complaint, Observation
from intake.services.complaints import NUMBERS, register_complaint, work_on_complaint
from intake.services.observations import answer_observation, report_observation


def hear_complaints(world: World, place: Place, users: Mapping[str, User]) -> None:
    """A complaint being clarified, and a wish for another manager that nobody has looked at yet."""
    pick = world.chance("complaints")
    for number, (kind, name, reach, text) in enumerate(texts.COMPLAINTS):
        moment = at(world.working_day(-6 + 4 * number), 11, 20)
        complaint = register_complaint(
            Actor(users["officer"], moment),
            Complaint(
                uuid=random_key(pick),
                municipality=place.municipality,
                kind=kind,
                concerns=users["colleague"] if number == 0 else None,
                name=name,
                reach=reach,
                text=text,
            ),
        )
        # Drawn from the seed, so that the same seed makes the same number.
        drawn = f"{place.municipality.code}-B-{pick.choice(NUMBERS)}"
        Complaint.objects.unscoped(reason=REASON).filter(pk=complaint.pk).update(number=drawn)
        if number == 0:
            complaint.state, complaint.answer = ComplaintState.CLARIFYING, texts.COMPLAINT_NOTE
            later = Actor(users["coordinator"], moment + dt.timedelta(days=1))
            work_on_complaint(later, complaint, expected_version=complaint.version)


def report_obstacles(world: World, place: Place, users: Mapping[str, User]) -> None:
    """Four observations of two managers: one answered, one in progress, two new."""
    pick = world.chance("observations")
    states = (ObservationState.ANSWERED, ObservationState.WORKING, ObservationState.NEW, ObservationState.NEW)
    for number, ((topic, text), state) in enumerate(zip(texts.OBSERVATIONS, states, strict=True)):
        moment = at(world.working_day(-16 + 5 * number), 15, 10)
        observation = report_observation(
            Actor(users["manager" if number % 2 == 0 else "colleague"], moment),
            Observation(
                uuid=random_key(pick),
                municipality=place.municipality,
                topic=world.topics[topic],
                text=text,
            ),
        )
        if state is ObservationState.NEW:
            continue
        observation.state = state
        observation.answer = texts.OBSERVATION_ANSWER if state is ObservationState.ANSWERED else ""
        later = Actor(users["officer"], moment + dt.timedelta(days=9))
        answer_observation(later, observation, expected_version=observation.version)


def ask_about_cases(world: World, users: Mapping[str, User]) -> None:
    """The officer asked about four cases of a manager: two wait for an answer, two have one."""
    officer, manager = users["officer"], users["manager"]
    files = list(
        Client.objects.unscoped(reason=REASON)
        .filter(manager=manager, phase=Phase.ACTIVE, list_number__isnull=False)
        .order_by("case_no")[:4]
    )
    asked_at = at(world.working_day(-4), 14, 30)
    told = {"answered_by": manager, "answered_at": asked_at + dt.timedelta(days=1)}
    asked: tuple[tuple[CaseQuestionKind, dict[str, object]], ...] = (
        (CaseQuestionKind.NEXT_STEP, {"answer": CaseAnswer.YES, **told}),
        (CaseQuestionKind.REVIEW, {"answer": CaseAnswer.PLANNED, **told}),
        (CaseQuestionKind.LIMIT, {}),
        (CaseQuestionKind.CALL, {}),
    )
    pick = world.chance("questions")
    CaseQuestion.objects.bulk_create(
        CaseQuestion(
            uuid=random_key(pick), client=file, kind=kind, asked_by=officer, asked_at=asked_at, **answer
        )
        for file, (kind, answer) in zip(files, asked, strict=False)
    )
    recompute(files, at(world.as_of, 6, 30))
