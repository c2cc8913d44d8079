"""The private feed of a calendar, parsed back by a library that did not write it."""

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
import vobject
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import StandIn, User
from accounts.rules.calendar import BERLIN
from appointments.choices import AppointmentState, Channel
from appointments.models import Appointment, CalendarFeed, Place
from audit.models import AuditEntry
from clients.models import Client
from tests.appointments.log_desk import reachable, text_of
from tests.cast import Cast
from tests.factories.accounts import StandInFactory
from tests.factories.appointments import AppointmentFactory, PlaceFactory, SessionFactory

pytestmark = pytest.mark.django_db

NOW = datetime.datetime(2030, 9, 30, 9, 0, tzinfo=BERLIN)
PAGE = reverse("appointments:feed")


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def moment(day: datetime.date, hour: int) -> datetime.datetime:
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=BERLIN)


def planned(client: Client, days: int = 1, hour: int = 10, **facts: Any) -> Appointment:
    start = moment(NOW.date() + datetime.timedelta(days=days), hour)
    return AppointmentFactory(client=client, starts_at=start, recorded_at=NOW, **facts)


def subscribe(browser: Browser) -> str:
    """Make an address; what a calendar programme is given."""
    address: str = browser.post(PAGE).context["address"]
    return address.removeprefix("http://testserver")


def read(address: str) -> Any:
    return Browser().get(address)


def events(address: str) -> list[Any]:
    """The events as a calendar programme understands them."""
    calendar = vobject.readOne(read(address).content.decode())
    return list(getattr(calendar, "vevent_list", []))


def summaries(address: str) -> list[str]:
    return [event.summary.value for event in events(address)]


def test_it_tells_case_number_time_channel_and_a_room_of_the_service(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager, case_no="STU-2018-0042")
    room = PlaceFactory(municipality=cast.stutensee, name="Rathaus", address="Rathausstraße 3, Hinterhaus")
    appointment = planned(client, room=room, place="Rathaus, Zimmer 3", matter="Kindergeld")
    answer = read(subscribe(as_user(cast.manager)))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer["Cache-Control"] == "no-store, private"
    (event,) = vobject.readOne(answer.content.decode()).vevent_list
    assert event.summary.value == "Termin STU-2018-0042, Büro"
    assert event.location.value == "Rathaus, Rathausstraße 3, Hinterhaus"
    assert (event.dtstart.value, event.dtend.value) == (appointment.starts_at, appointment.ends_at)
    assert event.uid.value == f"{appointment.uuid}@integrationsmanagement"


def test_it_holds_no_name_no_matter_and_no_address_of_anybody(cast: Cast, as_user: Any) -> None:
    client = reachable(cast.manager)
    address = client.accommodations.get()
    planned(client, channel=Channel.HOME_VISIT, place="bei der Schwester, Talstraße 9", matter="Kindergeld")
    # A room is kept, but nobody is visited there.
    room = PlaceFactory(municipality=cast.stutensee, name="Rathaus")
    planned(client, days=2, channel=Channel.HOME_VISIT, room=room)
    content = read(subscribe(as_user(cast.manager))).content.decode()
    for word in (client.surname, client.given_name, address.street, "Talstraße", "Kindergeld", "LOCATION"):
        assert word not in content
    assert content.count("BEGIN:VEVENT") == 2


@pytest.mark.parametrize(
    ("day", "utc"),
    [
        (datetime.date(2031, 3, 29), 9),
        (datetime.date(2031, 3, 30), 8),
        (datetime.date(2030, 10, 26), 8),
        (datetime.date(2030, 10, 27), 9),
    ],
)
def test_ten_o_clock_stays_ten_o_clock_through_the_change_of_the_clock(
    day: datetime.date, utc: int, cast: Cast, as_user: Any
) -> None:
    AppointmentFactory(client=reachable(cast.manager), starts_at=moment(day, 10), recorded_at=NOW)
    address = subscribe(as_user(cast.manager))
    (event,) = events(address)
    assert event.dtstart.value.astimezone(BERLIN) == moment(day, 10)
    assert f"DTSTART:{day:%Y%m%d}T{utc:02}0000Z" in read(address).content.decode()


def test_only_ones_own_appointments_that_take_place(cast: Cast, as_user: Any) -> None:
    mine = reachable(cast.manager, case_no="STU-2018-0001")
    planned(mine)
    planned(mine, days=2, outcome=AppointmentState.CANCELLED_US)
    planned(mine, days=3, outcome=AppointmentState.MOVED)
    planned(mine, days=4, manager=None)
    planned(mine, days=400)
    planned(mine, days=-40)
    planned(reachable(cast.colleague))
    assert summaries(subscribe(as_user(cast.manager))) == ["Termin STU-2018-0001, Büro"]


def test_a_file_that_was_handed_over_is_told_no_more(cast: Cast, as_user: Any) -> None:
    planned(reachable(cast.colleague), manager=cast.manager)
    assert summaries(subscribe(as_user(cast.manager))) == []


def test_of_whom_one_stands_in_for_it_tells_until_the_last_day(cast: Cast, as_user: Any) -> None:
    StandIn.objects.all().delete()
    last = NOW.date() + datetime.timedelta(days=3)
    StandInFactory(absent=cast.manager, substitute=cast.colleague, since=NOW.date(), until=last)
    client = reachable(cast.manager, case_no="STU-2018-0002")
    for days in (0, 3, 4):
        planned(client, days=days, hour=14)
    address = subscribe(as_user(cast.colleague))
    assert [event.dtstart.value.astimezone(BERLIN).date() for event in events(address)] == [NOW.date(), last]
    assert set(summaries(address)) == {"Termin STU-2018-0002, Büro (Vertretung)"}
    with time_machine.travel(moment(last, 23), tick=False):
        assert len(events(address)) == 2
    with time_machine.travel(moment(last + datetime.timedelta(days=1), 0), tick=False):
        assert events(address) == []


def test_a_stand_in_that_was_ended_tells_nothing_at_once(cast: Cast, as_user: Any) -> None:
    planned(reachable(cast.manager))
    address = subscribe(as_user(cast.substitute))
    assert len(events(address)) == 1
    StandIn.objects.filter(substitute=cast.substitute).update(ended_on=NOW.date())
    assert events(address) == []


def test_the_address_is_shown_once_and_only_a_digest_is_kept(cast: Cast, as_user: Any) -> None:
    browser = as_user(cast.manager)
    answer = browser.post(PAGE)
    token = answer.context["address"].rpartition("/")[2].removesuffix(".ics")
    assert token in text_of(answer)
    assert answer["Cache-Control"] == "no-store, private"
    assert len(token) == 43
    assert token not in str(CalendarFeed.objects.values().get())
    page = text_of(browser.get(PAGE))
    assert token not in page
    assert "Seit 30.09.2030, 09:00 gibt es eine Adresse." in page


def test_a_new_address_ends_the_one_before_and_taking_it_back_ends_it(cast: Cast, as_user: Any) -> None:
    browser = as_user(cast.manager)
    first, second = subscribe(browser), subscribe(browser)
    assert [read(address).status_code for address in (first, second)] == [404, 200]
    assert browser.post(reverse("appointments:feed_close")).status_code == 302
    assert read(second).status_code == 404
    assert not CalendarFeed.objects.exists()


def test_there_is_nothing_for_a_wrong_token_or_an_account_that_was_closed(cast: Cast, as_user: Any) -> None:
    planned(reachable(cast.manager))
    address = subscribe(as_user(cast.manager))
    for wrong in (
        address[:-5] + "x.ics",
        "/calendar/x.ics",
        f"/calendar/{'ä' * 300}.ics",
    ):
        answer = as_user(cast.manager).get(wrong)
        assert (answer.status_code, answer.content) == (404, b"")
    User.objects.filter(pk=cast.manager.pk).update(role="officer")
    assert read(address).status_code == 404
    User.objects.filter(pk=cast.manager.pk).update(role="manager", is_active=False)
    assert read(address).status_code == 404


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch", "options"])
def test_it_is_read_and_nothing_else(method: str, cast: Cast, as_user: Any) -> None:
    address = subscribe(as_user(cast.manager))
    assert getattr(Browser(), method)(address).status_code == 405
    head = Browser().head(address)
    assert (head.status_code, head.content) == (200, b"")


def test_every_reading_is_in_the_protocol(cast: Cast, as_user: Any) -> None:
    planned(reachable(cast.manager))
    read(subscribe(as_user(cast.manager)))
    entry = AuditEntry.objects.get(action="calendar.feed_read")
    assert (entry.actor, entry.count) == (cast.manager, 1)


def office_hour(cast: Cast, days: int = 1, **facts: Any) -> Any:
    town = {"municipality": facts.pop("town", cast.stutensee), "name": "Bürgerhaus", "address": "Am Markt 1"}
    place = Place.objects.filter(**town).first() or PlaceFactory(**town)
    start = moment(NOW.date() + datetime.timedelta(days=days), 14)
    return SessionFactory(series__place=place, starts_at=start, **facts)


def test_it_tells_of_the_open_office_hours_and_their_place(cast: Cast, as_user: Any) -> None:
    session = office_hour(cast)
    office_hour(cast, days=2, state="cancelled", reason="Fortbildung")
    office_hour(cast, days=3, town=cast.pfinztal)
    address = subscribe(as_user(cast.manager))
    (event,) = events(address)
    assert (event.summary.value, event.location.value) == ("Offene Sprechstunde", "Bürgerhaus, Am Markt 1")
    assert (event.dtstart.value, event.dtend.value) == (session.starts_at, session.ends_at)


def test_more_appointments_cost_no_more_statements(cast: Cast, as_user: Any) -> None:
    address = subscribe(as_user(cast.manager))

    def statements() -> int:
        with CaptureQueriesContext(connection) as found:
            assert read(address).status_code == 200
        return len(found)

    planned(reachable(cast.manager))
    office_hour(cast)
    one = statements()
    for days in range(2, 51):
        planned(reachable(cast.manager), days=days)
        office_hour(cast, days=days)
    assert statements() == one
