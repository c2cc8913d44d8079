"""Every number of a period report over a year that was counted by hand (`small_year`)."""

import datetime as dt
from decimal import Decimal

import pytest

from reports.periods.lines import LINES
from reports.periods.report import counted_report
from reports.rules import periods
from tests.reports.settlement import at
from tests.reports.small_year import live_through

pytestmark = [pytest.mark.django_db, pytest.mark.facts_by_hand]

YEAR = periods.parse("2025-01_2025-12")
NOW = at(dt.date(2026, 2, 1))

BY_HAND = {
    # Amal and Bilal are in counselling; Chadi is paused, Dunya closed.
    "active": 2,
    "paused": 1,
    # Amal's plan is valid; Bilal's was to be reviewed on 5 November and ended 30 days later.
    "coverage": Decimal("50.0"),
    "overdue_reviews": 1,
    # Amal, Bilal and Dunya had talks.
    "counselled": 3,
    # Five talks with three persons.
    "talks_each": Decimal("1.7"),
    # Bilal, Chadi and Dunya came; Dunya went.
    "opened": 3,
    "closed": 1,
    # 7 January, 4 March, 5 August, 9 September, and the joint one of 31 December.
    "talks": 5,
    "talks:office": 3,
    "talks:phone": 1,
    "talks:home_visit": 1,
    "talks:open_hour": 0,
    "talks:letter": 0,
    "talks:email": 0,
    "talks:message": 0,
    "talks:video": 0,
    "talks:accompaniment": 0,
    "talks:note": 0,
    # The Jobcenter on 2 April.
    "case_work": 1,
    # A call on 1 April and a visit on 3 April.
    "attempts": 2,
    # 3 April in vain, 5 August.
    "visits": 2,
    "visits_met": 1,
    "met": Decimal("50.0"),
    # The five appointments that were agreed.
    "held": 1,
    "unexcused": 1,
    "excused": 1,
    "undecided": 1,
    "cancelled": 1,
    "no_show_rate": Decimal("50.0"),
    # 4 March with five visitors, 11 March with none.
    "office_hours": 2,
    "visitors": 5,
    "visitors_each": Decimal("2.5"),
    "group_events": 1,
    "attendees": 12,
    # Bilal's first plan, Amal's second, Dunya declined.
    "plans_new": 1,
    "plans_updated": 1,
    "plans_declined": 1,
    "plans_valid": 1,
    # One goal reached in September after partly in June, one dropped.
    "goals_reviewed": 2,
    "goals_reached": 1,
    "attainment": Decimal("50.0"),
    "enquiries": 1,
    "enquiries_taken": 0,
    "enquiries_answered": 0,
    # Amal's of March and Bilal's of New Year's Eve.
    "referrals": 2,
}


def values(numbers):
    return {code: line.value(numbers) for code, line in LINES.items()}


@pytest.fixture
def year(cast):
    return live_through(cast)


def test_every_number_of_the_town(cast, year):
    report = counted_report([cast.stutensee], YEAR, NOW, by_manager=False)
    assert values(report.total) == BY_HAND
    assert [(place.code, values(place.numbers)) for place in report.places] == [("STU", BY_HAND)]


def test_the_district_adds_the_other_town(cast, year):
    report = counted_report([cast.pfinztal, cast.stutensee], YEAR, NOW, by_manager=False)
    # Pfinztal: Edon came in July, had one talk in the office, and seven came to an evening.
    more = {
        "active": 1,
        "counselled": 1,
        "opened": 1,
        "talks": 1,
        "talks:office": 1,
        "group_events": 1,
        "attendees": 7,
        "referrals": 1,
    }
    together = BY_HAND | {code: BY_HAND[code] + number for code, number in more.items()}
    # One of three files in counselling has a valid plan; six talks with four persons.
    together |= {"coverage": Decimal("33.3"), "talks_each": Decimal("1.5")}
    assert values(report.total) == together
    assert [(place.code, place.numbers["talks"]) for place in report.places] == [("PFI", 1), ("STU", 5)]


def test_every_manager_has_her_own_work(cast, year):
    report = counted_report([cast.pfinztal, cast.stutensee], YEAR, NOW, by_manager=True)
    found = {
        one.username: (one.numbers["talks"], one.numbers["counselled"], one.numbers["active"], one.share)
        for one in report.managers
        if one.numbers["talks"]
    }
    assert found == {
        "manager": (3, 2, 2, "1.00"),
        "colleague": (2, 1, 0, "1.00"),
        "outsider": (1, 1, 1, "1.00"),
    }


def test_the_year_before_stands_beside_it(cast, year):
    report = counted_report([cast.stutensee], YEAR, NOW, by_manager=False)
    assert report.before is not None
    # Amal's talk of New Year's Eve, her first plan and a referral; nothing else happened.
    before = {code: number for code, number in values(report.before).items() if number}
    assert before == {
        "active": 1,
        "counselled": 1,
        "talks": 1,
        "talks:office": 1,
        "talks_each": Decimal("1.0"),
        "opened": 1,
        "overdue_reviews": 1,
        "plans_new": 1,
        "goals_reviewed": 1,
        "goals_reached": 1,
        "attainment": Decimal("100.0"),
        "referrals": 1,
    }


def test_what_is_missing_is_named(cast, year):
    missing = counted_report([cast.stutensee], YEAR, NOW, by_manager=False).missing
    # Bilal's no-show of 6 February; Amal and Bilal have no assessment. Five talks without a topic are told as five.
    assert (missing.undecided_appointments, missing.contacts_without_topic) == (1, 5)
    assert (missing.files_without_assessment, missing.files_past_limit) == (2, 0)
