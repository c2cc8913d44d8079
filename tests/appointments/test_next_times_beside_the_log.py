"""While a talk is logged the wanted day and free times stand beside the fields of the next appointment."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from accounts.rules.calendar import BERLIN
from tests.appointments.log_desk import reachable, text_of
from tests.factories.appointments import AppointmentFactory

pytestmark = pytest.mark.django_db
MONDAY = datetime.datetime(2018, 12, 3, 9, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(MONDAY, tick=False):
        yield


def look(browser, client, **typed):
    address = reverse("file_appointments:next_times", args=[client.uuid], query=typed)
    return browser.get(address, headers={"HX-Request": "true"})


def test_the_day_is_shown_with_what_is_taken_and_whom_it_concerns_is_not(cast, as_user):
    client, other = reachable(cast.manager), reachable(cast.manager)
    tuesday = MONDAY + datetime.timedelta(days=1, hours=1)
    AppointmentFactory(client=other, starts_at=tuesday, ends_at=tuesday + datetime.timedelta(minutes=45))
    answer = look(as_user(cast.manager), client, next_on="2018-12-04", next_minutes="30")
    said = text_of(answer)
    assert "Dienstag, 4. Dezember" in said
    assert "Belegt:\n10:00–10:45" in said
    assert other.case_no not in said
    assert other.surname not in said


def test_free_times_are_as_long_as_the_appointment_will_be(cast, as_user):
    client = reachable(cast.manager)
    at_ten = MONDAY + datetime.timedelta(days=1, hours=1)
    # Free from 8 to 10 only: two of an hour, none of ninety minutes after the first.
    AppointmentFactory(client=client, starts_at=at_ten, ends_at=at_ten.replace(hour=16))
    browser = as_user(cast.manager)
    short = look(browser, client, next_on="2018-12-04", next_minutes="60").content.decode()
    assert 'data-fill="2018-12-04 08:00"' in short
    long = look(browser, client, next_on="2018-12-04", next_minutes="90").content.decode()
    assert 'data-fill="2018-12-04 09:00"' not in long


def test_the_part_of_another_form_is_read_by_its_prefix(cast, as_user):
    client = reachable(cast.manager)
    typed = {"prefix": "talk", "talk-next_on": "2018-12-05"}
    assert "Mittwoch, 5. Dezember" in text_of(look(as_user(cast.manager), client, **typed))


@pytest.mark.parametrize("day", ["", "gestern", "2018-02-30", "1999-01-01"])
def test_nonsense_and_days_gone_by_show_today(cast, as_user, day):
    answer = look(as_user(cast.manager), reachable(cast.manager), next_on=day, next_minutes="7")
    assert "Montag, 3. Dezember" in text_of(answer)


def test_whoever_comes_by_its_address_plans_an_appointment(cast, as_user):
    client = reachable(cast.manager)
    answer = as_user(cast.manager).get(reverse("file_appointments:next_times", args=[client.uuid]))
    assert answer.url == reverse("file_appointments:appointment_new", args=[client.uuid])
