"""What plans put into *Mein Tag*."""

import datetime

import pytest
from django.utils import timezone

from accounts.actor import Actor
from clients.choices import DueReader
from clients.health import grant_health
from clients.models import Client, PhaseChange
from integration_plans.choices import AgreementOutcome, GoalState
from integration_plans.due_items import PlanDue
from integration_plans.models import Module
from integration_plans.services.progress import note_progress
from tests.factories.clients import ClientFactory
from tests.factories.plans import agreed, assess, close, decide, goal, start
from tests.worklists import lines_of

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate
DAY = datetime.timedelta(days=1)
PLAN_KINDS = [*PlanDue, "unassessed_list", "no_plan_list"]


def due(user, kind=None, *, fresh=True):
    return lines_of(user, kinds=[kind] if kind else PLAN_KINDS, fresh=fresh)


def settled(client, **closing):
    decide(assess(client, family=2))
    return agreed(client, **closing)


def test_nothing_is_due_when_everything_is_in_order(client, manager):
    settled(client, review_on=TODAY() + 100 * DAY)
    assert due(manager) == []


@pytest.fixture
def wednesday(time_machine):
    """6 March 2030: no public holiday is near."""
    time_machine.move_to(timezone.make_aware(datetime.datetime(2030, 3, 6, 9, 0)), tick=False)


@pytest.mark.usefixtures("wednesday")
@pytest.mark.parametrize(("days", "state"), [(-3, "late"), (0, "today"), (14, "later"), (15, None)])
def test_a_review_shows_two_weeks_before_its_date(client, manager, days, state):
    settled(client, on=TODAY() - 50 * DAY, review_on=TODAY() + days * DAY)
    assert [line.state for line in due(manager, "review")] == ([state] if state else [])


@pytest.mark.usefixtures("wednesday")
@pytest.mark.parametrize(
    ("today", "state"),
    [("2030-03-16", "later"), ("2030-03-18", "today"), ("2030-03-19", "late")],
)
def test_a_review_of_a_sunday_is_due_on_monday(client, manager, time_machine, today, state):
    settled(client, review_on=datetime.date(2030, 3, 17))
    time_machine.move_to(timezone.make_aware(datetime.datetime.fromisoformat(f"{today} 09:00")), tick=False)
    (line,) = due(manager, "review", fresh=False)
    assert (line.when, line.state) == (datetime.date(2030, 3, 18), state)
    client.refresh_from_db()
    assert client.next_review_on == datetime.date(2030, 3, 18)


def test_a_goal_and_a_measure_show_a_week_before(client, manager):
    decide(assess(client, family=2))
    version = start(client)
    goal(version, "Bald", target_on=TODAY() + 7 * DAY, service_measure="")
    goal(version, "Später", target_on=TODAY() + 8 * DAY)
    close(version, review_on=TODAY() + 100 * DAY)
    assert [line.text for line in due(manager, "goal")] == ["Ziel: Bald"]
    (measure,) = due(manager, "measure")
    assert measure.text == "Maßnahme: Anmeldung abgeben (Klient:in)"
    assert measure.action_method == "post"


def test_several_measures_of_one_file_are_one_line(client, manager):
    decide(assess(client, family=2))
    version = start(client)
    goal(version, target_on=TODAY() - DAY)
    close(version, review_on=TODAY() + 100 * DAY)
    (line,) = due(manager, "measure")
    assert line.text == "2 Maßnahmen fällig, zuerst: Anmeldung abgeben"
    assert line.state == "late"


def test_what_is_done_is_not_due(client, manager):
    decide(assess(client, family=2))
    version = start(client)
    content = goal(version, target_on=TODAY() - DAY)
    close(version, review_on=TODAY() + 100 * DAY)
    note_progress(
        Actor(manager),
        client,
        goal_states={content.goal.uuid: GoalState.ACHIEVED},
        measures_done={},
        remarks={},
        on=TODAY(),
    )
    assert due(manager) == []


def test_a_superseded_version_reminds_of_nothing(client, manager):
    decide(assess(client, family=2))
    version = start(client)
    goal(version, "Alt", target_on=TODAY() - DAY)
    close(version, review_on=TODAY() + 100 * DAY)
    following = start(client)
    content = following.goal_contents.get()
    content.target_on = TODAY() + 60 * DAY
    content.save()
    content.measure_contents.update(due_on=None)
    close(following, review_on=TODAY() + 100 * DAY)
    assert due(manager) == []


@pytest.mark.usefixtures("wednesday")
def test_a_file_without_assessment_is_due_ninety_days_after_the_first_talk(client, manager):
    Client.objects.filter(pk=client.pk).update(counselling_started_on=TODAY() - 91 * DAY)
    (line,) = due(manager, "unassessed")
    assert (line.when, line.state) == (TODAY() - DAY, "late")


@pytest.mark.usefixtures("wednesday")
def test_the_list_of_plans_names_the_same_day_for_a_missing_assessment(client, manager, as_user):
    Client.objects.filter(pk=client.pk).update(counselling_started_on=TODAY() - 91 * DAY)
    page = as_user(manager).get("/plans/").content.decode()
    (row,) = [part for part in page.split('<li class="entry">') if client.case_no in part]
    assert "überfällig" in row
    assert "ohne Termin" not in row


def test_before_the_first_talk_no_assessment_is_missing(client, manager):
    assert due(manager) == []


def test_an_open_decision_and_a_missing_agreement_are_named(client, manager):
    assessment = assess(client, family=2)
    assert [line.kind for line in due(manager)] == ["intensity"]
    decide(assessment)
    assert [line.kind for line in due(manager)] == ["unagreed"]
    goal(start(client))
    assert [line.kind for line in due(manager)] == ["working_version"]


def test_a_refusal_is_respected_and_reminds_of_nothing(client, manager):
    decide(assess(client, family=2))
    agreed(client, outcome=AgreementOutcome.DECLINED)
    assert due(manager) == []


def test_many_files_without_agreement_are_one_line(cast, manager):
    for _number in range(5):
        client = ClientFactory(manager=manager, municipality=cast.stutensee)
        decide(assess(client, family=2))
    (line,) = due(manager)
    assert line.title == "5 Akten ohne Vereinbarung"
    assert line.url == "/plans/?state=no_plan"


def test_nobody_is_reminded_of_paused_or_closed_files(client, manager):
    settled(client, on=TODAY() - 50 * DAY, review_on=TODAY() - 3 * DAY)
    Client.objects.filter(pk=client.pk).update(phase="paused")
    assert due(manager) == []


def test_a_stand_in_is_not_asked_to_review_and_sees_health_goals_only_with_a_reason(cast, client):
    decide(assess(client, family=2))
    version = start(client)
    goal(version, "Therapieplatz", module="health", target_on=TODAY() - DAY)
    close(version, on=TODAY() - 2 * DAY, review_on=TODAY() - DAY)
    # The day of the review follows from the level, and all modules decide the level.
    assert due(cast.substitute) == []
    grant_health(Actor(cast.substitute), client, reason="Anruf der Klinik")
    assert {line.kind for line in due(cast.substitute)} == {"review", "goal", "measure"}
    assert due(cast.substitute, "review")[0].action_label == "Plan ansehen"


@pytest.mark.parametrize(("leading", "also"), [("health", ()), ("family", ("health",))])
def test_a_protected_goal_and_its_measures_tell_no_day(client, leading, also):
    decide(assess(client, family=2))
    version = start(client)
    content = goal(version, "Therapieplatz", module=leading, target_on=TODAY() - 300 * DAY)
    content.other_modules.set(Module.objects.filter(code__in=also))
    close(version, review_on=TODAY() + 100 * DAY)
    wanted = client.due_items.filter(kind__in=[PlanDue.GOAL, PlanDue.MEASURE])
    assert list(wanted.values_list("reader", flat=True)) == [DueReader.HEALTH] * 3
    assert Client.objects.get(pk=client.pk).next_due_on != TODAY() - 300 * DAY


@pytest.mark.parametrize(("days", "state"), [(29, None), (30, "today"), (31, "late")])
@pytest.mark.facts_by_hand
def test_a_client_gone_quiet_shows_when_the_interval_ends(client, manager, days, state):
    decide(assess(client, finance=3, education=3))
    agreed(client, review_on=TODAY() + 100 * DAY)
    Client.objects.filter(pk=client.pk).update(last_contact_on=TODAY() - days * DAY)
    assert [line.state for line in due(manager, "quiet")] == ([state] if state else [])


@pytest.mark.facts_by_hand
def test_after_a_pause_the_interval_counts_from_the_resume(client, manager):
    decide(assess(client, finance=3, education=3))
    Client.objects.filter(pk=client.pk).update(last_contact_on=TODAY() - 200 * DAY)
    for phase, days in (("paused", 20), ("active", 10)):
        PhaseChange.objects.create(
            client=client, phase=phase, on=TODAY() - days * DAY, at=timezone.now(), by=manager
        )
    assert due(manager, "quiet") == []


def test_nobody_else_sees_these_lines(cast, client):
    settled(client, on=TODAY() - 50 * DAY, review_on=TODAY() - 3 * DAY)
    for user in (cast.colleague, cast.former, cast.outsider, cast.officer, cast.admin):
        assert due(user) == []
