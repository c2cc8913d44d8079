"""The numbers of a period report: the same counted by the database, record by record, and by the dashboard."""

import pytest

from accounts.models import Municipality
from appointments import figures as appointment_figures
from appointments.figures import Parts
from clients import figures as client_figures
from demo.world import at
from integration_plans import figures as plan_figures
from integration_plans.policies import policy_on
from reports import work
from reports.periods.sources import Asked, counted, facts_of, leading_of, refs_of
from reports.rules import periods
from reports.rules.counting import RULES, tallied
from tests.invented_town import AS_OF

pytestmark = pytest.mark.django_db

PERIODS = ["2026-10", "2026-Q2", "2026-05_2026-06", "2025"]


@pytest.fixture
def asked(town, request):
    return Asked.of(list(Municipality.objects.order_by("name")), periods.parse(request.param))


@pytest.mark.parametrize("asked", PERIODS, indirect=True)
def test_the_database_counts_what_is_there_record_by_record(asked):
    found = counted(asked, by_user=True)
    refs = refs_of(asked)
    one_by_one = tallied(facts_of(asked, refs, by_user=True), leading_of(asked, refs))
    assert found.total.numbers(1)["talks"] > 0
    assert found.total.numbers(1) == one_by_one.total.numbers(1)
    for now, then in ((found.places, one_by_one.places), (found.users, one_by_one.users)):
        assert {key: tally.numbers(1) for key, tally in now.items()} == {
            key: tally.numbers(1) for key, tally in then.items()
        }


@pytest.mark.parametrize("code", PERIODS)
def test_the_dashboard_says_the_same(town, code):
    stutensee = Municipality.objects.get(code="STU")
    period = periods.parse(code)
    asked = Asked.of([stutensee], period)
    numbers = counted(asked, by_user=False).total.numbers(1)
    files = client_figures.files_over_time([stutensee.pk])
    first, last = period.first, period.last
    activity = appointment_figures.activity(files, first, last)
    outcomes = appointment_figures.work_of(files, Parts.of((first, last)), at(AS_OF, 7)).outcomes.total
    stock = plan_figures.stock_with_plans(files, last, policy_on(last))
    goals = plan_figures.goal_attainment(files, first, last)
    flows = work.counted([stutensee], period, AS_OF, at(AS_OF, 7)).now
    assert (
        numbers["talks"],
        numbers["case_work"],
        numbers["visits_met"],
    ) == (activity.consultations, activity.case_work, activity.home_visits_met)
    assert {name: numbers[name] for name in ("held", "unexcused", "excused", "undecided", "cancelled")} == {
        name: getattr(outcomes, name) for name in ("held", "unexcused", "excused", "undecided", "cancelled")
    }
    assert (numbers["in_counselling"], numbers["in_counselling_planned"], numbers["overdue_reviews"]) == (
        stock.coverage.files,
        stock.coverage.valid,
        stock.overdue_reviews,
    )
    assert (numbers["goals_reached"], numbers["goals_reviewed"]) == (goals.reached, goals.reviewed)
    shared = ("visitors", "attendees", "opened", "closed", "enquiries", "enquiries_taken", "referrals")
    assert {name: numbers[name] for name in shared} == {name: getattr(flows, name) for name in shared}
    assert (numbers["office_hours"], numbers["group_events"]) == (flows.sessions, flows.events)
    assert numbers["active"] == client_figures.active_clients_on(files, [last])[0]


def test_every_version_of_the_rules_makes_the_same_numbers():
    assert {frozenset(rule) for rule in RULES.values()} == {frozenset(RULES[1])}
