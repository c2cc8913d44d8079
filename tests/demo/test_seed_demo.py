"""The invented town is consistent with the rules and has something true for every screen."""

import datetime as dt
import html
import itertools
import re

import pytest
from django.test import Client as Browser
from django.urls import reverse

from accounts.absence_coverage import absence_coverages
from accounts.access import scope_of
from accounts.actor import Actor
from accounts.models import Absence, Municipality, StandIn, User
from appointments.models import Appointment, AppointmentOutcome, Contact
from appointments.rules.appointment import NOT_BLOCKING
from audit.models import AuditEntry
from clients import actions
from clients.choices import DuplicateReason, Phase, ReachKind
from clients.file_facts import phase_proposal
from clients.models import Client, DueItem, DuplicateDismissal, PhaseChange, ReachPeriod
from clients.services.duplicates import suspected_of
from clients.services.reach import unrecorded
from clients.worklist import Group
from demo.world import at
from integration_plans.choices import ReviewState
from integration_plans.models import Goal, GoalProgress
from integration_plans.plan_status import plan_statuses
from outreach.choices import Stage
from outreach.due_items import OutreachDue
from outreach.models import Ladder
from reports import my_day
from reports.absences import without_stand_in
from reports.models import ProtectedTable
from tests.demo import derived
from tests.invented_town import AS_OF

NOW = at(AS_OF, 7)


def test_clients_means_files_in_phase_active(town):
    assert town.active == 60
    assert Client.objects.filter(phase=Phase.ACTIVE).count() == 60
    assert Client.objects.count() == town.files > 60


def test_what_lists_show_is_what_the_facts_say(town):
    stored, by_rule = derived.summary_columns(AS_OF, NOW)
    assert stored == by_rule


def test_the_ladders_are_those_the_rule_computes(town):
    stored, computed = derived.ladders(NOW)
    assert stored == computed


def test_what_is_known_of_reaching_people_is_what_the_files_say(town):
    assert ReachPeriod.objects.filter(withdrawn_at=None).exists()
    assert [client.case_no for client in Client.objects.all() if unrecorded([client], NOW)] == []
    kinds = set(ReachPeriod.objects.values_list("kind", flat=True))
    assert {
        ReachKind.HOME,
        ReachKind.PHONE,
        ReachKind.MAIL_RETURNS,
        ReachKind.NO_HOME_VISITS,
    } - kinds == set()
    assert not ReachPeriod.objects.filter(recorded_at__gt=NOW).exists()


def test_a_ladder_stands_open_at_every_step(town):
    open_ladders = Ladder.objects.filter(ended_at=None, client__manager__username="manager")
    stages = set(open_ladders.filter(suspended=False).values_list("stage", flat=True))
    assert stages == {stage.value for stage in Stage if stage != Stage.ENDED}
    assert Ladder.objects.filter(ended_at=None, suspended=True).exists()
    assert DueItem.objects.filter(kind=OutreachDue.QUESTION).exists()


def test_nothing_was_recorded_on_the_day_itself_or_later(town):
    morning = at(AS_OF, 0)
    assert not Contact.objects.filter(recorded_at__gte=morning).exists()
    assert not AppointmentOutcome.objects.filter(recorded_at__gte=morning).exists()
    assert not Appointment.objects.filter(recorded_at__gte=morning).exists()
    assert not PhaseChange.objects.filter(at__gte=morning).exists()


def test_no_manager_is_in_two_places(town):
    taken = (
        Appointment.objects.exclude(state__in=NOT_BLOCKING)
        .order_by("manager_id", "starts_at")
        .values_list("manager_id", "starts_at", "ends_at")
    )
    rows = list(taken)
    for (manager, _start, end), (next_manager, start, _end) in itertools.pairwise(rows):
        assert manager != next_manager or start >= end


def test_my_day_of_the_manager_has_something_of_everything(town):
    manager = User.objects.get(username="manager")
    lines = my_day.collect(manager, scope_of(manager, AS_OF), AS_OF, NOW)
    groups = {line.group for line in lines}
    assert groups == set(Group) - {Group.CASELOADS, Group.ABSENCES, Group.ACCOUNTS}
    assert all(my_day.in_blocks(lines).values())
    assert {line.state for line in lines} == {"late", "today", "later"}


@pytest.mark.parametrize(
    ("username", "phases"),
    [
        ("manager", [Phase.CONTACTING, Phase.INTAKE, Phase.PAUSED]),
        ("colleague", [Phase.CONTACTING, Phase.PAUSED]),
    ],
)
def test_a_next_phase_is_proposed(town, username, phases):
    manager = User.objects.get(username=username)
    lines = my_day.collect(manager, scope_of(manager, AS_OF), AS_OF, NOW)
    proposed = [line.case_no for line in lines if line.kind == "phase"]
    files = Client.objects.filter(case_no__in=proposed, manager=manager)
    assert sorted(files.values_list("phase", flat=True)) == phases
    for client in files:
        proposal = phase_proposal(client, client.periods.all())
        assert client.phase_since <= proposal.on < AS_OF


def seen_in_file(client, user):
    """The part of the file that says who may be the same person, without marks."""
    browser = Browser()
    browser.force_login(user)
    page = browser.get(reverse("clients:person", args=[client.uuid]))
    assert page.status_code == 200
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page.content.decode()))


def test_one_pair_is_suspected_and_one_is_told_apart(town, time_machine):
    time_machine.move_to(f"{AS_OF}T08:00:00Z", tick=False)
    manager = User.objects.get(username="manager")
    dismissal = DuplicateDismissal.objects.get()
    assert dismissal.holds
    assert dismissal.dismissed_by == manager
    assert max(dismissal.client.registered_at, dismissal.other.registered_at) < dismissal.dismissed_at < NOW
    files = Client.objects.filter(manager=manager)
    suspected = {
        frozenset((client.pk, twin.client.pk))
        for client in files
        for twin in suspected_of(Actor(manager), client, "")
        if set(twin.suspicion.reasons) == {DuplicateReason.SIMILAR_NAME, DuplicateReason.SAME_BIRTH_DATE}
    }
    assert len(suspected) == 1
    dismissed = {dismissal.client_id, dismissal.other_id}
    assert not dismissed & set(*suspected)
    about_both = AuditEntry.objects.filter(action=actions.DUPLICATE_DISMISSED.code, actor=manager)
    subjects = Client.objects.filter(pk__in=dismissed).values_list("subject_ref", flat=True)
    assert set(about_both.values_list("subject_ref", flat=True)) == set(subjects)
    assert "andere Person, entschieden am" in seen_in_file(dismissal.client, manager)
    twin, _newcomer = Client.objects.filter(pk__in=set(*suspected)).order_by("pk")
    assert "dieselbe Person: ähnlicher Name, gleiches Geburtsdatum" in seen_in_file(twin, manager)


def test_plans_stand_in_every_state(town):
    found = plan_statuses(list(Client.objects.filter(phase=Phase.ACTIVE).values_list("pk", flat=True)), AS_OF)
    states = {standing.state for standing in found.values()}
    # Every plan of the demonstration has a day of review.
    assert states == set(ReviewState) - {ReviewState.UNDATED}


def test_a_goal_stands_where_its_latest_progress_put_it(town):
    steps = GoalProgress.objects.order_by("goal_id", "on", "id").values_list("goal_id", "state", "on")
    latest = {goal: (state, on) for goal, state, on in steps}
    stored = Goal.objects.filter(pk__in=latest).values_list("pk", "state", "state_on")
    assert len(latest) > 50
    assert {pk: (state, on) for pk, state, on in stored} == latest


def test_stand_ins_are_over_or_planned_never_active(town):
    assert StandIn.objects.count() == 2
    assert not StandIn.objects.active_on(AS_OF).exists()


def test_one_absence_is_covered_and_one_of_today_is_not(town):
    today, planned = absence_coverages(Absence.objects.not_over_on(AS_OF).order_by("since"), AS_OF)
    assert (planned.absence.user.username, planned.gaps) == ("colleague", [])
    assert today.is_missing_on(AS_OF)
    (unattended,) = without_stand_in(list(Municipality.objects.all()), AS_OF, everywhere=True)
    assert (unattended.name, unattended.steps) == ("Silke Wiedenroth", 1)


def test_tables_of_people_are_stored_and_files_have_joined_the_list_of_cases(town):
    days = set(ProtectedTable.objects.values_list("day", flat=True))
    assert days == {dt.date(2025, 12, 31), dt.date(2026, 6, 30)}
    listed = Client.objects.exclude(list_number=None)
    assert listed.exists()
    assert not listed.filter(phase=Phase.CLOSED).exists()
    assert not listed.filter(periods__opened_on__gt=dt.date(2026, 9, 30), periods__closed_on=None).exists()


def test_no_surname_is_a_member_of_staff_or_a_word(town):
    surnames = set(Client.objects.values_list("surname", flat=True))
    assert not surnames & set(User.objects.values_list("last_name", flat=True))
    assert all(len(surname) >= 6 for surname in surnames)


@pytest.mark.parametrize("username", ["manager", "colleague", "outsider", "officer", "coordinator"])
def test_no_link_of_a_start_page_is_dead(town, username, time_machine):
    time_machine.move_to(f"{AS_OF}T08:00:00Z", tick=False)
    browser = Browser()
    browser.force_login(User.objects.get(username=username))
    page = browser.get("/", follow=True)
    assert page.status_code == 200
    links = set(re.findall(r'<a [^>]*href="(/[^"]*)"', page.content.decode()))
    assert len(links) > 5
    dead = {link for link in links if browser.get(html.unescape(link), follow=True).status_code != 200}
    assert not dead
