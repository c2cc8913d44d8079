"""Key figures by 31 January, the application by 15 November, report and proof of use after three months."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.rules.days import Days
from funding.choices import DeadlineKind
from funding.rules.deadlines import STAGES, Deadline, deadlines_of, is_near, stage_on

day = datetime.date
LONG_AGO = day(2017, 1, 1)


def of(first, last, *, entered_on=LONG_AGO, figures=True, application=True):
    found = deadlines_of(Days(first, last), entered_on=entered_on, figures=figures, application=application)
    return [(str(one.kind), one.due_on) for one in found]


def test_a_calendar_year_has_three():
    assert of(day(2026, 1, 1), day(2026, 12, 31)) == [
        ("application", day(2026, 11, 15)),
        ("figures", day(2027, 1, 31)),
        ("report", day(2027, 3, 31)),
    ]


def test_each_calendar_year_a_period_touches_has_its_figures():
    assert of(day(2025, 7, 1), day(2027, 6, 30), application=False) == [
        ("figures", day(2026, 1, 31)),
        ("figures", day(2027, 1, 31)),
        ("report", day(2027, 9, 30)),
        ("figures", day(2028, 1, 31)),
    ]


def test_what_begins_in_july_is_applied_for_in_november_before():
    assert ("application", day(2026, 11, 15)) in of(day(2026, 1, 1), day(2027, 6, 30))


@pytest.mark.parametrize(
    ("last", "due_on"),
    [
        (day(2025, 11, 30), day(2026, 2, 28)),
        (day(2027, 11, 30), day(2028, 2, 29)),
        (day(2026, 1, 31), day(2026, 4, 30)),
        (day(2026, 6, 30), day(2026, 9, 30)),
    ],
)
def test_three_months_end_with_the_month_when_it_is_shorter(last, due_on):
    assert of(day(2025, 1, 1), last, figures=False, application=False) == [("report", due_on)]


def test_what_was_due_before_a_period_was_entered_is_left_out_but_for_the_report():
    found = of(day(2024, 1, 1), day(2024, 12, 31), entered_on=day(2026, 5, 1))
    assert found == [("report", day(2025, 3, 31))]


@pytest.mark.parametrize(
    ("left", "stage"),
    [(29, None), (28, 28), (8, 28), (7, 7), (2, 7), (1, 1), (0, 1), (-1, -1), (-90, -1)],
)
def test_reminders_go_out_in_stages(left, stage):
    due_on = day(2027, 1, 31)
    today = due_on - datetime.timedelta(days=left)
    assert stage_on(due_on, today) == stage
    assert is_near(due_on, today) == (stage is not None)


@given(st.dates(day(2020, 1, 1), day(2040, 1, 1)), st.integers(-60, 60))
def test_as_days_pass_no_stage_comes_back(due_on, left):
    today = due_on - datetime.timedelta(days=left)
    before, after = stage_on(due_on, today), stage_on(due_on, today + datetime.timedelta(days=1))
    order = [None, *STAGES]
    assert order.index(before) <= order.index(after)


@given(st.dates(day(2018, 1, 1), day(2040, 1, 1)), st.integers(0, 2000))
def test_a_period_has_one_report_after_its_end(first, length):
    last = first + datetime.timedelta(days=length)
    found = deadlines_of(Days(first, last), entered_on=first, figures=True, application=True)
    [report] = [one for one in found if one.kind == DeadlineKind.REPORT]
    assert 89 <= (report.due_on - last).days <= 92
    assert found == sorted(found)
    assert Deadline(day(last.year + 1, 1, 31), DeadlineKind.FIGURES) in found
