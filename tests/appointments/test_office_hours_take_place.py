"""Series and sessions: planned ahead, moved, cancelled, closed with their counts."""

import datetime
from functools import partial

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from accounts.actor import Actor
from accounts.records import StaleRecord
from accounts.rules.calendar import BERLIN
from appointments.choices import ArrivalOutcome, SessionState
from appointments.models import OfficeHourArrival, OfficeHourSeries, OfficeHourSession
from appointments.services import office_hours as services
from appointments.services import office_line as line
from audit.models import AuditEntry
from clients.models import SpokenLanguage, Topic
from tests.factories.appointments import ArrivalFactory, PlaceFactory, SeriesFactory, SessionFactory

pytestmark = pytest.mark.django_db

MONDAY = datetime.datetime(2018, 12, 3, 9, tzinfo=BERLIN)


def on(moment, user):
    return Actor(user, moment)


def series_of(place, **values):
    return OfficeHourSeries(
        **{
            "place": place,
            "weekday": 1,
            "begins": datetime.time(14),
            "ends": datetime.time(16),
            "valid_from": datetime.date(2018, 12, 4),
            **values,
        }
    )


@pytest.fixture
def place(cast):
    return PlaceFactory(municipality=cast.stutensee)


@pytest.fixture
def session(cast, place):
    return SessionFactory(series__place=place, starts_at=MONDAY.replace(hour=14))


def days(**conditions):
    return [row.planned_on for row in OfficeHourSession.objects.filter(**conditions)]


def test_a_new_series_has_the_sessions_of_eight_weeks_and_none_on_holidays(cast, place):
    services.begin_series(on(MONDAY, cast.manager), series_of(place))
    planned = [datetime.date(2018, 12, 4) + datetime.timedelta(weeks=number) for number in range(8)]
    christmas, new_year = datetime.date(2018, 12, 25), datetime.date(2019, 1, 1)
    assert days() == [one for one in planned if one not in (christmas, new_year)]
    first = OfficeHourSession.objects.first()
    assert (first.municipality, first.place) == (cast.stutensee, place)
    assert first.starts_at == datetime.datetime(2018, 12, 4, 14, tzinfo=BERLIN)


def test_sessions_begin_by_the_clock_of_the_town_in_summer_and_winter(cast, place):
    begun = datetime.datetime(2019, 3, 18, 9, tzinfo=BERLIN)
    services.begin_series(on(begun, cast.manager), series_of(place))
    hours = {row.starts_at.astimezone(BERLIN).hour for row in OfficeHourSession.objects.all()}
    assert hours == {14}
    assert {row.starts_at.astimezone(datetime.UTC).hour for row in OfficeHourSession.objects.all()} == {
        12,
        13,
    }


def test_the_daily_run_adds_what_is_missing_and_nothing_twice(cast, place):
    services.begin_series(on(MONDAY, cast.manager), series_of(place))
    known = days()
    a_week_later = Actor.system("run_daily", MONDAY + datetime.timedelta(weeks=1))
    assert services.plan_ahead(a_week_later) == 1
    assert services.plan_ahead(a_week_later) == 0
    assert days() == [*known, known[-1] + datetime.timedelta(weeks=1)]


def test_what_was_cancelled_or_moved_is_not_planned_again(cast, place):
    actor = on(MONDAY, cast.manager)
    services.begin_series(actor, series_of(place))
    first, second, *_rest = OfficeHourSession.objects.all()
    first.reason = "Fortbildung"
    services.cancel_session(actor, first, expected_version=1)
    second.starts_at += datetime.timedelta(days=1)
    second.ends_at += datetime.timedelta(days=1)
    second.reason = "Betriebsausflug"
    services.move_session(actor, second, expected_version=1)
    assert services.plan_ahead(Actor.system("run_daily", MONDAY)) == 0
    stored = OfficeHourSession.objects.get(pk=second.pk)
    assert (stored.day, stored.planned_on) == (datetime.date(2018, 12, 12), datetime.date(2018, 12, 11))


def test_nothing_is_planned_at_a_place_out_of_use(cast, place):
    SeriesFactory(place=place)
    place.is_active = False
    place.save()
    assert services.plan_ahead(Actor.system("run_daily", MONDAY)) == 0


def test_ending_a_series_takes_its_later_sessions_away_and_leaves_cancelled_ones(cast, place):
    actor = on(MONDAY, cast.manager)
    series = services.begin_series(actor, series_of(place))
    last = OfficeHourSession.objects.last()
    last.reason = "Ferien"
    services.cancel_session(actor, last, expected_version=1)
    series.valid_until = datetime.date(2018, 12, 11)
    services.end_series(actor, series, expected_version=1)
    assert days(state="planned") == [datetime.date(2018, 12, 4), datetime.date(2018, 12, 11)]
    assert days(state="cancelled") == [last.planned_on]
    assert services.plan_ahead(Actor.system("run_daily", MONDAY)) == 0
    with pytest.raises(StaleRecord):
        services.end_series(actor, OfficeHourSeries.objects.get(), expected_version=1)


def test_a_place_has_one_office_hour_at_a_time(cast, place, session):
    other = SessionFactory(series__place=place, starts_at=MONDAY.replace(hour=10))
    other.starts_at, other.ends_at = session.starts_at, session.ends_at
    with pytest.raises(ValidationError) as refused:
        services.move_session(on(MONDAY, cast.manager), other, expected_version=1)
    assert refused.value.message_dict == {"place": ["An diesem Ort ist dann schon eine andere Sprechstunde."]}
    assert OfficeHourSession.objects.get(pk=other.pk).starts_at == MONDAY.replace(hour=10)


def test_a_cancelled_session_can_be_held_after_all_unless_the_place_is_taken(cast, place, session):
    actor = on(MONDAY, cast.manager)
    session.reason = "Fortbildung"
    services.cancel_session(actor, session, expected_version=1)
    taken = SessionFactory(series__place=place, starts_at=session.starts_at)
    with pytest.raises(ValidationError):
        services.reinstate_session(actor, OfficeHourSession.objects.get(pk=session.pk))
    taken.delete()
    held = services.reinstate_session(actor, OfficeHourSession.objects.get(pk=session.pk))
    assert (held.state, held.reason) == ("planned", "")


def test_the_line_goes_by_number_and_whoever_was_put_back_goes_last(cast, session):
    mine, theirs = on(MONDAY, cast.manager), on(MONDAY, cast.colleague)
    arabic = SpokenLanguage.objects.get(code="ar")
    numbers = [line.arrive(mine, session, arabic).number for _person in range(3)]
    assert numbers == [1, 2, 3]
    first = line.call_next(mine, session)
    assert (first.number, first.called_by) == (1, cast.manager)
    assert line.call_next(mine, session) == first
    assert line.call_next(theirs, session).number == 2
    line.put_back(mine, first)
    assert [row.number for row in session.arrivals.in_line()] == [3, 1]
    assert line.call_next(mine, session).number == 3
    assert line.arrive(mine, session, None).number == 4


def test_what_became_of_somebody_is_said_once(cast, session):
    actor = on(MONDAY, cast.manager)
    line.arrive(actor, session, None)
    called = line.call_next(actor, session)
    line.finish_arrival(actor, called, ArrivalOutcome.OWN)
    line.finish_arrival(actor, called, ArrivalOutcome.LEFT)
    line.put_back(actor, called)
    assert session.arrivals.get().outcome == "own"
    assert line.call_next(actor, session) is None


def test_who_left_may_come_back_and_a_number_given_by_mistake_is_taken_back(cast, session):
    actor = on(MONDAY, cast.manager)
    gone, wrong = line.arrive(actor, session, None), line.arrive(actor, session, None)
    line.finish_arrival(actor, gone, ArrivalOutcome.LEFT)
    line.withdraw(actor, gone)
    line.withdraw(actor, wrong)
    assert [row.number for row in session.arrivals.all()] == [1]
    line.put_back(actor, gone)
    assert [row.number for row in session.arrivals.in_line()] == [1]
    called = line.call_next(actor, session)
    line.withdraw(actor, called)
    assert session.arrivals.count() == 1


def test_closing_keeps_the_counts_and_forgets_the_line(cast, session):
    actor = on(MONDAY, cast.manager)
    arabic, tigrinya = SpokenLanguage.objects.get(code="ar"), SpokenLanguage.objects.get(code="ti")
    topic = Topic.objects.order_by("order").first()
    early = MONDAY - datetime.timedelta(minutes=20)
    for number, (outcome, language) in enumerate(
        [("own", arabic), ("own", arabic), ("drop_in", tigrinya), ("anonymous", None), ("", tigrinya)], 1
    ):
        ArrivalFactory(
            session=session,
            number=number,
            outcome=outcome,
            language=language,
            arrived_at=early,
            called_at=MONDAY if outcome else None,
            called_by=cast.manager if outcome else None,
            topic=topic if outcome == "anonymous" else None,
        )
    closed = services.close_session(actor, session)
    assert not OfficeHourArrival.objects.exists()
    assert (closed.own, closed.drop_ins, closed.anonymous, closed.left) == (2, 1, 1, 1)
    assert (closed.visitors, closed.average_wait, closed.closed_by) == (4, 20, cast.manager)
    counts = {(row.language, row.topic): row.number for row in closed.counts.all()}
    assert counts == {(arabic, None): 2, (tigrinya, None): 1, (None, None): 1, (None, topic): 1}
    entry = AuditEntry.objects.get(action="office_hour.closed")
    assert (entry.kind, entry.count) == ("office_hour", None)


def test_a_closed_session_takes_nothing_more_and_never_opens_again(cast, session):
    actor = on(MONDAY, cast.manager)
    waiting = line.arrive(actor, session, None)
    services.close_session(actor, session)
    stored = OfficeHourSession.objects.get(pk=session.pk)
    for act in (
        lambda: services.close_session(actor, stored),
        lambda: services.cancel_session(actor, stored, expected_version=stored.version),
        lambda: services.move_session(actor, stored, expected_version=stored.version),
        lambda: line.arrive(actor, stored, None),
        lambda: line.call_next(actor, stored),
        lambda: line.finish_arrival(actor, waiting, ArrivalOutcome.OWN),
        lambda: line.put_back(actor, waiting),
        lambda: line.withdraw(actor, waiting),
    ):
        with pytest.raises(services.DeskClosed):
            act()
    assert services.reinstate_session(actor, stored).state == SessionState.CLOSED
    assert OfficeHourSession.objects.get(pk=session.pk).state == SessionState.CLOSED


def test_numbers_are_given_on_the_day_alone_and_closing_waits_for_it(cast, session):
    for moment in (MONDAY - datetime.timedelta(days=1), MONDAY + datetime.timedelta(days=1)):
        with pytest.raises(services.DeskClosed):
            line.arrive(on(moment, cast.manager), session, None)
    with pytest.raises(services.DeskClosed):
        services.close_session(on(MONDAY - datetime.timedelta(days=1), cast.manager), session)
    services.close_session(on(MONDAY + datetime.timedelta(days=1), cast.manager), session)


def test_the_daily_run_closes_what_was_forgotten_and_nothing_of_today(cast, place, session):
    today = SessionFactory(series=session.series, starts_at=MONDAY + datetime.timedelta(days=1, hours=5))
    ArrivalFactory(session=session, number=1, called_at=MONDAY, called_by=cast.colleague)
    ArrivalFactory(session=session, number=2)
    actor = Actor.system("run_daily", MONDAY + datetime.timedelta(days=1))
    assert services.close_forgotten(actor, actor.today) == 1
    assert services.close_forgotten(actor, actor.today) == 0
    stored = OfficeHourSession.objects.get(pk=session.pk)
    assert (stored.state, stored.closed_by, stored.anonymous, stored.left) == ("closed", None, 1, 1)
    assert OfficeHourSession.objects.get(pk=today.pk).state == "planned"
    assert not OfficeHourArrival.objects.exists()


@pytest.mark.parametrize("code", ["outsider", "officer", "coordinator", "admin"])
def test_nobody_from_elsewhere_acts_at_the_desk(cast, place, session, code):
    actor = on(MONDAY, cast.users[code])
    waiting = ArrivalFactory(session=session, number=1)
    session.refresh_from_db()
    for act in (
        lambda: services.begin_series(actor, series_of(place)),
        lambda: services.end_series(actor, session.series, expected_version=1),
        lambda: services.cancel_session(actor, session, expected_version=1),
        lambda: services.move_session(actor, session, expected_version=1),
        lambda: services.reinstate_session(actor, session),
        lambda: services.close_session(actor, session),
        lambda: line.arrive(actor, session, None),
        lambda: line.call_next(actor, session),
        lambda: line.put_back(actor, waiting),
        lambda: line.finish_arrival(actor, waiting, ArrivalOutcome.LEFT),
        lambda: line.withdraw(actor, waiting),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert not OfficeHourSession.objects.visible_to(cast.users[code]).exists()
    assert OfficeHourSession.objects.get(pk=session.pk).version == 1


def test_whom_a_colleague_called_is_hers_under_the_lock_too(cast, session):
    line.arrive(on(MONDAY, cast.manager), session, None)
    seen = OfficeHourArrival.objects.get()
    line.call_next(on(MONDAY, cast.colleague), session)
    for act in (line.put_back, partial(line.finish_arrival, outcome=ArrivalOutcome.LEFT)):
        with pytest.raises(services.DeskClosed):
            act(on(MONDAY, cast.manager), seen)
    assert OfficeHourArrival.objects.get().outcome == ""
