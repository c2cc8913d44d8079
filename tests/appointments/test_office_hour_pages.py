"""Series and exceptions over HTTP, the list of office hours, and their figures."""

import datetime
import uuid

import pytest
import time_machine
from django.urls import reverse

from accounts.actor import Actor
from accounts.rules.calendar import BERLIN
from appointments.figures_office_hours import OfficeHours, office_hours_by_month, together
from appointments.models import OfficeHourSeries, OfficeHourSession
from appointments.services.office_hours import close_session
from tests.appointments.log_desk import text_of
from tests.factories.accounts import ServiceFactory
from tests.factories.appointments import ArrivalFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db
LIST = "/appointments/office-hours/"
NEW = "/appointments/office-hours/series/new/"
MONDAY = datetime.datetime(2018, 12, 3, 9, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False):
        yield


@pytest.fixture
def place(cast):
    return PlaceFactory(municipality=cast.stutensee, name="Beratungsraum Webstube")


@pytest.fixture
def session(place):
    return SessionFactory(series__place=place, starts_at=MONDAY + datetime.timedelta(days=1, hours=5))


def series_form(place, **fields):
    return {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "place": str(place.pk),
        "weekday": "1",
        "begins": "14:00",
        "ends": "16:00",
        "every_weeks": "1",
        "valid_from": "2018-12-04",
        "valid_until": "",
        **fields,
    }


def page(name, row):
    return reverse(f"appointments:office_hour{name}", args=[row.uuid])


def test_a_manager_begins_a_series_and_sees_its_sessions(cast, as_user, place):
    browser = as_user(cast.manager)
    answer = browser.post(NEW, series_form(place), follow=True)
    assert answer.redirect_chain == [(LIST, 302)]
    assert [str(message) for message in answer.context["messages"]] == [
        "Eingerichtet. Die Sprechstunden der nächsten acht Wochen sind geplant."
    ]
    assert [row.planned_on.day for row in answer.context["coming"]] == [4, 11, 18, 8, 15, 22]
    assert "Beratungsraum Webstube" in text_of(as_user(cast.colleague).get(LIST))
    assert "Beratungsraum Webstube" not in text_of(as_user(cast.outsider).get(LIST))


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"ends": "14:00"}, {"ends": ["Das Ende muss nach dem Beginn liegen."]}),
        ({"valid_until": "2018-12-03"}, {"valid_until": ["Das Ende liegt vor dem Beginn."]}),
        ({"weekday": "7"}, {"weekday"}),
        ({"weekday": ""}, {"weekday": ["Bitte „Wochentag“ auswählen."]}),
        ({"every_weeks": "3"}, {"every_weeks"}),
        ({"begins": "25:00"}, {"begins": ["Bitte eine Uhrzeit wie 14:30 eingeben."]}),
        ({"valid_from": ""}, {"valid_from": ["Bitte „Zum ersten Mal ab“ ausfüllen."]}),
    ],
)
def test_bad_input_gets_its_sentence_at_its_field(cast, as_user, place, fields, errors):
    answer = as_user(cast.manager).post(NEW, series_form(place, **fields))
    assert answer.status_code == 422
    found = answer.context["form"].errors
    assert (set(found) if isinstance(errors, set) else dict(found)) == errors
    assert not OfficeHourSeries.objects.exists()


def test_a_place_of_another_municipality_or_out_of_use_is_not_offered(cast, as_user, place):
    foreign = PlaceFactory(municipality=cast.pfinztal, name="Fremder Raum")
    retired = PlaceFactory(municipality=cast.stutensee, name="Alter Raum", is_active=False)
    browser = as_user(cast.manager)
    text = text_of(browser.get(NEW))
    assert [name in text for name in ("Beratungsraum Webstube", "Fremder Raum", "Alter Raum")] == [
        True,
        False,
        False,
    ]
    for other in (foreign, retired):
        answer = browser.post(NEW, series_form(other))
        assert set(answer.context["form"].errors) == {"place"}


def test_a_series_while_the_place_is_closed_is_planned_and_told(cast, as_user, place):
    answer = as_user(cast.manager).post(NEW, series_form(place, begins="17:00", ends="19:00"), follow=True)
    assert [str(message) for message in answer.context["messages"]] == [
        "Eingerichtet. Die Sprechstunden der nächsten acht Wochen sind geplant. "
        "Nach seinen Öffnungszeiten ist der Ort „Beratungsraum Webstube“ dann geschlossen."
    ]
    assert OfficeHourSession.objects.count() == 6


def test_a_second_series_at_the_same_times_is_refused_and_one_in_the_other_weeks_is_not(cast, as_user, place):
    browser = as_user(cast.manager)
    browser.post(NEW, series_form(place, every_weeks="2"))
    again = browser.post(NEW, series_form(place, every_weeks="2"))
    assert dict(again.context["form"].errors) == {
        "place": ["An diesem Ort ist dann schon eine andere Sprechstunde."]
    }
    browser.post(NEW, series_form(place, every_weeks="2", valid_from="2018-12-11"))
    assert OfficeHourSeries.objects.count() == 2


def test_an_office_hour_stays_in_its_municipality(cast, as_user, place, session):
    ServiceFactory(user=cast.manager, municipality=cast.pfinztal)
    elsewhere = PlaceFactory(municipality=cast.pfinztal)
    other = PlaceFactory(municipality=cast.stutensee)
    offered = as_user(cast.manager).get(page("_move", session)).context["form"].fields["place"].queryset
    assert set(offered) == {place, other}
    assert elsewhere in as_user(cast.manager).get(NEW).context["form"].fields["place"].queryset


def test_without_a_place_the_form_says_who_enters_one(cast, as_user):
    text = text_of(as_user(cast.manager).get(NEW))
    assert "In Ihrer Kommune ist noch kein Ort eingetragen. Orte trägt die Administration ein." in text


def test_a_series_ends_on_its_last_day(cast, as_user, place):
    browser = as_user(cast.manager)
    browser.post(NEW, series_form(place))
    series = OfficeHourSeries.objects.get()
    end = page("_series_end", series)
    form = {"form_token": str(uuid.uuid4()), "version": "1", "valid_until": "2018-12-02"}
    refused = browser.post(end, form)
    assert dict(refused.context["form"].errors) == {"valid_until": ["Dieser Tag ist schon vorbei."]}
    browser.post(end, {**form, "valid_until": "2018-12-11"})
    assert [row.planned_on.day for row in OfficeHourSession.objects.all()] == [4, 11]


def test_an_exception_needs_a_reason_and_colleagues_read_it(cast, as_user, session):
    browser = as_user(cast.manager)
    form = {"form_token": str(uuid.uuid4()), "version": "1", "reason": ""}
    refused = browser.post(page("_cancel", session), form)
    assert dict(refused.context["form"].errors) == {"reason": ["Bitte „Grund“ ausfüllen."]}
    browser.post(page("_cancel", session), {**form, "reason": "Fortbildung"})
    listed = text_of(as_user(cast.colleague).get(LIST))
    assert "fällt aus: Fortbildung" in listed
    assert "Fällt aus: Fortbildung." in text_of(browser.get(page("", session)))
    assert "Diese Sprechstunde ist abgeschlossen oder abgesagt." in text_of(
        browser.get(page("_move", session))
    )
    held = browser.post(page("_reinstate", session), follow=True)
    assert "fällt aus" not in text_of(held)
    assert OfficeHourSession.objects.get().state == "planned"


@pytest.mark.parametrize(
    ("fields", "errors"),
    [
        ({"day": "2018-12-25"}, {"day": ["Dieser Tag ist ein Feiertag."]}),
        ({"day": "2018-12-02"}, {"day": ["Diese Zeit ist schon vorbei."]}),
        ({"ends": "13:00"}, {"ends": ["Das Ende muss nach dem Beginn liegen."]}),
        ({"reason": ""}, {"reason": ["Bitte „Grund“ ausfüllen."]}),
    ],
)
def test_an_office_hour_moves_to_a_time_that_makes_sense(cast, as_user, session, fields, errors):
    form = {
        "form_token": str(uuid.uuid4()),
        "version": "1",
        "day": "2018-12-05",
        "begins": "14:00",
        "ends": "16:00",
        "place": str(session.place_id),
        "reason": "Raum belegt",
    }
    browser = as_user(cast.manager)
    refused = browser.post(page("_move", session), {**form, **fields})
    assert dict(refused.context["form"].errors) == errors
    assert OfficeHourSession.objects.get().starts_at == session.starts_at
    browser.post(page("_move", session), form)
    moved = OfficeHourSession.objects.get()
    assert (moved.day, moved.reason) == (datetime.date(2018, 12, 5), "Raum belegt")
    assert "verschoben: Raum belegt" in text_of(browser.get(LIST))


def test_of_two_who_change_a_session_the_second_is_told(cast, as_user, session):
    form = {"form_token": str(uuid.uuid4()), "version": "1", "reason": "Fortbildung"}
    OfficeHourSession.objects.update(version=2, reason="Betriebsausflug")
    answer = as_user(cast.manager).post(page("_cancel", session), form)
    assert answer.status_code == 409
    assert OfficeHourSession.objects.get().state == "planned"


def test_what_was_forgotten_stands_on_top(cast, as_user, place):
    forgotten = SessionFactory(series__place=place, starts_at=MONDAY - datetime.timedelta(days=4))
    answer = as_user(cast.manager).get(LIST)
    assert list(answer.context["forgotten"]) == [forgotten]
    assert "wurde an ihrem Tag nicht abgeschlossen" in text_of(answer)


def closed(cast, moment, visitors, place):
    session = SessionFactory(series__place=place, starts_at=moment)
    for number in range(1, visitors + 1):
        ArrivalFactory(session=session, number=number, outcome="own")
    ArrivalFactory(session=session, number=visitors + 1, outcome="left")
    manager = cast.manager if place.municipality == cast.stutensee else cast.outsider
    close_session(Actor(manager, moment), session)


def test_figures_tell_sessions_and_visitors_by_municipality_and_month(cast, as_user, place):
    elsewhere = PlaceFactory(municipality=cast.pfinztal)
    at = datetime.datetime(2018, 11, 30, 23, 30, tzinfo=BERLIN)
    closed(cast, at, 2, place)
    closed(cast, at - datetime.timedelta(days=7), 3, place)
    closed(cast, MONDAY, 4, place)
    closed(cast, MONDAY, 5, elsewhere)
    SessionFactory(series__place=place, starts_at=MONDAY + datetime.timedelta(hours=4))
    here, there = cast.stutensee.pk, cast.pfinztal.pk
    november, december = datetime.date(2018, 11, 1), datetime.date(2018, 12, 1)
    found = office_hours_by_month([here, there], november, datetime.date(2018, 12, 3))
    assert found == {
        (here, november): OfficeHours(2, 5),
        (here, december): OfficeHours(1, 4),
        (there, december): OfficeHours(1, 5),
    }
    assert found[here, november].per_session == 2.5
    assert office_hours_by_month([there], november, datetime.date(2018, 12, 2)) == {}
    assert together({}).per_session is None
    listed = text_of(as_user(cast.manager).get(LIST))
    assert "Besucher:innen in diesem Jahr: 9, in 3 Sprechstunden; je Sprechstunde 3,0." in listed
