"""A manager writes the working version and closes it; from then on the content stands still."""

import datetime
import threading
import uuid
from typing import Any

import pytest
from django.db import close_old_connections, connection
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from accounts.records import DuplicateSubmission, StaleRecord
from accounts.rules.calendar import next_working_day
from integration_plans.choices import AgreementOutcome, GoalState, Side
from integration_plans.models import (
    Goal,
    GoalContent,
    Measure,
    MeasureContent,
    Module,
    PlanVersion,
)
from integration_plans.rules.plan import Fault
from integration_plans.services.plans import (
    NotAgreeable,
    VersionClosed,
    add_goal,
    add_measure,
    change_goal,
    change_measure,
    close_version,
    discard_version,
    remove_goal,
    remove_measure,
    start_version,
)
from integration_plans.services.progress import note_progress, version_in_force
from tests.access.typing import typed_form
from tests.cast import load_cast
from tests.factories.clients import ClientFactory
from tests.factories.plans import agreed, assess, close, decide, goal, start

pytestmark = pytest.mark.django_db


def content_of(version: PlanVersion) -> list[Any]:
    """Every row that says what this version agreed."""
    return [
        list(PlanVersion.objects.filter(pk=version.pk).values()),
        list(GoalContent.objects.filter(plan=version).order_by("pk").values()),
        list(
            GoalContent.other_modules.through.objects.filter(goalcontent__plan=version)
            .order_by("pk")
            .values()
        ),
        list(MeasureContent.objects.filter(goal_content__plan=version).order_by("pk").values()),
        list(version.assessment.entries.order_by("pk").values()) if version.assessment else [],
    ]


def test_it_works(client):
    decide(assess(client, finance=3))
    review_on = timezone.localdate() + datetime.timedelta(days=180)
    version = agreed(client, review_on=review_on)
    client.refresh_from_db()
    assert version.number == 1
    assert version_in_force(client, timezone.localdate()) == version
    assert client.next_review_on == next_working_day(review_on)
    assert version.assessment == client.assessments.get()


def test_no_later_write_changes_what_was_agreed(client, manager):
    now = timezone.now()
    decide(assess(client, family=3, health=2))
    version = agreed(client, "Kita-Platz", "Integrationskurs")
    before = content_of(version)
    first, second = version.goal_contents.all()
    measure = first.measure_contents.first().measure

    note_progress(
        Actor(manager, now),
        client,
        goal_states={first.goal.uuid: GoalState.IN_PROGRESS, second.goal.uuid: GoalState.DROPPED},
        measures_done={measure.uuid: True},
        remarks={second.goal.uuid: "Der Kurs fällt aus"},
        on=timezone.localdate(),
    )
    decide(assess(client, finance=4))
    following = start(client)
    copied = following.goal_contents.get()
    copied.title = "Ganz anderer Titel"
    change_goal(
        Actor(manager, now),
        copied,
        expected_version=copied.version,
        other_modules=Module.objects.filter(code="work"),
    )
    moved = copied.measure_contents.first()
    moved.text = "Etwas anderes"
    change_measure(Actor(manager, now), moved, expected_version=moved.version)
    remove_goal(Actor(manager, now), copied)
    goal(following, "Neues Ziel")
    close(following)
    Module.objects.filter(code="family").update(label_de="Umbenannt")

    assert content_of(version) == before
    assert version.goal_contents.first().modules_as_agreed == "Familie"


@pytest.mark.parametrize("outcome", AgreementOutcome)
def test_a_closed_version_refuses_every_write(client, manager, outcome):
    now = timezone.now()
    version = agreed(client, outcome=outcome)
    content = version.goal_contents.get()
    measure = content.measure_contents.first()
    before = content_of(version)
    writes = [
        lambda: add_goal(Actor(manager, now), GoalContent(plan=version, title="Spät", module=content.module)),
        lambda: change_goal(Actor(manager, now), content, expected_version=content.version, other_modules=()),
        lambda: remove_goal(Actor(manager, now), content),
        lambda: add_measure(
            Actor(manager, now), MeasureContent(goal_content=content, side=Side.CLIENT, text="Spät")
        ),
        lambda: change_measure(Actor(manager, now), measure, expected_version=measure.version),
        lambda: remove_measure(Actor(manager, now), measure),
        lambda: discard_version(Actor(manager, now), version),
    ]
    for write in writes:
        with pytest.raises(VersionClosed):
            write()
    assert content_of(version) == before


@pytest.mark.parametrize("outcome", [AgreementOutcome.SIGNED, AgreementOutcome.ORAL])
def test_an_agreement_needs_one_measure_of_each_side(client, outcome):
    version = start(client)
    goal(version, service_measure="")
    with pytest.raises(NotAgreeable) as refused:
        close(version, outcome)
    assert refused.value.faults == [Fault.NO_SERVICE_MEASURE]
    assert PlanVersion.objects.get(pk=version.pk).is_working


def test_both_sides_may_promise_in_different_goals(client):
    version = start(client)
    goal(version, "Eins", service_measure="")
    goal(version, "Zwei", client_measure="")
    assert close(version).number == 1


def test_declining_is_valid_and_supersedes_nothing(client):
    first = agreed(client)
    version = start(client)
    version.goal_contents.get().measure_contents.all().delete()
    close(version, AgreementOutcome.DECLINED)
    assert version_in_force(client, timezone.localdate()) == first


def test_the_next_version_carries_unfinished_goals_and_open_measures_forward(client, manager):
    version = agreed(client, "Offen", "Erreicht", "Verworfen")
    still_open, achieved, dropped = version.goal_contents.all()
    done, to_do = still_open.measure_contents.all()
    note_progress(
        Actor(manager),
        client,
        goal_states={achieved.goal.uuid: GoalState.ACHIEVED, dropped.goal.uuid: GoalState.DROPPED},
        measures_done={done.measure.uuid: True},
        remarks={dropped.goal.uuid: "nicht mehr gewünscht"},
        on=timezone.localdate(),
    )
    following = start(client)
    copied = following.goal_contents.get()
    assert (following.number, copied.title, copied.goal) == (2, "Offen", still_open.goal)
    assert [row.measure for row in copied.measure_contents.all()] == [to_do.measure]


def test_there_is_one_working_version(client, manager):
    assert start(client) == start_version(Actor(manager), client)
    assert PlanVersion.objects.count() == 1


def test_what_was_never_agreed_leaves_no_goal_behind(client, manager):
    version = start(client)
    goal(version)
    discard_version(Actor(manager), version)
    assert not Goal.objects.exists()
    assert not Measure.objects.exists()


def test_discarding_keeps_goals_of_the_version_in_force(client, manager):
    version = agreed(client)
    discard_version(Actor(manager), start(client))
    assert version.goal_contents.get().goal in Goal.objects.all()


def test_agreeing_an_old_picture_of_the_content_is_refused(client, manager):
    version = start(client)
    goal(version)
    version.refresh_from_db()
    seen = version.version
    goal(version, "Kam dazwischen")
    version.outcome, version.agreed_on = AgreementOutcome.SIGNED, timezone.localdate()
    with pytest.raises(StaleRecord):
        close_version(Actor(manager), version, expected_version=seen, form_token=uuid.uuid4())
    assert PlanVersion.objects.get(pk=version.pk).is_working


def test_closing_twice_with_the_same_form_is_one_agreement(client, manager):
    version = start(client)
    goal(version)
    version.refresh_from_db()
    seen, token = version.version, uuid.uuid4()
    version.outcome, version.agreed_on = AgreementOutcome.ORAL, timezone.localdate()
    close_version(Actor(manager), version, expected_version=seen, form_token=token)
    with pytest.raises(DuplicateSubmission) as done:
        close_version(Actor(manager), version, expected_version=seen, form_token=token)
    assert done.value.record == version


def test_the_same_goal_posted_twice_is_one_goal(client, manager):
    version = start(client)
    module, token = Module.objects.get(code="family"), uuid.uuid4()
    first = GoalContent(plan=version, title="Einmal", module=module, form_token=token)
    add_goal(Actor(manager), first)
    again = GoalContent(plan=version, title="Einmal", module=module, form_token=token)
    with pytest.raises(DuplicateSubmission) as done:
        add_goal(Actor(manager), again)
    assert done.value.record == first
    assert Goal.objects.count() == GoalContent.objects.count() == 1


def test_of_two_people_changing_a_goal_the_second_is_told(client, manager):
    version = start(client)
    content = goal(version)
    mine, yours = GoalContent.objects.get(pk=content.pk), GoalContent.objects.get(pk=content.pk)
    mine.title, yours.title = "Meins", "Ihres"
    change_goal(Actor(manager), mine, expected_version=1, other_modules=())
    with pytest.raises(StaleRecord):
        change_goal(Actor(manager), yours, expected_version=1, other_modules=())
    assert GoalContent.objects.get().title == "Meins"


def test_a_plan_of_an_earlier_counselling_period_is_not_in_force(client):
    agreed(client)
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    client.periods.update(closed_on=timezone.localdate())
    client.periods.create(opened_on=tomorrow)
    assert version_in_force(client, tomorrow) is None


@pytest.mark.django_db(transaction=True)
def test_two_at_once_start_one_version_and_close_it_once():
    cast = load_cast()
    client = ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    outcomes: list[str] = []
    barrier = threading.Barrier(2)

    def start_and_close() -> None:
        try:
            barrier.wait(timeout=20)
            version = start_version(Actor(cast.manager), client)
            barrier.wait(timeout=20)
            content = GoalContent(plan=version, title="Ziel", module=Module.objects.get(code="family"))
            measures = [MeasureContent(side=side, text="Schritt") for side in (Side.CLIENT, Side.SERVICE)]
            add_goal(Actor(cast.manager), content, measures=measures)
            barrier.wait(timeout=20)
            version.refresh_from_db()
            seen = version.version
            barrier.wait(timeout=20)
            version.outcome, version.agreed_on = AgreementOutcome.SIGNED, timezone.localdate()
            close_version(Actor(cast.manager), version, expected_version=seen, form_token=uuid.uuid4())
            outcomes.append("closed")
        except StaleRecord:
            outcomes.append("told")
        finally:
            close_old_connections()
            connection.close()

    threads = [threading.Thread(target=start_and_close) for _number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(outcomes) == ["closed", "told"]
    assert PlanVersion.objects.count() == 1
    assert GoalContent.objects.count() == 2


def test_a_draft_of_the_agreement_meets_the_goals_of_today(client, cast, as_user):
    version = start(client)
    browser = as_user(client.manager)
    agree = reverse("file_plans:agree", args=[client.uuid])
    entries = {"outcome": "signed", "agreed_on": timezone.localdate().isoformat(), "place": "Stutensee"}
    first = browser.post(agree, typed_form(browser.get(agree).text).filled(**entries))
    assert first.status_code == 422
    goal(version, "Briefe selbst lesen")
    page = browser.get(agree).text
    assert "Entwurf" in page
    again = browser.post(agree, typed_form(page).filled(**entries))
    assert again.status_code == 302, again.text
