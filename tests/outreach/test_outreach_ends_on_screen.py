"""Whatever a talk is logged by ends outreach: the file, an outcome, a drop-in, a step."""

import datetime
import re

import pytest
from django.urls import reverse

from accounts.actor import Actor
from appointments.choices import Channel
from appointments.models import Appointment, Contact
from appointments.services.appointments import plan_appointment
from outreach.choices import EndReason
from tests.outreach.ladder_cast import at, ladder, no_show
from tests.outreach.outreach_desk import fill, ladder_url, logged, to_the_visit, topic, url

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("channel", ["office", "phone", "open_hour", "home_visit"])
def test_a_talk_logged_from_the_client_page_ends_the_ladder(channel, client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-26 10:00")
    response = logged(as_user(by), client, channel=channel)
    assert response.status_code == 302, response.context["form"].errors
    assert ladder(client).end_reason == EndReason.TWO_WAY


def test_a_talk_with_a_neighbour_logged_there_does_not(client, by, as_user, clock):
    no_show(client, by)
    clock("2019-02-26 10:00")
    response = logged(as_user(by), client, spoken_with="relative")
    assert response.status_code == 302
    assert ladder(client).ended_at is None


def test_the_outcome_held_of_an_appointment_ends_it(client, by, as_user, clock):
    no_show(client, by)
    begin = at("2019-02-28 10:00")
    appointment = Appointment(client=client, starts_at=begin, ends_at=begin + datetime.timedelta(hours=1))
    plan_appointment(Actor(by, at("2019-02-22 12:00")), appointment, agreed=True)
    clock("2019-02-28 11:00")
    response = as_user(by).post(
        url("outcome", client, appointment.uuid), {"outcome": "held", "version": appointment.version}
    )
    assert response.status_code == 302
    assert ladder(client).end_reason == EndReason.TWO_WAY


def test_a_drop_in_left_by_a_colleague_ends_it(client, by, cast, as_user, clock):
    no_show(client, by)
    clock("2019-02-26 10:00")
    browser = as_user(cast.colleague)
    found = browser.post(
        reverse("appointments:drop_in_find"),
        {**_hidden(browser, "appointments:drop_in_find"), "case_no": client.case_no},
    )
    assert found.status_code == 200, found.context["form"].errors
    address = _key_link(found.content.decode())
    response = fill(
        browser, address, channel="open_hour", result="talk", spoken_with="client", main_topic=topic()
    )
    assert response.status_code == 302, response.context["form"].errors
    assert ladder(client).end_reason == EndReason.TWO_WAY


def _hidden(browser, name) -> dict[str, str]:
    form = browser.get(reverse(name)).context["form"]
    return {key: form[key].value() for key in ("form_token",) if key in form.fields}


def _key_link(html: str) -> str:
    match = re.search(r'href="(/appointments/contacts/drop-in/[^"]+)"', html)
    assert match, html
    return match.group(1)


def test_a_step_of_the_ladder_in_which_somebody_answers_ends_it(client, by, as_user, clock):
    to_the_visit(client, by)
    clock("2019-03-18 11:00")
    response = fill(
        as_user(by),
        ladder_url("visit", client),
        **{
            "date": "2019-03-18",
            "time": "10:00",
            f"person_{client.pk}": "met",
            "main_topic": topic(),
            "minutes": "45",
        },
    )
    assert response.status_code == 302, response.context["form"].errors
    assert ladder(client).end_reason == EndReason.TWO_WAY
    stored = Contact.objects.unscoped(reason="test").get(channel=Channel.HOME_VISIT)
    assert (stored.result, stored.minutes) == ("talk", 45)
