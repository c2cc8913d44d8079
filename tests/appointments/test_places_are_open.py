"""A place of the service is open by its weekday, from a day on and until a day, and never on a holiday."""

import datetime
from types import SimpleNamespace

import pytest

from accounts.access import scope_of
from accounts.rules.calendar import BERLIN
from appointments.models import Place, PlaceHours
from appointments.rules.place import is_open, spans_on
from tests.factories.appointments import PlaceFactory

TUESDAY = datetime.date(2018, 12, 4)


def hours(weekday, opens, closes, valid_from=datetime.date(2018, 1, 1), valid_until=None):
    return SimpleNamespace(
        weekday=weekday,
        opens=datetime.time(opens),
        closes=datetime.time(closes),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def at(day, hour, minute=0):
    return datetime.datetime(day.year, day.month, day.day, hour, minute, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("hour", "minute", "answer"),
    [(7, 59, False), (8, 0, True), (11, 59, True), (12, 0, False), (13, 0, True), (17, 0, False)],
)
def test_a_place_is_open_from_the_first_minute_to_the_one_it_closes(hour, minute, answer):
    of_place = [hours(1, 13, 17), hours(1, 8, 12)]
    assert is_open(of_place, at(TUESDAY, hour, minute)) is answer


def test_an_instant_is_read_by_the_clock_of_the_town():
    summer = datetime.datetime(2018, 7, 3, 6, 30, tzinfo=datetime.UTC)
    winter = datetime.datetime(2018, 12, 4, 6, 30, tzinfo=datetime.UTC)
    assert [is_open([hours(1, 8, 12)], moment) for moment in (summer, winter)] == [True, False]


def test_hours_hold_from_their_first_to_their_last_day():
    until_monday = hours(1, 8, 12, valid_until=TUESDAY - datetime.timedelta(days=1))
    from_today = hours(1, 9, 11, valid_from=TUESDAY)
    from_tomorrow = hours(1, 14, 16, valid_from=TUESDAY + datetime.timedelta(days=1))
    of_place = [until_monday, from_today, from_tomorrow]
    assert spans_on(of_place, TUESDAY) == [(datetime.time(9), datetime.time(11))]
    last_day = [hours(1, 8, 12, valid_until=TUESDAY)]
    assert spans_on(last_day, TUESDAY) == [(datetime.time(8), datetime.time(12))]


def test_a_place_is_closed_on_another_weekday_and_on_a_holiday():
    christmas = datetime.date(2018, 12, 25)
    assert christmas.weekday() == 1
    assert spans_on([hours(1, 8, 12)], christmas) == []
    assert spans_on([hours(1, 8, 12)], TUESDAY + datetime.timedelta(days=1)) == []


def test_rows_of_a_place_answer_the_rule(cast):
    place = PlaceFactory(municipality=cast.stutensee)
    assert is_open(place.hours.all(), at(TUESDAY, 9))
    assert not is_open(place.hours.all(), at(TUESDAY, 18))


def test_offered_are_places_in_use_of_ones_own_municipality(cast):
    here = PlaceFactory(municipality=cast.stutensee)
    PlaceFactory(municipality=cast.stutensee, is_active=False)
    PlaceFactory(municipality=cast.pfinztal)
    assert list(Place.objects.offered_in(scope_of(cast.manager))) == [here]
    assert list(Place.objects.offered_in(scope_of(cast.admin))) == []


def form_of(**row):
    return {
        "municipality": "",
        "name": "Beratungsraum",
        "address": "",
        "is_active": "on",
        "hours-TOTAL_FORMS": "1",
        "hours-INITIAL_FORMS": "0",
        "hours-0-weekday": "1",
        "hours-0-opens": "08:00",
        "hours-0-closes": "12:00",
        "hours-0-valid_from": "01.03.2018",
        "hours-0-valid_until": "",
        **row,
    }


def test_the_administration_keeps_places_per_municipality(cast, as_user):
    form = form_of(municipality=str(cast.stutensee.pk))
    answer = as_user(cast.admin).post("/admin/appointments/place/add/", form)
    assert answer.status_code == 302
    (row,) = PlaceHours.objects.filter(place__name="Beratungsraum")
    assert (row.place.municipality, str(row)) == (cast.stutensee, "Dienstag, 08:00–12:00")


def test_turned_hours_are_refused_at_their_fields(cast, as_user):
    form = form_of(
        **{
            "municipality": str(cast.stutensee.pk),
            "hours-0-closes": "08:00",
            "hours-0-valid_until": "28.02.2018",
        }
    )
    answer = as_user(cast.admin).post("/admin/appointments/place/add/", form)
    assert answer.context["errors"] == [
        ["Geschlossen wird nach dem Öffnen."],
        ["Das Ende liegt vor dem Beginn."],
    ]
    assert not Place.objects.exists()


def test_a_name_serves_once_in_a_municipality(cast, as_user):
    PlaceFactory(municipality=cast.stutensee, name="Beratungsraum")
    form = form_of(municipality=str(cast.stutensee.pk))
    answer = as_user(cast.admin).post("/admin/appointments/place/add/", form)
    assert answer.context["errors"] == [["In dieser Kommune gibt es bereits einen Ort dieses Namens."]]


@pytest.mark.parametrize("code", ["manager", "officer", "coordinator"])
def test_nobody_else_keeps_places(cast, as_user, code):
    answer = as_user(cast.users[code]).get("/admin/appointments/place/")
    assert (answer.status_code, answer["Location"]) == (302, "/admin/login/?next=/admin/appointments/place/")
