"""The pages of the plan, as the manager, her stand-in and everybody else meet them."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.actor import Actor
from audit.models import AuditEntry
from integration_plans.choices import GoalState
from integration_plans.models import (
    Module,
    PlanVersion,
)
from integration_plans.services.progress import note_progress
from tests.factories.clients import ClientFactory
from tests.factories.plans import agreed, assess, close, decide, goal, start
from tests.integration_plans.plan_desk import text_of, token, url

pytestmark = pytest.mark.django_db
READS = ["plan", "print", "working_version", "assess", "agree", "review", "health"]


@pytest.fixture
def full(client):
    decide(assess(client, family=2))
    agreed(client)
    goal(start(client), "Neu")
    return client


@pytest.mark.parametrize("name", READS)
@pytest.mark.parametrize("role", ["colleague", "former", "outsider", "officer", "coordinator", "admin"])
def test_whoever_may_not_see_the_file_gets_404(as_user, cast, full, role, name):
    assert as_user(getattr(cast, role)).get(url(name, full)).status_code == 404


@pytest.mark.parametrize(
    ("name", "code"), [("agree", 403), ("review", 403), ("plan", 200), ("working_version", 200)]
)
def test_a_stand_in_prepares_but_does_not_agree_or_review(stand_in, full, name, code):
    assert stand_in.get(url(name, full)).status_code == code


def test_a_stand_in_notes_progress(stand_in, full):
    version = PlanVersion.objects.agreed().get()
    measure = version.goal_contents.get().measure_contents.first().measure
    assert stand_in.post(url("measure_done", full, measure.uuid), {"done": "1"}).status_code == 302


def test_the_list_of_plans_is_for_managers(as_user, cast):
    codes = {role: as_user(user).get("/plans/").status_code for role, user in cast.users.items()}
    refused = {"officer", "officer_elsewhere", "coordinator", "admin"}
    assert codes == {role: 403 if role in refused else 200 for role in cast.users}


def test_a_stand_in_reads_health_only_after_a_reason(browser, stand_in, client):
    decide(assess(client, family=1, health=4))
    version = start(client)
    goal(version, "Therapieplatz Lindenhof", module="health")
    goal(version, "Kita-Platz")
    close(version)
    following = start(client)
    detail = reverse("clients:detail", args=[client.uuid])
    pages = [url("plan", client), url("print", client) + "?health=1", url("working_version", client), detail]
    for page in pages:
        words = text_of(stand_in.get(page))
        assert "Lindenhof" not in words
        assert "bei akut liegt (Gesundheit)" not in words
    hidden = following.goal_contents.get(title="Therapieplatz Lindenhof")
    assert stand_in.get(url("goal_edit", client, hidden.uuid)).status_code == 404
    assert stand_in.post(url("goal_remove", client, hidden.uuid)).status_code == 404
    assert "level_health" not in stand_in.get(url("assess", client)).content.decode()

    refused = stand_in.post(url("health", client), {"form_token": token(), "version": "1", "reason": ""})
    assert refused.status_code == 422
    stand_in.post(
        url("health", client), {"form_token": token(), "version": "1", "reason": "Notfall in der Klinik"}
    )
    for page in pages:
        assert "Lindenhof" in text_of(stand_in.get(page))
    assert AuditEntry.objects.filter(action="client.health_granted").count() == 1
    assert "Gesundheitsdaten gezeigt für Mareike Ostendahl" in text_of(browser.get(url("plan", client)))
    assert "Notfall in der Klinik" in text_of(browser.get(url("plan", client)))


def test_what_was_said_while_a_goal_was_about_health_stays_protected(browser, stand_in, client, cast):
    version = start(client)
    goal(version, "Regelmäßige Fahrten", module="health")
    close(version)
    content = version.goal_contents.get()
    measure = content.measure_contents.first().measure
    note_progress(
        Actor(cast.manager),
        client,
        goal_states={content.goal.uuid: GoalState.IN_PROGRESS},
        measures_done={measure.uuid: False},
        remarks={content.goal.uuid: "zur Dialyse", measure.uuid: "Dialysepass fehlt noch"},
        on=timezone.localdate(),
    )
    following = start(client)
    following.goal_contents.update(module=Module.objects.exclude(sensitive=True).first())
    close(following)
    for name in ("plan", "print"):
        words = text_of(stand_in.get(url(name, client)))
        assert "Regelmäßige Fahrten" in words
        assert "Dialyse" not in words
    assert "zur Dialyse" in text_of(browser.get(url("plan", client)))


def test_the_grant_ends_after_four_hours(stand_in, client, time_machine):
    version = start(client)
    goal(version, "Therapieplatz Lindenhof", module="health")
    close(version)
    stand_in.post(url("health", client), {"form_token": token(), "version": "1", "reason": "Notfall"})
    assert "Lindenhof" in text_of(stand_in.get(url("plan", client)))
    time_machine.move_to(timezone.now() + datetime.timedelta(hours=4, minutes=1))
    assert "Lindenhof" not in text_of(stand_in.get(url("plan", client)))


@pytest.mark.facts_by_hand
def test_a_closed_file_can_be_read_and_not_written(browser, full):
    type(full).objects.filter(pk=full.pk).update(phase="closed")
    assert browser.get(url("plan", full)).status_code == 200
    assert browser.get(url("assess", full)).status_code == 403
    assert browser.post(url("working_version_start", full)).status_code == 403


def test_rows_of_another_file_do_not_exist_here(browser, cast, client):
    mine, other = client, ClientFactory(manager=cast.manager, municipality=cast.stutensee)
    start(mine)
    foreign = goal(start(other), "Fremd")
    assert browser.get(url("goal_edit", mine, foreign.uuid)).status_code == 404
    assessment = assess(other, finance=1)
    assert browser.get(url("intensity", mine, assessment.uuid)).status_code == 404
    assert browser.get(url("version_print", mine, foreign.plan.uuid)).status_code == 404
