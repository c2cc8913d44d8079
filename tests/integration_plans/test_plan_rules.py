from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integration_plans.choices import AgreementOutcome, GoalState, ReviewState, Side
from integration_plans.rules.plan import (
    Fault,
    ReviewDate,
    VersionFacts,
    agreed_version,
    agreement_faults,
    is_carried_forward,
    is_review_overdue,
    is_valid,
    lapsed_before,
    may_become,
    needs_reason,
    overdue_before,
    review_date_in_force,
    review_due_on,
    review_state,
)

TODAY = date(2019, 3, 14)
BOTH = [Side.CLIENT, Side.SERVICE]


def version(
    number=1, outcome=AgreementOutcome.SIGNED, agreed_on=date(2018, 12, 17), review_on=date(2019, 6, 17)
):
    return VersionFacts(number=number, outcome=outcome, agreed_on=agreed_on, review_on=review_on)


def faults(outcome=AgreementOutcome.SIGNED, goals=1, sides=BOTH, agreed_on=TODAY, review_on=None):
    return agreement_faults(
        outcome=outcome, goals=goals, sides=sides, agreed_on=agreed_on, review_on=review_on, today=TODAY
    )


def state(*versions, assessed=True, today=TODAY, since=date(2018, 1, 22)):
    return review_state(assessed=assessed, versions=versions, today=today, period_started_on=since)


@pytest.mark.parametrize("before", [GoalState.OPEN, GoalState.IN_PROGRESS])
def test_an_unfinished_goal_may_become_anything(before):
    assert all(may_become(before, after) for after in GoalState)


@pytest.mark.parametrize("before", [GoalState.ACHIEVED, GoalState.PARTLY, GoalState.NOT_ACHIEVED])
def test_a_finished_goal_may_be_judged_again_but_not_dropped(before):
    assert may_become(before, GoalState.IN_PROGRESS)
    assert not may_become(before, GoalState.DROPPED)


def test_a_dropped_goal_is_taken_up_before_it_is_achieved():
    assert may_become(GoalState.DROPPED, GoalState.OPEN)
    assert not may_become(GoalState.DROPPED, GoalState.ACHIEVED)


@pytest.mark.parametrize("same", GoalState)
def test_a_remark_without_a_new_state_is_always_possible(same):
    assert may_become(same, same)


def test_only_dropping_needs_a_reason():
    assert [goal for goal in GoalState if needs_reason(goal)] == [GoalState.DROPPED]


def test_what_is_achieved_or_given_up_is_not_carried_forward():
    assert {goal for goal in GoalState if is_carried_forward(goal)} == {
        GoalState.OPEN,
        GoalState.IN_PROGRESS,
        GoalState.PARTLY,
    }


def test_an_agreement_with_both_sides_has_no_fault():
    assert faults() == []


@pytest.mark.parametrize("outcome", [AgreementOutcome.SIGNED, AgreementOutcome.ORAL])
def test_an_agreement_needs_one_measure_of_each_side(outcome):
    assert faults(outcome, sides=[Side.CLIENT]) == [Fault.NO_SERVICE_MEASURE]
    assert faults(outcome, sides=[Side.SERVICE, Side.THIRD_PARTY]) == [Fault.NO_CLIENT_MEASURE]


def test_an_agreement_needs_a_goal():
    assert faults(goals=0, sides=[]) == [Fault.NO_GOAL, Fault.NO_CLIENT_MEASURE, Fault.NO_SERVICE_MEASURE]


def test_a_declined_version_needs_nothing_of_either_side():
    assert faults(AgreementOutcome.DECLINED, goals=0, sides=[]) == []


def test_nothing_is_agreed_in_the_future():
    assert faults(agreed_on=TODAY + timedelta(days=1)) == [Fault.DATE_IN_FUTURE]


def test_the_review_comes_after_the_agreement():
    assert faults(review_on=TODAY) == [Fault.REVIEW_NOT_AFTER]
    assert faults(review_on=TODAY + timedelta(days=1)) == []


def test_the_last_agreed_version_is_in_force():
    versions = [version(1), version(2)]
    assert agreed_version(versions, today=TODAY, period_started_on=None) == versions[1]


def test_a_declined_version_supersedes_nothing():
    versions = [version(1), version(2, AgreementOutcome.DECLINED)]
    assert agreed_version(versions, today=TODAY, period_started_on=None) == versions[0]


def test_a_plan_of_an_earlier_period_does_not_count():
    assert agreed_version([version()], today=TODAY, period_started_on=date(2018, 12, 18)) is None
    assert agreed_version([version()], today=TODAY, period_started_on=date(2018, 12, 17)) == version()


def test_a_plan_is_valid_to_its_review_date_plus_thirty_days_inclusive():
    plan = version(review_on=date(2019, 2, 12))
    assert is_valid(plan, date(2019, 3, 14))
    assert not is_valid(plan, date(2019, 3, 15))


def test_a_plan_without_review_date_is_valid_and_not_overdue():
    plan = version(review_on=None)
    assert is_valid(plan, TODAY)
    assert not is_review_overdue(plan.review_on, TODAY)


def test_a_review_is_overdue_from_the_day_after_its_date():
    assert not is_review_overdue(TODAY, TODAY)
    assert is_review_overdue(TODAY - timedelta(days=1), TODAY)


@pytest.mark.parametrize(
    ("review_on", "due_on"),
    [
        ("2019-03-14", "2019-03-14"),
        # A Sunday; Good Friday before the Easter weekend; Christmas Eve and New Year's Eve are working days.
        ("2019-03-17", "2019-03-18"),
        ("2019-04-19", "2019-04-23"),
        ("2019-12-24", "2019-12-24"),
        ("2019-12-31", "2019-12-31"),
        ("2020-01-01", "2020-01-02"),
    ],
)
def test_a_review_is_due_on_a_working_day_and_overdue_from_the_day_after(review_on, due_on):
    review_on, due_on = date.fromisoformat(review_on), date.fromisoformat(due_on)
    assert review_due_on(review_on) == due_on
    assert not is_review_overdue(review_on, due_on)
    assert is_review_overdue(review_on, due_on + timedelta(days=1))


def test_the_thirty_days_of_a_valid_plan_count_from_the_unmoved_date():
    # Sunday, 17 March, due on Monday the 18th; thirty days after the 17th is 16 April.
    plan = version(review_on=date(2019, 3, 17))
    assert is_valid(plan, date(2019, 4, 16))
    assert not is_valid(plan, date(2019, 4, 17))


def test_the_state_of_a_plan_goes_by_the_day_its_review_is_due():
    sunday = version(review_on=date(2019, 3, 17))
    assert state(sunday, today=date(2019, 3, 18)) == ReviewState.DUE_SOON
    assert state(sunday, today=date(2019, 3, 19)) == ReviewState.OVERDUE
    # Fourteen days before Monday, 1 April.
    end_of_month = version(review_on=date(2019, 3, 30))
    assert state(end_of_month, today=date(2019, 3, 17)) == ReviewState.CURRENT
    assert state(end_of_month, today=date(2019, 3, 18)) == ReviewState.DUE_SOON


@given(st.dates(date(2018, 1, 1), date(2020, 12, 31)), st.dates(date(2018, 1, 1), date(2020, 12, 31)))
def test_an_invalid_plan_is_always_overdue(review_on, today):
    plan = version(agreed_on=date(2017, 12, 1), review_on=review_on)
    assert is_valid(plan, today) or is_review_overdue(review_on, today)


@pytest.mark.parametrize(
    ("review_on", "expected"),
    [
        (None, ReviewState.UNDATED),
        (date(2019, 2, 11), ReviewState.LAPSED),
        (date(2019, 2, 12), ReviewState.OVERDUE),
        (date(2019, 3, 13), ReviewState.OVERDUE),
        (date(2019, 3, 14), ReviewState.DUE_SOON),
        (date(2019, 3, 28), ReviewState.DUE_SOON),
        (date(2019, 3, 29), ReviewState.CURRENT),
    ],
)
def test_review_state_by_review_date(review_on, expected):
    assert state(version(review_on=review_on)) == expected


def test_review_state_without_an_agreement():
    assert state(assessed=False) == ReviewState.UNASSESSED
    assert state() == ReviewState.NO_PLAN
    assert state(version(outcome=AgreementOutcome.DECLINED)) == ReviewState.DECLINED


def test_an_agreement_in_force_stands_beside_a_later_refusal():
    assert state(version(1), version(2, AgreementOutcome.DECLINED)) == ReviewState.CURRENT


DAYS_AROUND = st.dates(date(2018, 12, 1), date(2020, 1, 31))


@given(DAYS_AROUND, DAYS_AROUND, st.integers(0, 60))
def test_the_limits_for_many_plans_are_those_of_each_one(review_on, today, grace_days):
    plan = version(agreed_on=date(2017, 12, 1), review_on=review_on)
    assert (review_on < overdue_before(today)) == is_review_overdue(review_on, today)
    assert (review_on < lapsed_before(today, grace_days)) != is_valid(plan, today, grace_days)


def set_on(day: int, review_on: date | None) -> ReviewDate:
    return ReviewDate(set_at=datetime(2019, 3, day, 10, tzinfo=UTC), review_on=review_on)


def test_without_a_plan_the_confirmed_intensity_sets_the_review():
    assert review_date_in_force(None, set_on(1, date(2019, 6, 1))) == date(2019, 6, 1)
    assert review_date_in_force(None, None) is None


def test_a_crisis_confirmed_after_the_agreement_pulls_the_review_forward():
    plan, crisis = set_on(1, date(2019, 9, 1)), set_on(10, date(2019, 4, 7))
    assert review_date_in_force(plan, crisis) == date(2019, 4, 7)


def test_assessing_again_does_not_put_a_review_off():
    plan, regular = set_on(1, date(2019, 3, 8)), set_on(10, date(2019, 9, 10))
    assert review_date_in_force(plan, regular) == date(2019, 3, 8)


def test_the_agreement_sets_its_own_date_over_an_earlier_intensity():
    crisis, plan = set_on(1, date(2019, 3, 29)), set_on(10, date(2019, 9, 10))
    assert review_date_in_force(plan, crisis) == date(2019, 9, 10)


def test_an_open_review_date_is_filled_by_a_later_intensity_only():
    intensity = set_on(10, date(2019, 9, 10))
    assert review_date_in_force(set_on(1, None), intensity) == date(2019, 9, 10)
    assert review_date_in_force(set_on(11, None), intensity) is None
