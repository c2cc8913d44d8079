"""Intakes, closings, talks by channel, visits, office hours, enquiries and the limit, worked out by hand."""

import datetime as dt

import pytest

from accounts.rules.calendar import add_months
from appointments.choices import AppointmentState, Channel, Excuse, Result, SessionState, SpokenWith
from appointments.models import OfficeHourSession
from clients.choices import KEPT_TWICE
from clients.figures import files_over_time
from clients.figures_flow import ClockStretches, clocks_by_place
from clients.models import Client, ClosingReason, CounsellingPeriod
from intake.choices import EnquiryState
from integration_plans.choices import GoalState
from integration_plans.models import GoalProgress
from reports.charts_work import summary
from reports.rules import periods
from reports.work import counted
from tests.factories.appointments import (
    AppointmentFactory,
    ContactFactory,
    GroupEventFactory,
    PlaceFactory,
    SessionFactory,
)
from tests.factories.clients import DuplicateLinkFactory, EnquiryFactory
from tests.reports.settlement import at, close, settle

pytestmark = pytest.mark.django_db

MARCH, FEBRUARY = dt.date(2026, 3, 10), dt.date(2026, 2, 10)
TODAY = dt.date(2026, 4, 2)


@pytest.fixture
def people(cast):
    """Two files of February and three of March; of the latter one is closed again, one because it was kept twice."""
    CounsellingPeriod.objects.all().delete()
    files = [
        *settle(cast.stutensee, 2, FEBRUARY, manager=cast.manager),
        *settle(cast.stutensee, 3, MARCH, manager=cast.manager),
    ]
    close(files[3:], dt.date(2026, 3, 20))
    reasons = ClosingReason.objects
    ended = CounsellingPeriod.objects.filter(closed_on__isnull=False)
    ended.update(closing_reason=reasons.exclude(code=KEPT_TWICE).first())
    ended.filter(client=files[4]).update(closing_reason=reasons.get(code=KEPT_TWICE))
    return files


def work(cast, code="2026-03"):
    return counted([cast.stutensee], periods.parse(code), TODAY, at(TODAY, 8))


def talk(client, day, **more):
    return ContactFactory(client=client, happened_at=at(day, 10), **more)


def test_files_come_and_go(people, cast):
    board = work(cast)
    assert (board.now.opened, board.now.closed) == (3, 1)
    before, flows = board.before
    assert (before.code, flows.opened, flows.closed) == ("2026-02", 2, 0)
    assert board.opened[-2:] == [2, 3]
    assert board.closed[-1] == 1


def test_talks_are_told_by_channel_and_a_held_appointment_is_one(people, cast):
    one, two, *_others = people
    talk(one, MARCH, channel=Channel.OFFICE)
    talk(one, MARCH, channel=Channel.PHONE)
    talk(two, MARCH, channel=Channel.PHONE)
    talk(two, MARCH, unreached=True)
    talk(two, FEBRUARY, channel=Channel.OFFICE)
    AppointmentFactory(
        client=two, starts_at=at(MARCH, 14), channel=Channel.VIDEO, state=AppointmentState.HELD
    )
    now = work(cast).now
    told = {channel: number for channel, number in now.channels.items() if number}
    assert told == {Channel.OFFICE: 1, Channel.PHONE: 2, Channel.VIDEO: 1}
    assert now.consultations == 4


def test_a_person_counts_once_in_a_period_also_with_two_linked_files(people, cast):
    one, two, three, *_others = people
    for client, day in ((one, MARCH), (one, dt.date(2026, 3, 30)), (two, FEBRUARY), (three, MARCH)):
        talk(client, day)
    talk(two, MARCH, unreached=True)
    AppointmentFactory(client=people[3], starts_at=at(MARCH, 14), state=AppointmentState.HELD)
    DuplicateLinkFactory(client=people[3], other=three)
    board = work(cast)
    assert (board.now.persons, board.before[1].persons) == (2, 1)
    assert work(cast, "2026-02_2026-03").now.persons == 3


def test_the_no_show_rate_stands_beside_that_of_the_period_before(people, cast):
    one, two, *_others = people
    told_of = (
        (MARCH, AppointmentState.HELD, {}),
        (MARCH, AppointmentState.NO_SHOW, {"excuse": Excuse.UNEXCUSED}),
        (MARCH, AppointmentState.NO_SHOW, {"excuse": Excuse.EXCUSED}),
        (MARCH, AppointmentState.CANCELLED_CLIENT, {}),
        (FEBRUARY, AppointmentState.HELD, {}),
    )
    for hour, (day, state, more) in enumerate(told_of, start=9):
        AppointmentFactory(client=one, starts_at=at(day, hour), state=state, agreed_at=at(day, 8), **more)
    AppointmentFactory(client=two, starts_at=at(MARCH, 16), state=AppointmentState.HELD, agreed_at=None)
    assert told(cast)["Nicht erschienen in %"] == ["50,0", "0,0"]


def test_goals_reached_stand_beside_those_of_the_period_before(people, cast):
    one, two, *_others = people
    for client, steps in (
        (one, [(FEBRUARY, GoalState.ACHIEVED)]),
        (one, [(FEBRUARY, GoalState.PARTLY), (MARCH, GoalState.NOT_ACHIEVED)]),
        (two, [(MARCH, GoalState.DROPPED), (dt.date(2026, 3, 12), GoalState.ACHIEVED)]),
        (two, [(MARCH, GoalState.IN_PROGRESS)]),
    ):
        aim = client.goals.create()
        for on, state in steps:
            GoalProgress.objects.create(goal=aim, state=state, on=on, at=at(on, 9), by=cast.manager)
    found = told(cast)
    assert found["Überprüfte Ziele"] == ["2", "2"]
    assert found["… davon ganz oder teilweise erreicht, in %"] == ["50,0", "100,0"]


def told(cast):
    """The lines of the summary: this period, and the one before."""
    return {row.label: [cell.text for cell in row.cells] for row in summary(work(cast)).rows}


def test_a_visit_counts_whether_or_not_somebody_was_met(people, cast):
    one, two, *_others = people
    talk(one, MARCH, channel=Channel.HOME_VISIT)
    talk(
        two,
        MARCH,
        channel=Channel.HOME_VISIT,
        result=Result.NOT_MET,
        spoken_with=SpokenWith.NOBODY,
        minutes=None,
    )
    now = work(cast).now
    assert (now.home_visits, now.home_visits_met, now.consultations) == (2, 1, 1)
    rows = {row.label: row.cells[0].text for row in summary(work(cast)).rows}
    assert rows["… davon angetroffen, in %"] == "50,0"


def test_what_is_open_to_everybody(people, cast):
    session = SessionFactory(series__place=PlaceFactory(municipality=cast.stutensee), starts_at=at(MARCH, 14))
    counts = {"own": 2, "drop_ins": 1, "anonymous": 1, "left": 0}
    OfficeHourSession.objects.filter(pk=session.pk).update(
        state=SessionState.CLOSED, closed_at=at(MARCH, 16), **counts
    )
    GroupEventFactory(municipality=cast.stutensee, held_on=MARCH, attendees=12)
    GroupEventFactory(municipality=cast.pfinztal, held_on=MARCH, attendees=30)
    now = work(cast).now
    assert (now.sessions, now.visitors, now.events, now.attendees) == (1, 4, 1, 12)


def arrived(place, day, cast, **more):
    return EnquiryFactory(municipality=place, registered_at=at(day, 9), registered_by=cast.officer, **more)


def test_enquiries_by_what_became_of_them(people, cast):
    for state, more in (
        (EnquiryState.OPEN, {}),
        (EnquiryState.TAKEN, {"taken_by": cast.manager}),
        (EnquiryState.ANSWERED, {"answered_by": cast.officer}),
    ):
        arrived(cast.stutensee, MARCH, cast, state=state, **more)
    arrived(cast.stutensee, FEBRUARY, cast)
    arrived(cast.pfinztal, MARCH, cast)
    board = work(cast)
    now = board.now
    assert (now.enquiries, now.enquiries_taken, now.enquiries_answered) == (3, 1, 1)
    assert board.before[1].enquiries == 1


@pytest.mark.parametrize(
    ("months", "justified", "expected"),
    [
        (28, False, ClockStretches()),
        (29, False, ClockStretches(near=1)),
        (35, False, ClockStretches(near=1)),
        (36, False, ClockStretches(past=1, unjustified=1)),
        (36, True, ClockStretches(past=1)),
        (47, False, ClockStretches(past=1, unjustified=1)),
        (48, True, ClockStretches(beyond=1)),
    ],
)
def test_the_stretch_of_a_clock_changes_with_the_month(cast, months, justified, expected):
    """Month 30 runs when 29 are complete, month 37 when 36 are."""
    (client,) = settle(cast.stutensee, 1, dt.date(2020, 1, 1), manager=cast.manager)
    started = add_months(dt.date(2024, 5, 1), -months)
    Client.objects.filter(pk=client.pk).update(
        counselling_started_on=started, clock_justification="weil" if justified else ""
    )
    Client.objects.exclude(pk=client.pk).update(counselling_started_on=None)
    found = clocks_by_place(files_over_time([cast.stutensee.pk]), dt.date(2024, 5, 1))
    assert ClockStretches.of(found.get(cast.stutensee.pk, {})) == expected
