"""Assessment, agreement and review write the talk they came about in, in the same step."""

import datetime
from typing import Any

import pytest
from django.utils import timezone

from accounts.actor import Actor
from appointments.choices import AppointmentState, Channel, Result
from appointments.models import Appointment, Contact, ContactNote, FollowUp
from appointments.services.appointments import plan_appointment
from integration_plans.models import Assessment, PlanVersion, Review
from tests.appointments.log_desk import reachable, talk
from tests.factories.appointments import AppointmentFactory
from tests.factories.plans import agreed, goal, start
from tests.integration_plans.plan_desk import text_of, token, url

pytestmark = pytest.mark.django_db

TODAY = timezone.localdate


def with_talk(page: Any, **changes: Any) -> dict[str, Any]:
    """The fields of the talk as the page offers them, with these changes."""
    part = page.context["form"].inner[0]
    offered = {part[name].html_name: part[name].value() for name in part.fields}
    fields = {name: "on" if value is True else value for name, value in offered.items() if value}
    return {**fields, **{f"talk-{name}": value for name, value in changes.items()}}


def agreement(page: Any, **changes: Any) -> dict[str, Any]:
    version = PlanVersion.objects.working().get()
    fields = {
        "outcome": "oral",
        "agreed_on": TODAY().isoformat(),
        "version": version.version,
        "form_token": token(),
    }
    return {**fields, **with_talk(page, **changes)}


@pytest.fixture
def working(client: Any) -> Any:
    version = start(client)
    goal(version, "Kita-Platz finden")
    return version


def test_an_agreed_plan_is_a_talk_too(browser: Any, client: Any, working: Any) -> None:
    page = browser.get(url("agree", client))
    answer = browser.post(url("agree", client), agreement(page, note="Plan durchgesprochen."))
    assert answer.status_code == 302
    contact = Contact.objects.get()
    assert (contact.client, contact.channel, contact.result) == (client, Channel.OFFICE, Result.TALK)
    assert contact.main_topic.code == "plan"
    assert contact.minutes == 30
    assert (contact.happened_on, contact.has_time) == (TODAY(), True)
    assert ContactNote.objects.get().text == "Plan durchgesprochen."
    client.refresh_from_db()
    assert client.last_contact_on == TODAY()


def test_the_talk_can_be_left_out(browser: Any, client: Any, working: Any) -> None:
    page = browser.get(url("agree", client))
    fields = agreement(page, minutes="other")
    del fields["talk-wanted"]
    assert browser.post(url("agree", client), fields).status_code == 302
    assert not Contact.objects.exists()


def test_what_was_typed_of_a_talk_left_out_is_not_lost_unseen(
    browser: Any, client: Any, working: Any
) -> None:
    page = browser.get(url("agree", client))
    fields = agreement(page, note="Sie fragt nach der Kita.")
    del fields["talk-wanted"]
    answer = browser.post(url("agree", client), fields)
    assert answer.status_code == 422
    assert "Hier wurde etwas eingegeben." in answer.content.decode()
    assert "Sie fragt nach der Kita." in answer.content.decode()


def test_a_talk_of_today_is_not_offered_twice(cast: Any, browser: Any, client: Any, working: Any) -> None:
    talk(client, cast.manager)
    page = browser.get(url("agree", client))
    assert not page.context["form"].inner[0]["wanted"].value()
    assert "wird nicht erfasst" in text_of(page)


def test_an_assessment_of_an_earlier_day_puts_its_talk_on_that_day(browser: Any, client: Any) -> None:
    page = browser.get(url("assess", client))
    day = TODAY() - datetime.timedelta(days=3)
    fields = {
        "assessed_on": day.isoformat(),
        "summary": "Sucht Arbeit.",
        "level_family": "2",
        "form_token": token(),
    }
    answer = browser.post(url("assess", client), {**fields, **with_talk(page, follow_up_in="1")})
    assert answer.status_code == 302
    contact = Contact.objects.get()
    assert (contact.happened_on, contact.has_time) == (day, False)
    assert FollowUp.objects.get().contact == contact


def test_a_review_makes_the_next_appointment_too(browser: Any, client: Any) -> None:
    content = agreed(client).goal_contents.get()
    page = browser.get(url("review", client))
    day = TODAY() + datetime.timedelta(days=7)
    fields = {
        "on": TODAY().isoformat(),
        f"state_{content.goal.uuid}": "in_progress",
        f"version_{content.goal.uuid}": content.goal.version,
        "form_token": token(),
    }
    extra = with_talk(page, next_on=day.isoformat(), next_at="10:00")
    assert browser.post(url("review", client), {**fields, **extra}).status_code == 302
    assert Review.objects.count() == 1
    appointment = Appointment.objects.get()
    assert (appointment.client, appointment.state) == (client, AppointmentState.PLANNED)
    assert appointment.agreed_at is not None


def test_a_taken_time_is_said_at_its_field_and_nothing_is_written(
    cast: Any, browser: Any, client: Any, working: Any
) -> None:
    day = TODAY() + datetime.timedelta(days=7)
    start_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
    AppointmentFactory(client=reachable(cast.manager), manager=cast.manager, starts_at=start_at)
    page = browser.get(url("agree", client))
    fields = agreement(page, next_on=day.isoformat(), next_at="10:00")
    answer = browser.post(url("agree", client), fields)
    assert answer.status_code == 422
    part = answer.context["form"].inner[0]
    assert part.errors["next_at"][0].startswith("Da steht schon ein Termin")
    assert "id_talk-next_at" in answer.content.decode().split("error-summary")[1].split("</ul>")[0]
    assert PlanVersion.objects.working().exists()
    assert not Contact.objects.exists()


def test_the_talk_settles_the_appointment_it_was(cast: Any, browser: Any, client: Any, working: Any) -> None:
    begun = timezone.now() - datetime.timedelta(minutes=20)
    appointment = Appointment(
        client=client, starts_at=begun, ends_at=begun + datetime.timedelta(minutes=45), channel=Channel.OFFICE
    )
    plan_appointment(Actor(cast.manager), appointment, agreed=True)
    page = browser.get(url("agree", client))
    assert page.context["form"].inner[0]["settles"].value() == str(appointment.uuid)
    assert browser.post(url("agree", client), agreement(page)).status_code == 302
    appointment.refresh_from_db()
    assert (appointment.state, Contact.objects.get().appointment) == (AppointmentState.HELD, appointment)


def test_an_error_in_the_talk_writes_no_plan_and_a_refused_plan_no_talk(
    browser: Any, client: Any, working: Any
) -> None:
    page = browser.get(url("agree", client))
    answer = browser.post(url("agree", client), agreement(page, minutes="other"))
    assert answer.status_code == 422
    assert answer.context["form"].inner[0].errors["minutes_other"] == ["Bitte die Minuten eingeben."]
    working.goal_contents.all().delete()
    answer = browser.post(url("agree", client), agreement(page))
    assert answer.status_code == 422
    assert not Contact.objects.exists()
    assert PlanVersion.objects.working().exists()


def test_the_same_post_twice_makes_one_assessment_and_one_talk(browser: Any, client: Any) -> None:
    page = browser.get(url("assess", client))
    fields = {"assessed_on": TODAY().isoformat(), "level_family": "1", "form_token": token()}
    fields |= with_talk(page)
    for _time in range(2):
        assert browser.post(url("assess", client), fields).status_code == 302
    assert (Assessment.objects.count(), Contact.objects.count()) == (1, 1)


def test_a_talk_typed_and_not_sent_is_restored_with_its_form(browser: Any, client: Any, working: Any) -> None:
    page = browser.get(url("agree", client))
    fields = agreement(page, note="Noch nicht fertig.", minutes="other")
    fields["draft_key"] = page.context["draft_key"]
    browser.post(url("agree", client), fields)
    again = browser.get(url("agree", client))
    assert again.context["form"].inner[0]["note"].value() == "Noch nicht fertig."
