"""Several people at one desk in the same moment, on a real database with real transactions."""

import pytest
from django.utils import timezone

from accounts.actor import Actor
from accounts.records import DuplicateSubmission
from appointments.models import OfficeHourSession
from appointments.services import office_hours as services
from appointments.services import office_line as line
from tests.cast import load_cast
from tests.factories.appointments import ArrivalFactory, PlaceFactory, SessionFactory
from tests.overlap import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def session(cast):
    return SessionFactory(series__place=PlaceFactory(municipality=cast.stutensee))


def test_nobody_calls_a_number_that_another_called(session):
    cast = load_cast()
    for _number in range(4):
        ArrivalFactory(session=session)
    users = [cast.manager, cast.colleague, cast.substitute, cast.former]
    called = at_once(*(lambda user=user: line.call_next(Actor(user), session) for user in users))
    assert sorted(arrival.number for arrival in called) == [1, 2, 3, 4]
    assert {arrival.number: arrival.called_by_id for arrival in session.arrivals.all()} == {
        arrival.number: user.pk for arrival, user in zip(called, users, strict=True)
    }


def test_one_person_who_taps_twice_calls_one_number(session):
    cast = load_cast()
    for _number in range(2):
        ArrivalFactory(session=session)
    called = at_once(*(lambda: line.call_next(Actor(cast.manager), session) for _tap in range(2)))
    assert [arrival.number for arrival in called] == [1, 1]
    assert [arrival.number for arrival in session.arrivals.in_line()] == [2]


def test_of_two_who_want_the_last_number_one_gets_nobody(session):
    cast = load_cast()
    ArrivalFactory(session=session)
    called = at_once(
        *(lambda user=user: line.call_next(Actor(user), session) for user in (cast.manager, cast.colleague))
    )
    assert sorted(arrival.number if arrival else 0 for arrival in called) == [0, 1]


def test_numbers_run_on_however_many_give_them(session):
    cast = load_cast()
    users = [cast.manager, cast.colleague, cast.substitute]
    given = at_once(*(lambda user=user: line.arrive(Actor(user), session, None) for user in users * 2))
    assert sorted(arrival.number for arrival in given) == [1, 2, 3, 4, 5, 6]


def test_the_same_tap_twice_gives_one_number(session):
    import uuid

    cast, token = load_cast(), uuid.uuid4()
    given = at_once(
        *(lambda: line.arrive(Actor(cast.manager), session, None, token=token) for _tap in range(2))
    )
    assert sorted(type(answer).__name__ for answer in given) == ["DuplicateSubmission", "OfficeHourArrival"]
    (again,) = [answer for answer in given if isinstance(answer, DuplicateSubmission)]
    assert session.arrivals.get() == again.record


def test_of_two_who_close_one_does_and_nothing_is_counted_twice(session):
    cast = load_cast()
    ArrivalFactory(session=session, called_at=timezone.now(), called_by=cast.manager, outcome="own")
    closed = at_once(
        *(
            lambda user=user: services.close_session(Actor(user), session)
            for user in (cast.manager, cast.colleague)
        )
    )
    assert sorted(type(answer).__name__ for answer in closed) == ["DeskClosed", "OfficeHourSession"]
    stored = OfficeHourSession.objects.get(pk=session.pk)
    assert (stored.own, stored.counts.get().number) == (1, 1)


def test_whoever_arrives_while_the_session_closes_is_counted_or_refused(session):
    cast = load_cast()
    arrived, closed = at_once(
        lambda: line.arrive(Actor(cast.manager), session, None),
        lambda: services.close_session(Actor(cast.colleague), session),
    )
    stored = OfficeHourSession.objects.get(pk=session.pk)
    assert closed.pk == session.pk
    assert stored.left == (0 if isinstance(arrived, services.DeskClosed) else 1)
    assert not stored.arrivals.exists()
