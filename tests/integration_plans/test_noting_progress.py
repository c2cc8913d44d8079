"""Progress stands beside the agreed content, dated, and needs no new version."""

import datetime
import uuid

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.actor import Actor
from accounts.records import AlreadyDone, StaleRecord
from accounts.rules.calendar import next_working_day
from clients.health import grant_health
from integration_plans.choices import GoalState, Side
from integration_plans.models import GoalProgress, MeasureProgress, PlanVersion, Review
from integration_plans.services.progress import note_progress, progress_fields, review_plan
from integration_plans.standing import standing_of
from tests.factories.plans import agreed, close, goal, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def content(client):
    return agreed(client).goal_contents.get()


def note(client, by, *, states=None, done=None, remarks=None, on=None, **more):
    return note_progress(
        Actor(by),
        client,
        goal_states=states or {},
        measures_done=done or {},
        remarks=remarks or {},
        on=on or timezone.localdate(),
        **more,
    )


def test_it_works(client, manager, content):
    version = PlanVersion.objects.values().get()
    measure = content.measure_contents.first().measure
    note(
        client,
        manager,
        states={content.goal.uuid: GoalState.IN_PROGRESS},
        done={measure.uuid: True},
        remarks={content.goal.uuid: "Anmeldung ist abgegeben"},
    )
    content.goal.refresh_from_db()
    measure.refresh_from_db()
    assert (content.goal.state, content.goal.state_on) == (GoalState.IN_PROGRESS, timezone.localdate())
    assert measure.done_on == timezone.localdate()
    assert PlanVersion.objects.values().get() == version
    assert GoalProgress.objects.get().remark == "Anmeldung ist abgegeben"


def test_what_is_already_so_leaves_no_row(client, manager, content):
    measure = content.measure_contents.first().measure
    for _attempt in range(2):
        note(client, manager, states={content.goal.uuid: GoalState.IN_PROGRESS}, done={measure.uuid: True})
    assert GoalProgress.objects.count() == MeasureProgress.objects.count() == 1


def test_a_measure_can_turn_out_not_to_be_done(client, manager, content):
    measure = content.measure_contents.first().measure
    note(client, manager, done={measure.uuid: True})
    note(client, manager, done={measure.uuid: False})
    measure.refresh_from_db()
    assert measure.done_on is None
    assert list(measure.progress.order_by("pk").values_list("done", flat=True)) == [True, False]


def test_a_step_recorded_late_is_history(client, manager, content):
    today = timezone.localdate()
    note(client, manager, states={content.goal.uuid: GoalState.IN_PROGRESS})
    note(
        client,
        manager,
        states={content.goal.uuid: GoalState.ACHIEVED},
        on=today - datetime.timedelta(days=3),
    )
    content.goal.refresh_from_db()
    assert content.goal.state == GoalState.IN_PROGRESS


def test_dropping_a_goal_needs_a_reason(client, manager, content):
    with pytest.raises(ValidationError):
        note(client, manager, states={content.goal.uuid: GoalState.DROPPED})
    note(
        client,
        manager,
        states={content.goal.uuid: GoalState.DROPPED},
        remarks={content.goal.uuid: "Umzug nach Köln"},
    )
    with pytest.raises(ValidationError):
        note(client, manager, states={content.goal.uuid: GoalState.ACHIEVED})


def test_a_strangers_goal_is_refused_and_nothing_is_written(cast, client, manager, content):
    from tests.factories.clients import ClientFactory

    other = agreed(ClientFactory(manager=cast.outsider, municipality=cast.pfinztal)).goal_contents.get()
    with pytest.raises(ValidationError):
        note(
            client,
            manager,
            states={content.goal.uuid: GoalState.ACHIEVED, other.goal.uuid: GoalState.ACHIEVED},
        )
    assert not GoalProgress.objects.exists()


def test_a_goal_of_the_working_version_has_no_progress_yet(client, manager, content):
    fresh = goal(start(client), "Noch nicht vereinbart")
    with pytest.raises(ValidationError):
        note(client, manager, states={fresh.goal.uuid: GoalState.ACHIEVED})


def test_progress_does_not_lie_ahead(client, manager, content):
    with pytest.raises(ValidationError):
        note(
            client,
            manager,
            states={content.goal.uuid: GoalState.ACHIEVED},
            on=timezone.localdate() + datetime.timedelta(days=1),
        )


def test_of_two_people_noting_progress_the_second_is_told(client, manager, content):
    key = content.goal.uuid
    note(client, manager, states={key: GoalState.ACHIEVED}, expected_versions={key: 1})
    with pytest.raises(StaleRecord):
        note(client, manager, states={key: GoalState.NOT_ACHIEVED}, expected_versions={key: 1})


def test_the_log_form_gets_goals_measures_and_their_states(client, manager, content):
    (field,) = progress_fields(client, manager)
    assert field.title == "Ayla hat einen Kita-Platz"
    assert field.choices[0] == ("open", "offen")
    assert [(measure.side, measure.done) for measure in field.measures] == [
        (Side.CLIENT, False),
        (Side.SERVICE, False),
    ]


def test_a_stand_in_without_a_reason_neither_sees_nor_changes_health_goals(cast, client):
    version = start(client)
    goal(version, "Hausärztin gefunden", module="health")
    goal(version, "Kita-Platz")
    close(version)
    hidden = version.goal_contents.get(title="Hausärztin gefunden").goal
    assert [field.title for field in progress_fields(client, cast.substitute)] == ["Kita-Platz"]
    with pytest.raises(ValidationError):
        note(client, cast.substitute, states={hidden.uuid: GoalState.ACHIEVED})
    grant_health(Actor(cast.substitute), client, reason="Notfalltermin beim Arzt")
    assert len(progress_fields(client, cast.substitute)) == 2
    note(client, cast.substitute, states={hidden.uuid: GoalState.ACHIEVED})


def review(client, by, content, *, states=None, next_on=None, token=None, seen=1):
    version = PlanVersion.objects.get()
    return review_plan(
        Actor(by),
        Review(
            plan=version,
            reviewed_on=timezone.localdate(),
            note="Läuft gut",
            next_review_on=next_on,
            form_token=token or uuid.uuid4(),
        ),
        goal_states=states or {content.goal.uuid: content.goal.state},
        measures_done={},
        remarks={},
        expected_versions={content.goal.uuid: seen},
    )


def test_a_review_keeps_a_step_of_every_goal_and_sets_the_next_date(client, manager, content):
    following = timezone.localdate() + datetime.timedelta(days=90)
    review(client, manager, content, next_on=following)
    client.refresh_from_db()
    assert client.next_review_on == next_working_day(following)
    assert GoalProgress.objects.get().review.note == "Läuft gut"
    assert standing_of(client, timezone.localdate()).current.review_on == following


def test_a_review_that_fails_writes_nothing(client, manager, content):
    with pytest.raises(StaleRecord):
        review(client, manager, content, seen=7)
    assert not Review.objects.exists()


def test_the_same_review_posted_twice_is_one(client, manager, content):
    token = uuid.uuid4()
    review(client, manager, content, token=token)
    with pytest.raises(AlreadyDone):
        review(client, manager, content, token=token)
    assert Review.objects.count() == GoalProgress.objects.count() == 1
